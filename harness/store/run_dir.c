#include "store/run_dir.h"

#include "base/files.h"
#include "store/append.h"
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ID_TRIES = 1000 };

static char *inside(const struct td_run_dir *run, const char *name)
{
    return td_xasprintf("%s/%s", run->path, name);
}

char *td_run_dir_samples_path(const struct td_run_dir *run, size_t index)
{
    return td_xasprintf("%s/samples/%03zu.npy", run->path, index);
}

char *td_run_dir_histogram_path(const struct td_run_dir *run, size_t index,
                                const char *extension)
{
    return td_xasprintf("%s/histograms/%03zu.%s", run->path, index, extension);
}

/* UTC second and, as six hex digits, the part of the second: the order of
 * names is the order of time. */
static char *id_for_now(void)
{
    struct timespec now;
    struct tm utc;
    char second[32];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(second, sizeof second, "%Y%m%dT%H%M%SZ", &utc);
    return td_xasprintf("%s-%06llx", second,
                        ((unsigned long long)now.tv_nsec << 24) / 1000000000u);
}

static int make_dir(const char *path, struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    if (td_dir_make(path, &why))
        return td_store_advise(err, &why);
    return 0;
}

static int make_own_dir(struct td_run_dir *run, const char *results_dir,
                        struct td_err *err)
{
    int code = 0;
    for (int i = 0; i < ID_TRIES; i++) {
        free(run->id);
        free(run->path);
        run->id = id_for_now();
        run->path = td_xasprintf("%s/%s", results_dir, run->id);
        if (mkdir(run->path, 0777) == 0)
            return 0;
        code = -errno;
        if (code != -EEXIST)
            break;
    }
    return td_store_fail(err, code, "create directory", run->path);
}

