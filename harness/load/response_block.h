/*
 * response_block - what kind of bytes the next ones of a head are: by words
 * of 8 bytes everywhere, by SSE2 where the machine has it (every x86-64
 * does) and TD_BLOCK_OF_WORDS, for a test, is not defined.  Exact, whatever
 * the bytes.
 */
#ifndef TD_LOAD_RESPONSE_BLOCK_H
#define TD_LOAD_RESPONSE_BLOCK_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define TD_BYTES(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t td_word_load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return le64toh(word);
}

/* Bit 7 of each byte from low to high; seven: no byte's bit 7 is set, which
 * keeps a sum within its byte. */
static inline uint64_t td_word_within(uint64_t seven, char low, char high)
{
    return (seven + TD_BYTES((uint64_t)(0x80 - low))) &
           ~(seven + TD_BYTES((uint64_t)(0x7f - high)));
}

/* A bit for each byte marked, the highest of the TD_BLOCK_BITS (of a word:
 * 8) that are its own. */
struct td_marks {
    uint64_t lf;
    uint64_t plain; /* a blank or a visible ASCII character */
};

static inline struct td_marks td_word_marks(const char *p)
{
    const uint64_t word = td_word_load(p), seven = word & TD_BYTES(0x7f);
    const uint64_t ascii = ~word & TD_BYTES(0x80);
    return (struct td_marks){td_word_within(seven, '\n', '\n') & ascii,
                             td_word_within(seven, ' ', '~') & ascii};
}

/* How many of the 8 bytes, from the first on, are letters and hyphens: what
 * nearly all names of headers are made of. */
static inline unsigned td_word_name(const char *p)
{
    const uint64_t word = td_word_load(p), seven = word & TD_BYTES(0x7f);
    const uint64_t name = td_word_within(seven | TD_BYTES(0x20), 'a', 'z') |
                          td_word_within(seven, '-', '-');
    const uint64_t other = (~name | word) & TD_BYTES(0x80);
    return other ? (unsigned)__builtin_ctzll(other) / 8 : 8;
}

#if defined(__SSE2__) && !defined(TD_BLOCK_OF_WORDS)
#include <emmintrin.h>

enum { TD_BLOCK = 32, TD_BLOCK_BITS = 1, TD_NAME_BLOCK = 16 };

static inline uint64_t td_sse_bits(__m128i low, __m128i high)
{
    return (unsigned)_mm_movemask_epi8(low) | (unsigned)_mm_movemask_epi8(high)
                                                  << 16;
}

/* As signed numbers, one more than 0x20 to 0x7e is more than 0x20. */
static inline __m128i td_sse_plain(__m128i bytes)
{
    return _mm_cmpgt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(1)),
                          _mm_set1_epi8(0x20));
}

static inline struct td_marks td_block_marks(const char *p)
{
    const __m128i low = _mm_loadu_si128((const void *)p);
    const __m128i high = _mm_loadu_si128((const void *)(p + 16));
    const __m128i lf = _mm_set1_epi8('\n');
    return (struct td_marks){
        td_sse_bits(_mm_cmpeq_epi8(low, lf), _mm_cmpeq_epi8(high, lf)),
        td_sse_bits(td_sse_plain(low), td_sse_plain(high))};
}

static inline unsigned td_block_name(const char *p)
{
    const __m128i bytes = _mm_loadu_si128((const void *)p);
    const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i above = _mm_sub_epi8(lower, _mm_set1_epi8('a'));
    const __m128i letters =
        _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8('z' - 'a')), above);
    const __m128i name =
        _mm_or_si128(letters, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
    return (unsigned)__builtin_ctz(~(unsigned)_mm_movemask_epi8(name));
}
#else
enum { TD_BLOCK = 8, TD_BLOCK_BITS = 8, TD_NAME_BLOCK = 8 };
#define td_block_marks td_word_marks
#define td_block_name td_word_name
#endif

/* The marks of all the bytes of a block. */
#define TD_BLOCK_ALL                                                           \
    (TD_BLOCK_BITS == 1 ? (UINT64_C(1) << (TD_BLOCK & 63)) - 1 : TD_BYTES(0x80))

/* The place of the first mark of a block that has one. */
static inline unsigned td_block_first(uint64_t marks)
{
    return (unsigned)__builtin_ctzll(marks) / TD_BLOCK_BITS;
}

#endif
