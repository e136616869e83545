#include "plan/workload_parse.h"

#include "base/opt.h"
#include "plan/command_steps.h"

#include <stdlib.h>
#include <string.h>

/* The reserved words of each section.  What is not in the table of a set is
 * a parameter, of an implementation a runtime family. */
#define TEXT(type, key, field, what)                                           \
    {                                                                          \
        key, TD_OPT_STRING, offsetof(type, field), NULL, 0, 0, NULL, NULL,     \
            what                                                               \
    }

static const char *const kind_words[] = {"function", "server", "command", NULL};

static const struct td_opt workload_keys[] = {
    TEXT(struct td_workload, "summary", summary, "what the workload does"),
    TEXT(struct td_workload, "base", base, "family that ratios divide by"),
    TEXT(struct td_workload, "default", default_implementation,
         "the idiomatic implementation"),
    {"kind", TD_OPT_CHOICE, offsetof(struct td_workload, kind), NULL, 0, 0,
     kind_words, NULL, "what an entry names"},
    {"network", TD_OPT_FLAG, offsetof(struct td_workload, network), NULL, 0, 0,
     NULL, NULL, "commands may fetch packages"},
    TD_OPT_END};

static const struct td_opt set_keys[] = {
    TEXT(struct td_set, "answer", answer, "what every runtime must return"),
    {"suites", TD_OPT_LIST, offsetof(struct td_set, suites), NULL, 0, 0, NULL,
     NULL, "suites that the set belongs to"},
    {"ideal", TD_OPT_DURATION, offsetof(struct td_set, ideal_ns), NULL, 0, 0,
     NULL, NULL, "the least time that physics allows"},
    {"turn", TD_OPT_DURATION, offsetof(struct td_set, turn_ns), NULL, 0, 0,
     NULL, NULL, "the least length of a turn"},
    TD_OPT_END};

/* Of commands alone: a server may have parameters of these names. */
static const struct td_opt command_set_keys[] = {
    {"until", TD_OPT_CHOICE, offsetof(struct td_set, until), NULL, 0, 0,
     td_command_until_words, NULL, "what ends the time of an execution"},
    {"timeout", TD_OPT_DURATION, offsetof(struct td_set, timeout_ns), NULL, 0,
     0, NULL, NULL, "the longest that an execution may take"},
    TD_OPT_END};

static const struct td_opt implementation_keys[] = {
    TEXT(struct td_implementation, "title", title, "one line about it"),
    {"sets", TD_OPT_LIST, offsetof(struct td_implementation, sets), NULL, 0, 0,
     NULL, NULL, "the only sets in which it takes part"},
    {"serial", TD_OPT_FLAG, offsetof(struct td_implementation, serial), NULL, 0,
     0, NULL, NULL, "an operation starts no thread or process"},
    TD_OPT_END};

struct process {
    char *driver, *command;
};

static const struct td_opt runtime_keys[] = {
    TEXT(struct process, "driver", driver, "how it is spoken to"),
    TEXT(struct process, "command", command, "how it is started"), TD_OPT_END};

static const struct td_opt helper_keys[] = {
    TEXT(struct process, "command", command, "how it is started"), TD_OPT_END};

static bool is_key(const struct td_opt *table, const char *name)
{
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return true;
    return false;
}

/* Where a message begins: "file:line". */
static char *where(const struct td_sections *from, int line)
{
    return td_xasprintf("%s:%d", from->file, line);
}

/* Fills target from a section; keys that the table does not have go to
 * `others`, or are mistakes when it is NULL. */
static int take_keys(const struct td_sections *from,
                     const struct td_section *section,
                     const struct td_opt *table, void *target,
                     struct td_fields *others, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < section->nkeys; i++) {
        const struct td_key *key = &section->keys[i];
        char *at = where(from, key->line);
        if (others && !is_key(table, key->name))
            td_fields_set(others, key->name, key->value);
        else
            rc = td_opt_set(table, target, key->name, key->value, at, TD_EINPUT,
                            err);
        free(at);
    }
    return rc;
}

