#include "cmd/service_measure.h"

#include "base/json.h"
#include "measure/load_samples.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <string.h>

enum { WHY_LEN = 512, REPEATS = 2 /* of a load, at most */ };
/* A server that was given too much has work left when the trial is over. */
static const uint64_t REST_NS = 500000000;

static const struct {
    enum td_service_measure first, last;
} loads[TD_SERVICE_RATES] = {{TD_SERVICE_LOW_P50, TD_SERVICE_LOW_P999},
                             {TD_SERVICE_HIGH_P50, TD_SERVICE_HIGH_P999},
                             {TD_SERVICE_MOST_P50, TD_SERVICE_MOST_P999}};
enum { LOADS = TD_SERVICE_RATES, MOST = LOADS - 1 };

static void tell(const struct td_service_job *job,
                 const struct td_service_row *row, const char *doing,
                 double rate)
{
    struct td_buf text = TD_BUF_INIT;
    if (!job->tell)
        return;
    td_buf_addf(&text, "%s%s, %s", row->name,
                row->memory_limit_bytes ? " (limited)" : "", doing);
    if (rate > 0)
        td_buf_addf(&text, " %.0f/s", rate);
    job->tell(job->to, td_buf_str(&text));
    td_buf_release(&text);
}

static bool is_interrupted(const struct td_service_job *job)
{
    return td_loop_interrupts(job->session->context->loop) > 0;
}

/* Remembers for the exit code what has failed; under a memory limit that is
 * a finding, a wrong answer excepted. */
static void blame(struct td_service_job *job, const struct td_service_row *row,
                  int code)
{
    if (code == TD_EANSWER || (!job->worst && !row->memory_limit_bytes))
        job->worst = code == TD_EANSWER ? TD_EANSWER : TD_EWORKER;
}

static int begin(struct td_service_job *job, size_t i,
                 struct td_sitting *sitting, struct td_err *why)
{
    struct td_service_row *row = &job->rows[i];
    const char *by;
    if (td_sitting_begin(sitting, job->session, &job->cases[i], why))
        return why->code;
    by = td_sitting_memory_by(sitting, &job->cases[i]);
    if (by && !row->memory_by)
        row->memory_by = td_xstrdup(by);
    return 0;
}

static struct td_stint next_stint(struct td_service_job *job)
{
    return (struct td_stint){
        .warm_ns = job->options->warmup_ns,
        .duration_ns = job->options->duration_ns,
        .seed = job->session->settings.seed +
                UINT64_C(0x9e3779b97f4a7c15) * ++job->loads,
    };
}

static void note_trial(struct td_service_row *row, double rate,
                       enum td_trial_outcome outcome, const char *why,
                       const struct td_load_result *load)
{
    static const char *const names[] = {[TD_TRIAL_HELD] = "held",
                                        [TD_TRIAL_BROKE] = "broke",
                                        [TD_TRIAL_INVALID] = "invalid"};
    json_array_append_new(
        row->trace, json_pack("{s:f, s:s, s:o, s:o}", "rate", rate, "outcome",
                              names[outcome], "why", td_json_text(why), "load",
                              load ? td_load_result_json(load) : json_null()));
}

/* One trial of a search: a server that dies of it has broken the objective,
 * and the next trial starts another.  why: the user stopped, it cannot be
 * started, or it answers wrongly: no more trials. */
static enum td_trial_outcome try_rate(struct td_service_job *job, size_t i,
                                      struct td_sitting *sitting, double rate,
                                      struct td_err *why)
{
    struct td_service_row *row = &job->rows[i];
    struct td_stint stint = next_stint(job);
    struct td_stint_result result;
    struct td_err died = TD_ERR_INIT, wrong = TD_ERR_INIT;
    enum td_trial_outcome outcome = TD_TRIAL_BROKE;
    char said[WHY_LEN] = "";
    if (!sitting->seat && begin(job, i, sitting, why))
        return outcome;
    td_sitting_load(sitting, rate, &stint, &result, &died);
    if (died.code == TD_EINTERRUPTED || is_interrupted(job)) {
        td_err_set(why, TD_EINTERRUPTED, "interrupted");
    } else if (died.code) {
        note_trial(row, rate, outcome, died.msg, NULL);
        td_sitting_end(sitting);
    } else if (td_stint_judge(&result, &wrong) == TD_EANSWER) {
        td_err_set(why, TD_EANSWER, "%s", wrong.msg);
    } else {
        outcome = td_slo_judge(&job->slo, &result.load, said, sizeof said);
        note_trial(row, rate, outcome, said, &result.load);
        if (outcome == TD_TRIAL_BROKE)
            td_sitting_rest(sitting, REST_NS);
    }
    td_stint_result_release(&result);
    return outcome;
}

/* The search of one row, between its trials. */
struct searching {
    struct td_search search;
    struct td_sitting sitting;
    struct td_err why; /* no more trials */
    bool done;
};

