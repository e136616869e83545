/*
 * case_service - what is said of a server besides times: requests a second,
 * memory, the far tail, failed requests.  From the journal's `invocation` and
 * `batch` lines; over the invocations that the other figures rest on, and
 * their steady turns.
 */
#ifndef TD_SUMMARY_CASE_SERVICE_H
#define TD_SUMMARY_CASE_SERVICE_H

#include "base/fields.h"
#include "stat/interval.h"
#include "summary/exact.h"
#include "summary/run_index.h"

struct td_case_service {
    bool known; /* false: a worker's case, or no figures */
    bool open;  /* open loop */
    /* Answers a second: of a closed loop the inverse of the mean time. */
    struct td_figure per_s;
    struct td_figure p999_ns; /* open loop; all samples pooled */
    /* Of all its processes: ready and before the first request; after a turn
     * under load (the largest of the turns). */
    struct td_figure idle_rss_bytes, idle_pss_bytes;
    struct td_figure load_rss_bytes, load_pss_bytes;
    uint64_t sent, answered, censored;
    json_t *failed;          /* class -> requests, as in the journal; owned */
    uint32_t turns, invalid; /* in which the generator itself was late */
    const char *invalid_reason; /* of the last of them; borrowed, or NULL */
    const char *memory_by;      /* what kept its memory limit; borrowed */
};

void td_case_service_init(struct td_case_service *service);
void td_case_service_release(struct td_case_service *service);

/* steady: the rows that the case's figures rest on; mean_ns: its own. */
int td_case_service_make(const struct td_case_entry *entry,
                         const struct td_rows *steady, struct td_figure mean_ns,
                         double confidence, struct td_case_service *out,
                         struct td_err *err);

/* The time of an invocation that lies inside measured load; NAN: it was no
 * server.  Samples of an open loop overlap: their sum would say nothing. */
double td_invocation_span_ns(const struct td_invocation_entry *invocation);

/* Footnotes: what failed, which turns were not valid.  loops: answers a
 * sample. */
void td_case_service_note(const struct td_case_service *service, uint64_t loops,
                          struct td_strings *notes);

/* Its samples are requests that were sent by the clock: a queue makes long
 * ones follow each other, and a queue is no warming up. */
bool td_invocation_is_open_loop(const struct td_invocation_entry *invocation);

/* The field `service` of summary.json; new reference. */
json_t *td_case_service_json(const struct td_case_service *service);
/* The reverse; borrows from it. */
void td_case_service_load(struct td_case_service *service, const json_t *from);

#endif
