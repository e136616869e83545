#include "claims/facts_match.h"

#include "base/json.h"
#include "claims/facts_run.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *text(const json_t *of, const char *key)
{
    return td_json_str(of, key, "");
}

bool td_runtime_meant(const char *word, const char *family, const char *name)
{
    size_t len = strlen(word);
    if (family && strcmp(word, family) == 0)
        return true;
    if (strncmp(name, word, len) != 0)
        return false;
    if (name[len] == '-')
        return isdigit((unsigned char)name[len + 1]);
    return name[len] == '\0' || name[len] == '.';
}

/* One size among many of a sweep has fewer pairs than the set by itself. */
static bool is_group(const json_t *group, const struct td_case_name *name)
{
    return !json_array_size(json_object_get(group, "sweeps")) &&
           strcmp(text(group, "workload"), name->workload) == 0 &&
           strcmp(text(group, "set"), name->set) == 0 &&
           !json_is_true(json_object_get(group, "reference"));
}

/* An ordinary case: no twin, no counterpart, no other revision. */
static bool is_plain(const json_t *c)
{
    return !json_is_true(json_object_get(c, "twin")) &&
           !json_is_true(json_object_get(c, "counterpart")) &&
           !json_is_string(json_object_get(c, "revision"));
}

/* The name's case in the manifest, SIZE_MAX when it has none.  Without an
 * implementation: fallback, or else the runtime's first. */
static size_t case_index(const json_t *manifest, size_t group,
                         const struct td_case_name *name, const char *fallback)
{
    const char *wanted = name->implementation ? name->implementation : fallback;
    size_t i, first = SIZE_MAX;
    const json_t *c;
    json_array_foreach(json_object_get(manifest, "cases"), i, c)
    {
        if (td_json_u64(c, "group", UINT64_MAX) != group || !is_plain(c) ||
            !td_runtime_meant(name->runtime, text(c, "family"),
                              text(c, "runtime")))
            continue;
        if (strcmp(text(c, "implementation"), wanted) == 0)
            return i;
        if (first == SIZE_MAX)
            first = i;
    }
    return name->implementation ? SIZE_MAX : first;
}

static char *lacks(const struct td_fact_run *run,
                   const struct td_case_name *name)
{
    struct td_buf out = TD_BUF_INIT;
    td_buf_addf(&out, "run %s has %s[%s] without %s", run->dir.id,
                name->workload, name->set, name->runtime);
    if (name->implementation)
        td_buf_addf(&out, " %s", name->implementation);
    if (name->memory_limit_bytes)
        td_buf_addf(&out, " within %llu MB",
                    (unsigned long long)(name->memory_limit_bytes / 1000000));
    return td_buf_detach(&out);
}

static const json_t *member_of(const json_t *array, const char *key,
                               uint64_t value)
{
    size_t i;
    const json_t *at;
    json_array_foreach(array, i, at)
    {
        if (td_json_u64(at, key, UINT64_MAX) == value)
            return at;
    }
    return NULL;
}

static const json_t *group_of(const json_t *array,
                              const struct td_case_name *name, size_t *index)
{
    size_t i;
    const json_t *at;
    json_array_foreach(array, i, at)
    {
        if (is_group(at, name)) {
            *index = i;
            return at;
        }
    }
    return NULL;
}

/* The case with its figures; why there are none, if there are none. */
static char *take_case(const struct td_fact_run *run, size_t index,
                       const struct td_case_name *name, struct td_fact *out)
{
    const char *problem;
    size_t ignored;
    out->run = run->dir.id;
    out->manifest = run->dir.manifest;
    out->summary = run->figures;
    out->group =
        group_of(json_object_get(run->figures, "groups"), name, &ignored);
    out->of = member_of(json_object_get(out->group, "cases"), "case", index);
    out->index = index;
    out->quick = json_is_true(json_object_get(out->manifest, "quick"));
    if (!out->of)
        return lacks(run, name);
    problem = td_json_str(out->of, "problem", NULL);
    if (problem)
        return td_xasprintf("%s: %s (run %s)", text(out->of, "runtime"),
                            problem, run->dir.id);
    return NULL;
}

static int match_measured(struct td_fact_run *run,
                          const struct td_case_name *names, size_t n,
                          struct td_fact *found, bool *there, char **why,
                          struct td_err *err)
{
    const json_t *groups = json_object_get(run->dir.manifest, "groups");
    size_t group = 0;
    const json_t *at = group_of(groups, names, &group);
    int rc;
    *there = at != NULL;
    rc = at ? td_fact_run_load(run, err) : 0;
    for (size_t i = 0; !rc && at && !*why && i < n; i++) {
        size_t index = case_index(run->dir.manifest, group, &names[i],
                                  text(at, "default"));
        *why = index == SIZE_MAX ? lacks(run, &names[i])
                                 : take_case(run, index, &names[i], &found[i]);
    }
    return rc;
}

static bool is_row(const json_t *row, const struct td_case_name *name)
{
    return td_json_u64(row, "memory_limit_bytes", 0) ==
               name->memory_limit_bytes &&
           td_runtime_meant(name->runtime, text(row, "family"),
                            text(row, "runtime")) &&
           (!name->implementation ||
            strcmp(text(row, "implementation"), name->implementation) == 0);
}

static char *take_row(const struct td_fact_run *run, const json_t *title,
                      const struct td_case_name *name, struct td_fact *out)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(title, "rows"), i, row)
    {
        if (is_row(row, name)) {
            *out = (struct td_fact){
                run->dir.id,
                run->dir.manifest,
                title,
                NULL,
                row,
                i,
                json_is_true(json_object_get(run->dir.manifest, "quick"))};
            return NULL;
        }
    }
    return lacks(run, name);
}

static int match_service(struct td_fact_run *run,
                         const struct td_case_name *names, size_t n,
                         struct td_fact *found, bool *there, char **why,
                         struct td_err *err)
{
    const json_t *title = NULL;
    size_t ignored;
    int rc = td_fact_run_load(run, err);
    if (!rc)
        title = group_of(run->figures, names, &ignored);
    *there = title != NULL;
    for (size_t i = 0; title && !*why && i < n; i++)
        *why = take_row(run, title, &names[i], &found[i]);
    return rc;
}

int td_facts_match(struct td_fact_run *run, const struct td_case_name *names,
                   size_t n, struct td_fact *found, bool *there, char **why,
                   struct td_err *err)
{
    *why = NULL;
    return (run->is_service ? match_service : match_measured)(
        run, names, n, found, there, why, err);
}
