/*
 * summary_parts - what the files of summary/ share with each other.
 */
#ifndef TD_SUMMARY_SUMMARY_PARTS_H
#define TD_SUMMARY_SUMMARY_PARTS_H

#include "summary/run_index.h"
#include "summary/summary.h"

/* All unknown, but for what the manifest says of case `index`. */
void td_case_init(struct td_case_summary *out, size_t index,
                  const json_t *from);
void td_case_release(struct td_case_summary *c);

/* The members of struct td_case_summary that are figures of summary.json, by
 * their names there; ends in NULL. */
struct td_figure_field {
    const char *name;
    size_t offset;
};
extern const struct td_figure_field td_case_figures_table[];

/* Whether each case, and the group, answered right.  Sets the states and the
 * group's agreed answer where none was known. */
void td_summary_answers(struct td_group_summary *group,
                        const struct td_run_index *index);

/* Counts failed invocations, and says why a case has no figures. */
void td_summary_failures(struct td_case_summary *out,
                         const struct td_case_entry *entry);

/* Counts what disturbed a case's steady samples. */
void td_summary_disturbances(struct td_case_summary *out,
                             const struct td_case_entry *entry);
/* What of it matters, and the ratio with the pairs that were set aside. */
void td_summary_note_disturbances(struct td_case_summary *out);
/* How many pairs were set aside, and by which rule. */
void td_summary_note_aside(struct td_group_summary *group);

/* Footnotes of the finished figures. */
void td_summary_note_case(struct td_case_summary *out,
                          const struct td_case_entry *entry,
                          const struct td_group_summary *group);
void td_summary_note_group(struct td_group_summary *group);
void td_summary_note_run(struct td_summary *out,
                         const struct td_run_index *index, bool torn);
/* Geometric means over the groups, where a runtime has two or more. */
void td_summary_suites(struct td_summary *out, const json_t *manifest);

/* noise: the manifest's, from before and after. */
void td_summary_note_noise(struct td_strings *notes, const json_t *noise);
/* What of it stands out in one group, against the whole run's. */
void td_summary_note_group_noise(struct td_group_summary *group,
                                 const struct td_group_entry *entry,
                                 const json_t *of_run);

#endif
