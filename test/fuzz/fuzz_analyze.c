/* Any bytes are a request with an answer that is JSON, or one message that
 * begins with a JSON path. */
#include "analyze/analyze.h"
#include "analyze/query.h"
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_invocations(const struct td_invocations *all)
{
    for (size_t i = 0; i < td_invocations_count(all); i++) {
        size_t n;
        const double *x = td_invocation(all, i, &n);
        if (!n)
            abort();
        for (size_t j = 0; j < n; j++)
            if (!isfinite(x[j]) || x[j] < 0)
                abort();
    }
}

/* *context: does it name a file?  None is opened here. */
static int check(struct td_reader *reader, struct td_query *request,
                 void *context)
{
    bool *names_file = context;
    (void)reader;
    check_invocations(&request->a);
    check_invocations(&request->b);
    check_invocations(&request->aa);
    if (request->kind == TD_QUERY_COMPARISON && request->paired &&
        td_invocations_count(&request->a) != td_invocations_count(&request->b))
        abort();
    if (request->sizes.count != request->times.count)
        abort();
    *names_file |= request->npy.len > 0;
    return 0;
}

static void check_answer(const char *text, size_t len)
{
    struct td_buf answer = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    json_t *json;
    if (td_analyze(text, len, &answer, &err))
        abort();
    json = json_loadb(answer.data, answer.len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json))
        abort();
    json_decref(json);
    td_buf_release(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    /* A copy of exactly this size, so that a read past it is seen. */
    char *text = td_xmalloc(len + 1);
    struct td_err err = TD_ERR_INIT;
    struct td_reader reader;
    struct td_query request;
    bool names_file = false;
    if (len)
        memcpy(text, data, len);
    text[len] = '\0';
    td_query_init(&request);
    td_reader_init(&reader, text, len, &err);
    if (td_query_read(&reader, &request, check, &names_file) ||
        td_reader_finish(&reader)) {
        if (err.msg[0] != '$')
            abort();
    } else {
        check(&reader, &request, &names_file);
        if (!names_file)
            check_answer(text, len);
    }
    td_query_release(&request);
    free(text);
    return 0;
}
