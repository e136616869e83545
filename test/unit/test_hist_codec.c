#include "stat/base64.h"
#include "stat/hist_codec.h"

#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static struct td_hist make(int64_t lowest, int64_t highest, int digits)
{
    struct td_err err = TD_ERR_INIT;
    struct td_hist hist;
    assert_int_equal(td_hist_init(&hist, lowest, highest, digits, &err), 0);
    return hist;
}

static void assert_same(const struct td_hist *a, const struct td_hist *b)
{
    assert_int_equal(a->lowest, b->lowest);
    assert_int_equal(a->highest, b->highest);
    assert_int_equal(a->digits, b->digits);
    assert_int_equal(a->total, b->total);
    assert_int_equal(a->counts_len, b->counts_len);
    assert_memory_equal(a->counts, b->counts,
                        (size_t)a->counts_len * sizeof *a->counts);
    assert_int_equal(td_hist_max(a), td_hist_max(b));
    assert_int_equal(td_hist_min(a), td_hist_min(b));
}

static void assert_round_trip(const struct td_hist *hist)
{
    struct td_err err = TD_ERR_INIT;
    struct td_buf text = TD_BUF_INIT, bytes = TD_BUF_INIT;
    struct td_hist back;
    assert_int_equal(td_hist_encode_base64(hist, &text, &err), 0);
    assert_memory_equal(text.data, "HISTFAAA", 8);
    assert_int_equal(td_hist_decode_base64(text.data, &back, &err), 0);
    assert_same(hist, &back);
    td_hist_release(&back);
    assert_int_equal(td_hist_encode(hist, &bytes, &err), 0);
    assert_int_equal(td_hist_decode(bytes.data, bytes.len, &back, &err), 0);
    assert_same(hist, &back);
    td_hist_release(&back);
    td_buf_release(&text);
    td_buf_release(&bytes);
}

static void random_histograms_come_back(void **state)
{
    (void)state;
    srand(11);
    for (int i = 0; i < 60; i++) {
        struct td_hist hist =
            make(1 + i % 7 * 300, INT64_C(1) << (20 + i % 40), 1 + i % 4);
        for (int k = 0; k < i * 3; k++) {
            int64_t value = ((int64_t)rand() << 31 | rand()) >> rand() % 62;
            int64_t count = ((int64_t)rand() << 24 | rand()) >> rand() % 56;
            td_hist_record_n(&hist, value % (hist.highest + 1), count);
        }
        assert_round_trip(&hist);
        td_hist_release(&hist);
    }
}

static void every_size_of_count_comes_back(void **state)
{
    struct td_hist hist = make(1, 1000000, 3);
    (void)state;
    for (int bit = 0; bit < 62; bit++) {
        td_hist_reset(&hist);
        td_hist_record_n(&hist, 17, (INT64_C(1) << bit) - 1);
        td_hist_record_n(&hist, 19, INT64_C(1) << bit);
        assert_round_trip(&hist);
    }
    td_hist_reset(&hist);
    td_hist_record_n(&hist, 999999, INT64_MAX);
    assert_round_trip(&hist);
    td_hist_release(&hist);
}

static int32_t known_index(const struct td_hist *hist, const json_t *pair)
{
    return td_hist_index(hist, json_integer_value(json_array_get(pair, 0)));
}

static void check_known(const json_t *entry)
{
    struct td_err err = TD_ERR_INIT;
    const char *text = json_string_value(json_object_get(entry, "base64"));
    const json_t *values = json_object_get(entry, "values");
    struct td_hist want =
        make(json_integer_value(json_object_get(entry, "lowest")),
             json_integer_value(json_object_get(entry, "highest")),
             (int)json_integer_value(json_object_get(entry, "digits")));
    struct td_hist found;
    for (size_t i = 0; i < json_array_size(values); i++) {
        json_t *pair = json_array_get(values, i);
        int64_t count = json_integer_value(json_array_get(pair, 1));
        want.counts[known_index(&want, pair)] += count;
        want.total += count;
    }
    if (td_hist_decode_base64(text, &found, &err))
        fail_msg("%s, %s: %s",
                 json_string_value(json_object_get(entry, "writer")),
                 json_string_value(json_object_get(entry, "name")), err.msg);
    assert_int_equal(found.total, want.total);
    assert_int_equal(found.counts_len, want.counts_len);
    assert_memory_equal(found.counts, want.counts,
                        (size_t)want.counts_len * sizeof *want.counts);
    td_hist_release(&want);
    td_hist_release(&found);
}

