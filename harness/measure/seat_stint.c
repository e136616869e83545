#include "measure/seat_server.h"

#include "base/clock.h"
#include "drivers/http/http.h"
#include "exec/aside.h"
#include "measure/load_samples.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

/* More answers in a second than a generator's thread can take in. */
enum { MOST_A_SECOND = 400000, MOST_THREADS = 8 };
static const uint64_t DRAIN_NS = 2000000000;

/* What the load's thread works on. */
struct task {
    struct td_load_plan plan;
    struct td_stint_result *out;
    atomic_bool stop;
    struct td_err err;
    int rc;
};

static bool on_tick(void *to, const struct td_load_live *live)
{
    struct task *task = to;
    (void)live;
    return atomic_load(&task->stop);
}

static void work(void *context)
{
    struct task *task = context;
    task->rc = td_load_run(&task->plan, &task->out->samples, on_tick, task,
                           &task->out->load, &task->err);
}

void td_stint_result_release(struct td_stint_result *result)
{
    td_load_result_release(&result->load);
}

/* Untouched pages cost nothing, so there is room for any answer. */
static void make_room(struct td_stand *stand, const struct td_stint *stint)
{
    double rate = stand->load.rate > 0 ? stand->load.rate * 2 : MOST_A_SECOND;
    size_t cap = (size_t)(rate * (double)stint->duration_ns * 1e-9) + 65536;
    if (cap <= stand->cap)
        return;
    free(stand->at);
    free(stand->interval);
    stand->at = td_xcalloc(cap, sizeof *stand->at);
    stand->interval = td_xcalloc(cap, sizeof *stand->interval);
    stand->cap = cap;
}

static uint32_t threads(const struct td_seat *seat)
{
    const char *cpus = seat->session->settings.load_cpus;
    int64_t most = seat->stand->load.connections;
    if (most > MOST_THREADS)
        most = MOST_THREADS;
    if (!cpus)
        return 1;
    return td_http_cores(cpus) < (uint64_t)most ? td_http_cores(cpus)
                                                : (uint32_t)most;
}

static void make_plan(const struct td_seat *seat, const struct td_stint *stint,
                      struct td_load_plan *plan)
{
    const struct td_stand *stand = seat->stand;
    *plan = (struct td_load_plan){
        .target = &stand->target,
        .requests = &stand->requests,
        .rate = stand->load.rate,
        .arrivals = (enum td_arrivals)stand->load.arrivals,
        .connections = (uint32_t)stand->load.connections,
        .threads = threads(seat),
        .duration_ns = stint->duration_ns,
        .warmup_ns = stint->warm_ns,
        .count = stint->count,
        .timeout_ns = stand->load.timeout_ns,
        .drain_ns = DRAIN_NS,
        .seed = stint->seed,
        .keepalive = stand->load.keepalive,
        .cpus = seat->session->settings.load_cpus,
    };
}

static uint64_t cpu_now(const struct td_stand *stand)
{
    struct td_server_state state;
    td_server_glance(stand->server, &state);
    return state.cpu_ns;
}

/* True when the load has gone on until then; false: it has ended. */
static bool await(struct td_aside *aside, struct task *task, uint64_t until_ns)
{
    int rc = td_aside_wait(aside, until_ns);
    if (rc == TD_EINTERRUPTED)
        atomic_store(&task->stop, true);
    return rc == TD_ETIMEOUT;
}

static int carry_out(struct td_seat *seat, const struct td_stint *stint,
                     struct task *task, struct td_err *why)
{
    struct td_loop *loop = seat->session->context->loop;
    struct td_stint_result *out = task->out;
    uint64_t before = UINT64_MAX;
    struct td_aside *aside;
    out->begin_ns = td_clock_ns();
    aside = td_aside_start(loop, work, task, why);
    if (!aside)
        return why->code;
    if (await(aside, task, out->begin_ns + stint->warm_ns)) {
        before = cpu_now(seat->stand);
        await(aside, task, out->begin_ns + stint->warm_ns + stint->duration_ns);
        out->cpu_ns = td_noise_growth(before, cpu_now(seat->stand));
    }
    await(aside, task, UINT64_MAX);
    td_aside_free(aside);
    out->end_ns = td_clock_ns();
    if (td_loop_interrupts(loop) >= 2)
        return td_err_set(why, TD_EINTERRUPTED, "interrupted under load");
    return task->rc ? td_err_set(why, task->rc, "%s", task->err.msg) : 0;
}

int td_stand_stint(struct td_seat *seat, const struct td_stint *stint,
                   struct td_stint_result *out, struct td_err *why)
{
    struct td_stand *stand = seat->stand;
    struct task task = {.out = out, .err = TD_ERR_INIT};
    struct td_watch watch;
    struct td_batch nothing = {.gc_cycles = UINT64_MAX};
    int pid = td_server_pid(stand->server), rc;
    *out = (struct td_stint_result){.cpu_ns = UINT64_MAX};
    td_load_result_init(&out->load);
    make_room(stand, stint);
    out->samples = (struct td_load_samples){stand->at, stand->cap, 0};
    make_plan(seat, stint, &task.plan);
    out->idle_cpu_ns = td_noise_growth(stand->rest_cpu_ns, cpu_now(stand));
    td_watch_begin(&watch, pid);
    rc = carry_out(seat, stint, &task, why);
    td_watch_end(&watch, pid, &nothing, &seat->disturbance);
    td_server_state(stand->server, &out->state);
    stand->rest_cpu_ns = out->state.cpu_ns;
    return rc ? rc : td_server_check(stand->server, why);
}

int td_stint_judge(const struct td_stint_result *result, struct td_err *why)
{
    const struct td_load_result *load = &result->load;
    uint64_t lost = td_load_failed(load) + load->censored;
    uint64_t wrong =
        load->failed[TD_LOAD_BODY] + load->failed[TD_LOAD_STATUS_2XX];
    struct td_buf words = TD_BUF_INIT;
    td_load_failures_say(load, &words);
    if (wrong)
        td_err_set(why, TD_EANSWER,
                   "under load %" PRIu64 " of %" PRIu64
                   " answers were not the one that it gave before: %s",
                   wrong, load->sent, load->first_failure);
    else if (!load->sent)
        td_err_set(why, TD_EWORKER,
                   "under load no request could be sent in %.3g s: every "
                   "connection waited for its answer",
                   load->measured_s);
    else if (!load->answered ||
             (double)lost > TD_FAILED_SHARE * (double)load->sent)
        td_err_set(why, TD_EWORKER,
                   "under load%s %" PRIu64 " of %" PRIu64
                   " requests failed (%s)%s%s",
                   load->censored > lost / 2 ? " it did not keep up with:" : "",
                   lost, load->sent, td_buf_str(&words),
                   load->first_failure[0] ? ": " : "", load->first_failure);
    td_buf_release(&words);
    return why->code;
}
