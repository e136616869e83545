#include "measure/block.h"

#include "base/clock.h"
#include "base/json.h"
#include "host/rules.h"
#include "measure/seat_server.h"
#include "measure/session.h"
#include "measure/steer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cases that can still run sit down; the rest have no part in this block. */
static struct td_seat *seats_make(struct td_session *session, size_t group,
                                  uint32_t cuts, uint32_t *count)
{
    const struct td_group *g = &session->plan->groups[group];
    struct td_seat *seats = td_xcalloc(g->ncases, sizeof *seats);
    *count = 0;
    for (size_t i = 0; i < g->ncases; i++) {
        struct td_case *c = &session->plan->cases[g->first_case + i];
        if (c->problem || c->dropped)
            continue;
        td_seat_init(&seats[*count], session, g->first_case + i);
        seats[(*count)++].cuts = cuts;
    }
    return seats;
}

static int note_pair(struct td_session *session, size_t group, uint32_t pair,
                     const struct td_schedule *schedule,
                     const struct td_seat *seats, struct td_err *err)
{
    json_t *turns = json_array();
    for (size_t i = 0; i < schedule->nturns; i++)
        json_array_append_new(
            turns, json_integer((json_int_t)seats[schedule->turn[i]].index));
    return td_run_dir_note(
        session->run,
        json_pack("{s:s, s:I, s:I, s:I, s:o, s:I, s:I}", "type", "pair", "ns",
                  (json_int_t)td_clock_ns(), "group", (json_int_t)group, "pair",
                  (json_int_t)pair, "turns", turns, "padding",
                  (json_int_t)schedule->padding, "hashseed",
                  (json_int_t)schedule->hashseed),
        err);
}

/* Workers start in the order of their first turn. */
static int start_all(struct td_session *session, uint32_t pair,
                     const struct td_schedule *schedule, struct td_seat *seats,
                     struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < schedule->nturns; i++) {
        struct td_seat *seat = &seats[schedule->turn[i]];
        if (seat->seated || seat->failed)
            continue;
        if (td_loop_interrupts(session->context->loop))
            break;
        rc = td_seat_start(seat, pair, schedule, err);
    }
    return rc;
}

/* True when every turn was taken. */
static int take_turns(struct td_session *session,
                      const struct td_schedule *schedule, struct td_seat *seats,
                      struct td_steer *steer, bool *all, struct td_err *err)
{
    int rc = 0;
    size_t i;
    for (i = 0; !rc && i < schedule->nturns; i++) {
        if (td_loop_interrupts(session->context->loop))
            break;
        if (!seats[schedule->turn[i]].seated)
            continue;
        td_steer_turn(steer, &seats[schedule->turn[i]], i);
        rc = td_seat_turn(&seats[schedule->turn[i]], i, err);
    }
    *all = !rc && i == schedule->nturns;
    return rc;
}

/* Without a known answer that of the base becomes the group's; where no base
 * is left, the first one. */
static void adopt_answer(struct td_session *session, size_t group,
                         const struct td_seat *seats, uint32_t count)
{
    struct td_group *g = &session->plan->groups[group];
    const struct td_seat *chosen = NULL;
    for (uint32_t i = count; i-- > 0;)
        if (seats[i].seated &&
            (!chosen || !td_case_base(session->plan, seats[i].c)))
            chosen = &seats[i];
    if (!g->answer && chosen && td_seat_answer(chosen)[0])
        g->answer = td_xstrdup(td_seat_answer(chosen));
    if (g->answer && chosen && chosen->stand && !g->answers &&
        strcmp(g->answer, td_seat_answer(chosen)) == 0)
        g->answers = json_incref(chosen->stand->answers);
}

/* Servers have answered already; who answers differently is not loaded. */
static int agree_early(struct td_session *session, size_t group,
                       struct td_seat *seats, uint32_t count,
                       struct td_err *err)
{
    int rc = 0;
    if (session->plan->groups[group].workload->kind != TD_WORKLOAD_SERVER)
        return 0;
    adopt_answer(session, group, seats, count);
    for (uint32_t i = 0; !rc && i < count; i++)
        if (seats[i].seated)
            rc = td_seat_agree(&seats[i], err);
    return rc;
}

