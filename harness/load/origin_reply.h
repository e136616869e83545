/*
 * origin_reply - what the origin answers: which path means what, and the
 * bytes of the response, piece by piece.  Pure, like origin_request.
 *
 *   /delay/<duration>/<item>   after that long, "tandem origin item <item>"
 *                              16 times, a line each
 *   /queue[/<n>]               "ok" when queue n (0) has served it
 *   /healthz                   "ok" at once
 *   /stats                     what the server has counted, as JSON
 *
 * Faults, for tests of clients; GET only, and refused with 405 otherwise:
 *
 *   /status/<code>             that status (200 to 599)
 *   /wrong                     "no" in place of "ok", the same length
 *   /chunked                   "ok" in chunks, with a trailer
 *   /drip/<duration>/<size>    a body of that many bytes, one each duration
 *                              (200us at least)
 *   /header/<size>             that many bytes of header fields, then "ok"
 *   /endless                   a body that never ends
 *   /short, /reset             half of the promised body, then FIN or RST
 *   /close                     FIN in place of an answer
 *   /bye                       "ok", and FIN although keep-alive was promised
 *   /hang                      nothing, until the idle time is over
 *   /garbage                   bytes that are not HTTP, then FIN
 */
#ifndef TD_LOAD_ORIGIN_REPLY_H
#define TD_LOAD_ORIGIN_REPLY_H

#include "load/origin_request.h"

enum {
    TD_ITEM_MAX = 64,     /* bytes of <item> */
    TD_PIECE_MAX = 16384, /* bytes of any piece */
    TD_ITEM_LINES = 16,   /* of a body */
    TD_QUEUES_MAX = 1024  /* of <n> */
};
#define TD_DELAY_MAX_NS UINT64_C(60000000000)
#define TD_FAULT_MAX_BYTES (UINT64_C(1) << 40) /* of <size> */

enum td_reply_kind {
    TD_REPLY_WHOLE, /* one piece: head and body */
    TD_REPLY_WORK,  /* the same, when a queue has served it */
    TD_REPLY_STATS, /* the same; the caller supplies the body */
    TD_REPLY_CHUNKED,
    TD_REPLY_DRIP,
    TD_REPLY_HEADER,
    TD_REPLY_ENDLESS,
    TD_REPLY_HALF,
    TD_REPLY_NOTHING,
    TD_REPLY_GARBAGE
};

enum td_reply_end {
    TD_END_AGREED, /* as keep_alive says */
    TD_END_CLOSE,
    TD_END_RESET,
    TD_END_HANG
};

struct td_reply {
    int status;
    enum td_reply_kind kind;
    enum td_reply_end end;
    bool head_only;
    bool keep_alive;
    uint32_t queue;    /* of TD_REPLY_WORK */
    uint64_t delay_ns; /* before the first piece */
    uint64_t pause_ns; /* before every other one */
    uint64_t size;     /* of TD_REPLY_DRIP and TD_REPLY_HEADER */
    const char *body;  /* NULL = by status or item */
    const char *allow; /* a header line for 405, or NULL */
    size_t item_len;   /* 0 unless /delay */
    char item[TD_ITEM_MAX];
};

/* Finds the answer to a request. */
void td_reply_route(const struct td_request *request, struct td_reply *out);
/* Writes the piece of that number; returns its length, 0 = there is none:
 * the answer is over. */
size_t td_reply_piece(const struct td_reply *reply, uint64_t number,
                      char out[TD_PIECE_MAX]);

#endif
