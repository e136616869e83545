/*
 * run_dir - one run on disk (results/FORMAT.md):
 *
 *     manifest.json    what was to be measured, on what; written atomically
 *     journal.jsonl    what happened, one JSON object a line, append-only
 *     samples/NNN.npy  raw samples of case NNN
 *     histograms/NNN.hlog, NNN.hgrm    written when the run ends
 *     summary.json     the tables' figures, written when the run ends
 *
 * That is a run of `tandem run`; one of `tandem service` has a manifest, a
 * journal and service.json.
 *
 * The journal is the truth: a batch counts once its journal line is whole
 * and its samples, which were appended before it, are there.  A directory
 * cut off at any byte can be read: a torn last line is left out, samples
 * without a line are not used, and a batch whose samples are missing (power
 * failure) is left out too.  One process at a time writes a run.
 */
#ifndef TD_STORE_RUN_DIR_H
#define TD_STORE_RUN_DIR_H

#include "base/err.h"
#include "base/fields.h"
#include "store/samples.h"

#include <jansson.h>
#include <stddef.h>

enum { TD_SCHEMA = 1 };

/* What a directory holds: what `tandem run` or what `tandem service` wrote;
 * a manifest without a `kind` is of the first. */
#define TD_RUN_KIND "run"
#define TD_SERVICE_KIND "service"

struct td_run_dir {
    char *path;
    char *id;                   /* last part of path: 20261121T031500Z-3f9a1c */
    json_t *manifest;           /* owned */
    int journal_fd;             /* -1 when opened to read */
    int lock_fd;                /* the directory, locked while we write */
    struct td_samples *samples; /* one a case; NULL when opened to read */
    size_t ncases;
};

#define TD_RUN_DIR_INIT                                                        \
    {                                                                          \
        NULL, NULL, NULL, -1, -1, NULL, 0                                      \
    }

/* Creates results_dir/<UTC time>-<short id>/ for manifest (new reference
 * taken even on failure); ncases sample files.  Sets `schema` and `id` of
 * the manifest. */
int td_run_dir_create(struct td_run_dir *out, const char *results_dir,
                      json_t *manifest_take, size_t ncases, struct td_err *err);
/* Opens an existing run to read it.  word: a path, a run id, a unique prefix
 * of one, or "last"; TD_EUSAGE with the nearest name otherwise.  What is not
 * found in results_dir is looked up in results_dir/reference. */
int td_run_dir_open(struct td_run_dir *out, const char *results_dir,
                    const char *word, struct td_err *err);
/* TD_RUN_KIND or TD_SERVICE_KIND, or what a newer program may have written;
 * the manifest's. */
const char *td_run_dir_kind(const struct td_run_dir *run);
/* TD_EUSAGE when the run is of another kind than this one. */
int td_run_dir_expect(const struct td_run_dir *run, const char *kind,
                      struct td_err *err);
/* True: it has been archived (`tandem archive`), which leaves manifest,
 * summary or service.json, and histograms; no journal, no samples. */
bool td_run_dir_is_archived(const struct td_run_dir *run);
/* A file inside as JSON (new reference): "service.json". */
int td_run_dir_read(const struct td_run_dir *run, const char *name,
                    json_t **out, struct td_err *err);
/* The ids of all runs there, oldest first; none when there is no such
 * directory. */
int td_run_dir_list(const char *results_dir, struct td_strings *ids,
                    struct td_err *err);
/* Makes an opened run writable, to go on with it (--resume): removes what
 * was torn.  -EBUSY while another process writes it. */
int td_run_dir_reopen(struct td_run_dir *run, struct td_err *err);
int td_run_dir_release(struct td_run_dir *run, struct td_err *err);

/* Replaces manifest.json by run->manifest. */
int td_run_dir_save_manifest(struct td_run_dir *run, struct td_err *err);
/* Appends one line; the record is consumed. */
int td_run_dir_note(struct td_run_dir *run, json_t *record_take,
                    struct td_err *err);
/* All whole lines as one JSON array (new reference).  A torn last line and
 * batches without their samples are left out and *torn set, and with such a
 * batch whatever says that its pair, a group or the run is finished; a bad
 * line in the middle is TD_EINPUT with its number. */
int td_run_dir_journal(const struct td_run_dir *run, json_t **out, int *torn,
                       struct td_err *err);
/* Flushes journal and samples; to the disk if durable. */
int td_run_dir_sync(struct td_run_dir *run, bool durable, struct td_err *err);

/* "…/samples/003.npy" and so on; malloc'd. */
char *td_run_dir_samples_path(const struct td_run_dir *run, size_t index);
char *td_run_dir_histogram_path(const struct td_run_dir *run, size_t index,
                                const char *extension);
/* Writes a file ("summary.json", "histograms/000.hlog") inside the run
 * directory, atomically. */
int td_run_dir_write(const struct td_run_dir *run, const char *name,
                     const void *data, size_t len, struct td_err *err);

#endif
