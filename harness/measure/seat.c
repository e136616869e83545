#include "measure/seat_journal.h"

#include "host/noise.h"

#include <stdlib.h>
#include <string.h>

void td_seat_init(struct td_seat *seat, struct td_session *session,
                  size_t index)
{
    struct td_case *c = &session->plan->cases[index];
    memset(seat, 0, sizeof *seat);
    seat->session = session;
    seat->c = c;
    seat->index = index;
    seat->kind =
        c->spec.workload->kind == TD_WORKLOAD_SERVER    ? &td_occupant_server
        : c->spec.workload->kind == TD_WORKLOAD_COMMAND ? &td_occupant_command
                                                        : &td_occupant_worker;
}

/* Both sides of a pair get the same environment, chance parts included. */
static void set_environment(struct td_seat *seat,
                            const struct td_schedule *schedule)
{
    struct td_fields *env = &seat->c->launch.env;
    char padding[4097];
    size_t length = schedule->padding < sizeof padding ? schedule->padding
                                                       : sizeof padding - 1;
    memset(padding, 'x', length);
    padding[length] = '\0';
    td_fields_set(env, "TANDEM_PADDING", padding);
    td_fields_setf(env, "PYTHONHASHSEED", "%u", schedule->hashseed);
}

/* It has ended and is forgotten. */
static int end(struct td_seat *seat, const char *status,
               const struct td_usage *usage, const struct td_err *why,
               struct td_err *err)
{
    int rc = td_seat_note_end(seat, status, usage, why, err);
    seat->kind->discard(seat);
    seat->seated = false;
    return rc ? rc
              : td_seat_note_noise(seat, "after", &seat->noise_after,
                                   &seat->process, err);
}

static int drop_case(struct td_seat *seat, const char *message,
                     struct td_err *err)
{
    seat->c->dropped = true;
    return td_seat_note_dropped(seat, message, err);
}

int td_seat_give_up(struct td_seat *seat, const struct td_err *why,
                    struct td_err *err)
{
    struct td_usage usage;
    struct td_err ignored = TD_ERR_INIT;
    bool wrong = why->code == TD_EANSWER;
    int rc;
    if (why->code == TD_EINTERRUPTED)
        return td_err_set(err, why->code, "%s", why->msg);
    seat->failed = true;
    seat->c->failures++;
    td_session_blame(seat->session, wrong);
    seat->kind->finish(seat, &usage, &ignored);
    rc = end(seat, "failed", &usage, why, err);
    if (!rc && (wrong || seat->c->failures >= 2))
        rc = drop_case(seat, why->msg, err);
    return rc;
}

int td_seat_start(struct td_seat *seat, uint32_t pair,
                  const struct td_schedule *schedule, struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    uint64_t setup_ns = 0;
    int rc, failed;
    seat->seated = true;
    seat->pair = pair;
    seat->invocation = seat->c->invocations++;
    set_environment(seat, schedule);
    memset(&seat->process, 0xff, sizeof seat->process);
    rc = td_seat_note_noise(seat, "before", &seat->noise_before, NULL, err);
    if (rc)
        return rc;
    failed = seat->kind->bring_up(seat, &setup_ns, &why);
    if (failed && why.code == TD_EINTERRUPTED)
        return td_err_set(err, why.code, "%s", why.msg);
    rc = td_seat_note_invocation(seat, setup_ns, err);
    if (rc)
        return rc;
    return failed ? td_seat_give_up(seat, &why, err)
                  : seat->kind->begin(seat, err);
}

int td_seat_turn(struct td_seat *seat, size_t turn, struct td_err *err)
{
    return seat->kind->turn(seat, turn, err);
}

const char *td_seat_answer(const struct td_seat *seat)
{
    return seat->kind->answer(seat);
}

static int check_agreement(const struct td_seat *seat, struct td_err *why)
{
    const char *agreed = seat->session->plan->groups[seat->c->group].answer;
    if (!agreed || strcmp(td_seat_answer(seat), agreed) == 0)
        return 0;
    seat->kind->explain(seat, why);
    return why->code;
}

int td_seat_agree(struct td_seat *seat, struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    return check_agreement(seat, &why) ? td_seat_give_up(seat, &why, err) : 0;
}

int td_seat_end(struct td_seat *seat, bool whole, struct td_err *err)
{
    struct td_usage usage;
    struct td_err why = TD_ERR_INIT;
    td_process_noise_read(td_noise_root(), seat->kind->pid(seat),
                          &seat->process);
    if (check_agreement(seat, &why))
        return td_seat_give_up(seat, &why, err);
    if (seat->kind->finish(seat, &usage, &why))
        return td_seat_give_up(seat, &why, err);
    seat->c->failures = 0;
    return end(seat, whole ? "ok" : "cut", &usage, NULL, err);
}

void td_seats_free(struct td_seat *seats, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        seats[i].kind->discard(&seats[i]);
        json_decref(seats[i].noise_before);
        json_decref(seats[i].noise_after);
        td_figures_release(&seats[i].figures);
    }
    free(seats);
}
