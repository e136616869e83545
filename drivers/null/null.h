/*
 * null - the parts of the null worker: its formulas, its faults, and what
 * stands for an own tool.  The worker is a program of its own; of all that is
 * declared here only td_null_own_tool is linked into tandem.
 *
 * Parameters (p.NAME of `setup`), all optional:
 *   latency_ns=1000  what one operation takes, times the runtime's factor
 *   step_ns, period  ramp: + step_ns * (i mod period)
 *   step_ns, period  warming: + step_ns * (period - i) until i = period
 *   spike_ns, spike_every   spike: spike_ns for every spike_every-th
 *   spread_ns, seed  uniform: + 0..spread_ns, a hash of (seed, i)
 *   touch_bytes      memory to hold
 *   gc_cycles        garbage collections to report of every batch
 *   figures          NAME:VALUE:UNIT, several between blanks or semicolons, to
 *                    report at the end: values times the runtime's factor,
 *                    and in invocation i times 1 + ((i mod 3) - 1) / 100
 *   own_ns           what an operation takes more by its own tool
 *   fault, fault_batch=1 (0 = during set-up), fault_runtime,
 *   fault_invocation limit a fault to one place
 * Faults of the figures, told when it is to end: figure_text, figure_nan,
 * figure_name, figure_unit, figure_short (a line without a value), figure_many,
 * figure_verb, figure_torn, figure_error, figure_endless.
 * The entry is the formula: constant, ramp, spike, uniform, warming, or empty
 * (true clock readings with nothing in between).
 */
#ifndef TD_DRIVERS_NULL_H
#define TD_DRIVERS_NULL_H

#include "base/fields.h"
#include "drivers/driver.h"
#include "exec/worker.h"

struct null_formula {
    char kind; /* first letter of its name */
    double factor;
    uint64_t latency_ns, step_ns, period, spike_ns, spike_every, spread_ns;
    uint64_t seed;
};

int null_formula_read(struct null_formula *out, const char *entry,
                      const struct td_fields *setup, struct td_err *err);
/* What operation i (from 0, over the worker's life) takes. */
uint64_t null_formula_ns(const struct null_formula *formula, uint64_t i);

struct null_fault {
    char *kind; /* NULL = none */
    uint64_t batch;
};

int null_fault_read(struct null_fault *out, const char *runtime,
                    const struct td_fields *setup, struct td_err *err);
/* Is it this fault, and its batch? */
bool null_fault_is(const struct null_fault *fault, uint64_t batch,
                   const char *kind);
/* Faults of the process: most do not return. */
void null_fault_act(const struct null_fault *fault, uint64_t batch,
                    int control);
/* Faults of the samples. */
void null_fault_lie(const struct null_fault *fault, uint64_t batch,
                    struct td_interval *at, uint64_t count);

/* Tells the figures, or what the fault has in their place. */
void null_figures_tell(const char *figures, double factor, uint64_t invocation,
                       const struct null_fault *fault, int control);

/* Prints what its own tool would have; returns the exit status. */
int null_own(double factor, const char *entry, const char *count);
extern const struct td_own_tool td_null_own_tool;

#endif
