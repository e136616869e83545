#include "summary/case_pick.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NAMED = 12 }; /* cases in a complaint */

struct found {
    struct td_picked at;
    size_t count;       /* that fit */
    struct td_buf list; /* of them, a line each */
};

/* One of the set's parts, "n=1000" of "n=1000,k=2". */
static bool is_part(const char *set, const char *word)
{
    size_t len = strlen(word);
    const char *at = set;
    while ((at = strstr(at, word))) {
        bool begins = at == set || strchr(", ", at[-1]);
        if (begins && (!at[len] || strchr(", ", at[len])))
            return true;
        at++;
    }
    return false;
}

/* "primes[n=1000]" */
static bool is_both(const struct td_group_summary *group, const char *word)
{
    size_t workload = strlen(group->workload), set = strlen(group->set);
    return strlen(word) == workload + set + 2 &&
           !strncmp(word, group->workload, workload) && word[workload] == '[' &&
           !strncmp(word + workload + 1, group->set, set) &&
           word[workload + 1 + set] == ']';
}

/* The runtime's name, or its beginning up to where a part ends. */
static bool is_runtime(const char *runtime, const char *word)
{
    size_t len = strlen(word);
    return len && !strncmp(runtime, word, len) &&
           (!runtime[len] || strchr("-.:@#", runtime[len]));
}

static bool fits(const struct td_group_summary *group,
                 const struct td_case_summary *c, const char *word)
{
    return !strcmp(word, group->workload) || is_part(group->set, word) ||
           is_both(group, word) || is_runtime(c->runtime, word) ||
           !strcmp(word, c->implementation);
}

static bool fit_all(const struct td_group_summary *group,
                    const struct td_case_summary *c,
                    const struct td_strings *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (!fits(group, c, words->at[i]))
            return false;
    return true;
}

/* "  3  primes n=1000 cpython-3.11.2 trial" */
static void add(struct found *found, const struct td_summary *summary, size_t g,
                size_t k)
{
    const struct td_group_summary *group = &summary->groups[g];
    const struct td_case_summary *c = &group->cases[k];
    found->at = (struct td_picked){g, k};
    if (found->count++ < MOST_NAMED)
        td_buf_addf(&found->list, "\n  %zu  %s %s %s %s", c->index,
                    group->workload, group->set, c->runtime, c->implementation);
}

static bool is_aside(const struct td_group_summary *group,
                     const struct td_case_summary *c)
{
    return group->is_reference || c->is_twin || c->is_counterpart;
}

/* words NULL: all cases fit. */
static void look(const struct td_summary *summary,
                 const struct td_strings *words, bool aside,
                 struct found *found)
{
    td_buf_clear(&found->list);
    found->count = 0;
    for (size_t g = 0; g < summary->ngroups; g++)
        for (size_t k = 0; k < summary->groups[g].ncases; k++) {
            const struct td_group_summary *group = &summary->groups[g];
            const struct td_case_summary *c = &group->cases[k];
            if ((aside || !is_aside(group, c)) &&
                (!words || fit_all(group, c, words)))
                add(found, summary, g, k);
        }
}

static bool by_number(const struct td_summary *summary, const char *word,
                      struct td_picked *out)
{
    char *end;
    unsigned long long number = strtoull(word, &end, 10);
    if (!*word || *end || strspn(word, "0123456789") != strlen(word))
        return false;
    for (size_t g = 0; g < summary->ngroups; g++)
        for (size_t k = 0; k < summary->groups[g].ncases; k++)
            if (summary->groups[g].cases[k].index == number) {
                *out = (struct td_picked){g, k};
                return true;
            }
    return false;
}

static int complain(const struct td_summary *summary,
                    const struct td_strings *words, struct found *found,
                    struct td_err *err)
{
    struct td_buf said = TD_BUF_INIT;
    size_t several = found->count, listed;
    for (size_t i = 0; i < words->count; i++)
        td_buf_addf(&said, "%s%s", i ? " " : "", words->at[i]);
    if (!several)
        look(summary, NULL, false, found);
    listed = found->count < MOST_NAMED ? found->count : MOST_NAMED;
    td_err_set(err, TD_EUSAGE, "%s of %s fit%s \"%s\": %s%s%s",
               several ? "several cases" : "no case", summary->run_id,
               several ? "" : "s", td_buf_str(&said),
               several ? "give more words, or the number, of"
                       : "expected words, or the number, of",
               td_buf_str(&found->list), listed < found->count ? "\n  …" : "");
    td_buf_release(&said);
    return err->code;
}

int td_case_pick(const struct td_summary *summary,
                 const struct td_strings *words, struct td_picked *out,
                 struct td_err *err)
{
    struct found found = {.list = TD_BUF_INIT};
    int rc = 0;
    if (words->count == 1 && by_number(summary, words->at[0], out))
        return 0;
    look(summary, words, false, &found);
    if (!found.count)
        look(summary, words, true, &found);
    if (found.count == 1)
        *out = found.at;
    else
        rc = complain(summary, words, &found, err);
    td_buf_release(&found.list);
    return rc;
}
