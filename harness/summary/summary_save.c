/* The derived files of a run: histograms and summary.json. */
#include "summary/summary.h"

#include "base/json.h"
#include "store/hist_file.h"
#include "summary/case_warmup.h"
#include "summary/exact.h"
#include "summary/run_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HLOG_COMMENT = 120 }; /* some readers take no longer header lines */

struct writer {
    const struct td_run_dir *run;
    struct td_run_index index;
    double wall_s; /* when the run began */
    struct td_hist batch, all;
    struct td_buf hlog, hgrm;
};

/* Grouped samples count once, with the time of one operation. */
static int record(const struct td_sample *rows, size_t count, void *context,
                  struct td_err *err)
{
    struct td_hist *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++)
        td_hist_record(to, llround(td_sample_value(&rows[i])));
    return 0;
}

static double seconds(uint64_t ns)
{
    return (double)ns / 1e9;
}

/* All but the first `out` rows. */
static int write_batch(struct writer *writer, const char *samples,
                       const struct td_batch_entry *batch, uint64_t out,
                       struct td_err *err)
{
    double start_s = seconds(batch->begin_ns) - seconds(writer->index.begin_ns);
    int rc;
    td_hist_reset(&writer->batch);
    rc = td_samples_read(samples, batch->first + out, batch->count - out,
                         record, &writer->batch, err);
    if (!rc)
        rc = td_hlog_interval(&writer->hlog, start_s,
                              seconds(batch->end_ns - batch->begin_ns),
                              &writer->batch, err);
    if (!rc)
        td_hist_add(&writer->all, &writer->batch);
    return rc;
}

/* What stays out of the figures stays out. */
static int write_invocation(struct writer *writer, const char *samples,
                            const struct td_invocation_entry *invocation,
                            uint64_t cut, struct td_err *err)
{
    bool only_first = invocation->nbatches == 1;
    int rc = 0;
    for (size_t i = 0; !rc && i < invocation->nbatches; i++) {
        const struct td_batch_entry *batch = &invocation->batches[i];
        uint64_t out = only_first ? 0 : td_batch_left_out(batch, &cut);
        if (out < batch->count)
            rc = write_batch(writer, samples, batch, out, err);
    }
    return rc;
}

static int put_file(const struct writer *writer, size_t index,
                    const char *extension, const struct td_buf *data,
                    struct td_err *err)
{
    char *name = td_xasprintf("histograms/%03zu.%s", index, extension);
    int rc = td_run_dir_write(writer->run, name, data->data, data->len, err);
    free(name);
    return rc;
}

static void begin_case(struct writer *writer, const struct td_group_summary *g,
                       const struct td_case_summary *c)
{
    char comment[HLOG_COMMENT];
    snprintf(comment, sizeof comment, "%s %s %s %s: ns of an operation",
             g->workload, g->set, c->runtime, c->implementation);
    td_hist_reset(&writer->all);
    td_buf_clear(&writer->hlog);
    td_buf_clear(&writer->hgrm);
    td_hlog_header(&writer->hlog, comment, writer->wall_s);
}

static int write_case(struct writer *writer, const struct td_group_summary *g,
                      const struct td_case_summary *c, struct td_err *err)
{
    const struct td_case_entry *entry = &writer->index.cases[c->index];
    char *samples = td_run_dir_samples_path(writer->run, c->index);
    uint64_t cut = c->warmup.truncated ? c->warmup.cut : 0;
    int rc = 0;
    begin_case(writer, g, c);
    for (size_t i = 0; !rc && i < entry->count; i++)
        if (td_invocation_counts(&entry->at[i]))
            rc = write_invocation(writer, samples, &entry->at[i], cut, err);
    if (rc)
        goto out;
    td_hgrm(&writer->hgrm, &writer->all, 1e6);
    rc = put_file(writer, c->index, "hlog", &writer->hlog, err);
    if (!rc)
        rc = put_file(writer, c->index, "hgrm", &writer->hgrm, err);
out:
    free(samples);
    return rc;
}

static double started_s(const json_t *manifest)
{
    struct tm utc = {0};
    const char *text = td_json_str(manifest, "started", "");
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);
    return end ? (double)timegm(&utc) : 0;
}

static int save_json(const struct td_summary *summary, struct td_run_dir *run,
                     struct td_err *err)
{
    json_t *json = td_summary_json(summary);
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    int rc =
        text ? td_run_dir_write(run, "summary.json", text, strlen(text), err)
             : td_err_set(err, TD_EINTERNAL, "summary is not valid JSON");
    free(text);
    json_decref(json);
    return rc;
}

int td_summary_save(const struct td_summary *summary, struct td_run_dir *run,
                    struct td_err *err)
{
    struct writer writer = {.run = run, .wall_s = started_s(run->manifest)};
    int rc =
        td_run_index_make(&writer.index, run->manifest, summary->journal, err);
    if (!rc && (td_hist_init_default(&writer.batch) ||
                td_hist_init_default(&writer.all)))
        rc = td_err_set(err, TD_EINTERNAL, "cannot make a histogram");
    for (size_t i = 0; !rc && i < summary->ngroups; i++)
        for (size_t k = 0; !rc && k < summary->groups[i].ncases; k++)
            if (!summary->groups[i].cases[k].problem)
                rc = write_case(&writer, &summary->groups[i],
                                &summary->groups[i].cases[k], err);
    if (!rc)
        rc = save_json(summary, run, err);
    td_buf_release(&writer.hlog);
    td_buf_release(&writer.hgrm);
    td_hist_release(&writer.batch);
    td_hist_release(&writer.all);
    td_run_index_release(&writer.index);
    return rc;
}
