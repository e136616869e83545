#include "exec/execution.h"

#include "base/clock.h"
#include "exec/process.h"

#include <signal.h>
#include <string.h>

enum { SHELL_SIGTERM = 128 + SIGTERM };
/* After the first byte: to finish the line; after SIGTERM: to end. */
static const uint64_t LINE_NS = 1000000000, QUIT_NS = 2000000000;

/* One execution on its way. */
struct course {
    const struct td_execution_request *request;
    struct td_execution *out;
    struct td_process *process;
    uint64_t first_ns; /* when the first byte of stdout came; 0 = not yet */
    bool line;         /* a whole line of stdout came */
    bool told;         /* SIGTERM was sent */
};

void td_execution_release(struct td_execution *execution)
{
    td_buf_release(&execution->out);
    td_buf_release(&execution->words);
}

static void take(void *context, enum td_stream stream, const char *data,
                 size_t len)
{
    struct course *course = context;
    struct td_execution *out = course->out;
    size_t room;
    if (stream == TD_STREAM_OUT) {
        if (!course->first_ns)
            course->first_ns = td_clock_ns();
        course->line = course->line || memchr(data, '\n', len) != NULL;
        room = course->request->out_limit - out->out.len;
        td_buf_add(&out->out, data, len < room ? len : room);
        out->out_bytes += len;
    }
    td_tail_add(&out->words, data, len);
}

static bool is_over(void *context)
{
    return td_process_over(((struct course *)context)->process);
}

static bool has_spoken(void *context)
{
    return ((struct course *)context)->first_ns || is_over(context);
}

static bool has_said_a_line(void *context)
{
    return ((struct course *)context)->line || is_over(context);
}

/* rc of a wait, in words. */
static int explain_wait(const struct course *course, int rc, struct td_err *err)
{
    if (rc == TD_ETIMEOUT)
        return td_err_set(err, rc, "did not %s within %.3g s",
                          course->request->until_output ? "print anything"
                                                        : "end",
                          (double)course->request->timeout_ns / 1e9);
    return td_err_set(err, rc, "was interrupted");
}

/* It has said what was waited for: it ends now, outside the time. */
static void dismiss(struct course *course)
{
    struct td_process *process = course->process;
    td_loop_wait(process->loop, has_said_a_line, course,
                 td_deadline_ns(LINE_NS));
    if (process->said.ended)
        return;
    course->told = true;
    kill(process->said.pid, SIGTERM);
    td_loop_wait(process->loop, is_over, course, td_deadline_ns(QUIT_NS));
}

static int judge_end(const struct course *course, struct td_err *err)
{
    const struct td_report *said = &course->process->said;
    const struct td_usage *usage = &said->usage;
    struct td_buf end = TD_BUF_INIT;
    bool ours =
        course->told && (usage->signal == SIGTERM || usage->signal == SIGKILL ||
                         usage->exit_status == SHELL_SIGTERM);
    if (said->ended && (usage->exit_status == 0 || ours))
        return 0;
    td_report_describe_end(said, course->process->stopping, &end);
    td_err_set(err, TD_EWORKER, "%s", td_buf_str(&end));
    td_buf_release(&end);
    return err->code;
}

/* What launcher and harness read must be in order, by one clock. */
static int judge_times(const struct course *course, struct td_err *err)
{
    const struct td_report *said = &course->process->said;
    struct td_execution *out = course->out;
    bool until_output = course->request->until_output;
    if (until_output && !course->first_ns)
        return td_err_set(err, TD_EWORKER,
                          "ended without having printed "
                          "anything");
    out->timed.start_ns = said->spawned_ns;
    out->timed.end_ns = until_output ? course->first_ns : said->reaped_ns;
    if (out->begin_ns <= out->timed.start_ns &&
        out->timed.start_ns < out->timed.end_ns &&
        out->timed.end_ns <= out->end_ns)
        return 0;
    return td_err_set(err, TD_EPROTOCOL,
                      "the launcher's times do not lie within the harness's");
}

static int follow(struct course *course, uint64_t deadline_ns,
                  struct td_err *err)
{
    struct td_process *process = course->process;
    bool until_output = course->request->until_output;
    int rc = td_process_start(process, course->request->launch, -1, deadline_ns,
                              err);
    if (rc)
        return rc;
    rc = td_loop_wait(process->loop, until_output ? has_spoken : is_over,
                      course, deadline_ns);
    if (rc)
        return explain_wait(course, rc, err);
    if (until_output)
        dismiss(course);
    return 0;
}

int td_execution_run(struct td_loop *loop,
                     const struct td_execution_request *request,
                     struct td_execution *out, struct td_err *err)
{
    struct course course = {.request = request, .out = out};
    int rc;
    memset(out, 0, sizeof *out);
    course.process = td_process_new(loop, take, &course);
    out->begin_ns = td_clock_ns();
    rc = follow(&course, td_deadline_ns(request->timeout_ns), err);
    td_process_stop(course.process);
    out->end_ns = td_clock_ns();
    out->usage = course.process->said.usage;
    if (!rc)
        rc = judge_end(&course, err);
    if (!rc)
        rc = judge_times(&course, err);
    td_process_free(course.process);
    td_text_clean(out->words.data, out->words.len);
    return rc;
}
