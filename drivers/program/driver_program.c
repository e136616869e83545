#include "drivers/program/program.h"

#include <stdlib.h>
#include <string.h>

static int expand_all(const struct td_strings *words,
                      const struct td_fields *names, struct td_strings *out,
                      struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < words->count; i++) {
        struct td_buf word = TD_BUF_INIT;
        rc = td_expand(words->at[i], names, &word, err);
        td_strings_add(out, td_buf_str(&word));
        td_buf_release(&word);
    }
    return rc;
}

int td_program_words(const char *text, const struct td_fields *names,
                     struct td_strings *out, struct td_err *err)
{
    struct td_strings words = TD_STRINGS_INIT;
    int rc = td_words_split(&words, text, err);
    if (!rc)
        rc = expand_all(&words, names, out, err);
    td_strings_release(&words);
    return rc;
}

static int split_entry(const struct td_case_spec *spec,
                       const struct td_fields *names, struct td_strings *out,
                       struct td_err *err)
{
    int rc = td_program_words(spec->entry, names, out, err);
    if (!rc && !out->count)
        rc = td_err_set(err, TD_EINPUT, "an entry without a word");
    if (rc)
        td_err_prefix(err, "%s: %s = %s", spec->workload->file,
                      spec->runtime->family, spec->entry);
    return rc;
}

int td_program_prepare(const struct td_context *context,
                       const struct td_case_spec *spec, struct td_fields *names,
                       struct td_launch *out, json_t *hashes,
                       struct td_err *err)
{
    const struct td_driver *driver = spec->runtime->driver;
    struct td_strings entry = TD_STRINGS_INIT;
    struct td_local_runtime local = {0};
    struct td_runtime runtime = *spec->runtime;
    struct td_case_spec first = *spec;
    int rc = split_entry(spec, names, &entry, err);
    if (!rc && runtime.local) {
        td_fields_set(names, "entry", entry.at[0]);
        local = *runtime.local;
        local.command = (struct td_strings)TD_STRINGS_INIT;
        rc = expand_all(&runtime.local->command, names, &local.command, err);
        runtime.local = &local;
        first.runtime = &runtime;
    }
    if (!rc) {
        first.entry = entry.at[0];
        td_launch_env_base(out);
        out->cwd = td_xstrdup(spec->workload->dir);
        rc = driver->prepare_program(context, &first, out, hashes, err);
    }
    for (size_t i = 1; !rc && i < entry.count; i++)
        td_strings_add(&out->argv, entry.at[i]);
    td_strings_release(&local.command);
    td_strings_release(&entry);
    return rc;
}

char *td_program_replace(const char *word, const char *name, const char *value)
{
    struct td_buf out = TD_BUF_INIT;
    const char *found;
    while ((found = strstr(word, name))) {
        td_buf_add(&out, word, (size_t)(found - word));
        td_buf_adds(&out, value);
        word = found + strlen(name);
    }
    td_buf_adds(&out, word);
    return td_buf_detach(&out);
}
