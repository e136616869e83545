/*
 * probe - small readings of /proc and /sys under a root that tests choose
 * ("" is the machine itself).  What is not there is NULL or JSON null, never
 * zero.  A path is a printf format.
 */
#ifndef TD_HOST_PROBE_H
#define TD_HOST_PROBE_H

#include <jansson.h>
#include <stdbool.h>

/* The content without the white space at its end; malloc'd; NULL = absent. */
char *td_probe_read(const char *root, const char *path, ...)
    __attribute__((format(printf, 2, 3)));
bool td_probe_exists(const char *root, const char *path, ...)
    __attribute__((format(printf, 2, 3)));
/* The content as a string / as a whole number; else null. */
json_t *td_probe_text(const char *root, const char *path, ...)
    __attribute__((format(printf, 2, 3)));
json_t *td_probe_int(const char *root, const char *path, ...)
    __attribute__((format(printf, 2, 3)));

/* In text of lines "key<sep>value": the first value, trimmed; malloc'd, NULL
 * when the key is not there.  text may be NULL. */
char *td_probe_value(const char *text, const char *key, char sep);
/* The same as a whole number (what follows the digits is ignored) / as a
 * string; else null. */
json_t *td_probe_value_int(const char *text, const char *key, char sep);
json_t *td_probe_value_text(const char *text, const char *key, char sep);

/* Goes through a list like "0-3,8": *cpu is the next number (begin with
 * *cpu = -1); false at the end. */
bool td_cpulist_next(const char *list, int *cpu);
/* How many it names; list may be NULL: 0. */
int td_cpulist_count(const char *list);

#endif
