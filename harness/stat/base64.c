#include "stat/base64.h"

#include <stdint.h>
#include <string.h>

static const char ALPHABET[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void td_base64_encode(const void *data, size_t len, struct td_buf *out)
{
    const unsigned char *in = data;
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)in[i] << 16;
        if (n > 1)
            bits |= (uint32_t)in[i + 1] << 8;
        if (n > 2)
            bits |= in[i + 2];
        td_buf_addc(out, ALPHABET[bits >> 18]);
        td_buf_addc(out, ALPHABET[bits >> 12 & 63]);
        td_buf_addc(out, n > 1 ? ALPHABET[bits >> 6 & 63] : '=');
        td_buf_addc(out, n > 2 ? ALPHABET[bits & 63] : '=');
    }
}

static int digit(char c)
{
    const char *at = c ? strchr(ALPHABET, c) : NULL;
    return at ? (int)(at - ALPHABET) : -1;
}

int td_base64_decode(const char *text, size_t len, struct td_buf *out,
                     struct td_err *err)
{
    size_t padding = 0;
    while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
        padding++;
    if (len % 4)
        return td_err_set(err, TD_EINPUT,
                          "base64: %zu characters are no whole groups of four",
                          len);
    for (size_t i = 0; i < len; i += 4) {
        uint32_t bits = 0;
        for (size_t k = i; k < i + 4; k++) {
            int value = k < len - padding ? digit(text[k]) : 0;
            if (value < 0)
                return td_err_set(err, TD_EINPUT,
                                  "base64: bad character at %zu", k);
            bits = bits << 6 | (uint32_t)value;
        }
        const unsigned char bytes[] = {(unsigned char)(bits >> 16),
                                       (unsigned char)(bits >> 8),
                                       (unsigned char)bits};
        td_buf_add(out, bytes, i + 4 < len ? 3 : 3 - padding);
    }
    return 0;
}
