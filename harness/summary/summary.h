/*
 * summary - from a run directory to the figures of its tables.  Reads only
 * the directory; measuring again is never needed.  Memory does not grow
 * with the number of samples.
 *
 * An invocation gives one figure: the mean (or median) time of an operation
 * over its steady samples, the first iteration left out.  Mean and median of
 * a case are the geometric means of these over its invocations, with the t
 * interval of the logarithms (td_geomean_t): they cannot go below 0, and the
 * ratio of two cases that share all their pairs is the ratio of their
 * figures.  p99 is over samples, not invocations: exact order statistics.
 */
#ifndef TD_SUMMARY_SUMMARY_H
#define TD_SUMMARY_SUMMARY_H

#include "base/err.h"
#include "base/fields.h"
#include "stat/interval.h"
#include "store/run_dir.h"

enum td_answer_state {
    TD_ANSWER_VERIFIED, /* equal to the workload's answer */
    TD_ANSWER_AGREED,   /* none known beforehand: runtimes agree */
    TD_ANSWER_WRONG,
    TD_ANSWER_NONE /* no case of the group answered */
};

struct td_case_summary {
    size_t index; /* in the manifest; the number of its files */
    const char *runtime, *implementation; /* borrowed from the manifest */
    const char *hosting;                  /* NULL where senseless */
    bool is_base;                         /* other cases divide by it */
    const char *base_runtime; /* what `ratio` divides by; NULL for the base */
    const char *base_implementation;
    uint32_t pairs; /* that `ratio` rests on */
    enum td_answer_state answer;
    uint64_t samples, operations;
    uint32_t invocations;       /* complete ones, which the figures rest on */
    uint32_t voided;            /* failed ones, shown, never used */
    uint64_t loops;             /* operations a sample */
    struct td_figure median_ns; /* per operation; over invocations' medians */
    struct td_figure mean_ns;   /* over invocations' means */
    /* Over invocations' p99s where each invocation carries one; else of all
     * samples pooled, by order statistics, as if they were independent. */
    struct td_figure p99_ns;
    bool p99_pooled;
    struct td_figure rss_bytes; /* peak, over invocations */
    struct td_figure pss_bytes;
    struct td_figure cpu_ns; /* CPU time per operation, over invocations */
    struct td_figure setup_ns;
    struct td_figure first_ns;      /* first iteration, over invocations */
    struct td_figure over_ideal_ns; /* median - ideal, where there is one */
    struct td_figure ratio;         /* of means: this / base, paired */
    struct td_figure ratio_median;  /* of medians */
    uint64_t clipped;
    char *problem;           /* why there are no figures; NULL = fine; owned */
    char *last_words;        /* of the last failed worker; owned */
    struct td_strings notes; /* footnotes of this case */
};

struct td_group_summary {
    const char *workload, *set, *answer; /* borrowed; answer NULL = none */
    enum td_answer_state answer_state;
    uint32_t pairs;        /* complete ones */
    uint32_t pairs_failed; /* ended, with a failed invocation; cut ones not */
    const char *why;       /* why it stopped: "pairs", "time", … ; borrowed */
    double timed_share;    /* part of wall time inside timed samples, 0..1 */
    uint64_t ideal_ns;
    struct td_case_summary *cases;
    size_t ncases;
    struct td_strings notes; /* footnotes of all its cases */
};

struct td_summary {
    const char *run_id;
    double confidence; /* of every interval, .95 */
    bool quick;
    bool complete;   /* false: cut off or interrupted */
    json_t *journal; /* owned: borrowed strings live here and in manifest */
    struct td_group_summary *groups;
    size_t ngroups;
    struct td_strings notes; /* anomalies worth a footnote */
};

int td_summary_make(struct td_summary *out, const struct td_run_dir *run,
                    struct td_err *err);
void td_summary_release(struct td_summary *summary);
/* summary.json's content; new reference. */
json_t *td_summary_json(const struct td_summary *summary);
/* Writes histograms/ and summary.json into the run directory. */
int td_summary_save(const struct td_summary *summary, struct td_run_dir *run,
                    struct td_err *err);

#endif