static void next_trial(struct td_service_job *job, size_t i,
                       struct searching *s)
{
    double rate = td_search_next(&s->search);
    if (rate > 0) {
        enum td_trial_outcome outcome;
        tell(job, &job->rows[i], "searching at", rate);
        outcome = try_rate(job, i, &s->sitting, rate, &s->why);
        if (!s->why.code)
            td_search_tell(&s->search, outcome);
    }
    s->done = rate <= 0 || s->why.code;
    if (s->done)
        td_sitting_end(&s->sitting);
}

/* What the row has of it. */
static void conclude(struct td_service_job *job, size_t i, struct searching *s)
{
    struct td_service_row *row = &job->rows[i];
    struct td_search_result result;
    td_sitting_end(&s->sitting);
    td_search_result(&s->search, &result);
    td_search_release(&s->search);
    if (s->done && !s->why.code)
        td_service_set_search(row, &result);
    if (s->why.code && s->why.code != TD_EINTERRUPTED) {
        td_service_lack(row, 0, TD_SERVICE_MEASURES - 1, s->why.msg);
        blame(job, row, s->why.code);
    }
}

/* The rows take turns, a trial each, in an order of its own each time: what
 * disturbs the machine for a while disturbs all.  The first time the base goes
 * first: where no answer is known, its is the measure. */
static int search_all(struct td_service_job *job, gsl_rng *rng, size_t *order,
                      struct td_err *err)
{
    struct searching *all = td_xcalloc(job->count, sizeof *all);
    size_t left = job->count;
    for (size_t i = 0; i < job->count; i++) {
        td_search_init(&all[i].search, &job->search);
        job->rows[i].trace = json_array();
    }
    while (left && !err->code) {
        left = 0;
        for (size_t k = 0; !err->code && k < job->count; k++) {
            struct searching *s = &all[order[k]];
            if (!s->done)
                next_trial(job, order[k], s);
            left += !s->done;
            if (s->why.code == TD_EINTERRUPTED)
                td_err_set(err, s->why.code, "%s", s->why.msg);
        }
        gsl_ran_shuffle(rng, order, job->count, sizeof *order);
    }
    for (size_t i = 0; i < job->count; i++)
        conclude(job, i, &all[i]);
    free(all);
    return err->code;
}

/* The rate of the k-th load; 0 with the reason in why. */
static double rate_of(const struct td_service_job *job,
                      const struct td_service_row *row, size_t k,
                      const char **why)
{
    const struct td_search_result *s = &row->search;
    double rate = k ? job->options->high_rate : job->options->low_rate;
    bool known = s->found && s->conclusive;
    if (k == MOST) {
        *why = "the highest rate is not known";
        return known ? TD_SERVICE_SHARE * s->rate : 0;
    }
    *why = s->found ? "that is above its highest rate"
                    : "it keeps the objective at no rate";
    return !s->conclusive || s->at_limit || rate <= s->upper ? rate : 0;
}

static void take_latencies(struct td_service_row *row, size_t k,
                           const struct td_load_result *load)
{
    static const struct {
        double percentile, least; /* requests that it takes */
    } quantiles[] = {{50, 2}, {99, 100}, {99.9, 1000}};
    char why[64];
    for (size_t q = 0; q < 3; q++) {
        enum td_service_measure measure =
            (enum td_service_measure)(loads[k].first + q);
        snprintf(why, sizeof why, "fewer than %g requests were answered",
                 quantiles[q].least);
        if ((double)load->answered < quantiles[q].least)
            td_service_lack(row, measure, measure, why);
        else
            td_service_add(row, measure,
                           (double)td_hist_percentile(&load->latency,
                                                      quantiles[q].percentile));
    }
}

static void take_costs(struct td_service_row *row,
                       const struct td_stint_result *result)
{
    double answered = (double)result->load.answered;
    double cpu = result->cpu_ns == UINT64_MAX ? 0 : (double)result->cpu_ns;
    const struct td_server_state *state = &result->state;
    td_service_add(row, TD_SERVICE_CPU, answered > 0 ? cpu / answered : 0);
    td_service_add(row, TD_SERVICE_LOAD_RSS,
                   state->rss_bytes == UINT64_MAX ? 0
                                                  : (double)state->rss_bytes);
    td_service_add(row, TD_SERVICE_LOAD_PSS,
                   state->pss_bytes == UINT64_MAX ? 0
                                                  : (double)state->pss_bytes);
}

static void lack_latencies(struct td_service_row *row, size_t k,
                           const char *why)
{
    td_service_lack(row, loads[k].first, loads[k].last, why);
}

/* What the k-th load and what hangs on it do not have. */
static void lack_load(struct td_service_row *row, size_t k, const char *why)
{
    lack_latencies(row, k, why);
    if (k != MOST)
        return;
    td_service_lack(row, TD_SERVICE_CPU, TD_SERVICE_CPU, why);
    td_service_lack(row, TD_SERVICE_LOAD_RSS, TD_SERVICE_PER_GIB, why);
}

/* A late generator spoils the latencies, and nothing else: it asked for as
 * much, and the server has done as much. */
