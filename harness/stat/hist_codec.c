#include "stat/hist_codec.h"

#include "stat/base64.h"

#include <endian.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

/*
 * All big-endian.  Plain V2: cookie, payload bytes, normalising offset,
 * digits, lowest, highest, ratio, payload.  Compressed V2: cookie, bytes,
 * a zlib stream of the plain form.
 */
enum {
    PLAIN_COOKIE = 0x1c849313,
    COMPRESSED_COOKIE = 0x1c849314,
    COMPRESSED_HEADER = 8,
    HEADER = 40,
    MAX_NUMBER = 9 /* bytes of one encoded count */
};

static void add_u32(struct td_buf *out, uint32_t value)
{
    value = htobe32(value);
    td_buf_add(out, &value, sizeof value);
}

static void add_u64(struct td_buf *out, uint64_t value)
{
    value = htobe64(value);
    td_buf_add(out, &value, sizeof value);
}

static uint32_t get_u32(const unsigned char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return be32toh(value);
}

static uint64_t get_u64(const unsigned char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return be64toh(value);
}

/* ZigZag, then LEB128 of at most 9 bytes: the ninth carries 8 bits and no
 * flag of continuation ("64b9B", not protobuf's ten). */
static void add_number(struct td_buf *out, int64_t number)
{
    uint64_t rest = (uint64_t)number << 1;
    if (number < 0)
        rest = ~rest;
    for (int i = 0; i < MAX_NUMBER - 1; i++) {
        if (rest < 0x80) {
            td_buf_addc(out, (char)rest);
            return;
        }
        td_buf_addc(out, (char)((rest & 0x7f) | 0x80));
        rest >>= 7;
    }
    td_buf_addc(out, (char)rest);
}

/* Advances *at; false when the bytes end within the number. */
static bool get_number(const unsigned char **at, const unsigned char *end,
                       int64_t *number)
{
    uint64_t bits = 0;
    for (int i = 0; i < MAX_NUMBER; i++) {
        unsigned char byte;
        bool last = i == MAX_NUMBER - 1;
        if (*at == end)
            return false;
        byte = *(*at)++;
        bits |= (uint64_t)(last ? byte : byte & 0x7f) << (7 * i);
        if (last || !(byte & 0x80))
            break;
    }
    *number = (int64_t)(bits >> 1 ^ (~(bits & 1) + 1));
    return true;
}

static void add_zeros(struct td_buf *out, int64_t run)
{
    if (run)
        add_number(out, run > 1 ? -run : 0);
}

/* The counters up to that of the largest value. */
static void add_payload(struct td_buf *out, const struct td_hist *hist)
{
    int32_t end = td_hist_index(hist, hist->max) + 1;
    int64_t zeros = 0;
    for (int32_t i = 0; i < end; i++) {
        if (hist->counts[i]) {
            add_zeros(out, zeros);
            add_number(out, hist->counts[i]);
            zeros = 0;
        } else {
            zeros++;
        }
    }
    add_zeros(out, zeros);
}

static void add_plain(struct td_buf *out, const struct td_hist *hist)
{
    static const double ratio = 1.0;
    struct td_buf payload = TD_BUF_INIT;
    uint64_t ratio_bits;
    memcpy(&ratio_bits, &ratio, sizeof ratio_bits);
    add_payload(&payload, hist);
    add_u32(out, PLAIN_COOKIE);
    add_u32(out, (uint32_t)payload.len);
    add_u32(out, 0);
    add_u32(out, (uint32_t)hist->digits);
    add_u64(out, (uint64_t)hist->lowest);
    add_u64(out, (uint64_t)hist->highest);
    add_u64(out, ratio_bits);
    td_buf_add(out, payload.data, payload.len);
    td_buf_release(&payload);
}

int td_hist_encode(const struct td_hist *hist, struct td_buf *out,
                   struct td_err *err)
{
    struct td_buf plain = TD_BUF_INIT;
    unsigned char *stream;
    uLongf len;
    int rc;
    add_plain(&plain, hist);
    len = compressBound(plain.len);
    stream = td_xmalloc(len);
    rc = compress(stream, &len, (const unsigned char *)plain.data, plain.len);
    if (rc == Z_OK) {
        add_u32(out, COMPRESSED_COOKIE);
        add_u32(out, (uint32_t)len);
        td_buf_add(out, stream, len);
    }
    free(stream);
    td_buf_release(&plain);
    return rc == Z_OK ? 0
                      : td_err_set(err, TD_EINTERNAL,
                                   "cannot compress a histogram: zlib says %s",
                                   zError(rc));
}

int td_hist_encode_base64(const struct td_hist *hist, struct td_buf *out,
                          struct td_err *err)
{
    struct td_buf bytes = TD_BUF_INIT;
    int rc = td_hist_encode(hist, &bytes, err);
    if (!rc)
        td_base64_encode(bytes.data, bytes.len, out);
    td_buf_release(&bytes);
    return rc;
}

static int malformed(struct td_err *err, const char *why)
{
    return td_err_set(err, TD_EINPUT, "not a V2 histogram: %s", why);
}

/*
 * The normalising offset is not applied: the payload is in the order of
 * values in every writer, and the field only tells how the writer kept it
 * in memory (Java after a shift), or nothing at all (old Go: always 1).
 * A lowest value of 0, which old Go wrote, means 1.
 */
