#include "exec/process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* For a service to put away what it made: a directory, a database. */
static const uint64_t QUIT_NS = 5000000000;

struct td_service {
    struct td_process *process;
    char *program;
    struct td_buf first; /* stdout up to its first newline */
    bool greeted;
    struct td_buf words; /* tail of all else */
};

static void take(void *context, enum td_stream stream, const char *data,
                 size_t len)
{
    struct td_service *service = context;
    const char *newline;
    if (stream == TD_STREAM_OUT && !service->greeted) {
        newline = memchr(data, '\n', len);
        td_buf_add(&service->first, data,
                   newline ? (size_t)(newline - data) : len);
        service->greeted = newline || service->first.len > TD_LINE_MAX;
        return;
    }
    td_tail_add(&service->words, data, len);
}

static bool greeted_or_over(void *context)
{
    const struct td_service *service = context;
    return service->greeted || td_process_over(service->process);
}

static int explain(struct td_service *service, struct td_err *err)
{
    struct td_buf end = TD_BUF_INIT;
    td_report_describe_end(&service->process->said, service->process->stopping,
                           &end);
    td_text_clean(service->words.data, service->words.len);
    while (service->words.len &&
           service->words.data[service->words.len - 1] == '\n')
        service->words.data[--service->words.len] = '\0';
    td_err_set(err, TD_EWORKER, "service %s %s%s%.1500s", service->program,
               td_buf_str(&end), service->words.len ? ": " : "",
               td_buf_str(&service->words));
    td_buf_release(&end);
    return err->code;
}

struct td_service *td_service_start(struct td_loop *loop,
                                    const struct td_launch *launch,
                                    uint64_t timeout_ns, char **first_line,
                                    struct td_err *err)
{
    struct td_service *service = td_xcalloc(1, sizeof *service);
    uint64_t deadline_ns = td_deadline_ns(timeout_ns);
    int rc;
    service->program = td_xstrdup(launch->program);
    service->process = td_process_new(loop, take, service);
    rc = td_process_start(service->process, launch, -1, deadline_ns, err);
    if (!rc) {
        rc = td_loop_wait_eagerly(loop, greeted_or_over, service, deadline_ns);
        if (rc == TD_ETIMEOUT)
            td_err_set(err, rc, "service %s said nothing within %.3g s",
                       launch->program, (double)timeout_ns / 1e9);
        else if (rc)
            td_err_set(err, rc, "service %s was interrupted", launch->program);
        else if (!service->greeted)
            rc = explain(service, err);
    }
    if (rc) {
        td_service_free(service);
        return NULL;
    }
    td_text_clean(service->first.data, service->first.len);
    *first_line = td_xstrdup(td_buf_str(&service->first));
    return service;
}

static bool has_ended(void *context)
{
    const struct td_process *process = context;
    return process->exited || process->said.ended;
}

int td_service_check(struct td_service *service, struct td_err *err)
{
    struct td_process *process = service->process;
    uv_run(&process->loop->uv, UV_RUN_NOWAIT); /* what has happened meanwhile */
    return has_ended(process) ? explain(service, err) : 0;
}

void td_service_free(struct td_service *service)
{
    if (!service)
        return;
    if (service->process->said.pid > 0 && !has_ended(service->process)) {
        kill(service->process->said.pid, SIGTERM);
        td_loop_settle(service->process->loop, has_ended, service->process,
                       td_deadline_ns(QUIT_NS));
    }
    td_process_free(service->process);
    td_buf_release(&service->first);
    td_buf_release(&service->words);
    free(service->program);
    free(service);
}
