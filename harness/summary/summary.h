/*
 * summary - from a run directory to the figures of its tables.  Reads only
 * the directory; measuring again is never needed.  Memory does not grow
 * with the number of samples.
 *
 * An invocation gives one figure: the mean (or median) time of an operation
 * over its steady samples: the first iteration left out, and where the case
 * warms up also what the common truncation cuts (case_warmup.h).  Mean and
 * median of a case are the geometric means of these over its invocations,
 * with the t interval of the logarithms (td_geomean_t): they cannot go below
 * 0, and the ratio of two cases that share all their pairs is the ratio of
 * their figures.  p99 is over samples, not invocations: exact order statistics.
 */
#ifndef TD_SUMMARY_SUMMARY_H
#define TD_SUMMARY_SUMMARY_H

#include "base/err.h"
#include "base/fields.h"
#include "stat/compare.h"
#include "stat/warmup.h"
#include "store/run_dir.h"
#include "summary/case_bias.h"
#include "summary/case_details.h"
#include "summary/case_reported.h"
#include "summary/case_service.h"
#include "summary/run_growth.h"

enum td_answer_state {
    TD_ANSWER_VERIFIED, /* equal to the workload's answer */
    TD_ANSWER_AGREED,   /* none known beforehand: runtimes agree */
    TD_ANSWER_WRONG,
    TD_ANSWER_NONE /* no case of the group answered */
};

/* One figure per counting invocation, in the order of the journal. */
struct td_case_series {
    uint32_t *pair;
    double *mean_ns, *median_ns;
    /* NAN = not known, or too few samples (p99 of fewer than 368, p999 of
     * fewer than 3,688).  cpu: CPU time of an operation. */
    double *cpu_ns, *rss_bytes, *pss_bytes;
    double *p99_ns, *p999_ns, *max_ns;
    double *first_ns, *setup_ns;
    struct td_moments *moments; /* of its samples, per operation */
    uint64_t *begin_ns;         /* of its first turn */
    size_t count;
    double timed_ns; /* inside samples of any kind */
};

/* How its invocations warmed up; known: some were long enough to tell. */
struct td_case_warmup {
    bool known;
    enum td_warmup_class kind;        /* of the typical invocation */
    size_t counts[TD_WARMUP_CLASSES]; /* invocations, each by itself */
    uint32_t invocations;             /* that it rests on */
    uint64_t samples;  /* steady samples of the shortest of them */
    uint64_t cut;      /* samples of each invocation, of whatever kind, before
                          the steady state; 0 unless warm-up or slowdown */
    uint64_t left_out; /* steady samples among those */
    bool truncated;    /* the case's figures leave them out */
    struct td_figure until_ns;  /* inside samples, up to the steady state */
    struct td_figure steady_ns; /* mean of what comes then; with until_ns
                                   unknown where there is no steady state */
};

/* Steady samples in whose batch something happened. */
struct td_disturbed {
    bool known; /* by some batch at least */
    uint64_t samples;
    double time_share; /* of the time that its steady batches took, 0..1 */
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
    enum td_verdict verdict;        /* on `ratio`, when it is known */
    double noise_floor; /* that it was held against: of a twin of its base,
                           else the group's; NAN = none */
    double log_error;   /* standard error of ln(ratio); NAN = not known */
    /* Of CPU times, which waiting leaves alone; known where an operation is
     * at least half CPU time. */
    struct td_figure ratio_cpu;
    enum td_verdict verdict_cpu;
    double p_above_cpu;
    enum td_verdict verdict_median; /* on `ratio_median`, in the same way */
    double p_above_median;
    double p_above;  /* of "ratio <= 1 + threshold", one-sided, by paired t;
                        for td_holm; NAN without a ratio */
    bool is_revised; /* another revision of the base's sources */
    bool is_twin;    /* the base's runtime once more: `ratio` is an A/A ratio */
    struct td_case_warmup warmup;
    struct td_case_series series;
    struct td_case_reported reported; /* what its invocations reported */
    /* Of the pairs set aside: pair and mean_ns alone.  ratio_all: with them;
     * unknown where there are none. */
    struct td_case_series aside;
    struct td_figure ratio_all;
    struct td_disturbed switched, stolen, gc;
    /* Time lost, as a share of its turns; NAN = unknown.  waited: for a CPU,
     * at most; stolen: from all CPUs together. */
    double waited_share, stolen_share;
    struct td_case_details details;
    struct td_case_bias bias;
    struct td_case_service service; /* of a server */
    bool is_counterpart; /* there only for the hosting bias of another */
    uint64_t clipped;
    char *problem;           /* why there are no figures; NULL = fine; owned */
    char *last_words;        /* of the last failed worker; owned */
    struct td_strings notes; /* footnotes of this case */
};

