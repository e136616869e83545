/*
 * list_run RUN_DIRECTORY: what tandem itself reads from the histograms and
 * the samples of a run, listed on standard output.
 */
#include "base/files.h"
#include "listing.h"
#include "store/hist_file.h"
#include "store/run_dir.h"

#include <stdio.h>
#include <stdlib.h>

static int list_histogram(const struct td_run_dir *run, size_t i,
                          json_t *listing, struct td_err *err)
{
    char *path = td_run_dir_histogram_path(run, i, "hlog");
    struct td_hist sum;
    size_t intervals;
    int rc = 0;
    if (!td_file_exists(path))
        goto out;
    rc = td_hlog_read(path, &sum, &intervals, err);
    if (rc)
        goto out;
    json_array_append_new(listing, json_pack("{s:s, s:I, s:o}", "path", path,
                                             "count", (json_int_t)intervals,
                                             "sum", listing_of_hist(&sum)));
    td_hist_release(&sum);
out:
    free(path);
    return rc;
}

static int list_samples(const struct td_run_dir *run, size_t i, json_t *listing,
                        struct td_err *err)
{
    char *path = td_run_dir_samples_path(run, i);
    json_t *listed = NULL;
    int rc = 0;
    if (td_file_exists(path)) {
        listed = listing_of_samples(path, err);
        rc = err->code;
    }
    if (listed) {
        json_object_set_new(listed, "path", json_string(path));
        json_array_append_new(listing, listed);
    }
    free(path);
    return rc;
}

int main(int argc, char **argv)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run = TD_RUN_DIR_INIT;
    json_t *histograms = json_array(), *samples = json_array();
    json_t *all =
        json_pack("{s:o, s:o}", "histograms", histograms, "samples", samples);
    int rc = argc == 2 ? td_run_dir_open(&run, ".", argv[1], &err)
                       : td_err_set(&err, TD_EUSAGE, "list_run DIR");
    for (size_t i = 0; !rc && i < run.ncases; i++) {
        rc = list_histogram(&run, i, histograms, &err);
        if (!rc)
            rc = list_samples(&run, i, samples, &err);
    }
    td_run_dir_release(&run, &err);
    if (rc)
        fprintf(stderr, "list_run: %s\n", err.msg);
    else
        rc = json_dumpf(all, stdout, JSON_COMPACT);
    json_decref(all);
    return rc ? 1 : 0;
}