/* From test/interop/make_known.py: what other programs wrote, old Go
 * releases with their meaningless offset among them. */
static void what_others_wrote_is_understood(void **state)
{
    json_error_t why;
    json_t *known = json_load_file("test/data/hist_known.json", 0, &why);
    (void)state;
    assert_true(json_array_size(known) > 40);
    for (size_t i = 0; i < json_array_size(known); i++)
        check_known(json_array_get(known, i));
    json_decref(known);
}

/* Plain V2 with the given fields and payload. */
static void plain(struct td_buf *out, int32_t offset, int32_t digits,
                  int64_t lowest, int64_t highest, const void *payload,
                  size_t len)
{
    const uint32_t head[] = {htobe32(0x1c849313), htobe32((uint32_t)len),
                             htobe32((uint32_t)offset),
                             htobe32((uint32_t)digits)};
    const uint64_t range[] = {htobe64((uint64_t)lowest),
                              htobe64((uint64_t)highest),
                              htobe64(UINT64_C(0x3ff0000000000000))};
    td_buf_clear(out);
    td_buf_add(out, head, sizeof head);
    td_buf_add(out, range, sizeof range);
    td_buf_add(out, payload, len);
}

static int decode(const struct td_buf *bytes, struct td_hist *out)
{
    struct td_err err = TD_ERR_INIT;
    return td_hist_decode(td_buf_str(bytes), bytes->len, out, &err);
}

static void oddities_of_writers_are_accepted(void **state)
{
    static const unsigned char one_zero_run[] = {0x01, 0x02};   /* -1, 1 */
    static const unsigned char trailing[] = {0x06, 0x00, 0x03}; /* 3, 0, -2 */
    struct td_buf bytes = TD_BUF_INIT;
    struct td_hist hist;
    (void)state;
    for (int32_t offset = -1; offset <= 2048; offset += 683) {
        plain(&bytes, offset, 3, 0, 1000, one_zero_run, 2);
        assert_int_equal(decode(&bytes, &hist), 0);
        assert_int_equal(hist.lowest, 1);
        assert_int_equal(hist.counts[1], 1);
        assert_int_equal(hist.total, 1);
        td_hist_release(&hist);
    }
    plain(&bytes, 0, 3, 1, 1000, trailing, 3);
    assert_int_equal(decode(&bytes, &hist), 0);
    assert_int_equal(hist.counts[0], 3);
    assert_int_equal(td_hist_max(&hist), 0);
    td_hist_release(&hist);
    td_buf_release(&bytes);
}

static void assert_refused(const struct td_buf *bytes)
{
    struct td_hist hist;
    assert_int_equal(decode(bytes, &hist), TD_EINPUT);
    assert_null(hist.counts);
}

