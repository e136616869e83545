/*
 * response_block - what kind of bytes the next ones of a head are: 8 at a
 * time everywhere, 16 where the machine has SSE2 (every x86-64 does).
 * Exact, whatever the bytes.
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

/* Bit 7 of each of 8 bytes that is not a visible ASCII character or a
 * blank. */
static inline uint64_t td_word_marks(const char *p)
{
    const uint64_t word = td_word_load(p);
    const uint64_t plain = td_word_within(word & TD_BYTES(0x7f), ' ', '~');
    return (~plain | word) & TD_BYTES(0x80);
}

/* How many of the 8 bytes, from the first on, are letters, digits and
 * hyphens: what nearly all names of headers are made of. */
static inline unsigned td_word_name(const char *p)
{
    const uint64_t word = td_word_load(p), seven = word & TD_BYTES(0x7f);
    const uint64_t name = td_word_within(seven | TD_BYTES(0x20), 'a', 'z') |
                          td_word_within(seven, '0', '9') |
                          td_word_within(seven, '-', '-');
    const uint64_t other = (~name | word) & TD_BYTES(0x80);
    return other ? (unsigned)__builtin_ctzll(other) / 8 : 8;
}

#ifdef __SSE2__
#include <emmintrin.h>

enum { TD_BLOCK = 16, TD_BLOCK_BITS = 1 };

static inline uint64_t td_block_marks(const char *p)
{
    /* As signed numbers, one more than 0x20 to 0x7e is at least 0x21. */
    const __m128i more =
        _mm_add_epi8(_mm_loadu_si128((const void *)p), _mm_set1_epi8(1));
    return (unsigned)_mm_movemask_epi8(
        _mm_cmplt_epi8(more, _mm_set1_epi8(0x21)));
}

/* Each byte from low to high, as unsigned numbers. */
static inline __m128i td_sse_within(__m128i bytes, char low, char high)
{
    const __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
    const __m128i most = _mm_set1_epi8((char)(high - low));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, most), above);
}

static inline unsigned td_block_name(const char *p)
{
    const __m128i bytes = _mm_loadu_si128((const void *)p);
    const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i name =
        _mm_or_si128(_mm_or_si128(td_sse_within(lower, 'a', 'z'),
                                  td_sse_within(bytes, '0', '9')),
                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
    return (unsigned)__builtin_ctz(~(unsigned)_mm_movemask_epi8(name));
}
#else
enum { TD_BLOCK = 8, TD_BLOCK_BITS = 8 };
#define td_block_marks td_word_marks
#define td_block_name td_word_name
#endif

/* The place of the first mark of a block that has one. */
static inline unsigned td_block_first(uint64_t marks)
{
    return (unsigned)__builtin_ctzll(marks) / TD_BLOCK_BITS;
}

#endif