/* Grows a zeroed array by one entry and returns that entry. */
static void *grow(void **at, size_t *count, size_t size)
{
    char *entry;
    *at = td_xrealloc(*at, (*count + 1) * size);
    entry = (char *)*at + (*count)++ * size;
    memset(entry, 0, size);
    return entry;
}

static int take_workload(struct td_workload *out,
                         const struct td_sections *from,
                         const struct td_section *section, struct td_err *err)
{
    return take_keys(from, section, workload_keys, out, NULL, err);
}

static int take_set(struct td_workload *out, const struct td_sections *from,
                    const struct td_section *section, struct td_err *err)
{
    void *at = out->sets;
    struct td_set *set = grow(&at, &out->nsets, sizeof *set);
    out->sets = at;
    set->name = td_xstrdup(section->name);
    return take_keys(from, section, set_keys, set, &set->params, err);
}

static int take_implementation(struct td_workload *out,
                               const struct td_sections *from,
                               const struct td_section *section,
                               struct td_err *err)
{
    void *at = out->implementations;
    struct td_implementation *entry =
        grow(&at, &out->nimplementations, sizeof *entry);
    out->implementations = at;
    entry->name = td_xstrdup(section->name);
    return take_keys(from, section, implementation_keys, entry, &entry->entries,
                     err);
}

/* Takes the named fields that `is_other` knows out of `from`. */
static void part(struct td_fields *from, bool (*is_other)(const char *name),
                 struct td_fields *others)
{
    struct td_fields rest = TD_FIELDS_INIT;
    for (size_t i = 0; i < from->count; i++)
        td_fields_set(is_other(from->at[i].name) ? others : &rest,
                      from->at[i].name, from->at[i].value);
    td_fields_release(from);
    *from = rest;
}

static bool is_command_set_key(const char *name)
{
    return is_key(command_set_keys, name);
}

static int take_command_set(struct td_set *set, const struct td_sections *from,
                            struct td_err *err)
{
    struct td_fields own = TD_FIELDS_INIT;
    int rc = 0;
    part(&set->params, is_command_set_key, &own);
    for (size_t i = 0; !rc && i < own.count; i++) {
        const struct td_field *key = &own.at[i];
        char *at = where(
            from, td_section_line(td_sections_find(from, "set", set->name),
                                  key->name));
        rc = td_opt_set(command_set_keys, set, key->name, key->value, at,
                        TD_EINPUT, err);
        free(at);
    }
    td_fields_release(&own);
    return rc;
}

/* The kind may stand behind what depends on it. */
static int take_command_keys(struct td_workload *out,
                             const struct td_sections *from, struct td_err *err)
{
    int rc = 0;
    if (out->kind != TD_WORKLOAD_COMMAND)
        return 0;
    for (size_t i = 0; !rc && i < out->nsets; i++)
        rc = take_command_set(&out->sets[i], from, err);
    for (size_t i = 0; i < out->nimplementations; i++)
        part(&out->implementations[i].entries, td_command_is_step,
             &out->implementations[i].steps);
    return rc;
}

/* Reads a section of type process; its command becomes words. */
static int take_process(const struct td_sections *from,
                        const struct td_section *section,
                        const struct td_opt *table, char **driver,
                        struct td_strings *words, struct td_err *err)
{
    struct process process = {NULL, NULL};
    int rc = take_keys(from, section, table, &process, NULL, err);
    if (!rc && process.command &&
        (rc = td_words_split(words, process.command, err)))
        td_err_prefix(err, "%s:%d: command", from->file,
                      td_section_line(section, "command"));
    *driver = process.driver;
    free(process.command);
    return rc;
}

static int take_runtime(struct td_workload *out, const struct td_sections *from,
                        const struct td_section *section, struct td_err *err)
{
    void *at = out->runtimes;
    struct td_local_runtime *runtime =
        grow(&at, &out->nruntimes, sizeof *runtime);
    out->runtimes = at;
    runtime->name = td_xstrdup(section->name);
    return take_process(from, section, runtime_keys, &runtime->driver,
                        &runtime->command, err);
}

