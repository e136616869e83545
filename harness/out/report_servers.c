#include "out/report_servers.h"

#include "base/json.h"
#include "out/report_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_COLUMNS = 4, CLOSED_COLUMNS = 3 };
#define GIB 1073741824.0

static double rate_of(const struct td_group_summary *group)
{
    return td_json_num(group->load, "rate", 0);
}

void td_say_load(const struct td_group_summary *group, struct td_buf *out)
{
    uint64_t connections = td_json_u64(group->load, "connections", 0);
    uint64_t memory = td_json_u64(group->load, "memory_bytes", 0);
    double rate = rate_of(group);
    if (!group->load)
        return;
    if (rate > 0) {
        if (rate == floor(rate))
            td_count_print((uint64_t)rate, out);
        else
            td_buf_addf(out, "%.4g", rate);
        td_buf_addf(out, " requests/s, %s, on ",
                    td_json_str(group->load, "arrivals", "constant"));
    } else {
        td_buf_adds(out, "closed loop of ");
    }
    td_count_print(connections, out);
    td_buf_addf(out, " connection%s%s", connections == 1 ? "" : "s",
                json_is_false(json_object_get(group->load, "keepalive"))
                    ? " without keep-alive"
                    : "");
    if (memory)
        td_buf_addf(out, ", memory limit %.4g MB", (double)memory / 1e6);
}

size_t td_servers_columns(const struct td_group_summary *group)
{
    return rate_of(group) > 0 ? OPEN_COLUMNS : CLOSED_COLUMNS;
}

void td_servers_heading(const struct td_group_summary *group,
                        const char *interval, struct td_table *table)
{
    static const char *const open[] = {"median", "p99", "p99.9", "CPU time"};
    static const char *const closed[] = {"requests/s", "mean", "CPU time"};
    bool is_open = rate_of(group) > 0;
    for (size_t i = 0; is_open && i < OPEN_COLUMNS; i++)
        td_table_add(table, open[i], interval);
    for (size_t i = 0; !is_open && i < CLOSED_COLUMNS; i++)
        td_table_add(table, closed[i], interval);
}

/* Whole requests a second: "7,012", its interval below. */
static void add_rate(struct td_table *table, struct td_figure figure)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    if (figure.known)
        td_count_print((uint64_t)llround(figure.value), &value);
    if (figure.known && figure.bounded) {
        td_count_print((uint64_t)llround(figure.lower), &interval);
        td_buf_adds(&interval, "–");
        td_count_print((uint64_t)llround(figure.upper), &interval);
    }
    td_table_add(table, figure.known ? td_buf_str(&value) : TD_DASH,
                 interval.len ? td_buf_str(&interval) : NULL);
    td_buf_release(&value);
    td_buf_release(&interval);
}

void td_servers_row(const struct td_group_summary *group,
                    const struct td_case_summary *c, struct td_table *table)
{
    if (rate_of(group) > 0) {
        td_table_add_figure(table, c->median_ns, TD_UNIT_TIME);
        td_table_add_figure(table, c->p99_ns, TD_UNIT_TIME);
        td_table_add_figure(table, c->service.p999_ns, TD_UNIT_TIME);
    } else {
        add_rate(table, c->service.per_s);
        td_table_add_figure(table, c->mean_ns, TD_UNIT_TIME);
    }
    td_table_add_figure(table, c->cpu_ns, TD_UNIT_TIME);
}

/* How many fit, going by what one takes for itself. */
static void add_per_gib(struct td_table *table, struct td_figure pss)
{
    struct td_figure many = pss;
    many.value = GIB / pss.value;
    many.lower = GIB / pss.upper;
    many.upper = GIB / pss.lower;
    add_rate(table, many);
}

bool td_servers_table(const struct td_summary *summary,
                      const struct td_group_summary *group,
                      struct td_table *table)
{
    static const char *const names[] = {"start",    "first",      "idle RSS",
                                        "idle PSS", "loaded RSS", "loaded PSS",
                                        "in 1 GiB"};
    enum { NAMES = sizeof names / sizeof *names };
    char *interval = td_xasprintf("%g %%", 100 * summary->confidence);
    bool any = false;
    td_table_init(table, 1 + NAMES);
    td_table_add(table, "server", "  implementation");
    for (int i = 0; i < NAMES; i++)
        td_table_add(table, names[i], interval);
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case_summary *c = &group->cases[i];
        const struct td_case_service *service = &c->service;
        char *name = td_xasprintf("  %s", c->implementation);
        if (service->known) {
            any = true;
            td_table_add(table, c->runtime, name);
            td_table_add_figure(table, c->setup_ns, TD_UNIT_TIME);
            td_table_add_figure(table, c->first_ns, TD_UNIT_TIME);
            td_table_add_figure(table, service->idle_rss_bytes, TD_UNIT_BYTES);
            td_table_add_figure(table, service->idle_pss_bytes, TD_UNIT_BYTES);
            td_table_add_figure(table, service->load_rss_bytes, TD_UNIT_BYTES);
            td_table_add_figure(table, service->load_pss_bytes, TD_UNIT_BYTES);
            add_per_gib(table, service->idle_pss_bytes);
        }
        free(name);
    }
    free(interval);
    return any;
}

void td_say_servers(const struct td_summary *summary, struct td_buf *out)
{
    bool any = false;
    for (size_t i = 0; i < summary->ngroups; i++)
        any = any || summary->groups[i].load;
    if (any)
        td_buf_adds(
            out,
            "Of servers an operation is a request: at a rate its time counts "
            "from when it was to be sent, however busy the server was; in a "
            "closed loop the mean is the inverse of requests/s, and says "
            "nothing of how long one took. CPU time, RSS and PSS are of all "
            "the server's processes; start: from spawn to the first answer of "
            "/healthz; first: the request that came then; in 1 GiB: as many "
            "idle ones, by their PSS.");
}