static int parse_header(const unsigned char *header, struct td_hist *out,
                        size_t *payload_len, struct td_err *err)
{
    uint32_t cookie = get_u32(header), len = get_u32(header + 4);
    int64_t lowest = (int64_t)get_u64(header + 16);
    int rc;
    if (cookie != PLAIN_COOKIE)
        return malformed(err, "another cookie or version inside");
    rc = td_hist_init(out, lowest == 0 ? 1 : lowest,
                      (int64_t)get_u64(header + 24),
                      (int)(int32_t)get_u32(header + 12), err);
    if (rc)
        return rc;
    if (len > (uint64_t)out->counts_len * MAX_NUMBER)
        return malformed(err, "more payload than counters");
    *payload_len = len;
    return 0;
}

static int take_count(struct td_hist *out, int64_t *index, int64_t number,
                      struct td_err *err)
{
    if (number < 0) {
        if (number < *index - out->counts_len)
            return malformed(err, "zeros beyond the last counter");
        *index -= number;
        return 0;
    }
    if (*index >= out->counts_len)
        return malformed(err, "more counts than counters");
    if (number > INT64_MAX - out->total)
        return malformed(err, "counts add up to more than 63 bits");
    if (number && out->total == 0)
        out->min = td_hist_low(out, (int32_t)*index);
    if (number)
        out->max = td_hist_high(out, (int32_t)*index);
    out->total += number;
    out->counts[(*index)++] = number;
    return 0;
}

static int parse_payload(const unsigned char *payload, size_t len,
                         struct td_hist *out, struct td_err *err)
{
    const unsigned char *at = payload, *end = payload + len;
    int64_t index = 0, number;
    int rc = 0;
    while (!rc && at < end) {
        if (!get_number(&at, end, &number))
            return malformed(err, "ends within a count");
        rc = take_count(out, &index, number, err);
    }
    return rc;
}

static int decode_plain(const unsigned char *data, size_t len,
                        struct td_hist *out, struct td_err *err)
{
    size_t payload_len;
    int rc;
    if (len < HEADER)
        return malformed(err, "shorter than its header");
    rc = parse_header(data, out, &payload_len, err);
    if (rc)
        return rc;
    if (payload_len != len - HEADER)
        return malformed(err, "payload of another length than it says");
    return parse_payload(data + HEADER, payload_len, out, err);
}

/* Fills to[0..len) from the stream; false when it ends before or is bad. */
static bool inflate_exactly(z_stream *stream, unsigned char *to, size_t len)
{
    int rc = Z_OK;
    stream->next_out = to;
    stream->avail_out = (uInt)len;
    while (rc == Z_OK && stream->avail_out)
        rc = inflate(stream, Z_NO_FLUSH);
    return stream->avail_out == 0 && (rc == Z_OK || rc == Z_STREAM_END);
}

/* True at the end of a stream whose checksum fits and with no more in it. */
static bool inflate_ends(z_stream *stream)
{
    unsigned char more;
    stream->next_out = &more;
    stream->avail_out = 1;
    return inflate(stream, Z_FINISH) == Z_STREAM_END && stream->avail_out;
}

/* The header comes first and bounds what is inflated after it, so that a
 * small stream cannot ask for more memory than the counters it declares. */
static int inflate_and_decode(z_stream *stream, struct td_hist *out,
                              struct td_err *err)
{
    unsigned char header[HEADER], *payload;
    size_t len;
    int rc;
    if (!inflate_exactly(stream, header, sizeof header))
        return malformed(err, "zlib stream is bad or ends in the header");
    rc = parse_header(header, out, &len, err);
    if (rc)
        return rc;
    payload = td_xmalloc(len ? len : 1);
    if (!inflate_exactly(stream, payload, len) || !inflate_ends(stream))
        rc = malformed(err, "zlib stream is bad or of another length");
    else
        rc = parse_payload(payload, len, out, err);
    free(payload);
    return rc;
}

static int decode_compressed(const unsigned char *data, size_t len,
                             struct td_hist *out, struct td_err *err)
{
    z_stream stream = {0};
    int rc;
    if (get_u32(data + 4) != len - COMPRESSED_HEADER)
        return malformed(err, "compressed bytes of another number than said");
    stream.next_in = data + COMPRESSED_HEADER;
    stream.avail_in = (uInt)(len - COMPRESSED_HEADER);
    if (inflateInit(&stream) != Z_OK)
        return td_err_set(err, TD_EINTERNAL, "zlib cannot start");
    rc = inflate_and_decode(&stream, out, err);
    inflateEnd(&stream);
    return rc;
}

int td_hist_decode(const void *data, size_t len, struct td_hist *out,
                   struct td_err *err)
{
    uint32_t cookie = len >= COMPRESSED_HEADER ? get_u32(data) : 0;
    int rc;
    memset(out, 0, sizeof *out);
    if (cookie == COMPRESSED_COOKIE)
        rc = decode_compressed(data, len, out, err);
    else if (cookie == PLAIN_COOKIE)
        rc = decode_plain(data, len, out, err);
    else
        rc = malformed(err, len < COMPRESSED_HEADER ? "too short"
                                                    : "unknown cookie");
    if (rc)
        td_hist_release(out);
    return rc;
}

int td_hist_decode_base64(const char *text, struct td_hist *out,
                          struct td_err *err)
{
    struct td_buf bytes = TD_BUF_INIT;
    int rc = td_base64_decode(text, strlen(text), &bytes, err);
    memset(out, 0, sizeof *out);
    if (!rc)
        rc = td_hist_decode(td_buf_str(&bytes), bytes.len, out, err);
    td_buf_release(&bytes);
    return rc;
}
