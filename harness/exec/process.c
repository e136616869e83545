#include "exec/process.h"

#include "base/clock.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEEP_PLAIN = 2, KEEP_CHANNEL = 4, REPORT_FD = 5, NSTDIO = 6 };
static const uint64_t KILL_PATIENCE_NS = 5000000000;
static const uint64_t DRAIN_PATIENCE_NS = 500000000;

struct td_process *td_process_new(struct td_loop *loop, td_stream_fn *on_data,
                                  void *context)
{
    struct td_process *process = td_xcalloc(1, sizeof *process);
    process->loop = loop;
    process->on_data = on_data;
    process->context = context;
    td_report_init(&process->said);
    return process;
}

static void on_report(struct td_process *process, const char *data, size_t len)
{
    struct td_err ignored = TD_ERR_INIT;
    char *line;
    td_lines_add(&process->report_lines, data, len, &ignored);
    while ((line = td_lines_take(&process->report_lines))) {
        td_report_line(&process->said, line);
        free(line);
    }
}

/* One buffer for all: libuv fills it and calls back at once. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct td_process *process = handle->data;
    (void)suggested;
    *buf = uv_buf_init(process->chunk, sizeof process->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct td_process *process = stream->data;
    struct td_pipe *pipe = (struct td_pipe *)stream;
    if (n == 0)
        return;
    if (n < 0) {
        pipe->eof = true;
        uv_read_stop(stream);
    } else if (pipe == &process->report) {
        on_report(process, buf->base, (size_t)n);
    } else {
        process->on_data(process->context,
                         pipe == &process->out   ? TD_STREAM_OUT
                         : pipe == &process->err ? TD_STREAM_ERR
                                                 : TD_STREAM_CONTROL,
                         buf->base, (size_t)n);
    }
}

static void on_launcher_exit(uv_process_t *launcher, int64_t status, int sig)
{
    struct td_process *process = launcher->data;
    (void)status;
    (void)sig;
    process->exited = true;
}

static void open_pipe(struct td_process *process, struct td_pipe *pipe)
{
    uv_pipe_init(&process->loop->uv, &pipe->uv, 0);
    pipe->uv.data = process;
    pipe->open = true;
    process->handles++;
}

/* stdout and stderr are true pipes: a socket cannot be opened again as
 * /dev/stdout.  *child_end is for the launcher. */
static int open_output(struct td_process *process, struct td_pipe *pipe,
                       int *child_end)
{
    uv_file ends[2];
    int rc = uv_pipe(ends, UV_NONBLOCK_PIPE, 0);
    if (rc)
        return rc;
    *child_end = ends[1];
    open_pipe(process, pipe);
    rc = uv_pipe_open(&pipe->uv, ends[0]);
    if (rc)
        close(ends[0]);
    return rc;
}

static void launcher_args(const struct td_launch *launch, const char *program,
                          bool channelled, struct td_strings *args)
{
    td_strings_add(args, "tandem-launch");
    td_strings_add(args, "--parent");
    td_strings_addf(args, "%ld", (long)getpid());
    td_strings_add(args, "--keep");
    td_strings_addf(args, "%d", channelled ? KEEP_CHANNEL : KEEP_PLAIN);
    if (launch->cpus) {
        td_strings_add(args, "--cpus");
        td_strings_add(args, launch->cpus);
    }
    if (launch->cwd) {
        td_strings_add(args, "--cwd");
        td_strings_add(args, launch->cwd);
    }
    if (launch->memory_limit_bytes) {
        static const char *const by[] = {[TD_MEMORY_ANY] = "any",
                                         [TD_MEMORY_CGROUP] = "cgroup",
                                         [TD_MEMORY_RLIMIT] = "rlimit"};
        td_strings_add(args, "--memory");
        td_strings_addf(args, "%" PRIu64, launch->memory_limit_bytes);
        td_strings_add(args, "--memory-by");
        td_strings_add(args, by[launch->memory_by]);
    }
    td_strings_add(args, "--program");
    td_strings_add(args, program);
    td_strings_add(args, "--");
    for (size_t i = 0; i < launch->argv.count; i++)
        td_strings_add(args, launch->argv.at[i]);
    if (launch->argv.count == 0)
        td_strings_add(args, program);
}

