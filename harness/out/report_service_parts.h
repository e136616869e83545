/*
 * report_service_parts - what the files of the services' report share; nobody
 * else needs it.
 */
#ifndef TD_OUT_REPORT_SERVICE_PARTS_H
#define TD_OUT_REPORT_SERVICE_PARTS_H

#include "base/fields.h"
#include "out/report_service.h"

/* "nethttp, 64 MB"; malloc'd. */
char *td_service_label(const struct td_service_row *row);
/* Of one of the tables, by its number: "Latency at 1,000 requests/s". */
void td_service_heading(const struct td_service_report *report, size_t section,
                        struct td_buf *out);
/* A sentence each: which requests had no answer as expected, and how many
 * loads were made again. */
void td_service_say_requests(const struct td_service_report *report,
                             struct td_strings *out);

#endif
