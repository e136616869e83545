/* Mix files: any bytes either give requests that a server reads as one
 * request each, or one message with the file's name. */
#include "load/load_request.h"
#include "load/origin_request.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char host[] = "127.0.0.1", path[] = "/", authority[] = "127.0.0.1:8080";
static const struct td_load_target target = {
    .host = host, .path = path, .authority = authority, .port = 8080};

/* A length that is wrong, or a line end too many, would make two requests or
 * half a one of it.  What the origin's stricter reader refuses is no matter. */
static void check(const struct td_load_request *request)
{
    struct td_request read;
    long head = td_request_parse(request->bytes, request->len, &read);
    if (!(request->weight > 0) || head == 0)
        abort();
    if (head > 0 && (uint64_t)head + read.body_bytes != request->len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct td_load_requests requests = {NULL, 0};
    struct td_err err = TD_ERR_INIT;
    int rc;
    /* Whatever files this machine has stay out of it. */
    if (memmem(data, size, "-file", 5))
        return 0;
    rc = td_load_requests_parse(&requests, (const char *)data, size, "x.mix",
                                &target, NULL, size % 2 == 0, &err);
    if (rc && strncmp(err.msg, "x.mix:", 6) != 0)
        abort();
    for (size_t i = 0; i < requests.count; i++)
        check(&requests.at[i]);
    td_load_requests_release(&requests);
    return 0;
}
