#include "exec/loop.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/files.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>

enum { TICK_MS = 100 };

static void on_signal(uv_signal_t *handle, int signum)
{
    struct td_loop *loop = handle->data;
    (void)signum;
    if (loop->interrupts < 2)
        loop->interrupts++;
}

static void on_tick(uv_timer_t *timer)
{
    struct td_loop *loop = timer->data;
    if (loop->tick_fn)
        loop->tick_fn(loop->tick_context);
}

/* It only has to wake the loop. */
static void on_deadline(uv_timer_t *timer)
{
    (void)timer;
}

/* TANDEM_LIBEXEC, else beside the executable: PREFIX/libexec/tandem when
 * installed, build/libexec in the build tree. */
static char *find_libexec(void)
{
    const char *given = getenv("TANDEM_LIBEXEC");
    char *self, *dir, *launcher;
    if (given && *given)
        return td_xstrdup(given);
    self = td_self_dir();
    dir = td_xasprintf("%s/../libexec/tandem", self);
    launcher = td_xasprintf("%s/tandem-launch", dir);
    if (!td_file_exists(launcher)) {
        free(dir);
        dir = td_xasprintf("%s/../libexec", self);
    }
    free(launcher);
    free(self);
    return dir;
}

struct td_loop *td_loop_new(struct td_err *err)
{
    struct td_loop *loop = td_xcalloc(1, sizeof *loop);
    int rc = uv_loop_init(&loop->uv);
    if (rc) {
        td_err_sys(err, rc, "cannot make an event loop");
        free(loop);
        return NULL;
    }
    /* The init functions of timers and signals cannot fail here. */
    uv_timer_init(&loop->uv, &loop->tick);
    uv_timer_init(&loop->uv, &loop->deadline);
    uv_signal_init(&loop->uv, &loop->sigint);
    uv_signal_init(&loop->uv, &loop->sigterm);
    loop->tick.data = loop;
    loop->sigint.data = loop;
    loop->sigterm.data = loop;
    signal(SIGPIPE, SIG_IGN);
    loop->libexec = find_libexec();
    return loop;
}

static void close_handle(uv_handle_t *handle, void *ignored)
{
    (void)ignored;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* Closes our own handles and, rather than waiting for ever, those of a
 * process that somebody forgot. */
void td_loop_free(struct td_loop *loop)
{
    if (!loop)
        return;
    uv_walk(&loop->uv, close_handle, NULL);
    while (uv_run(&loop->uv, UV_RUN_DEFAULT))
        ;
    uv_loop_close(&loop->uv);
    free(loop->libexec);
    free(loop);
}

int td_loop_interrupts(const struct td_loop *loop)
{
    return loop->interrupts;
}

const char *td_loop_libexec(const struct td_loop *loop)
{
    return loop->libexec;
}

void td_loop_set_libexec(struct td_loop *loop, const char *dir)
{
    free(loop->libexec);
    loop->libexec = td_xstrdup(dir);
}

void td_loop_on_tick(struct td_loop *loop, td_tick_fn *fn, void *context)
{
    loop->tick_fn = fn;
    loop->tick_context = context;
    if (fn)
        uv_timer_start(&loop->tick, on_tick, TICK_MS, TICK_MS);
    else
        uv_timer_stop(&loop->tick);
}

uint64_t td_deadline_ns(uint64_t timeout_ns)
{
    uint64_t now = td_clock_ns();
    return timeout_ns > UINT64_MAX - now ? UINT64_MAX : now + timeout_ns;
}

/* Not before there is something to wait for: a command that only computes
 * keeps the ordinary Ctrl-C. */
static void count_signals(struct td_loop *loop)
{
    if (loop->counting)
        return;
    loop->counting = true;
    uv_signal_start(&loop->sigint, on_signal, SIGINT);
    uv_signal_start(&loop->sigterm, on_signal, SIGTERM);
    uv_unref((uv_handle_t *)&loop->sigint);
    uv_unref((uv_handle_t *)&loop->sigterm);
}

static int run_until(struct td_loop *loop, td_done_fn *done, void *context,
                     uint64_t deadline_ns, int patience)
{
    uint64_t now = td_clock_ns();
    uint64_t left_ms = deadline_ns > now ? (deadline_ns - now) / 1000000 : 0;
    int rc = 0;
    count_signals(loop);
    uv_update_time(&loop->uv);
    uv_timer_start(&loop->deadline, on_deadline, left_ms + 1, 0);
    while (!rc && !done(context)) {
        if (loop->interrupts >= patience)
            rc = TD_EINTERRUPTED;
        else if (!uv_is_active((uv_handle_t *)&loop->deadline))
            rc = TD_ETIMEOUT;
        else
            uv_run(&loop->uv, UV_RUN_ONCE);
    }
    uv_timer_stop(&loop->deadline);
    return rc;
}

int td_loop_wait(struct td_loop *loop, td_done_fn *done, void *context,
                 uint64_t deadline_ns)
{
    return run_until(loop, done, context, deadline_ns, 2);
}

int td_loop_wait_eagerly(struct td_loop *loop, td_done_fn *done, void *context,
                         uint64_t deadline_ns)
{
    return run_until(loop, done, context, deadline_ns, 1);
}

int td_loop_settle(struct td_loop *loop, td_done_fn *done, void *context,
                   uint64_t deadline_ns)
{
    return run_until(loop, done, context, deadline_ns, INT_MAX);
}
