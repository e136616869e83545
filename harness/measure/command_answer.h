/*
 * command_answer - what a command answered, from what it printed: stdout
 * without lines `figure NAME VALUE UNIT` and without white space at its ends.
 */
#ifndef TD_MEASURE_COMMAND_ANSWER_H
#define TD_MEASURE_COMMAND_ANSWER_H

#include <stddef.h>

/* In a set: the output is not compared. */
#define TD_ANSWER_NONE "none"
/* Of a command that printed nothing. */
#define TD_ANSWER_EMPTY "empty"

/* malloc'd: the text itself where it is one line of at most 64 bytes without
 * control characters, else the first 16 hexadecimal digits of its SHA-256;
 * TD_ANSWER_EMPTY for nothing. */
char *td_command_answer(const char *text, size_t len);

#endif
