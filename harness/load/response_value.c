/* What the values of the headers that matter say, byte by byte. */
#include "load/response_parts.h"

#include <string.h>

static bool refuse(struct td_response *r, enum td_response_fault fault)
{
    r->fault = fault;
    return false;
}

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

void td_response_forget_headers(struct td_response *r)
{
    r->header.length_known = false;
    r->header.chunked = false;
    r->header.coding_seen = false;
    r->header.close = false;
    r->header.keep = false;
}

void td_response_value_begin(struct td_response *r,
                             enum td_response_header name)
{
    r->header.name = (uint8_t)name;
    r->header.after_word = false;
    r->header.number = 0;
    r->at = 0;
    if (name == TD_HEADER_CODING)
        r->header.coding_seen = true;
}

static bool length_byte(struct td_response *r, unsigned char c)
{
    if (is_blank(c)) {
        r->header.after_word = r->at > 0;
        return true;
    }
    if (c < '0' || c > '9' || r->header.after_word)
        return refuse(r, TD_RESPONSE_BAD_LENGTH);
    r->at = 1;
    r->header.number = r->header.number * 10 + (uint64_t)(c - '0');
    if (r->header.number > TD_RESPONSE_BODY_MAX)
        return refuse(r, TD_RESPONSE_TOO_LONG);
    return true;
}

/* RFC 9110, section 8.6: the same length again says nothing new. */
static bool length_end(struct td_response *r)
{
    if (!r->at ||
        (r->header.length_known && r->header.length != r->header.number))
        return refuse(r, TD_RESPONSE_BAD_LENGTH);
    r->header.length_known = true;
    r->header.length = r->header.number;
    return true;
}

static bool word_is(const struct td_response *r, const char *word)
{
    return r->at == strlen(word) && memcmp(r->word, word, r->at) == 0;
}

/* RFC 9112, section 6.1: "chunked" is the last coding and is there once. */
static bool word_end(struct td_response *r)
{
    if (r->at && r->header.name == TD_HEADER_CODING) {
        if (r->header.chunked)
            return refuse(r, TD_RESPONSE_BAD_CODING);
        r->header.chunked = word_is(r, "chunked");
    } else if (r->at) {
        r->header.close |= word_is(r, "close");
        r->header.keep |= word_is(r, "keep-alive");
    }
    r->at = 0;
    r->header.after_word = false;
    return true;
}

/* Of a list of words.  What is not a word (has a blank within, or is longer
 * than any that matters) is remembered as none that matters. */
static bool list_byte(struct td_response *r, unsigned char c)
{
    if (c == ',')
        return word_end(r);
    if (is_blank(c)) {
        r->header.after_word = r->at > 0;
        return true;
    }
    if (r->header.name == TD_HEADER_CODING &&
        (r->header.after_word || !td_response_is_token(c)))
        return refuse(r, TD_RESPONSE_BAD_CODING);
    if (r->header.after_word || r->at == sizeof r->word)
        r->at = sizeof r->word;
    else
        r->word[r->at++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return true;
}

bool td_response_value_byte(struct td_response *r, unsigned char c)
{
    switch (r->header.name) {
    case TD_HEADER_LENGTH:
        return length_byte(r, c);
    case TD_HEADER_CODING:
    case TD_HEADER_CONNECTION:
        return list_byte(r, c);
    default:
        return true;
    }
}

bool td_response_value_end(struct td_response *r)
{
    switch (r->header.name) {
    case TD_HEADER_LENGTH:
        return length_end(r);
    case TD_HEADER_CODING:
    case TD_HEADER_CONNECTION:
        return word_end(r);
    default:
        return true;
    }
}
