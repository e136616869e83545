#include "exec/aside.h"

#include "base/buf.h"
#include "exec/loop.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct td_aside {
    struct td_loop *loop;
    td_aside_fn *fn;
    void *context;
    pthread_t thread;
    uv_async_t wake;
    bool done, closed; /* of the loop's thread alone */
};

static void on_done(uv_async_t *wake)
{
    ((struct td_aside *)wake->data)->done = true;
}

static void on_closed(uv_handle_t *wake)
{
    ((struct td_aside *)wake->data)->closed = true;
}

static void *work(void *context)
{
    struct td_aside *aside = context;
    aside->fn(aside->context);
    uv_async_send(&aside->wake);
    return NULL;
}

static int start_thread(struct td_aside *aside)
{
    sigset_t all, before;
    int rc;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&aside->thread, NULL, work, aside);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

static bool is_done(void *aside)
{
    return ((const struct td_aside *)aside)->done;
}

static bool is_closed(void *aside)
{
    return ((const struct td_aside *)aside)->closed;
}

static void close_and_free(struct td_aside *aside)
{
    uv_close((uv_handle_t *)&aside->wake, on_closed);
    td_loop_settle(aside->loop, is_closed, aside, UINT64_MAX);
    free(aside);
}

struct td_aside *td_aside_start(struct td_loop *loop, td_aside_fn *fn,
                                void *context, struct td_err *err)
{
    struct td_aside *aside = td_xcalloc(1, sizeof *aside);
    int rc;
    aside->loop = loop;
    aside->fn = fn;
    aside->context = context;
    aside->wake.data = aside;
    rc = uv_async_init(&loop->uv, &aside->wake, on_done);
    if (rc) {
        td_err_sys(err, rc, "cannot make an event");
        free(aside);
        return NULL;
    }
    rc = start_thread(aside);
    if (rc) {
        td_err_sys(err, -rc, "cannot start a thread");
        close_and_free(aside);
        return NULL;
    }
    return aside;
}

int td_aside_wait(struct td_aside *aside, uint64_t until_ns)
{
    return td_loop_wait(aside->loop, is_done, aside, until_ns);
}

void td_aside_free(struct td_aside *aside)
{
    if (!aside)
        return;
    td_loop_settle(aside->loop, is_done, aside, UINT64_MAX);
    pthread_join(aside->thread, NULL);
    close_and_free(aside);
}
