/* Requests without an answer as expected, and loads made again, in words. */
#include "out/report_service_parts.h"
#include "out/units.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* "3 of 15,000 at 1,000 requests/s" */
static void say_failures(const struct td_service_report *report,
                         const struct td_service_row *row,
                         struct td_strings *out)
{
    struct td_buf line = TD_BUF_INIT;
    char *name = td_service_label(row);
    td_buf_addf(&line, "%s: without the answer expected were", name);
    for (size_t i = 0; i < TD_SERVICE_RATES; i++) {
        struct td_buf where = TD_BUF_INIT;
        if (!row->requests[i].sent)
            continue;
        td_service_heading(report, i + 1, &where);
        td_buf_addc(&line, ' ');
        td_count_print(row->requests[i].failed, &line);
        td_buf_adds(&line, " of ");
        td_count_print(row->requests[i].sent, &line);
        td_buf_addf(&line, "%s;", td_buf_str(&where) + strlen("Latency"));
        td_buf_release(&where);
    }
    line.data[line.len - 1] = '.';
    td_strings_add(out, td_buf_str(&line));
    td_buf_release(&line);
    free(name);
}

/* At the three rates, those with failures one by one. */
static void say_answered(const struct td_service_report *report,
                         struct td_strings *out)
{
    uint64_t sent = 0;
    bool any = false;
    for (size_t r = 0; r < report->count; r++) {
        const struct td_service_requests *at = report->rows[r].requests;
        uint64_t failed = at[0].failed + at[1].failed + at[2].failed;
        any |= failed > 0;
        if (failed)
            say_failures(report, &report->rows[r], out);
        else
            sent += at[0].sent + at[1].sent + at[2].sent;
    }
    if (sent) {
        struct td_buf count = TD_BUF_INIT;
        td_count_print(sent, &count);
        td_strings_addf(out,
                        "%s %s requests at the three rates got the answer "
                        "expected.",
                        any ? "All other rows'" : "All", td_buf_str(&count));
        td_buf_release(&count);
    }
}

static void say_repeats(const struct td_service_report *report,
                        struct td_strings *out)
{
    uint64_t repeats = 0;
    for (size_t i = 0; i < report->count; i++)
        repeats += report->rows[i].repeats;
    if (repeats)
        td_strings_addf(out,
                        "%" PRIu64 " load%s made again: the load generator had "
                        "been late.",
                        repeats, repeats == 1 ? " was" : "s were");
}

void td_service_say_requests(const struct td_service_report *report,
                             struct td_strings *out)
{
    say_answered(report, out);
    say_repeats(report, out);
}
