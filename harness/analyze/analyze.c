#include "analyze/analyze.h"

#include "analyze/answer.h"
#include "analyze/json_writer.h"

/* One answer, on one line.  What can fail is the file that it names. */
static int answer_to(struct td_buf *out, struct td_reader *reader,
                     struct td_query *request)
{
    struct td_err err = TD_ERR_INIT;
    json_t *answer = NULL;
    int rc = td_answer(request, &answer, &err);
    if (rc)
        return td_reader_reject(reader, "npy", SIZE_MAX, "%s", err.msg);
    td_json_write(out, answer);
    json_decref(answer);
    return 0;
}

static int answer_case(struct td_reader *reader, struct td_query *request,
                       void *context)
{
    struct td_buf *out = context;
    if (out->len)
        td_buf_adds(out, ",\n");
    return answer_to(out, reader, request);
}

int td_analyze(const char *text, size_t len, struct td_buf *out,
               struct td_err *err)
{
    struct td_buf answers = TD_BUF_INIT;
    struct td_reader reader;
    struct td_query request;
    bool many;
    int rc;
    td_query_init(&request);
    td_reader_init(&reader, text, len, err);
    rc = td_query_read(&reader, &request, answer_case, &answers);
    if (!rc)
        rc = td_reader_finish(&reader);
    many = request.kind == TD_QUERY_CASES;
    if (!rc && !many)
        rc = answer_to(&answers, &reader, &request);
    if (!rc && many)
        td_buf_adds(out, "{\"results\":[\n");
    if (!rc)
        td_buf_add(out, td_buf_str(&answers), answers.len);
    if (!rc && many)
        td_buf_adds(out, "\n]}");
    if (!rc)
        td_buf_addc(out, '\n');
    td_query_release(&request);
    td_buf_release(&answers);
    return rc;
}
