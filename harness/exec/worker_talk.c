#include "exec/worker_talk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX = 1500 };
static const uint64_t END_PATIENCE_NS = 1000000000;

static void take_parting_words(struct td_worker *worker);

void td_worker_take(void *context, enum td_stream stream, const char *data,
                    size_t len)
{
    struct td_worker *worker = context;
    if (stream == TD_STREAM_CONTROL) {
        if (!worker->failure.code)
            td_lines_add(&worker->lines, data, len, &worker->failure);
        if (worker->state == TD_WORKER_QUITTING)
            take_parting_words(worker);
        return;
    }
    td_tail_add(&worker->words, data, len);
    worker->output_bytes += len;
    if (worker->output_bytes > worker->limits.output_bytes)
        td_err_set(&worker->failure, TD_EWORKER,
                   "wrote more than %" PRIu64 " bytes on stdout and stderr",
                   worker->limits.output_bytes);
}

static void add_phase(const struct td_worker *worker, struct td_buf *out)
{
    switch (worker->state) {
    case TD_WORKER_NEW:
        td_buf_adds(out, "while starting");
        break;
    case TD_WORKER_GREETED:
        td_buf_adds(out, "during set-up");
        break;
    case TD_WORKER_READY:
        td_buf_addf(out, "before batch %" PRIu64, worker->batches + 1);
        break;
    case TD_WORKER_RUNNING:
        td_buf_addf(out, "during batch %" PRIu64, worker->batches);
        break;
    case TD_WORKER_QUITTING:
    case TD_WORKER_FAILED:
    case TD_WORKER_FINISHED:
        td_buf_adds(out, "after it was told to quit");
        break;
    }
}

int td_worker_fail(struct td_worker *worker, int code, const char *head,
                   const char *detail, struct td_err *err)
{
    struct td_buf phase = TD_BUF_INIT;
    add_phase(worker, &phase);
    td_process_stop(worker->process);
    worker->state = TD_WORKER_FAILED;
    td_err_set(err, code, "worker %s %s%s%s", head, td_buf_str(&phase),
               detail ? ": " : "", detail ? detail : "");
    td_buf_release(&phase);
    return err->code;
}

int td_worker_fail_err(struct td_worker *worker, const struct td_err *cause,
                       struct td_err *err)
{
    struct td_err copy = *cause;
    char *detail = strstr(copy.msg, ": ");
    if (detail) {
        *detail = '\0';
        detail += 2;
    }
    return td_worker_fail(worker, copy.code, copy.msg, detail, err);
}

int td_worker_fail_ended(struct td_worker *worker, struct td_err *err)
{
    struct td_buf head = TD_BUF_INIT;
    int rc;
    td_report_describe_end(&worker->process->said, worker->process->stopping,
                           &head);
    rc = td_worker_fail(worker, TD_EWORKER, td_buf_str(&head), NULL, err);
    td_buf_release(&head);
    return rc;
}

int td_worker_fail_wait(struct td_worker *worker, int rc, const char *doing,
                        uint64_t timeout_ns, struct td_err *err)
{
    char head[80];
    if (rc == TD_ETIMEOUT)
        snprintf(head, sizeof head, "did not %s within %.3g s", doing,
                 (double)timeout_ns / 1e9);
    else
        snprintf(head, sizeof head, "was interrupted");
    return td_worker_fail(worker, rc, head, NULL, err);
}

void td_worker_say(struct td_worker *worker, const char *verb,
                   const struct td_fields *fields)
{
    struct td_buf line = TD_BUF_INIT;
    td_fields_encode(&line, verb, fields);
    td_buf_addc(&line, '\n');
    td_process_send(worker->process, line.data, line.len);
    td_buf_release(&line);
}

/* The channel's end arrives before the launcher's report of why. */
static int fail_closed(struct td_worker *worker, struct td_err *err)
{
    struct td_process *process = worker->process;
    if (td_loop_settle(process->loop, td_process_over, process,
                       td_deadline_ns(END_PATIENCE_NS)))
        return td_worker_fail(worker, TD_EPROTOCOL,
                              "closed its control channel", NULL, err);
    return td_worker_fail_ended(worker, err);
}

