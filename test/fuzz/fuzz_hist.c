/*
 * Any bytes: the decoder stays in bounds, and what it accepts is a sound
 * histogram that comes back the same from its own encoding.  The first byte
 * chooses the form: raw bytes, base64 text, or a payload under a good header
 * (which gets past zlib's checksum).
 */
#include "stat/hist_codec.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(const struct td_hist *hist)
{
    struct td_err err = TD_ERR_INIT;
    struct td_buf bytes = TD_BUF_INIT;
    struct td_hist back;
    int64_t total = 0;
    for (int32_t i = 0; i < hist->counts_len; i++) {
        if (hist->counts[i] < 0)
            abort();
        total += hist->counts[i];
    }
    if (total != hist->total ||
        td_hist_percentile(hist, 50) > td_hist_max(hist))
        abort();
    if (td_hist_encode(hist, &bytes, &err) ||
        td_hist_decode(bytes.data, bytes.len, &back, &err))
        abort();
    if (back.counts_len != hist->counts_len || back.total != hist->total ||
        memcmp(back.counts, hist->counts,
               (size_t)hist->counts_len * sizeof *hist->counts) != 0)
        abort();
    td_hist_release(&back);
    td_buf_release(&bytes);
}

/* A good header of range 1..2^20 with two digits, and the payload. */
static int decode_payload(const uint8_t *payload, size_t len,
                          struct td_hist *hist, struct td_err *err)
{
    const uint32_t head[] = {htobe32(0x1c849313), htobe32((uint32_t)len), 0,
                             htobe32(2)};
    const uint64_t range[] = {htobe64(1), htobe64(1 << 20), 0};
    struct td_buf bytes = TD_BUF_INIT;
    int rc;
    td_buf_add(&bytes, head, sizeof head);
    td_buf_add(&bytes, range, sizeof range);
    td_buf_add(&bytes, payload, len);
    rc = td_hist_decode(bytes.data, bytes.len, hist, err);
    td_buf_release(&bytes);
    return rc;
}

static int decode_text(const uint8_t *text, size_t len, struct td_hist *hist,
                       struct td_err *err)
{
    char *copy = td_xstrndup((const char *)text, len);
    int rc = td_hist_decode_base64(copy, hist, err);
    free(copy);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct td_err err = TD_ERR_INIT;
    struct td_hist hist;
    int rc;
    if (len == 0)
        return 0;
    if (data[0] == 'p')
        rc = decode_payload(data + 1, len - 1, &hist, &err);
    else if (data[0] == 'H')
        rc = decode_text(data, len, &hist, &err);
    else
        rc = td_hist_decode(data + 1, len - 1, &hist, &err);
    if (rc) {
        if (hist.counts || !err.msg[0])
            abort();
        return 0;
    }
    check(&hist);
    td_hist_release(&hist);
    return 0;
}