static int take_helper(struct td_helper **list, size_t *count,
                       const struct td_sections *from,
                       const struct td_section *section, struct td_err *err)
{
    void *at = *list;
    char *no_driver;
    struct td_helper *helper = grow(&at, count, sizeof *helper);
    *list = at;
    helper->name = td_xstrdup(section->name);
    return take_process(from, section, helper_keys, &no_driver,
                        &helper->command, err);
}

static int take_input(struct td_workload *out, const struct td_sections *from,
                      const struct td_section *section, struct td_err *err)
{
    return take_helper(&out->inputs, &out->ninputs, from, section, err);
}

static int take_service(struct td_workload *out, const struct td_sections *from,
                        const struct td_section *section, struct td_err *err)
{
    return take_helper(&out->services, &out->nservices, from, section, err);
}

/* Sweeps come last: td_sweeps_expand. */
static int take_sweep(struct td_workload *out, const struct td_sections *from,
                      const struct td_section *section, struct td_err *err)
{
    (void)out;
    (void)from;
    (void)section;
    (void)err;
    return 0;
}

struct kind {
    const char *word;
    bool named;
    int (*take)(struct td_workload *out, const struct td_sections *from,
                const struct td_section *section, struct td_err *err);
};

static const struct kind kinds[] = {
    {"workload", false, take_workload},
    {"set", true, take_set},
    {"sweep", true, take_sweep},
    {"implementation", true, take_implementation},
    {"runtime", true, take_runtime},
    {"input", true, take_input},
    {"service", true, take_service},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static int unknown_section(const char *at, const struct td_section *section,
                           struct td_err *err)
{
    struct td_strings words = TD_STRINGS_INIT;
    const char *near;
    int rc;
    for (size_t i = 0; i < KINDS; i++)
        td_strings_add(&words, kinds[i].word);
    near = td_strings_nearest(&words, section->kind);
    if (near)
        rc = td_err_set(err, TD_EINPUT,
                        "%s: unknown section [%s]; did you mean [%s]?", at,
                        section->kind, near);
    else
        rc = td_err_set(err, TD_EINPUT,
                        "%s: unknown section [%s]; expected workload, set, "
                        "sweep, implementation, runtime, input or service",
                        at, section->kind);
    td_strings_release(&words);
    return rc;
}

static int take_section(struct td_workload *out, const struct td_sections *from,
                        const struct td_section *section, struct td_err *err)
{
    char *at = where(from, section->line);
    const struct kind *kind = kinds;
    int rc;
    while (kind < kinds + KINDS && strcmp(kind->word, section->kind) != 0)
        kind++;
    if (kind == kinds + KINDS)
        rc = unknown_section(at, section, err);
    else if (kind->named && !*section->name)
        rc = td_err_set(err, TD_EINPUT, "%s: expected a name: [%s NAME]", at,
                        kind->word);
    else if (!kind->named && *section->name)
        rc = td_err_set(err, TD_EINPUT, "%s: expected [%s], found [%s %s]", at,
                        kind->word, kind->word, section->name);
    else if (section->name[strcspn(section->name, " \t,")])
        rc = td_err_set(err, TD_EINPUT,
                        "%s: expected a name without blanks and commas, found "
                        "\"%s\"",
                        at, section->name);
    else
        rc = kind->take(out, from, section, err);
    free(at);
    return rc;
}

int td_workload_parse(struct td_workload *out, const char *name,
                      const char *dir, const char *file, const char *text,
                      size_t len, struct td_err *err)
{
    struct td_sections sections;
    int rc;
    *out = (struct td_workload){0};
    out->name = td_xstrdup(name);
    out->dir = td_xstrdup(dir);
    out->file = td_xstrdup(file);
    rc = td_sections_parse(&sections, out->file, text, len, err);
    for (size_t i = 0; !rc && i < sections.count; i++)
        rc = take_section(out, &sections, &sections.at[i], err);
    if (!rc)
        rc = take_command_keys(out, &sections, err);
    if (!rc)
        rc = td_workload_check(out, &sections, err);
    if (!rc)
        rc = td_sweeps_expand(out, &sections, err);
    td_sections_release(&sections);
    return rc;
}