int td_worker_check_silence(struct td_worker *worker, struct td_err *err)
{
    uv_run(&worker->process->loop->uv, UV_RUN_NOWAIT);
    if (worker->failure.code)
        return td_worker_fail_err(worker, &worker->failure, err);
    if (td_lines_ready(&worker->lines))
        return td_worker_fail(worker, TD_EPROTOCOL, "spoke out of turn",
                              td_buf_str(&worker->lines.buf), err);
    return worker->process->control.eof ? fail_closed(worker, err) : 0;
}

/* The worker's own words of what went wrong: of a long traceback the end
 * says most. */
static int set_told(const struct td_worker *worker, struct td_err *err)
{
    const char *message = td_fields_get(&worker->reply, "message");
    struct td_buf text = TD_BUF_INIT;
    size_t len;
    message = message && *message ? message : "(without a message)";
    len = strlen(message);
    if (len > MESSAGE_MAX) {
        td_buf_adds(&text, "…");
        message += len - MESSAGE_MAX;
    }
    td_buf_adds(&text, message);
    while (text.len && text.data[text.len - 1] == '\n')
        text.data[--text.len] = '\0';
    td_text_clean(text.data, text.len);
    td_err_set(err, TD_EWORKER, "reported an error: %s", td_buf_str(&text));
    td_buf_release(&text);
    return err->code;
}

static int parse_reply(struct td_worker *worker, struct td_err *err)
{
    struct td_err bad = TD_ERR_INIT;
    char *line = td_lines_take(&worker->lines);
    struct td_fields *reply = &worker->reply;
    free(worker->verb);
    td_fields_release(reply);
    if (td_fields_decode(line, &worker->verb, reply, &bad)) {
        struct td_buf quoted = TD_BUF_INIT;
        td_quote(&quoted, line, strlen(line));
        td_err_set(err, TD_EPROTOCOL, "wrote a line that is none: %s",
                   td_buf_str(&quoted));
        td_buf_release(&quoted);
    } else if (strcmp(worker->verb, "error")) {
        for (size_t i = 0; i < reply->count; i++)
            if (!td_text_is_clean(reply->at[i].value))
                td_err_set(err, TD_EPROTOCOL,
                           "sent a value that is not printable UTF-8: %.40s",
                           reply->at[i].name);
    }
    free(line);
    return err->code;
}

/* Whether the reply is what was due. */
static int check_verb(const struct td_worker *worker, const char *due,
                      struct td_err *err)
{
    struct td_buf detail = TD_BUF_INIT;
    if (!strcmp(worker->verb, due))
        return 0;
    if (!strcmp(worker->verb, "error"))
        return set_told(worker, err);
    td_quote(&detail, worker->verb, strlen(worker->verb));
    td_err_set(err, TD_EPROTOCOL, "broke the protocol: %s where \"%s\" was due",
               td_buf_str(&detail), due);
    td_buf_release(&detail);
    return err->code;
}

/* What is said after `quit`, taken in as it comes: there is room for no more
 * than TD_FIGURES_MAX of it.  Within libuv's callback nothing can be waited
 * for, so a failure is only noted. */
static void take_parting_words(struct td_worker *worker)
{
    const struct td_fields *said = &worker->reply;
    struct td_err *failure = &worker->failure;
    while (!failure->code && td_lines_ready(&worker->lines))
        if (!parse_reply(worker, failure) &&
            !check_verb(worker, "figure", failure))
            td_figures_add(&worker->figures, td_fields_get(said, "name"),
                           td_fields_get(said, "value"),
                           td_fields_get(said, "unit"), failure);
}

static bool has_news(void *context)
{
    const struct td_worker *worker = context;
    return worker->failure.code || td_lines_ready(&worker->lines) ||
           worker->process->control.eof;
}

int td_worker_await(struct td_worker *worker, const char *verb,
                    uint64_t timeout_ns, uint64_t deadline_ns,
                    struct td_err *err)
{
    struct td_err bad = TD_ERR_INIT;
    int rc = td_loop_wait(worker->process->loop, has_news, worker, deadline_ns);
    if (rc)
        return td_worker_fail_wait(worker, rc, "answer", timeout_ns, err);
    if (worker->failure.code)
        return td_worker_fail_err(worker, &worker->failure, err);
    if (!td_lines_ready(&worker->lines))
        return fail_closed(worker, err);
    if (parse_reply(worker, &bad) || check_verb(worker, verb, &bad))
        return td_worker_fail_err(worker, &bad, err);
    return 0;
}
