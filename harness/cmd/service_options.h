/*
 * service_options - what `tandem service` can be told.
 */
#ifndef TD_CMD_SERVICE_OPTIONS_H
#define TD_CMD_SERVICE_OPTIONS_H

#include "base/opt.h"
#include "load/search.h"

enum td_service_format {
    TD_SERVICE_TEXT,
    TD_SERVICE_MARKDOWN,
    TD_SERVICE_JSON
};

struct td_service_options {
    struct td_strings runtimes, implementations, params;
    char *slo, *seed, *cpus, *out, *workloads;
    int64_t invocations, repeats, trials;
    double start, highest, precision, low_rate, high_rate;
    uint64_t duration_ns, warmup_ns, timeout_ns, memory_limit_bytes;
    int memory_by; /* enum td_memory_by */
    int format;
    bool quick;
};

extern const struct td_opt td_service_option_table[];

/* With `quick`: shortens what takes long, where it is longer. */
void td_service_hasten(struct td_service_options *options);
/* What the options say of each search; TD_EUSAGE when they make no sense
 * together. */
int td_service_search_options(const struct td_service_options *options,
                              struct td_search_options *out,
                              struct td_err *err);

#endif
