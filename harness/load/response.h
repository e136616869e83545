/*
 * response - reads one HTTP/1.x response out of a stream of bytes.
 *
 * Pure: bytes in, numbers out; no allocation, no clock, no socket.  It can
 * be stopped and taken up again at any byte, and it accepts a byte only when
 * there is one reading of it (RFC 9112): CRLF or a bare LF as the end of a
 * line (CRLF alone around chunks), no folded header lines, no whitespace
 * before a colon, no conflicting lengths, no length beside a transfer coding,
 * no transfer coding in HTTP/1.0 or whose last is not "chunked".  What is
 * refused is refused for good: the connection must end.
 *
 * Bytes that follow the response are not consumed; they are the next one's.
 *
 * What it does not do: undo content codings or any transfer coding but
 * "chunked", keep header fields, read trailers for their meaning.
 */
#ifndef TD_LOAD_RESPONSE_H
#define TD_LOAD_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TD_RESPONSE_HEAD_MAX = 65536,     /* bytes of a head, trailers included */
    TD_RESPONSE_CHUNK_LINE_MAX = 4096 /* bytes of a chunk's size line */
};
/* More body than that is refused (TD_RESPONSE_TOO_LONG). */
#define TD_RESPONSE_BODY_MAX (UINT64_C(1) << 40)

enum td_response_fault {
    TD_RESPONSE_OK,
    TD_RESPONSE_BAD_STATUS_LINE,
    TD_RESPONSE_BAD_HEADER, /* no colon, control byte … */
    TD_RESPONSE_FOLDED,     /* a header line that begins with a blank */
    TD_RESPONSE_BAD_LENGTH, /* no number, two that differ, or a coding too */
    TD_RESPONSE_BAD_CODING, /* a coding whose end is not known */
    TD_RESPONSE_BAD_CHUNK,
    TD_RESPONSE_HEAD_TOO_LONG,
    TD_RESPONSE_TOO_LONG
};

/* The fields that a caller may read are those of the first block; head, body
 * and end are valid once the response is complete, status and keep_alive once
 * head_done. */
struct td_response {
    int status;      /* 101 or 200 to 999; other 1xx are skipped */
    int minor;       /* HTTP/1.minor */
    bool head_done;  /* of the final response */
    bool keep_alive; /* the connection may carry another request */
    bool complete;
    bool to_eof; /* the body ends with the connection */
    enum td_response_fault fault;
    unsigned interim;    /* 1xx responses before this one */
    uint64_t body_bytes; /* decoded, so far */
    uint64_t wire_bytes; /* consumed, so far */

    /* How the request was made; set by td_response_init. */
    bool head_request; /* HEAD: no body, whatever the head says */

    /* The scanner's own. */
    int state;
    bool in_trailers;
    uint64_t left;       /* of the body or the chunk */
    uint32_t head_bytes; /* of the head and of the trailers */
    uint32_t line_bytes; /* of a chunk's size line */
    uint32_t at;         /* how far in what the state reads */
    struct {
        bool length_known, chunked, coding_seen, close, keep;
        bool after_word; /* a blank has ended the word of the value */
        uint8_t name;    /* which header this is */
        uint64_t length, number;
    } header;
    char word[32]; /* of a name or a value, as far as needed; not cleared */
};

/* Called with the decoded bytes of the body as they come (never of a 1xx);
 * the pointers are into the caller's data. */
typedef void td_response_body_fn(void *to, const char *data, size_t len);

/* For the next response; head_request: it answers a HEAD.  A 101 is final:
 * it has no body, and what follows it is not HTTP (keep_alive is false). */
void td_response_init(struct td_response *response, bool head_request);

/*
 * Takes bytes until the response is complete, a fault is found or the data
 * ends; returns the number of bytes consumed (all of them, unless complete
 * or faulty; the byte at fault is not).  body may be NULL.  After a fault or
 * completion it takes nothing.
 */
size_t td_response_feed(struct td_response *response, const char *data,
                        size_t len, td_response_body_fn *body, void *to);

/* The connection has ended: completes a body that runs to the end.  Returns
 * whether the response is complete now (else it was cut short). */
bool td_response_eof(struct td_response *response);

/* In words, for a message: "a folded header line"; never NULL. */
const char *td_response_fault_name(enum td_response_fault fault);

#endif
