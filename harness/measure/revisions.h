/*
 * revisions - two states of the workloads' sources, to be measured side by
 * side: each is a git revision, taken out of the repository into the cache,
 * or the files at hand.
 *
 * Only the workloads are old: the Go package that records samples is today's
 * in every one, so that both are timed in the same way.
 */
#ifndef TD_MEASURE_REVISIONS_H
#define TD_MEASURE_REVISIONS_H

#include "drivers/driver.h"

#define TD_REVISION_AT_HAND "."

struct td_revision {
    char *name;          /* "4f3c2a1b09", or "." for the files at hand */
    char *workloads_dir; /* absolute */
};

/* word: anything that git takes for a commit, or ".".  TD_EUSAGE when git
 * does not know it or the workloads are not in a repository,
 * TD_EDEPENDENCY without git or tar. */
int td_revision_export(struct td_revision *out,
                       const struct td_context *context, const char *word,
                       struct td_err *err);
void td_revision_release(struct td_revision *revision);

#endif
