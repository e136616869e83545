/*
 * The scanner against http_parser, over the fuzzer's corpus and seeded
 * mutations of it: where both take a response they agree on the status, the
 * body, the bytes consumed and whether the connection lives on; where one of
 * them does not, a row of a table below says why.  Each row has an example,
 * so that none outlives its reason.
 */
#include "load/response_parts.h"
#include "test/unit/response_corpus.h"
#include "test/unit/response_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <strings.h>

#include <cmocka.h>

#if __has_include(<http_parser.h>)
#include "test/unit/http_parser_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define OK "HTTP/1.1 200 OK\r\n"
#define CODING OK "Transfer-Encoding: "
#define CHUNKED CODING "chunked\r\n\r\n"
#define END "0\r\n\r\n"

enum { MUTATIONS = 2000 };

/* Both readings of one input. */
struct pair {
    const char *wire;
    size_t len;
    struct response_seen ours;
    struct parser_seen theirs;
};

enum byte_class { ANY, BLANK, CONTROL, NOT_LF, LF, TOP };

/* What the scanner refuses and http_parser takes: the fault, the states in
 * which it is found, the byte. */
struct stricter {
    enum td_response_fault fault;
    enum td_response_state first, last;
    enum byte_class byte;
    const char *why, *example;
};

static const struct stricter stricter[] = {
    {TD_RESPONSE_BAD_STATUS_LINE, TD_AT_START, TD_AT_MINOR, ANY,
     "neither empty lines before HTTP/ nor its letters and version matter",
     "\r\nHXXX/3.1 200 OK\r\n\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, TD_AT_SPACE, TD_AFTER_STATUS, ANY,
     "a status of other than three digits", "HTTP/1.1 20 OK\r\n\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, TD_IN_REASON, TD_IN_REASON, CONTROL,
     "a control byte in the reason", "HTTP/1.1 200 \x01\r\n\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, TD_STATUS_LF, TD_STATUS_LF, NOT_LF,
     "no LF after the CR of the status line", "HTTP/1.1 200 OK\r-A: b\r\n\r\n"},
    {TD_RESPONSE_FOLDED, TD_AT_LINE, TD_AT_LINE, BLANK, "a folded header line",
     OK "A: b\r\n c\r\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH, TD_IN_VALUE, TD_VALUE_LF, LF,
     "a length that is folded", OK "Content-Length:\r\n 0\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, TD_IN_NAME, TD_IN_NAME, BLANK, "a blank in a name",
     OK "A : b\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, TD_IN_VALUE, TD_IN_VALUE, CONTROL,
     "a control byte at the beginning of a value", OK "A: \x01\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, TD_VALUE_LF, TD_HEAD_LF, NOT_LF,
     "no LF after the CR of a header line", OK "\rx\n"},
    {TD_RESPONSE_BAD_CODING, TD_IN_VALUE, TD_HEAD_LF, ANY,
     "a coding that is not known, or chunked twice, or in HTTP/1.0",
     CODING "chunked\r\nTransfer-Encoding: chunked\r\n\r\n" END},
    {TD_RESPONSE_BAD_CODING, TD_AT_LINE, TD_AT_LINE, LF,
     "the same, after a bare LF", CODING "gzip\n\nx"},
    {TD_RESPONSE_TOO_LONG, TD_IN_VALUE, TD_IN_CHUNK_SIZE, ANY,
     "more than TD_RESPONSE_BODY_MAX",
     OK "Content-Length: 1099511627777\r\n\r\n"},
    {TD_RESPONSE_BAD_CHUNK, TD_IN_CHUNK_SIZE, TD_AFTER_CHUNK_SIZE, TOP,
     "a digit whose top bit is set", CHUNKED "\xb0\r\n\r\n"},
    {TD_RESPONSE_BAD_CHUNK, TD_AFTER_CHUNK_SIZE, TD_IN_CHUNK_EXTENSION, ANY,
     "any extension of a chunk", CHUNKED "0;\x01\r\n\r\n"},
    {TD_RESPONSE_BAD_CHUNK, TD_CHUNK_SIZE_LF, TD_CHUNK_LF, ANY,
     "any two bytes for a CR LF around a chunk", CHUNKED "1\r\nx--" END},
};

static bool is_of(enum byte_class class, unsigned char c)
{
    switch (class) {
    case ANY:
        return true;
    case BLANK:
        return c == ' ' || c == '\t';
    case CONTROL:
        return c < ' ' || c == 0x7f;
    case NOT_LF:
        return c != '\n';
    case LF:
        return c == '\n';
    case TOP:
        return c >= 0x80;
    }
    return false;
}

