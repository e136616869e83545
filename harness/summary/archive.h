/*
 * archive - what of a run can be kept beside the sources: manifest, summary
 * and histograms, without samples and journal, and without what is private to
 * the machine that measured.
 *
 * Only fields that are named in archive.c are taken from the manifest: no
 * command line, no paths of interpreters, no kernel command line.  In all
 * texts the directories of `hide` are cut off.  summary.json is written with
 * all digits: what is printed from the archive (td_summary_load) is what was
 * printed from the run.
 */
#ifndef TD_SUMMARY_ARCHIVE_H
#define TD_SUMMARY_ARCHIVE_H

#include "base/err.h"
#include "base/fields.h"
#include "store/run_dir.h"

#include <stdbool.h>

struct td_archive_options {
    bool force;             /* quick, unfinished and torn runs too */
    struct td_strings hide; /* directories whose names are cut off paths */
};

/* Writes to_dir/<id of the run>; what is there is replaced.  TD_EUSAGE for a
 * run that is not to be rested on (quick, unfinished) unless forced, and for
 * one that is an archive itself. */
int td_archive(const struct td_run_dir *run, const char *to_dir,
               const struct td_archive_options *options, struct td_err *err);

#endif