static void take(struct td_service_row *row, size_t k,
                 const struct td_stint_result *result)
{
    row->requests[k].sent += result->load.sent;
    row->requests[k].failed += result->load.sent - result->load.answered;
    if (result->load.valid)
        take_latencies(row, k, &result->load);
    else
        lack_latencies(row, k, "the load generator was late");
    if (k == MOST)
        take_costs(row, result);
}

/* A load that can be judged: where the generator was late it says nothing of
 * the server, and is made again.  non-zero: the invocation has ended with it.
 * bad: what the server did not do. */
static int load_in_time(struct td_service_job *job, size_t i,
                        struct td_sitting *sitting, double rate,
                        struct td_stint_result *out, struct td_err *bad,
                        struct td_err *why)
{
    for (int repeats = 0;; repeats++) {
        struct td_stint stint = next_stint(job);
        tell(job, &job->rows[i], "measuring at", rate);
        if (!td_sitting_load(sitting, rate, &stint, out, why) &&
            td_stint_judge(out, bad) == TD_EANSWER)
            td_err_set(why, TD_EANSWER, "%s", bad->msg);
        if (why->code || bad->code || out->load.valid || repeats == REPEATS)
            return why->code;
        job->rows[i].repeats++;
        td_stint_result_release(out);
    }
}

/* The k-th load; non-zero: the invocation has ended with it. */
static int load(struct td_service_job *job, size_t i,
                struct td_sitting *sitting, size_t k, struct td_err *why)
{
    struct td_service_row *row = &job->rows[i];
    const char *reason;
    double rate = rate_of(job, row, k, &reason);
    struct td_stint_result result;
    struct td_err bad = TD_ERR_INIT;
    if (rate <= 0) {
        lack_load(row, k, reason);
        return 0;
    }
    load_in_time(job, i, sitting, rate, &result, &bad, why);
    if (!why->code && bad.code)
        lack_load(row, k, bad.msg);
    else if (!why->code)
        take(row, k, &result);
    td_stint_result_release(&result);
    return why->code;
}

static void take_start(struct td_service_row *row,
                       const struct td_sitting *sitting)
{
    const struct td_server_state *idle = &sitting->seat->stand->idle;
    td_service_add(row, TD_SERVICE_START, (double)sitting->setup_ns);
    td_service_add(row, TD_SERVICE_IDLE_RSS,
                   idle->rss_bytes == UINT64_MAX ? 0 : (double)idle->rss_bytes);
    td_service_add(row, TD_SERVICE_IDLE_PSS,
                   idle->pss_bytes == UINT64_MAX ? 0 : (double)idle->pss_bytes);
}

/* One fresh server, all loads. */
static int invoke(struct td_service_job *job, size_t i, struct td_err *err)
{
    struct td_service_row *row = &job->rows[i];
    struct td_sitting sitting = {NULL, 0};
    struct td_err why = TD_ERR_INIT;
    size_t k = 0;
    tell(job, row, "starting", 0);
    if (!begin(job, i, &sitting, &why))
        take_start(row, &sitting);
    else
        td_service_lack(row, TD_SERVICE_CPU, TD_SERVICE_MEASURES - 1, why.msg);
    for (; !why.code && k < LOADS; k++)
        load(job, i, &sitting, k, &why);
    td_sitting_end(&sitting);
    if (why.code == TD_EINTERRUPTED || is_interrupted(job))
        return td_err_set(err, TD_EINTERRUPTED, "interrupted");
    if (!why.code)
        return 0;
    for (k = k ? k - 1 : 0; k < LOADS; k++)
        lack_load(row, k, why.msg);
    blame(job, row, why.code);
    return 0;
}

/* Rows whose search could not be made are not tried again. */
static bool is_lost(const struct td_service_row *row)
{
    return row->search.trials == 0;
}

static int invoke_all(struct td_service_job *job, gsl_rng *rng, size_t *order,
                      struct td_err *err)
{
    int rc = 0;
    for (int64_t n = 0; !rc && n < job->options->invocations; n++) {
        gsl_ran_shuffle(rng, order, job->count, sizeof *order);
        for (size_t i = 0; !rc && i < job->count; i++)
            if (!is_lost(&job->rows[order[i]]))
                rc = invoke(job, order[i], err);
    }
    return rc;
}

int td_service_measure_rows(struct td_service_job *job, struct td_err *err)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    size_t *order = td_xcalloc(job->count + 1, sizeof *order);
    int rc;
    gsl_rng_set(rng, (unsigned long)job->session->settings.seed);
    for (size_t i = 0; i < job->count; i++)
        order[i] = i;
    rc = search_all(job, rng, order, err);
    if (!rc)
        rc = invoke_all(job, rng, order, err);
    for (size_t i = 0; rc && i < job->count; i++)
        td_service_lack(&job->rows[i], 0, TD_SERVICE_MEASURES - 1,
                        "interrupted");
    free(order);
    gsl_rng_free(rng);
    return rc;
}
