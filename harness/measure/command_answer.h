/*
 * command_answer - what a command answered, from what it printed: stdout
 * without white space at its ends, and without lines `figure NAME VALUE UNIT`,
 * which are figures (base/figures.h).
 */
#ifndef TD_MEASURE_COMMAND_ANSWER_H
#define TD_MEASURE_COMMAND_ANSWER_H

#include "base/figures.h"

#include <stddef.h>

/* In a set: the output is not compared. */
#define TD_ANSWER_NONE "none"
/* Of a command that printed nothing. */
#define TD_ANSWER_EMPTY "empty"

/* *answer (malloc'd, NULL on failure): the text itself where it is one line of
 * at most 64 bytes without control characters, else the first 16 hexadecimal
 * digits of its SHA-256; TD_ANSWER_EMPTY for nothing.  Figures are added to
 * `figures`; TD_EPROTOCOL for one that is none. */
int td_command_answer(const char *text, size_t len, struct td_figures *figures,
                      char **answer, struct td_err *err);

#endif