static void environment(const struct td_launch *launch, bool channelled,
                        struct td_strings *env)
{
    for (size_t i = 0; i < launch->env.count; i++)
        td_strings_addf(env, "%s=%s", launch->env.at[i].name,
                        launch->env.at[i].value);
    if (channelled) {
        td_strings_add(env, "TANDEM_CONTROL=3");
        td_strings_add(env, "TANDEM_SAMPLES=4");
        td_strings_add(env, "TANDEM_PROTOCOL=1");
    }
    if (env->count == 0) /* libuv would pass on our own for NULL */
        td_strings_add(env, "LANG=C.UTF-8");
}

static uv_stdio_container_t socket_to(struct td_process *process,
                                      struct td_pipe *pipe)
{
    uv_stdio_container_t container = {
        .flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE};
    open_pipe(process, pipe);
    container.data.stream = (uv_stream_t *)&pipe->uv;
    return container;
}

static uv_stdio_container_t inherited(int fd)
{
    uv_stdio_container_t container = {.flags = UV_INHERIT_FD};
    container.data.fd = fd;
    return container;
}

static int read_all(struct td_process *process)
{
    struct td_pipe *pipes[] = {&process->out, &process->err, &process->report,
                               &process->control};
    int rc = 0;
    for (size_t i = 0; !rc && i < 4; i++)
        if (pipes[i]->open)
            rc = uv_read_start((uv_stream_t *)&pipes[i]->uv, on_alloc, on_read);
    return rc;
}

/* Nothing was started, so nothing will be said and nobody be waited for. */
static void give_up(struct td_process *process)
{
    process->exited = true;
    process->out.eof = process->err.eof = true;
    process->control.eof = process->report.eof = true;
}

static int spawn(struct td_process *process, const struct td_launch *launch,
                 const char *program, int samples_fd)
{
    struct td_strings args = TD_STRINGS_INIT, env = TD_STRINGS_INIT;
    uv_stdio_container_t stdio[NSTDIO] = {{.flags = UV_IGNORE}};
    char *file = td_xasprintf("%s/tandem-launch", process->loop->libexec);
    uv_process_options_t options = {
        .file = file, .stdio = stdio, .stdio_count = NSTDIO};
    int out = -1, err = -1, rc;
    process->channelled = samples_fd >= 0;
    launcher_args(launch, program, process->channelled, &args);
    environment(launch, process->channelled, &env);
    options.args = args.at;
    options.env = env.at;
    options.exit_cb = on_launcher_exit;
    rc = open_output(process, &process->out, &out);
    if (!rc)
        rc = open_output(process, &process->err, &err);
    if (rc)
        goto out;
    stdio[1] = inherited(out);
    stdio[2] = inherited(err);
    if (process->channelled) {
        stdio[3] = socket_to(process, &process->control);
        stdio[4] = inherited(samples_fd);
    }
    stdio[REPORT_FD] = socket_to(process, &process->report);
    process->launcher.data = process;
    process->launcher_open = true; /* to be closed even if this fails */
    process->handles++;
    rc = uv_spawn(&process->loop->uv, &process->launcher, &options);
    if (!rc)
        rc = read_all(process);
    else
        give_up(process);
out:
    if (out >= 0)
        close(out);
    if (err >= 0)
        close(err);
    free(file);
    td_strings_release(&args);
    td_strings_release(&env);
    return rc;
}

static bool is_started(void *context)
{
    const struct td_process *process = context;
    return process->said.pid || process->said.failed_step || process->exited;
}

/* The program's path: a bare word is looked up in the child's own PATH. */
static char *locate(const struct td_launch *launch, struct td_err *err)
{
    const char *path = td_fields_get(&launch->env, "PATH");
    char *found;
    if (strchr(launch->program, '/'))
        return td_xstrdup(launch->program);
    found = td_program_find(launch->program, path);
    if (!found)
        td_err_set(err, TD_EDEPENDENCY, "cannot start %s: not found in PATH",
                   launch->program);
    return found;
}

