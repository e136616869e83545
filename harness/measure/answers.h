/*
 * answers - what a server says to each request of its mix, asked once, one
 * after the other, before it is put under load; and whether two servers say
 * the same.
 *
 * The same means: equal status, and a body that is the same JSON value, field
 * by field (the order of an object's members and 1 against 1.0 do not
 * matter); where either is no JSON, equal bytes.
 */
#ifndef TD_MEASURE_ANSWERS_H
#define TD_MEASURE_ANSWERS_H

#include "exec/worker.h"
#include "load/ask.h"

#include <jansson.h>

enum { TD_ANSWERS_DIGITS = 16 };

/* [{"request": "GET /users/1", "status": 200, "body": …}, …]; new reference.
 * The bytes of each body are appended to bodies (as many td_buf as requests;
 * the caller's).  *first: the time of the first one, connecting included.
 * NULL with err set: TD_EANSWER when a status is not what the mix expects,
 * else as td_ask. */
json_t *td_answers_ask(const struct td_load_target *target,
                       const struct td_load_requests *requests,
                       uint64_t timeout_ns, struct td_buf *bodies,
                       struct td_interval *first, struct td_err *err);

/* From one answer to the entry of that array; new reference. */
json_t *td_answers_entry(const struct td_load_request *request,
                         const struct td_answer *answer);

/* The first hexadecimal digits of a SHA-256: equal for answers that are the
 * same, and so a server's answer as a worker's. */
void td_answers_digest(const json_t *answers, char hex[TD_ANSWERS_DIGITS + 1]);

/* Where two first differ, in words: "GET /users/1: body.name is "a" where
 * others say "b"".  False: nowhere. */
bool td_answers_differ(const json_t *own, const json_t *others,
                       struct td_buf *where);

/* True: it only reads, so that its answer cannot change meanwhile. */
bool td_answers_only_read(const struct td_load_requests *requests);

#endif
