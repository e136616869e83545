#include "claims/facts.h"

#include "base/json.h"
#include "claims/facts_match.h"
#include "claims/facts_run.h"

#include <stdlib.h>
#include <string.h>

/* Invocations of a case with which the newest run is taken as it is. */
enum { ENOUGH = 15 };

void td_case_name_release(struct td_case_name *name)
{
    free(name->workload);
    free(name->set);
    free(name->runtime);
    free(name->implementation);
    *name = (struct td_case_name){NULL, NULL, NULL, NULL, 0};
}

static void add_run(struct td_facts *facts, struct td_fact_run run_take)
{
    facts->runs =
        td_xrealloc(facts->runs, (facts->nruns + 1) * sizeof *facts->runs);
    facts->runs[facts->nruns++] = run_take;
}

/* All that count, newest first; what cannot be read is left out, since
 * nobody asked for it. */
static int add_all(struct td_facts *facts, const char *dir, struct td_err *err)
{
    struct td_strings ids = TD_STRINGS_INIT;
    int rc = td_run_dir_list(dir, &ids, err);
    for (size_t i = ids.count; !rc && i-- > 0;) {
        struct td_err ignored = TD_ERR_INIT;
        struct td_fact_run run;
        char *path = td_xasprintf("%s/%s", dir, ids.at[i]);
        if (!td_fact_run_open(&run, dir, path, &ignored) &&
            td_fact_run_counts(&run))
            add_run(facts, run);
        else
            td_fact_run_release(&run);
        free(path);
    }
    td_strings_release(&ids);
    return rc;
}

/* In results_dir, or else below its reference/. */
static int add_named(struct td_facts *facts, const char *results_dir,
                     const char *reference, const char *word,
                     struct td_err *err)
{
    struct td_err first = TD_ERR_INIT, second = TD_ERR_INIT;
    struct td_fact_run run;
    int rc = td_fact_run_open(&run, results_dir, word, &first);
    if (rc == TD_EUSAGE) {
        td_fact_run_release(&run);
        rc = td_fact_run_open(&run, reference, word, &second);
    }
    if (!rc) {
        add_run(facts, run);
        return 0;
    }
    td_fact_run_release(&run);
    return td_err_set(err, first.code, "%s", first.msg);
}

int td_facts_open(struct td_facts *out, const char *results_dir,
                  const struct td_strings *runs, struct td_err *err)
{
    char *reference = td_xasprintf("%s/reference", results_dir);
    int rc = 0;
    *out = (struct td_facts){NULL, 0, runs && runs->count};
    for (size_t i = 0; !rc && runs && i < runs->count; i++)
        rc = add_named(out, results_dir, reference, runs->at[i], err);
    if (!out->named)
        rc = add_all(out, results_dir, err);
    if (!rc && !out->named)
        rc = add_all(out, reference, err);
    free(reference);
    return rc;
}

void td_facts_release(struct td_facts *facts)
{
    for (size_t i = 0; i < facts->nruns; i++)
        td_fact_run_release(&facts->runs[i]);
    free(facts->runs);
    *facts = (struct td_facts){NULL, 0, false};
}

/* Where to look, for "no … has it". */
static void say_where(const struct td_facts *facts, struct td_buf *out)
{
    if (!facts->named) {
        td_buf_adds(out, "no complete run has");
        return;
    }
    for (size_t i = 0; i < facts->nruns; i++)
        td_buf_addf(out, "%s%s",
                    i == 0                 ? ""
                    : i + 1 < facts->nruns ? ", "
                                           : " and ",
                    facts->runs[i].dir.id);
    td_buf_adds(out, facts->nruns == 1 ? " does not have" : " do not have");
}

static char *nowhere(const struct td_facts *facts,
                     const struct td_case_name *name, bool service)
{
    struct td_buf out = TD_BUF_INIT;
    say_where(facts, &out);
    td_buf_addf(&out, " %s[%s]", name->workload, name->set);
    if (service)
        td_buf_adds(&out, " as `tandem service` measures it");
    return td_buf_detach(&out);
}

/* Of the case that has fewest.  A service's row says for each figure what it
 * rests on. */
static uint64_t least_invocations(const struct td_fact *found, size_t n,
                                  bool service)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; !service && i < n; i++) {
        uint64_t count = td_json_u64(found[i].of, "invocations", 0);
        if (count < least)
            least = count;
    }
    return least;
}

int td_facts_find(struct td_facts *facts, const struct td_case_name *names,
                  size_t n, bool service, struct td_fact *found, char **missing,
                  struct td_err *err)
{
    struct td_fact *here = td_xcalloc(n, sizeof *here);
    uint64_t most = 0;
    bool any = false;
    int rc = 0;
    *missing = NULL;
    for (size_t i = 0; !rc && most < ENOUGH && i < facts->nruns; i++) {
        struct td_fact_run *run = &facts->runs[i];
        struct td_err failed = TD_ERR_INIT;
        char *why = NULL;
        bool there = false;
        if (run->is_service != service)
            continue;
        if (td_facts_match(run, names, n, here, &there, &why, &failed)) {
            if (facts->named)
                rc = td_err_set(err, failed.code, "%s", failed.msg);
            else if (!why)
                why = td_xstrdup(failed.msg);
        } else if (there && !why) {
            uint64_t least = least_invocations(here, n, service);
            if (!any || least > most)
                memcpy(found, here, n * sizeof *here);
            most = !any || least > most ? least : most;
            any = true;
        }
        if (*missing) /* the newest run's reason is kept */
            free(why);
        else
            *missing = why;
    }
    free(here);
    if (any) {
        free(*missing);
        *missing = NULL;
    } else if (!*missing && !rc) {
        *missing = nowhere(facts, names, service);
    }
    return rc;
}