static int lock(struct td_run_dir *run, struct td_err *err)
{
    run->lock_fd = open(run->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (run->lock_fd < 0)
        return td_store_fail(err, -errno, "open", run->path);
    if (flock(run->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return td_err_set(err, -EBUSY,
                          "another process is writing %s: wait until it has "
                          "ended",
                          run->path);
    return td_store_fail(err, -errno, "lock", run->path);
}

static int open_journal(struct td_run_dir *run, struct td_err *err)
{
    char *path = inside(run, "journal.jsonl");
    int rc = 0;
    run->journal_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (run->journal_fd < 0 || lseek(run->journal_fd, 0, SEEK_END) < 0)
        rc = td_store_fail(err, -errno, "open", path);
    free(path);
    return rc;
}

static int open_samples(struct td_run_dir *run, size_t ncases,
                        struct td_err *err)
{
    int rc = 0;
    run->samples = td_xcalloc(ncases ? ncases : 1, sizeof *run->samples);
    for (run->ncases = 0; !rc && run->ncases < ncases; run->ncases++) {
        char *path = td_run_dir_samples_path(run, run->ncases);
        rc = td_samples_open(&run->samples[run->ncases], path, err);
        free(path);
    }
    return rc;
}

static int make_parts(struct td_run_dir *run, struct td_err *err)
{
    char *samples = inside(run, "samples");
    char *histograms = inside(run, "histograms");
    int rc = make_dir(samples, err);
    if (!rc)
        rc = make_dir(histograms, err);
    free(samples);
    free(histograms);
    return rc;
}

int td_run_dir_create(struct td_run_dir *out, const char *results_dir,
                      json_t *manifest_take, size_t ncases, struct td_err *err)
{
    struct td_err ignored = TD_ERR_INIT;
    int rc;
    *out = (struct td_run_dir)TD_RUN_DIR_INIT;
    out->manifest = manifest_take;
    rc = make_dir(results_dir, err);
    if (!rc)
        rc = make_own_dir(out, results_dir, err);
    if (rc)
        goto out;
    json_object_set_new(out->manifest, "schema", json_integer(TD_SCHEMA));
    json_object_set_new(out->manifest, "id", json_string(out->id));
    rc = lock(out, err);
    if (!rc)
        rc = make_parts(out, err);
    if (!rc)
        rc = td_run_dir_save_manifest(out, err);
    if (!rc)
        rc = open_journal(out, err);
    if (!rc)
        rc = open_samples(out, ncases, err);
out:
    if (rc)
        td_run_dir_release(out, &ignored);
    return rc;
}

/* Makes the journal say what td_run_dir_journal reads from it. */
static int mend_journal(struct td_run_dir *run, struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    json_t *lines = NULL, *line;
    int torn, rc = td_run_dir_journal(run, &lines, &torn, err);
    size_t i;
    if (!rc && torn) {
        json_array_foreach(lines, i, line) td_journal_line(&text, line);
        rc = td_run_dir_write(run, "journal.jsonl", td_buf_str(&text), text.len,
                              err);
    }
    json_decref(lines);
    td_buf_release(&text);
    return rc;
}

int td_run_dir_reopen(struct td_run_dir *run, struct td_err *err)
{
    size_t ncases = run->ncases;
    int rc = lock(run, err);
    if (!rc)
        rc = make_parts(run, err);
    if (!rc)
        rc = mend_journal(run, err);
    if (!rc)
        rc = open_journal(run, err);
    if (!rc)
        rc = open_samples(run, ncases, err);
    return rc;
}

static int close_fd(int *fd, const char *path, struct td_err *err)
{
    int rc = 0;
    if (*fd >= 0 && close(*fd) < 0)
        rc = td_store_fail(err, -errno, "close a file of", path);
    *fd = -1;
    return rc;
}

int td_run_dir_release(struct td_run_dir *run, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; run->samples && i < run->ncases; i++) {
        int one = td_samples_close(&run->samples[i], err);
        rc = rc ? rc : one;
    }
    if (close_fd(&run->journal_fd, run->path, err) && !rc)
        rc = err->code;
    close_fd(&run->lock_fd, run->path, err);
    free(run->samples);
    json_decref(run->manifest);
    free(run->id);
    free(run->path);
    *run = (struct td_run_dir)TD_RUN_DIR_INIT;
    return rc;
}

int td_run_dir_write(const struct td_run_dir *run, const char *name,
                     const void *data, size_t len, struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    char *path = inside(run, name), *parent = td_xstrdup(path);
    int rc = td_dir_make(dirname(parent), &why);
    if (!rc)
        rc = td_file_write_atomic(path, data, len, &why);
    if (rc)
        td_store_advise(err, &why);
    free(parent);
    free(path);
    return rc;
}

int td_run_dir_save_manifest(struct td_run_dir *run, struct td_err *err)
{
    char *text = json_dumps(run->manifest, JSON_INDENT(2));
    struct td_buf whole = TD_BUF_INIT;
    int rc;
    if (!text)
        return td_err_set(err, TD_EINTERNAL, "the manifest of %s is no JSON",
                          run->path);
    td_buf_addf(&whole, "%s\n", text);
    rc = td_run_dir_write(run, "manifest.json", whole.data, whole.len, err);
    td_buf_release(&whole);
    free(text);
    return rc;
}

int td_run_dir_note(struct td_run_dir *run, json_t *record_take,
                    struct td_err *err)
{
    struct td_buf line = TD_BUF_INIT;
    char *path = inside(run, "journal.jsonl");
    int rc = td_journal_line(&line, record_take);
    if (rc)
        td_err_set(err, rc, "a line for %s is no JSON object", path);
    else
        rc = td_append(run->journal_fd, path, line.data, line.len, err);
    json_decref(record_take);
    td_buf_release(&line);
    free(path);
    return rc;
}

int td_run_dir_sync(struct td_run_dir *run, bool durable, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < run->ncases; i++)
        rc = td_samples_sync(&run->samples[i], durable, err);
    if (!rc && durable && fdatasync(run->journal_fd) < 0)
        rc = td_store_fail(err, -errno, "sync the journal of", run->path);
    return rc;
}
