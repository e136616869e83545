/*
 * response_corpus - the responses that the fuzzer starts from, and seeded
 * mutations of them.  read_corpus and free_corpus are a group's set-up and
 * tear-down; *state is a struct inputs.
 */
#ifndef TD_TEST_RESPONSE_CORPUS_H
#define TD_TEST_RESPONSE_CORPUS_H

#include "base/buf.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS "test/fuzz/corpus/response"

enum { INPUT_MAX = 8192, INPUTS = 256 };

struct input {
    char name[256];
    bool head_request; /* the file's first byte was 'H' */
    char data[INPUT_MAX];
    size_t len; /* > 0 */
};

struct inputs {
    struct input at[INPUTS];
    size_t count;
};

static inline int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* In the order of their names, so that a seed means the same everywhere. */
static inline int read_corpus(void **state)
{
    struct inputs *inputs = td_xcalloc(1, sizeof *inputs);
    struct dirent **entries;
    int n = scandir(CORPUS, &entries, is_input, alphasort);
    *state = inputs;
    for (int i = 0; i < n && i < INPUTS; i++) {
        struct input *input = &inputs->at[inputs->count++];
        char *path = td_xasprintf(CORPUS "/%s", entries[i]->d_name);
        FILE *file = fopen(path, "rb");
        if (!file)
            return -1;
        snprintf(input->name, sizeof input->name, "%s", entries[i]->d_name);
        input->head_request = fgetc(file) == 'H';
        input->len = fread(input->data, 1, INPUT_MAX / 2, file);
        fclose(file);
        free(path);
        free(entries[i]);
    }
    free(n < 0 ? NULL : entries);
    return inputs->count ? 0 : -1;
}

static inline int free_corpus(void **state)
{
    free(*state);
    return 0;
}

static inline size_t below(unsigned short seed[3], size_t limit)
{
    return (size_t)nrand48(seed) % limit;
}

static inline char syntax_byte(unsigned short seed[3])
{
    static const char bytes[] = "\r\n \t:,;=01239aAfFxX-\x01\x7f\x80\xff";
    return bytes[below(seed, sizeof bytes - 1)];
}

/* One change at one place: a byte replaced, dropped, added, or a stretch of
 * this or another input put in. */
static inline void mutate(struct input *input, const struct input *other,
                          unsigned short seed[3])
{
    const size_t at = below(seed, input->len), left = input->len - at;
    const size_t from = below(seed, other->len);
    size_t n = 1 + below(seed, 40);
    char *p = input->data + at;
    switch (below(seed, 4)) {
    case 0:
        *p = syntax_byte(seed);
        break;
    case 1:
        memmove(p, p + 1, left - 1);
        input->len -= input->len > 1;
        break;
    case 2:
        memmove(p + 1, p, left);
        *p = syntax_byte(seed);
        input->len++;
        break;
    default:
        n = n < other->len - from ? n : other->len - from;
        memmove(p + n, p, left);
        memcpy(p, other->data + from, n);
        input->len += n;
    }
}

#endif
