/*
 * compare_runs - the same case in two runs, A before and B after: who meets
 * whom, by how much its time differs, what speaks against trusting that, and
 * what a gate says of it.  Reads run directories, measures nothing.
 *
 * Two runs were not measured in turns, so the method is unpaired: one mean
 * per invocation; the headline is the ratio of their means with Fieller's
 * interval (a ratio of total costs, as everywhere in tandem), the companion
 * is Hodges and Lehmann's shift of the logarithms, which a few slow
 * invocations do not move.  The verdict rests on the headline alone: the
 * hull of both would be wider without covering drift, which is what really
 * threatens such a comparison and which no interval here covers.  For that
 * there is the reference, which every run measures.
 */
#ifndef TD_SUMMARY_COMPARE_RUNS_H
#define TD_SUMMARY_COMPARE_RUNS_H

#include "summary/summary.h"

enum td_match {
    TD_MATCH_NAME,  /* go-1.26.8 meets go-1.26.8 */
    TD_MATCH_FAMILY /* what is left over meets the only one of its family */
};

/* What a gate says, from mild to grave: of many, the gravest counts. */
enum td_gate {
    TD_GATE_NONE,      /* no figures to judge by */
    TD_GATE_PASSED,    /* not slower than allowed, at this confidence */
    TD_GATE_UNDECIDED, /* it may be, and may not */
    TD_GATE_FAILED,    /* the worker failed in B */
    TD_GATE_SLOWER,
    TD_GATE_WRONG /* B answered wrong */
};
/* "none", "passed", "undecided", "failed", "slower", "wrong". */
const char *td_gate_name(enum td_gate gate);

struct td_comparison_settings {
    double threshold; /* practical: .02 = 2 % */
    enum td_match match;
};

/* A reference ratio whose interval lies further than this from 1 says that
 * the machine itself was faster or slower. */
#define TD_DRIFT_ALLOWED .01

struct td_compared_case {
    const struct td_group_summary *group_a, *group_b; /* borrowed */
    const struct td_case_summary *a, *b;
    const char *family;
    struct td_figure ratio;          /* B / A of means, Fieller */
    struct td_figure hodges_lehmann; /* its companion */
    double noise_floor;              /* the larger of both runs'; NAN = none */
    enum td_verdict verdict;         /* on ratio */
    double p; /* of "not slower than allowed", Holm-adjusted; NAN = none */
    enum td_gate gate;
    struct td_strings notes;
};

/* A case that only one run has, or one too many of its kind. */
struct td_unmatched {
    const struct td_group_summary *group;
    const struct td_case_summary *only;
};

struct td_comparison {
    struct td_summary a, b;
    struct td_comparison_settings settings;
    double confidence;
    struct td_compared_case *cases; /* without the reference */
    size_t ncases;
    struct td_compared_case reference; /* .a NULL: none in common */
    bool drifted; /* the machine itself differed: see TD_DRIFT_ALLOWED */
    struct td_unmatched *only_a, *only_b;
    size_t nonly_a, nonly_b;
    struct td_strings warnings; /* of host, settings, completeness */
    enum td_gate gate;          /* the gravest; NONE: nothing to compare */
};

/* Borrows both runs for as long as *out lives.  Release it either way. */
int td_comparison_make(struct td_comparison *out, const struct td_run_dir *a,
                       const struct td_run_dir *b,
                       const struct td_comparison_settings *settings,
                       struct td_err *err);
void td_comparison_release(struct td_comparison *comparison);
/* New reference; results/FORMAT.md has the fields. */
json_t *td_comparison_json(const struct td_comparison *comparison);

#endif
