/* The reader of whole heads as it is where there is no SSE2, against the one
 * that is built here: over the fuzzer's corpus and mutations of it. */
#define TD_BLOCK_OF_WORDS
#define td_response_read_head read_head_by_words
#define td_response_header_of header_by_words
#include "load/response_head.c" /* NOLINT: as another machine builds it */
#undef td_response_read_head
#undef td_response_header_of

#include "test/unit/response_corpus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MUTATIONS = 1000 };
size_t td_response_read_head(struct td_response *r, const char *data,
                             size_t len);

/* Returns whether the head was taken. */
static bool check(const struct input *input)
{
    struct td_response here, words;
    size_t used;
    td_response_init(&here, input->head_request);
    td_response_init(&words, input->head_request);
    memset(here.word, 0, sizeof here.word);
    memset(words.word, 0, sizeof words.word);
    used = td_response_read_head(&here, input->data, input->len);
    assert_int_equal(read_head_by_words(&words, input->data, input->len), used);
    assert_true(used <= input->len);
    if (used)
        assert_memory_equal(&here, &words, sizeof here);
    return used > 0;
}

static void test_corpus_and_mutations(void **state)
{
    const struct inputs *inputs = *state;
    unsigned short seed[3] = {7, 8, 9};
    size_t taken = 0, rounds = inputs->count * MUTATIONS;
    for (size_t i = 0; i < inputs->count; i++)
        check(&inputs->at[i]);
    for (size_t i = 0; i < rounds; i++) {
        struct input changed = inputs->at[i % inputs->count];
        mutate(&changed, &inputs->at[below(seed, inputs->count)], seed);
        taken += check(&changed);
    }
    assert_true(taken > rounds / 10 && taken < rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus_and_mutations),
    };
    return cmocka_run_group_tests(tests, read_corpus, free_corpus);
}
