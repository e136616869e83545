/* What a workload of kind `command` says, checked word by word. */
#include "plan/command_steps.h"
#include "plan/workload_parse.h"

#include <stdlib.h>
#include <string.h>

/* One implementation's section. */
struct check {
    const struct td_workload *workload;
    const struct td_implementation *implementation;
    const struct td_section *section;
    const char *file;
    struct td_fields known, known_in_steps;
    struct td_err *err;
};

static int complain(const struct check *check, const char *key,
                    const char *what, const char *text)
{
    return td_err_set(check->err, TD_EINPUT, "%s:%d: %s: %s%s", check->file,
                      td_section_line(check->section, key), key, what, text);
}

/* A family before the step's name must be one that has an entry. */
static int check_family(const struct check *check, const char *key)
{
    const struct td_fields *entries = &check->implementation->entries;
    const char *dot = strrchr(key, '.'), *near;
    struct td_strings names = TD_STRINGS_INIT;
    struct td_buf text = TD_BUF_INIT;
    char *family;
    int rc = 0;
    if (!dot)
        return 0;
    family = td_xstrndup(key, (size_t)(dot - key));
    for (size_t i = 0; i < entries->count; i++)
        td_strings_add(&names, entries->at[i].name);
    if (!td_strings_has(&names, family)) {
        near = td_strings_nearest(&names, family);
        td_buf_addf(&text, "[implementation %s] has no entry for \"%s\"%s%s%s",
                    check->implementation->name, family,
                    near ? "; did you mean " : "", near ? near : "",
                    near ? "?" : "");
        rc = complain(check, key, td_buf_str(&text), "");
    }
    td_buf_release(&text);
    td_strings_release(&names);
    free(family);
    return rc;
}

static int check_assignment(const struct check *check, const char *key,
                            const char *word)
{
    size_t len = strcspn(word, "=");
    if (len && word[len] == '=')
        return 0;
    return complain(check, key, "expected words NAME=value, found ", word);
}

/* Words that can be split, whose {names} have a value. */
static int check_words(const struct check *check, const char *key,
                       const char *text, const struct td_fields *known,
                       bool assignments)
{
    struct td_strings words = TD_STRINGS_INIT;
    struct td_buf out = TD_BUF_INIT;
    struct td_err why = TD_ERR_INIT;
    int rc = 0;
    if (td_words_split(&words, text, &why))
        rc = complain(check, key, why.msg, "");
    if (!rc && !words.count)
        rc = complain(check, key, "expected a command", "");
    for (size_t i = 0; !rc && i < words.count; i++) {
        if (td_expand(words.at[i], known, &out, &why))
            rc = complain(check, key, why.msg, "");
        else if (assignments)
            rc = check_assignment(check, key, words.at[i]);
    }
    for (size_t i = 1; !rc && !assignments && i < words.count; i++)
        if (strcmp(words.at[i], TD_NAME_RUNTIME) == 0)
            rc = complain(check, key,
                          TD_NAME_RUNTIME " can only be the first word", "");
    td_buf_release(&out);
    td_strings_release(&words);
    return rc;
}

static int check_implementation(struct check *check)
{
    const struct td_implementation *implementation = check->implementation;
    int rc = 0;
    for (size_t i = 0; !rc && i < implementation->entries.count; i++)
        rc = check_words(check, implementation->entries.at[i].name,
                         implementation->entries.at[i].value, &check->known,
                         false);
    for (size_t i = 0; !rc && i < implementation->steps.count; i++) {
        const struct td_field *step = &implementation->steps.at[i];
        size_t len = strlen(step->name);
        bool is_env = len >= 3 && strcmp(step->name + len - 3, "env") == 0;
        rc = check_family(check, step->name);
        if (!rc)
            rc = check_words(check, step->name, step->value,
                             is_env ? &check->known : &check->known_in_steps,
                             is_env);
    }
    return rc;
}

int td_workload_check_commands(const struct td_workload *workload,
                               const struct td_sections *from,
                               struct td_err *err)
{
    struct check check = {.workload = workload,
                          .file = from->file,
                          .known = TD_FIELDS_INIT,
                          .known_in_steps = TD_FIELDS_INIT,
                          .err = err};
    int rc = 0;
    if (workload->kind != TD_WORKLOAD_COMMAND) {
        check.section = td_sections_find(from, "workload", NULL);
        return workload->network
                   ? complain(&check, "network",
                              "only a workload of kind = command has it", "")
                   : 0;
    }
    td_command_names(workload, "", &workload->sets[0].params, &check.known);
    for (size_t i = 0; i < workload->ninputs; i++)
        td_fields_set(&check.known, workload->inputs[i].name, "");
    for (size_t i = 0; i < workload->nservices; i++)
        td_fields_set(&check.known, workload->services[i].name, "");
    td_fields_copy(&check.known_in_steps, &check.known);
    td_fields_set(&check.known_in_steps, TD_EXECUTABLE, "");
    for (size_t i = 0; !rc && i < workload->nimplementations; i++) {
        check.implementation = &workload->implementations[i];
        check.section = td_sections_find(from, "implementation",
                                         check.implementation->name);
        rc = check_implementation(&check);
    }
    td_fields_release(&check.known);
    td_fields_release(&check.known_in_steps);
    return rc;
}