static void bad_plain_input_is_refused(void **state)
{
    /* 9 bytes each: zero runs of 2^62 and 2^63, a count of 2^62 */
    static const unsigned char run[] = {0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0x7f};
    static const unsigned char least[] = {0xff, 0xff, 0xff, 0xff, 0xff,
                                          0xff, 0xff, 0xff, 0xff};
    static const unsigned char big[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                        0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                        0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
    static const unsigned char unfinished[] = {0x02, 0x80};
    struct td_buf bytes = TD_BUF_INIT;
    char many[4000];
    (void)state;
    plain(&bytes, 0, 3, 1, 1000, run, sizeof run);
    assert_refused(&bytes);
    plain(&bytes, 0, 3, 1, 1000, least, sizeof least);
    assert_refused(&bytes);
    plain(&bytes, 0, 3, 1, 1000, big, sizeof big);
    assert_refused(&bytes);
    plain(&bytes, 0, 3, 1, 1000, unfinished, sizeof unfinished);
    assert_refused(&bytes);
    memset(many, 2, sizeof many); /* 4000 counts, 2048 counters */
    plain(&bytes, 0, 3, 1, 1000, many, sizeof many);
    assert_refused(&bytes);
    plain(&bytes, 0, 9, 1, 1000, many, 2);
    assert_refused(&bytes);
    plain(&bytes, 0, 3, 600, 1000, many, 2);
    assert_refused(&bytes);
    plain(&bytes, 0, 3, -1, 1000, many, 2);
    assert_refused(&bytes);
    plain(&bytes, 0, 3, 1, 1000, many, 2);
    bytes.len--;
    assert_refused(&bytes);
    bytes.data[3]++;
    assert_refused(&bytes);
    td_buf_release(&bytes);
}

/* No prefix, and nothing with a byte changed in the zlib stream, decodes to
 * something else in silence. */
static void damaged_streams_are_refused(void **state)
{
    struct td_hist hist = make(1, INT64_C(3600000000000), 3), back;
    struct td_err err = TD_ERR_INIT;
    struct td_buf bytes = TD_BUF_INIT, part = TD_BUF_INIT;
    (void)state;
    for (int64_t v = 1; v < INT64_C(1000000000); v = v * 3 + 1)
        td_hist_record_n(&hist, v, v);
    assert_int_equal(td_hist_encode(&hist, &bytes, &err), 0);
    for (size_t len = 0; len < bytes.len; len++) {
        td_buf_clear(&part);
        td_buf_add(&part, bytes.data, len);
        assert_refused(&part);
    }
    for (size_t at = 0; at < bytes.len; at++) {
        td_buf_clear(&part);
        td_buf_add(&part, bytes.data, bytes.len);
        part.data[at] ^= 0x20;
        if (decode(&part, &back) == 0) {
            /* Only the window size in zlib's own header may differ. */
            assert_same(&hist, &back);
            td_hist_release(&back);
        }
    }
    td_buf_addc(&bytes, 'x');
    assert_refused(&bytes);
    td_hist_release(&hist);
    td_buf_release(&bytes);
    td_buf_release(&part);
}

static void base64_is_rfc_4648_s(void **state)
{
    static const char *const vectors[][2] = {{"", ""},
                                             {"f", "Zg=="},
                                             {"fo", "Zm8="},
                                             {"foo", "Zm9v"},
                                             {"foob", "Zm9vYg=="},
                                             {"fooba", "Zm9vYmE="},
                                             {"\xfb\xff\xfe", "+//+"}};
    static const char *const bad[] = {
        "Zg", "Zg=", "Z===", "====", "Zm9*", "Zg==Zg==", "Zm 9v", "=Zm8"};
    struct td_buf out = TD_BUF_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct td_err err = TD_ERR_INIT;
        const char *plain_text = vectors[i][0], *text = vectors[i][1];
        td_buf_clear(&out);
        td_base64_encode(plain_text, strlen(plain_text), &out);
        assert_string_equal(td_buf_str(&out), text);
        td_buf_clear(&out);
        assert_int_equal(td_base64_decode(text, strlen(text), &out, &err), 0);
        assert_int_equal(out.len, strlen(plain_text));
        assert_string_equal(td_buf_str(&out), plain_text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct td_err err = TD_ERR_INIT;
        assert_int_equal(td_base64_decode(bad[i], strlen(bad[i]), &out, &err),
                         TD_EINPUT);
    }
    td_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_histograms_come_back),
        cmocka_unit_test(every_size_of_count_comes_back),
        cmocka_unit_test(what_others_wrote_is_understood),
        cmocka_unit_test(oddities_of_writers_are_accepted),
        cmocka_unit_test(bad_plain_input_is_refused),
        cmocka_unit_test(damaged_streams_are_refused),
        cmocka_unit_test(base64_is_rfc_4648_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
