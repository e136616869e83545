/* Any bytes: the parser stays in bounds, and every piece of the answer fits. */
#include "load/origin_reply.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    /* A copy of exactly this size, so that a read past it is seen. */
    char *copy = malloc(len ? len : 1), out[TD_PIECE_MAX];
    struct td_request request;
    struct td_reply reply;
    long n;
    if (!copy)
        return 0;
    memcpy(copy, data, len);
    n = td_request_parse(copy, len, &request);
    if (n > (long)len || n < -599)
        abort();
    if (n > 0) {
        td_reply_route(&request, &reply);
        for (uint64_t i = 0; i < 3; i++)
            if (td_reply_piece(&reply, i, out) > sizeof out)
                abort();
    }
    free(copy);
    return 0;
}