static bool is_stricter(const struct stricter *row, const struct pair *pair)
{
    const struct td_response *r = &pair->ours.response;
    const enum td_response_state state = (enum td_response_state)r->state;
    return r->fault == row->fault && pair->ours.consumed < pair->len &&
           state >= row->first && state <= row->last &&
           is_of(row->byte, (unsigned char)pair->wire[pair->ours.consumed]);
}

/* What http_parser refuses, or waits for, and the scanner takes. */
struct looser {
    enum http_errno error;
    int status; /* not 0: this status, whatever error */
    const char *why, *example;
};

static const struct looser looser[] = {
    {HPE_OK, 101,
     "101 is final, what follows it is not HTTP; http_parser reads on",
     "HTTP/1.1 101 S\r\n\r\n"},
    {HPE_UNEXPECTED_CONTENT_LENGTH, 0,
     "the same length twice, or a length and a coding where there is no body",
     OK "Content-Length: 0\r\nContent-Length: 0\r\n\r\n"},
    {HPE_INVALID_CONTENT_LENGTH, 0,
     "a length that a tab follows, or a length that is in a trailer",
     OK "Content-Length: 0\t\r\n\r\n"},
    {HPE_INVALID_CHUNK_SIZE, 0, "a tab after the size of a chunk",
     CHUNKED "0\t\r\n\r\n"},
};

static bool is_looser(const struct looser *row, const struct pair *pair)
{
    const struct td_response *r = &pair->ours.response;
    if (r->fault || row->status)
        return r->complete && r->status == row->status;
    return pair->theirs.error && pair->theirs.error == row->error;
}

static bool begins(const char *line, size_t len, const char *word)
{
    return len >= strlen(word) && strncasecmp(line, word, strlen(word)) == 0;
}

/* http_parser finds no word of a list that has a tab beside it or stands
 * after an element that begins like another, and takes a name that begins
 * with Transfer-Encoding for it: of no use as an oracle there. */
static bool is_doubtful(const struct pair *pair)
{
    const char *line = pair->wire, *end = line + pair->len, *eol;
    unsigned codings = 0;
    for (; line < end; line = eol + 1) {
        eol = memchr(line, '\n', (size_t)(end - line));
        eol = eol ? eol : end;
        const size_t len = (size_t)(eol - line);
        const bool coding = begins(line, len, "transfer-encoding");
        codings += coding;
        if ((coding || begins(line, len, "connection")) &&
            (memchr(line, ',', len) || memchr(line, '\t', len)))
            return true;
    }
    return codings > 1;
}

static void pair_read(struct pair *pair, const char *wire, size_t len,
                      bool head_request)
{
    pair->wire = wire;
    pair->len = len;
    response_whole(&pair->ours, wire, len, head_request);
    if (pair->ours.consumed == len)
        td_response_eof(&pair->ours.response);
    parser_read(&pair->theirs, wire, len, head_request, true);
    if (pair->theirs.error == HPE_INVALID_EOF_STATE)
        pair->theirs.error = HPE_OK;
}

static void pair_release(struct pair *pair)
{
    response_seen_release(&pair->ours);
    parser_seen_release(&pair->theirs);
}

/* Of two that are complete: NULL, or what they differ in. */
static const char *pair_difference(const struct pair *pair)
{
    const struct td_response *r = &pair->ours.response;
    const struct parser_seen *theirs = &pair->theirs;
    const struct td_buf *body = &pair->ours.body;
    if (r->status != theirs->status)
        return "status";
    if (r->interim != theirs->interim)
        return "interim responses";
    if (pair->ours.consumed != theirs->consumed)
        return "consumed";
    if (r->keep_alive != theirs->keep_alive)
        return "keep-alive";
    return body->len != theirs->body.len ||
                   (body->len &&
                    memcmp(body->data, theirs->body.data, body->len) != 0)
               ? "body"
               : NULL;
}

/* How often each thing was seen. */
struct tally {
    unsigned agreed, doubtful, both_refused, both_unfinished;
    unsigned stricter[COUNT(stricter)], looser[COUNT(looser)];
};

static bool tally_known(const struct pair *pair, struct tally *tally)
{
    for (size_t i = 0; i < COUNT(stricter); i++)
        if (!pair->theirs.error && is_stricter(&stricter[i], pair))
            return ++tally->stricter[i];
    for (size_t i = 0; i < COUNT(looser); i++)
        if (is_looser(&looser[i], pair))
            return ++tally->looser[i];
    return false;
}