struct td_group_summary {
    const char *workload, *set, *answer; /* borrowed; answer NULL = none */
    const json_t *params; /* object of strings; borrowed, or NULL */
    enum td_answer_state answer_state;
    uint32_t pairs;        /* complete ones */
    uint32_t pairs_failed; /* ended, with a failed invocation; cut ones not */
    /* Set aside, by rule; the figures rest on `pairs` alone, unless nearly
     * none would be left (all_used). */
    uint32_t aside_throttled, aside_stolen;
    bool all_used;
    const char *why;    /* why it stopped: "pairs", "time", … ; borrowed */
    double timed_share; /* part of wall time inside timed samples, 0..1 */
    uint64_t ideal_ns;
    const json_t *load;   /* servers: rate, arrivals, connections, as in the
                             manifest; NULL: workers; borrowed */
    bool is_command;      /* an operation is a whole process */
    bool is_reference;    /* the run's own A/A measurement, in every run */
    double half_width;    /* the widest ratio's, relative; NAN = none */
    double noise_floor;   /* what this group's ratios are held against: of
                             its own twin, else of the run; NAN = not known */
    const char *floor_of; /* the runtime that it was measured with */
    struct td_case_summary *cases;
    size_t ncases;
    struct td_strings notes; /* footnotes of all its cases */
};

/* The ratios of a runtime's default implementations over all groups. */
struct td_suite {
    const char *runtime, *base; /* borrowed */
    size_t groups;              /* at least 2 */
    struct td_figure ratio;     /* td_suite_geomean */
};

struct td_summary {
    const char *run_id;
    double confidence; /* of every interval, .95 */
    double threshold;  /* practical, of the verdicts */
    double target;     /* half-width that an adaptive run stops at; 0 = fixed
                          number of pairs */
    bool quick;
    bool cross_checked; /* the cases' `bias` was measured */
    bool complete;      /* false: cut off or interrupted */
    json_t *journal;    /* owned: borrowed strings live here, in the manifest,
                           or else in `saved` */
    json_t *saved;      /* owned: the summary.json that this was read from;
                           NULL: it was made from the journal */
    struct td_group_summary *groups;
    size_t ngroups;
    struct td_suite *suites;
    size_t nsuites;
    struct td_run_growth *growth; /* owned */
    size_t ngrowth;
    struct td_strings notes; /* anomalies worth a footnote */
};

struct td_summary_options {
    bool whole; /* leave nothing out for warming up */
};
int td_summary_make_as(struct td_summary *out, const struct td_run_dir *run,
                       const struct td_summary_options *options,
                       struct td_err *err);
/* With the defaults (all zero). */
int td_summary_make(struct td_summary *out, const struct td_run_dir *run,
                    struct td_err *err);
void td_summary_release(struct td_summary *summary);
/*
 * The same of an archived run, which has no journal and no samples any more:
 * from its summary.json.  What only the making needs stays empty (moments and
 * begin_ns of the series, `aside`, log_error).  TD_EINPUT where that file
 * does not fit the manifest.
 */
int td_summary_load(struct td_summary *out, const struct td_run_dir *run,
                    struct td_err *err);
/* Made where there is a journal, else loaded; options that need samples are
 * TD_EUSAGE then. */
int td_summary_open(struct td_summary *out, const struct td_run_dir *run,
                    const struct td_summary_options *options,
                    struct td_err *err);
/* null when unknown; bounds null when the data cannot carry them; new
 * reference. */
json_t *td_figure_json(struct td_figure figure);
/* The reverse. */
struct td_figure td_figure_from_json(const json_t *from);
/* "verified", … */
const char *td_answer_state_name(enum td_answer_state answer);
/* summary.json's content; new reference. */
json_t *td_summary_json(const struct td_summary *summary);
/* Writes histograms/ and summary.json into the run directory. */
int td_summary_save(const struct td_summary *summary, struct td_run_dir *run,
                    struct td_err *err);

#endif
