/*
 * origin_reply - what the origin answers: which path means what, and the
 * bytes of the response.  Pure, like origin_request.
 *
 *   /delay/<duration>/<item>   after that long, "tandem origin item <item>"
 *                              16 times, a line each
 *   /healthz                   "ok" at once
 */
#ifndef TD_LOAD_ORIGIN_REPLY_H
#define TD_LOAD_ORIGIN_REPLY_H

#include "load/origin_request.h"

enum {
    TD_ITEM_MAX = 64,    /* bytes of <item> */
    TD_REPLY_MAX = 2048, /* bytes of any response */
    TD_ITEM_LINES = 16   /* of a body */
};
#define TD_DELAY_MAX_NS UINT64_C(60000000000)

struct td_reply {
    int status;
    uint64_t delay_ns;
    const char *item; /* points into the request; NULL unless /delay */
    size_t item_len;
    bool head_only;
    bool keep_alive;
};

/* Finds the answer to a request. */
void td_reply_route(const struct td_request *request, struct td_reply *out);
/* Writes the whole response; returns its length. */
size_t td_reply_compose(const struct td_reply *reply, char out[TD_REPLY_MAX]);

#endif
