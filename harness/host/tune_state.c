#include "base/buf.h"
#include "base/files.h"
#include "base/json.h"
#include "host/tune.h"
#include "host/tune_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { SCHEMA = 1 };

/* One process at a time: the lock is on the state file's directory. */
static int lock(const char *state_path, struct td_err *err)
{
    char *copy = td_xstrdup(state_path);
    const char *dir = dirname(copy);
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        td_err_sys(err, -errno, "cannot open %s", dir);
    else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        td_err_sys(err, -errno, "cannot lock %s: is another tune running?",
                   dir);
        close(fd);
        fd = -1;
    }
    free(copy);
    return fd;
}

static int make_dir(const char *state_path, struct td_err *err)
{
    char *copy = td_xstrdup(state_path);
    int rc = td_dir_make(dirname(copy), err);
    free(copy);
    return rc;
}

int td_tune_save(const struct td_tune *tune, const char *root,
                 const char *state_path, struct td_err *err)
{
    json_t *list = json_array(), *all;
    char *text;
    int rc;
    for (size_t i = 0; i < tune->count; i++)
        if (tune->at[i].state == TD_TUNE_CHANGE)
            json_array_append_new(
                list, json_pack("{s:o, s:o, s:o}", "path",
                                td_json_text(tune->at[i].path), "prior",
                                td_json_text(tune->at[i].found), "set",
                                td_json_text(tune->at[i].wanted)));
    all = json_pack("{s:i, s:o, s:o}", "schema", SCHEMA, "root",
                    td_json_text(root), "settings", list);
    text = json_dumps(all, JSON_INDENT(2));
    rc = td_file_write_atomic(state_path, text, strlen(text), err);
    free(text);
    json_decref(all);
    return rc;
}

static bool is_word(const char *value)
{
    return *value && !value[strspn(value, "abcdefghijklmnopqrstuvwxyz"
                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-")];
}

static int load_item(struct td_tune *out, const json_t *setting,
                     const char *root, const char *state_path,
                     struct td_err *err)
{
    const char *path = td_json_str(setting, "path", "");
    const char *prior = td_json_str(setting, "prior", "");
    const char *name = td_tune_name(path);
    if (!name || !is_word(prior))
        return td_err_set(err, TD_EINPUT,
                          "%s: \"%s\" to \"%s\" is nothing that tune has set",
                          state_path, path, prior);
    td_tune_judge(td_tune_add(out, name, path, td_tune_read(root, path), prior),
                  root);
    return 0;
}

int td_tune_load(struct td_tune *out, const char *root, const char *state_path,
                 struct td_err *err)
{
    json_error_t why;
    json_t *all = json_load_file(state_path, JSON_REJECT_DUPLICATES, &why);
    const json_t *list = json_object_get(all, "settings");
    int rc = 0;
    if (!all)
        return td_err_set(err, TD_EINPUT, "%s: line %d: %s", state_path,
                          why.line, why.text);
    if (td_json_u64(all, "schema", 0) != SCHEMA || !json_is_array(list))
        rc = td_err_set(err, TD_EINPUT, "%s: not a state file of tune",
                        state_path);
    else if (strcmp(td_json_str(all, "root", ""), root) != 0)
        rc = td_err_set(err, TD_EUSAGE,
                        "%s was written with --root \"%s\": give the same",
                        state_path, td_json_str(all, "root", ""));
    for (size_t i = 0; !rc && i < json_array_size(list); i++)
        rc = load_item(out, json_array_get(list, i), root, state_path, err);
    json_decref(all);
    return rc;
}

static int set_all(struct td_tune *tune, const char *root,
                   const char *state_path, struct td_err *err)
{
    int rc = td_tune_save(tune, root, state_path, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < tune->count; i++)
        td_tune_write(&tune->at[i], root);
    return 0;
}

int td_tune_apply(struct td_tune *out, const char *root, const char *state_path,
                  struct td_err *err)
{
    int rc, fd;
    td_tune_look(out, root);
    if (!td_tune_count(out, TD_TUNE_CHANGE) && !td_file_exists(state_path))
        return 0;
    if (make_dir(state_path, err))
        return err->code;
    fd = lock(state_path, err);
    if (fd < 0)
        return err->code;
    if (td_file_exists(state_path)) {
        rc = td_err_set(err, TD_EUSAGE,
                        "tuned already: %s holds the values found then; first "
                        "run `tandem tune --restore`",
                        state_path);
    } else {
        /* Again, now that nobody else may be tuning. */
        td_tune_release(out);
        td_tune_look(out, root);
        rc = set_all(out, root, state_path, err);
    }
    close(fd);
    return rc;
}

/* What is not back stays in the file as it was. */
static int keep_rest(struct td_tune *tune, const char *root,
                     const char *state_path, struct td_err *err)
{
    struct td_tune rest = TD_TUNE_INIT;
    int rc = 0;
    for (size_t i = 0; i < tune->count; i++) {
        const struct td_tune_item *item = &tune->at[i];
        if (item->state == TD_TUNE_DENIED || item->state == TD_TUNE_FAILED)
            td_tune_add(&rest, item->name, item->path, td_xstrdup(item->wanted),
                        item->found ? item->found : "")
                ->state = TD_TUNE_CHANGE;
    }
    if (!rest.count && unlink(state_path) < 0)
        rc = td_err_sys(err, -errno, "cannot remove %s", state_path);
    if (rest.count && rest.count < tune->count)
        rc = td_tune_save(&rest, root, state_path, err);
    td_tune_release(&rest);
    return rc;
}

int td_tune_recall(struct td_tune *out, const char *root,
                   const char *state_path, struct td_err *err)
{
    return td_file_exists(state_path) ? td_tune_load(out, root, state_path, err)
                                      : 0;
}

int td_tune_restore(struct td_tune *out, const char *root,
                    const char *state_path, struct td_err *err)
{
    int rc = 0, fd;
    if (!td_file_exists(state_path))
        return 0;
    fd = lock(state_path, err);
    if (fd < 0)
        return err->code;
    if (td_file_exists(state_path)) {
        rc = td_tune_load(out, root, state_path, err);
        for (size_t i = out->count; !rc && i-- > 0;)
            td_tune_write(&out->at[i], root);
        if (!rc)
            rc = keep_rest(out, root, state_path, err);
    }
    close(fd);
    return rc;
}
