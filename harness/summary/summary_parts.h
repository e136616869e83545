/*
 * summary_parts - what the files of summary/ share with each other.
 */
#ifndef TD_SUMMARY_SUMMARY_PARTS_H
#define TD_SUMMARY_SUMMARY_PARTS_H

#include "summary/run_index.h"
#include "summary/summary.h"

/* Whether each case, and the group, answered right.  Sets the states and the
 * group's agreed answer where none was known. */
void td_summary_answers(struct td_group_summary *group,
                        const struct td_run_index *index);

/* Counts failed invocations, and says why a case has no figures. */
void td_summary_failures(struct td_case_summary *out,
                         const struct td_case_entry *entry);

/* Footnotes of the finished figures. */
void td_summary_note_case(struct td_case_summary *out,
                          const struct td_case_entry *entry,
                          const struct td_group_summary *group);
void td_summary_note_group(struct td_group_summary *group);
void td_summary_note_run(struct td_summary *out,
                         const struct td_run_index *index, bool torn);
/* noise: the manifest's, from before and after. */
void td_summary_note_noise(struct td_strings *notes, const json_t *noise);

#endif
