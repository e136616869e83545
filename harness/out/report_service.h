/*
 * report_service - the measures of services, a row an implementation: as
 * text, as Markdown and as JSON.
 *
 * Every figure stands with its interval and the number of invocations; a
 * dash has its reason below the tables.
 */
#ifndef TD_OUT_REPORT_SERVICE_H
#define TD_OUT_REPORT_SERVICE_H

#include "base/buf.h"
#include "summary/service_figures.h"

struct td_service_report {
    const char *title;          /* "rest-get, one" */
    const char *workload, *set; /* NULL: not known apart */
    const char *slo;            /* as it was given */
    double low_rate, high_rate; /* requests a second */
    double confidence;          /* .95 */
    double share;               /* of the highest rate: .8 */
    const char *conditions; /* connections, CPUs, lengths of time; a sentence */
    struct td_service_row *rows; /* closed */
    size_t count;
};

void td_service_text(const struct td_service_report *report,
                     struct td_buf *out);
void td_service_markdown(const struct td_service_report *report,
                         struct td_buf *out);
/* New reference.  Values of the single invocations are in it, so that every
 * figure can be computed again. */
json_t *td_service_json(const struct td_service_report *report);
/* The tables once more, of an array of such objects. */
void td_service_print_saved(const json_t *groups, bool markdown,
                            struct td_buf *out);

#endif
