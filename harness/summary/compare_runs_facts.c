#include "summary/compare_runs_parts.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

struct fact {
    const char *what, *section, *key; /* section NULL: key is at the top */
};

static const struct fact host_facts[] = {
    {"the CPU", "cpu", "model"},
    {"the microcode", "cpu", "microcode"},
    {"the number of CPUs", "cpu", "threads"},
    {"the list of allowed CPUs", "cpu", "allowed"},
    {"SMT", "cpu", "smt"},
    {"the frequency governor", "frequency", "governor"},
    {"turbo", "frequency", "turbo"},
    {"the kernel", "kernel", "release"},
    {"the kernel's command line", "kernel", "command_line"},
    {"the container", NULL, "container"},
    {"the CPU limit of the cgroup", "cgroup", "cpus"},
    {"ASLR", NULL, "aslr"},
    {"the use of huge pages", NULL, "thp"},
    {"the clock source", NULL, "clocksource"},
    {"the C library", NULL, "libc"},
};

/* Those that bear on one operation's time; how many pairs there were does
 * not. */
static const struct fact settings_facts[] = {
    {"the length of a turn (ns)", NULL, "turn_ns"},
    {"the number of turns", NULL, "repetitions"},
    {"--cpus", NULL, "cpus"},
};

static const json_t *look(const json_t *in, const struct fact *fact)
{
    const json_t *section =
        fact->section ? json_object_get(in, fact->section) : in;
    return json_object_get(section, fact->key);
}

/* Not known on either side: no difference can be told. */
static bool differs(const json_t *a, const json_t *b)
{
    return a && b && !json_equal(a, b) && !(json_is_null(a) && json_is_null(b));
}

static char *value_text(const json_t *value)
{
    if (json_is_string(value))
        return td_xstrdup(*json_string_value(value) ? json_string_value(value)
                                                    : "none");
    return json_is_null(value)
               ? td_xstrdup("unknown")
               : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
}

static void tell(const char *what, const json_t *a, const json_t *b,
                 struct td_strings *to)
{
    char *before, *after;
    if (!differs(a, b))
        return;
    before = value_text(a);
    after = value_text(b);
    td_strings_addf(to, "%s differs: %s in A, %s in B", what, before, after);
    free(before);
    free(after);
}

static void tell_all(const struct fact *facts, size_t count, const json_t *a,
                     const json_t *b, struct td_strings *to)
{
    for (size_t i = 0; i < count; i++)
        tell(facts[i].what, look(a, &facts[i]), look(b, &facts[i]), to);
}

void td_compare_hosts(const json_t *manifest_a, const json_t *manifest_b,
                      struct td_strings *warnings)
{
    tell_all(host_facts, sizeof host_facts / sizeof *host_facts,
             json_object_get(manifest_a, "host"),
             json_object_get(manifest_b, "host"), warnings);
    tell_all(settings_facts, sizeof settings_facts / sizeof *settings_facts,
             json_object_get(manifest_a, "settings"),
             json_object_get(manifest_b, "settings"), warnings);
    tell("quick", json_object_get(manifest_a, "quick"),
         json_object_get(manifest_b, "quick"), warnings);
    tell("tandem", json_object_get(manifest_a, "tandem"),
         json_object_get(manifest_b, "tandem"), warnings);
}

/* The names of the members that differ or that only one has: "a, b". */
static void differing(json_t *a, json_t *b, bool last_part, struct td_buf *out)
{
    const char *key;
    json_t *value;
    json_t *all = json_object();
    json_object_update_missing(all, a);
    json_object_update_missing(all, b);
    json_object_foreach(all, key, value)
    {
        const char *slash = last_part ? strrchr(key, '/') : NULL;
        if (json_equal(json_object_get(a, key), json_object_get(b, key)))
            continue;
        td_buf_addf(out, "%s%s", out->len ? ", " : "", slash ? slash + 1 : key);
    }
    json_decref(all);
}

static void tell_members(const char *what, const char *key, const json_t *a,
                         const json_t *b, struct td_strings *notes)
{
    struct td_buf names = TD_BUF_INIT;
    differing(json_object_get(a, key), json_object_get(b, key),
              strcmp(key, "hashes") == 0, &names);
    if (names.len)
        td_strings_addf(notes, "%s: %s", what, td_buf_str(&names));
    td_buf_release(&names);
}

void td_compare_builds(const json_t *case_a, const json_t *case_b,
                       struct td_strings *notes)
{
    tell("the hosting", json_object_get(case_a, "hosting"),
         json_object_get(case_b, "hosting"), notes);
    tell("the version", json_object_get(case_a, "version"),
         json_object_get(case_b, "version"), notes);
    tell_members("the build of the runtime differs", "build", case_a, case_b,
                 notes);
    tell_members("the sources differ", "hashes", case_a, case_b, notes);
}
