/*
 * load_request - makes the bytes of the requests of a load, once, before it
 * starts: from the options of a command line or from the lines of a file.
 */
#ifndef TD_LOAD_LOAD_REQUEST_H
#define TD_LOAD_LOAD_REQUEST_H

#include "base/fields.h"
#include "load/load.h"

struct td_load_request_text {
    const char *method;               /* "GET" */
    const char *path;                 /* NULL: the target's own */
    const struct td_strings *headers; /* "Name: value"; may be NULL */
    const char *body;                 /* may hold NULs; NULL = none */
    size_t body_len;
};

/* Appends one request to the mix; Host, Content-Length, User-Agent and (where
 * a connection serves one request) Connection are added unless given.
 * TD_EUSAGE: a method, path or header that cannot stand in a request. */
int td_load_requests_add(struct td_load_requests *to,
                         const struct td_load_target *target,
                         const struct td_load_request_text *text,
                         bool keepalive, double weight, struct td_err *err);

/*
 * Reads a mix: a line a request,
 *     [WEIGHT] METHOD PATH [expect=STATUS] [body=…] [body-file=FILE]
 *                          [expect-file=FILE] [header="Name: value"]…
 * words as td_words_split has them; '#' begins a comment, blank lines are
 * skipped, file names are relative to the mix's directory.  `common` gives
 * what all of them have (headers; a line's own header takes the place of one
 * of that name).  TD_EINPUT with file:line.
 */
int td_load_requests_read(struct td_load_requests *to, const char *file,
                          const struct td_load_target *target,
                          const struct td_load_request_text *common,
                          bool keepalive, struct td_err *err);
/* The same from memory; `file` is what messages call it, and its directory
 * is the one that names are relative to. */
int td_load_requests_parse(struct td_load_requests *to, const char *text,
                           size_t len, const char *file,
                           const struct td_load_target *target,
                           const struct td_load_request_text *common,
                           bool keepalive, struct td_err *err);

#endif
