/* What is written of a seat: journal lines, and its samples. */
#include "measure/seat_journal.h"

#include "base/clock.h"
#include "base/json.h"
#include "host/noise.h"

static json_int_t now(void)
{
    return (json_int_t)td_clock_ns();
}

int td_seat_note_noise(struct td_seat *seat, const char *when, json_t **kept,
                       const struct td_process_noise *process,
                       struct td_err *err)
{
    json_t *line;
    *kept = td_noise_counters_json(td_noise_root());
    line =
        json_pack("{s:s, s:I, s:I, s:I, s:s, s:O}", "type", "noise", "ns",
                  now(), "case", (json_int_t)seat->index, "invocation",
                  (json_int_t)seat->invocation, "when", when, "system", *kept);
    if (process)
        json_object_set_new(line, "process", td_process_noise_json(process));
    return td_run_dir_note(seat->session->run, line, err);
}

static json_t *usage_json(const struct td_usage *usage)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i}",
                     "hwm_bytes", td_json_known(usage->hwm_bytes),
                     "maxrss_bytes", td_json_known(usage->maxrss_bytes),
                     "pss_bytes", td_json_known(usage->pss_bytes), "user_ns",
                     td_json_known(usage->user_ns), "system_ns",
                     td_json_known(usage->system_ns), "minor_faults",
                     td_json_known(usage->minor_faults), "major_faults",
                     td_json_known(usage->major_faults), "voluntary_switches",
                     td_json_known(usage->voluntary_switches),
                     "involuntary_switches",
                     td_json_known(usage->involuntary_switches), "exit_status",
                     usage->exit_status, "signal", usage->signal);
}

int td_seat_note_end(struct td_seat *seat, const char *status,
                     const struct td_usage *usage, const struct td_err *why,
                     struct td_err *err)
{
    json_t *end = json_pack("{s:s, s:I, s:I, s:I, s:s, s:s, s:b, s:o}", "type",
                            "end", "ns", now(), "case", (json_int_t)seat->index,
                            "invocation", (json_int_t)seat->invocation,
                            "status", status, "answer", td_seat_answer(seat),
                            "wrong", (int)(why && why->code == TD_EANSWER),
                            "usage", usage_json(usage));
    if (seat->figures.count)
        json_object_set_new(end, "figures", td_figures_json(&seat->figures));
    if (why) {
        json_object_set_new(end, "code", json_integer(why->code));
        json_object_set_new(end, "message", td_json_text(why->msg));
        json_object_set_new(end, "last_words",
                            td_json_text(seat->kind->last_words(seat)));
    }
    return td_run_dir_note(seat->session->run, end, err);
}

int td_seat_note_dropped(struct td_seat *seat, const char *message,
                         struct td_err *err)
{
    return td_run_dir_note(seat->session->run,
                           json_pack("{s:s, s:I, s:I, s:o}", "type", "dropped",
                                     "ns", now(), "case",
                                     (json_int_t)seat->index, "message",
                                     td_json_text(message)),
                           err);
}

static int append(struct td_seat *seat, uint64_t loops, uint32_t flags,
                  const struct td_batch *batch, struct td_err *err)
{
    struct td_samples *file = &seat->session->run->samples[seat->index];
    struct td_sample rows[512];
    double sum_ns = 0;
    int rc = 0;
    for (uint64_t i = 0; !rc && i < batch->count;) {
        size_t n = 0;
        for (; n < 512 && i < batch->count; n++, i++) {
            uint64_t duration = batch->at[i].end_ns - batch->at[i].start_ns;
            rows[n] = (struct td_sample){seat->invocation,      seat->batch,
                                         batch->at[i].start_ns, duration,
                                         (uint32_t)loops,       flags};
            sum_ns += (double)duration;
        }
        rc = td_samples_append(file, rows, n, err);
    }
    if (!rc && !(flags & TD_SAMPLE_UNSTEADY)) {
        seat->sum_ns += sum_ns;
        seat->operations += batch->count * loops;
    }
    return rc;
}

int td_seat_note_batch(struct td_seat *seat, size_t turn, uint64_t loops,
                       uint32_t kind, const struct td_batch *batch,
                       json_t *more, struct td_err *err)
{
    uint64_t first = seat->session->run->samples[seat->index].rows;
    uint32_t flags = kind | td_disturbance_flags(&seat->disturbance);
    json_t *line;
    int rc = append(seat, loops, flags, batch, err);
    if (rc) {
        json_decref(more);
        return rc;
    }
    line = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
        "s:o, s:o}",
        "type", "batch", "ns", now(), "case", (json_int_t)seat->index,
        "invocation", (json_int_t)seat->invocation, "batch",
        (json_int_t)seat->batch++, "turn", (json_int_t)turn, "first",
        (json_int_t)first, "count", (json_int_t)batch->count, "loops",
        (json_int_t)loops, "flags", (json_int_t)flags, "warm",
        (json_int_t)batch->warm, "begin_ns", (json_int_t)batch->begin_ns,
        "end_ns", (json_int_t)batch->end_ns, "cpu_ns",
        batch->cpu_known ? json_integer((json_int_t)batch->cpu_ns)
                         : json_null(),
        "idle_cpu_ns", td_json_known(batch->idle_cpu_ns));
    td_disturbance_add_json(&seat->disturbance, line);
    json_object_update(line, more);
    json_decref(more);
    return td_run_dir_note(seat->session->run, line, err);
}

int td_seat_note_invocation(struct td_seat *seat, uint64_t setup_ns,
                            struct td_err *err)
{
    json_t *line = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:i, s:o}", "type", "invocation", "ns",
        now(), "case", (json_int_t)seat->index, "pair", (json_int_t)seat->pair,
        "invocation", (json_int_t)seat->invocation, "pid",
        seat->kind->pid(seat), "setup_ns", td_json_known(setup_ns));
    seat->kind->describe(seat, line);
    return td_run_dir_note(seat->session->run, line, err);
}

int td_seat_note_calibration(struct td_seat *seat, struct td_err *err)
{
    return td_run_dir_note(seat->session->run,
                           json_pack("{s:s, s:I, s:I, s:I, s:I, s:f}", "type",
                                     "calibrated", "ns", now(), "case",
                                     (json_int_t)seat->index, "loops",
                                     (json_int_t)seat->c->loops, "count",
                                     (json_int_t)seat->c->count, "operation_ns",
                                     seat->c->operation_ns),
                           err);
}