static int explain(const struct td_process *process,
                   const struct td_launch *launch, struct td_err *err)
{
    const char *step = process->said.failed_step, *on = launch->program;
    if (!step)
        return td_err_set(err, TD_EINTERNAL,
                          "cannot start %s: the launcher %s/tandem-launch "
                          "ended without a word",
                          on, process->loop->libexec);
    if (!strcmp(step, "cpus"))
        on = launch->cpus;
    else if (!strcmp(step, "cwd"))
        on = launch->cwd;
    if (!strcmp(step, "memory"))
        return td_err_set(
            err, TD_EDEPENDENCY,
            "cannot start %s: its memory cannot be limited to "
            "%" PRIu64 " bytes%s: %s",
            launch->program, launch->memory_limit_bytes,
            launch->memory_by == TD_MEMORY_CGROUP ? " by a control group" : "",
            strerror(process->said.failed_errno));
    return td_err_set(err, TD_EDEPENDENCY, "cannot start %s: %s %s: %s",
                      launch->program, step, on,
                      strerror(process->said.failed_errno));
}

int td_process_start(struct td_process *process, const struct td_launch *launch,
                     int samples_fd, uint64_t deadline_ns, struct td_err *err)
{
    char *program = locate(launch, err);
    int rc;
    if (!program)
        return err->code;
    rc = spawn(process, launch, program, samples_fd);
    if (rc) {
        td_err_sys(err, rc, "cannot start the launcher %s/tandem-launch",
                   process->loop->libexec);
        goto out;
    }
    rc = td_loop_wait(process->loop, is_started, process, deadline_ns);
    if (rc)
        td_err_set(err, rc, "%s while starting %s",
                   rc == TD_ETIMEOUT ? "out of time" : "interrupted",
                   launch->program);
    else if (!process->said.pid)
        rc = explain(process, launch, err);
out:
    free(program);
    return rc;
}

struct sending {
    uv_write_t request;
    char data[];
};

static void on_sent(uv_write_t *request, int status)
{
    (void)status;
    free(request);
}

static void send_to(struct td_pipe *pipe, const char *data, size_t len)
{
    struct sending *sending;
    uv_buf_t buf;
    if (!pipe->open || uv_is_closing((uv_handle_t *)&pipe->uv))
        return;
    sending = td_xmalloc(sizeof *sending + len);
    memcpy(sending->data, data, len);
    buf = uv_buf_init(sending->data, (unsigned)len);
    if (uv_write(&sending->request, (uv_stream_t *)&pipe->uv, &buf, 1, on_sent))
        free(sending);
}

void td_process_send(struct td_process *process, const char *data, size_t len)
{
    send_to(&process->control, data, len);
}

static bool at_end(const struct td_pipe *pipe)
{
    return !pipe->open || pipe->eof;
}

bool td_process_over(void *context)
{
    const struct td_process *process = context;
    return process->exited && at_end(&process->out) && at_end(&process->err) &&
           at_end(&process->report) && at_end(&process->control);
}

static bool has_exited(void *context)
{
    return ((const struct td_process *)context)->exited;
}

void td_process_stop(struct td_process *process)
{
    struct td_loop *loop = process->loop;
    if (!process->launcher_open)
        return;
    if (!process->exited && !process->said.ended) {
        process->stopping = true;
        send_to(&process->report, "k", 1);
    }
    if (td_loop_settle(loop, has_exited, process,
                       td_deadline_ns(KILL_PATIENCE_NS))) {
        if (process->said.pid)
            kill(-process->said.pid, SIGKILL);
        uv_process_kill(&process->launcher, SIGKILL);
        td_loop_settle(loop, has_exited, process,
                       td_deadline_ns(KILL_PATIENCE_NS));
    }
    td_loop_settle(loop, td_process_over, process,
                   td_deadline_ns(DRAIN_PATIENCE_NS));
}

static void on_close(uv_handle_t *handle)
{
    struct td_process *process = handle->data;
    process->handles--;
}

static bool all_closed(void *context)
{
    return ((const struct td_process *)context)->handles == 0;
}

void td_process_free(struct td_process *process)
{
    struct td_pipe *pipes[4];
    if (!process)
        return;
    td_process_stop(process);
    pipes[0] = &process->out;
    pipes[1] = &process->err;
    pipes[2] = &process->control;
    pipes[3] = &process->report;
    for (int i = 0; i < 4; i++)
        if (pipes[i]->open)
            uv_close((uv_handle_t *)&pipes[i]->uv, on_close);
    if (process->launcher_open)
        uv_close((uv_handle_t *)&process->launcher, on_close);
    td_loop_settle(process->loop, all_closed, process, UINT64_MAX);
    td_lines_release(&process->report_lines);
    td_report_release(&process->said);
    free(process);
}