/* NULL, or what is not to be explained. */
static const char *judge(const struct pair *pair, struct tally *tally)
{
    const struct td_response *r = &pair->ours.response;
    const struct parser_seen *theirs = &pair->theirs;
    const char *difference = NULL;
    if (tally_known(pair, tally))
        return NULL;
    if (r->complete && theirs->complete)
        difference = pair_difference(pair);
    else if (!r->fault != !theirs->error || r->complete != theirs->complete)
        difference = "acceptance";
    if (difference && !is_doubtful(pair))
        return difference;
    if (difference)
        tally->doubtful++;
    else if (r->fault)
        tally->both_refused++;
    else if (r->complete)
        tally->agreed++;
    else
        tally->both_unfinished++;
    return NULL;
}

static void print_bytes(const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)data[i];
        print_error(c >= ' ' && c <= '~' ? "%c" : "\\x%02x", c);
    }
    print_error("\n");
}

static void compare(const struct input *input, struct tally *tally)
{
    struct pair pair;
    const char *wrong;
    pair_read(&pair, input->data, input->len, input->head_request);
    wrong = judge(&pair, tally);
    if (wrong) {
        print_bytes(input->data, input->len);
        fail_msg("%s%s: %s differs; ours: %s after %zu bytes; theirs: %s "
                 "after %zu",
                 input->name, input->head_request ? " (HEAD)" : "", wrong,
                 td_response_fault_name(pair.ours.response.fault),
                 pair.ours.consumed, http_errno_name(pair.theirs.error),
                 pair.theirs.consumed);
    }
    pair_release(&pair);
}

static void test_corpus(void **state)
{
    const struct inputs *inputs = *state;
    struct tally tally = {.agreed = 0};
    for (size_t i = 0; i < inputs->count; i++) {
        const struct input *input = &inputs->at[i];
        compare(input, &tally);
    }
    assert_int_equal(tally.doubtful, 0);
    assert_true(tally.agreed >= 20);
}

static void print_tally(const struct tally *tally)
{
    print_message("# both took it and agreed: %u; both refused it: %u; both "
                  "want more: %u\n",
                  tally->agreed, tally->both_refused, tally->both_unfinished);
    print_message("# a list that http_parser does not understand: %u\n",
                  tally->doubtful);
    for (size_t i = 0; i < COUNT(stricter); i++)
        print_message("# http_parser takes it, tandem does not: %s: %u\n",
                      stricter[i].why, tally->stricter[i]);
    for (size_t i = 0; i < COUNT(looser); i++)
        print_message("# tandem takes it, http_parser does not: %s: %u\n",
                      looser[i].why, tally->looser[i]);
}

static void test_mutations(void **state)
{
    const struct inputs *inputs = *state;
    unsigned short seed[3] = {5, 4, 3};
    struct tally tally = {.agreed = 0};
    for (size_t i = 0; i < inputs->count * MUTATIONS; i++) {
        struct input changed = inputs->at[i % inputs->count];
        for (size_t n = 1 + below(seed, 3); n; n--) {
            const size_t other = below(seed, inputs->count);
            mutate(&changed, &inputs->at[other], seed);
        }
        compare(&changed, &tally);
    }
    print_tally(&tally);
    assert_true(tally.agreed > 10 * tally.doubtful);
    assert_true(tally.agreed > inputs->count * MUTATIONS / 10);
}

static void test_every_row_has_its_example(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(stricter); i++) {
        struct pair pair;
        pair_read(&pair, stricter[i].example, strlen(stricter[i].example), 0);
        if (!is_stricter(&stricter[i], &pair) || pair.theirs.error)
            fail_msg("%s: not so", stricter[i].why);
        pair_release(&pair);
    }
    for (size_t i = 0; i < COUNT(looser); i++) {
        struct pair pair;
        pair_read(&pair, looser[i].example, strlen(looser[i].example), 0);
        if (!is_looser(&looser[i], &pair) || !pair.ours.response.complete)
            fail_msg("%s: not so", looser[i].why);
        pair_release(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_every_row_has_its_example),
    };
    return cmocka_run_group_tests(tests, read_corpus, free_corpus);
}
#else
static void test_without_oracle(void **state)
{
    (void)state;
    print_message("# http_parser.h is not here: libhttp-parser-dev has it\n");
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_without_oracle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
