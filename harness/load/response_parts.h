/*
 * response_parts - what the two readers of a response's head share: the
 * byte-by-byte machine (response.c), which alone decides what is refused,
 * and the reader of a whole head in one buffer (response_head.c), which only
 * ever takes what the machine would take, and takes it faster.
 */
#ifndef TD_LOAD_RESPONSE_PARTS_H
#define TD_LOAD_RESPONSE_PARTS_H

#include "load/response.h"

/* In the order of the machine's table. */
enum td_response_state {
    TD_AT_START, /* not a byte of the head yet */
    TD_IN_PREFIX,
    TD_AT_MINOR,
    TD_AT_SPACE,
    TD_IN_STATUS,
    TD_AFTER_STATUS,
    TD_IN_REASON,
    TD_STATUS_LF,
    TD_AT_LINE, /* at the beginning of a header line or the end of the head */
    TD_IN_NAME,
    TD_IN_VALUE,
    TD_VALUE_LF,
    TD_HEAD_LF,
    TD_IN_CHUNK_SIZE, /* from here to TD_CHUNK_SIZE_LF: line_bytes counts */
    TD_AFTER_CHUNK_SIZE,
    TD_IN_CHUNK_EXTENSION,
    TD_CHUNK_SIZE_LF,
    TD_CHUNK_CR,
    TD_CHUNK_LF,
    TD_IN_CHUNK, /* from here on bytes are taken many at a time */
    TD_IN_BODY,
    TD_IN_BODY_TO_EOF
};

/* Headers that the length of the body or the connection depends on. */
enum td_response_header {
    TD_HEADER_OTHER,
    TD_HEADER_LENGTH,
    TD_HEADER_CODING,
    TD_HEADER_CONNECTION
};

/* A byte of a token (RFC 9110, section 5.6.2). */
static inline bool td_response_is_token(unsigned char c)
{
    /* A bit a character: !#$%&'*+-.0-9, A-Z^_`a-z|~ */
    static const uint64_t tokens[4] = {UINT64_C(0x03ff6cfa00000000),
                                       UINT64_C(0x57ffffffc7fffffe)};
    return tokens[c >> 6] >> (c & 63) & 1;
}

/* A byte of a field value, a reason or a chunk extension: no control byte
 * but the tab. */
static inline bool td_response_is_text(unsigned char c)
{
    return (c >= ' ' && c != 0x7f) || c == '\t';
}

/* name: a token, of any case. */
enum td_response_header td_response_header_of(const char *name, size_t len);

/* A field value: begin, every byte (text), end.  False: refused. */
void td_response_value_begin(struct td_response *response,
                             enum td_response_header name);
bool td_response_value_byte(struct td_response *response, unsigned char c);
bool td_response_value_end(struct td_response *response);

/* Before the first header line of a head. */
void td_response_forget_headers(struct td_response *response);

/*
 * Reads a whole head up to, but not with, its last byte (a LF), and leaves
 * the machine in the state that it would be in there.  Returns how many
 * bytes that is; 0, and a machine in its first state, when the head is not
 * whole within len or has anything that had better be looked at byte by byte.
 */
size_t td_response_read_head(struct td_response *response, const char *data,
                             size_t len);

#endif