static int end_all(struct td_seat *seats, uint32_t count, bool all,
                   struct td_err *err)
{
    int rc = 0;
    for (uint32_t i = 0; !rc && i < count; i++)
        if (seats[i].seated)
            rc = td_seat_end(&seats[i], all, err);
    return rc;
}

static bool is_earlier(const json_t *a, const json_t *b)
{
    return td_json_u64(a, "ns", 0) < td_json_u64(b, "ns", 0);
}

/* Judged on the first and the last record of noise of the pair, which are in
 * the journal. */
static const char *broken_rule(const struct td_seat *seats, uint32_t count)
{
    const json_t *before = NULL, *after = NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct td_seat *seat = &seats[i];
        if (seat->noise_before &&
            (!before || is_earlier(seat->noise_before, before)))
            before = seat->noise_before;
        if (seat->noise_after &&
            (!after || is_earlier(after, seat->noise_after)))
            after = seat->noise_after;
    }
    return td_rules_broken(before, after);
}

static int note_pair_end(struct td_session *session, size_t group,
                         uint32_t pair, const struct td_block_result *result,
                         bool same_cpu, struct td_err *err)
{
    json_t *line =
        json_pack("{s:s, s:I, s:I, s:I, s:b, s:b}", "type", "pair_end", "ns",
                  (json_int_t)td_clock_ns(), "group", (json_int_t)group, "pair",
                  (json_int_t)pair, "complete", (int)result->complete, "cut",
                  (int)result->cut);
    int rc;
    json_object_set_new(line, "same_cpu", json_boolean(same_cpu));
    if (result->set_aside)
        json_object_set_new(line, "set_aside", json_string(result->set_aside));
    rc = td_run_dir_note(session->run, line, err);
    return rc ? rc : td_run_dir_sync(session->run, true, err);
}

static void take_means(const struct td_seat *seats, uint32_t count,
                       const struct td_group *group, double *mean_ns)
{
    for (size_t i = 0; i < group->ncases; i++)
        mean_ns[i] = NAN;
    for (uint32_t i = 0; i < count; i++)
        if (!seats[i].failed && seats[i].operations)
            mean_ns[seats[i].index - group->first_case] =
                seats[i].sum_ns / (double)seats[i].operations;
}

int td_block_run(struct td_session *session, size_t group, uint32_t pair,
                 struct td_block_result *result, struct td_err *err)
{
    uint32_t count = 0, cuts = td_session_cuts(session, group);
    uint32_t repetitions = session->settings.repetitions;
    struct td_seat *seats = seats_make(session, group, cuts, &count);
    struct td_steer steer = {.on = false};
    struct td_schedule schedule = {0};
    bool all = false;
    int rc;
    td_schedule_make(&schedule, session->settings.seed, (uint32_t)group, pair,
                     count, repetitions ? repetitions : cuts);
    rc = note_pair(session, group, pair, &schedule, seats, err);
    if (!rc)
        rc = start_all(session, pair, &schedule, seats, err);
    td_steer_begin(&steer, seats, count, schedule.padding);
    if (!rc)
        rc = agree_early(session, group, seats, count, err);
    if (!rc)
        rc = take_turns(session, &schedule, seats, &steer, &all, err);
    adopt_answer(session, group, seats, count);
    if (!rc)
        rc = end_all(seats, count, all, err);
    result->cut = !all;
    result->set_aside = all ? broken_rule(seats, count) : NULL;
    result->complete = all;
    for (uint32_t i = 0; i < count; i++)
        result->complete = result->complete && !seats[i].failed;
    if (!rc)
        rc = note_pair_end(session, group, pair, result, steer.on, err);
    take_means(seats, count, &session->plan->groups[group], result->mean_ns);
    td_schedule_release(&schedule);
    td_seats_free(seats, count);
    return rc;
}
