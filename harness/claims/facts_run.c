#include "claims/facts_run.h"

#include "base/json.h"
#include "summary/summary.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int td_fact_run_open(struct td_fact_run *out, const char *results_dir,
                     const char *word, struct td_err *err)
{
    int rc;
    *out = (struct td_fact_run){.dir = TD_RUN_DIR_INIT};
    rc = td_run_dir_open(&out->dir, results_dir, word, err);
    if (!rc)
        out->is_service =
            strcmp(td_json_str(out->dir.manifest, "kind", ""), "service") == 0;
    return rc;
}

void td_fact_run_release(struct td_fact_run *run)
{
    struct td_err ignored = TD_ERR_INIT;
    td_run_dir_release(&run->dir, &ignored);
    json_decref(run->figures);
    *run = (struct td_fact_run){.dir = TD_RUN_DIR_INIT};
}

bool td_fact_run_counts(const struct td_fact_run *run)
{
    const json_t *manifest = run->dir.manifest;
    return strcmp(td_json_str(manifest, "status", "complete"), "complete") ==
               0 &&
           !json_is_true(json_object_get(manifest, "quick"));
}

/* 0: there is none. */
static struct timespec modified(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_mtim : (struct timespec){0, 0};
}

static bool is_newer(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

/* Journal or samples are younger than what was made of them, or nothing was
 * made yet. */
static bool is_stale(const struct td_fact_run *run, const char *summary)
{
    struct timespec made = modified(summary);
    char *path = td_xasprintf("%s/journal.jsonl", run->dir.path);
    bool stale = is_newer(modified(path), made);
    for (size_t i = 0; !stale && i < run->dir.ncases; i++) {
        free(path);
        path = td_run_dir_samples_path(&run->dir, i);
        stale = is_newer(modified(path), made);
    }
    free(path);
    return stale;
}

static int make_again(struct td_fact_run *run, struct td_err *err)
{
    struct td_summary summary;
    int rc = td_summary_make(&summary, &run->dir, err);
    if (rc)
        return rc;
    run->figures = td_summary_json(&summary);
    td_summary_release(&summary);
    return run->figures
               ? 0
               : td_err_set(err, TD_EINTERNAL,
                            "%s: the summary is not valid JSON", run->dir.path);
}

int td_fact_run_load(struct td_fact_run *run, struct td_err *err)
{
    const char *name = run->is_service ? "service.json" : "summary.json";
    char *path;
    int rc;
    if (run->figures)
        return 0;
    path = td_xasprintf("%s/%s", run->dir.path, name);
    if (!run->is_service && is_stale(run, path))
        rc = make_again(run, err);
    else
        rc = td_run_dir_read(&run->dir, name, &run->figures, err);
    free(path);
    return rc;
}
