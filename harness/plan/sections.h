/*
 * sections - an INI file as sections and keys that remember their lines.
 *
 * inih does the reading; this module counts lines, sees empty sections and
 * refuses what inih lets pass: a section or key that stands twice, a key
 * before the first section, a line too long, text after a heading.  It does
 * not know what sections mean.
 */
#ifndef TD_PLAN_SECTIONS_H
#define TD_PLAN_SECTIONS_H

#include "base/err.h"

#include <stddef.h>

struct td_key {
    char *name;
    char *value;
    int line;
};

struct td_section {
    char *kind; /* "set" of [set n=1000] */
    char *name; /* "n=1000"; "" when there is none */
    int line;
    struct td_key *keys;
    size_t nkeys;
};

struct td_sections {
    const char *file; /* borrowed: for messages */
    struct td_section *at;
    size_t count;
};

/* Reads len bytes of text; TD_EINPUT "file:line: …" on the first mistake.
 * Release *out either way. */
int td_sections_parse(struct td_sections *out, const char *file,
                      const char *text, size_t len, struct td_err *err);
void td_sections_release(struct td_sections *sections);

/* NULL when there is none.  name NULL: the first of that kind. */
const struct td_section *td_sections_find(const struct td_sections *sections,
                                          const char *kind, const char *name);
/* The line of a key, or of the heading when the key is not there. */
int td_section_line(const struct td_section *section, const char *key);

#endif
