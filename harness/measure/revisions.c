#include "measure/revisions.h"

#include "base/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_DIGITS = 10 };
#define TOOL_TIMEOUT_NS (120ull * 1000000000u)
#define GO_PACKAGE "drivers/gotest/tandem"

void td_revision_release(struct td_revision *revision)
{
    free(revision->name);
    free(revision->workloads_dir);
    memset(revision, 0, sizeof *revision);
}

/* Runs a tool in cwd; what it printed, without the newline, goes to *said
 * (malloc'd; may be NULL).  A status other than 0 is `code`. */
static int tool(const struct td_context *context, const char *cwd,
                const char *const *words, int code, char **said,
                struct td_err *err)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_child_result result;
    int rc;
    memset(&result, 0, sizeof result);
    td_launch_env_base(&launch);
    launch.program = td_program_find(words[0], getenv("PATH"));
    launch.cwd = td_xstrdup(cwd);
    for (size_t i = 0; words[i]; i++)
        td_strings_add(&launch.argv, words[i]);
    if (!launch.program) {
        rc = td_err_set(err, TD_EDEPENDENCY, "there is no %s here", words[0]);
        goto out;
    }
    rc = td_child_run(context->loop, &launch, TOOL_TIMEOUT_NS, 65536, &result,
                      err);
    if (!rc && result.exit_status != 0)
        rc = td_err_set(err, code, "%s %s failed: %.400s", words[0], words[1],
                        td_buf_str(&result.err));
    if (!rc && said) {
        *said = td_xstrdup(td_buf_str(&result.out));
        (*said)[strcspn(*said, "\n")] = '\0';
    }
out:
    td_launch_release(&launch);
    td_child_result_release(&result);
    return rc;
}

/* The commit's full name. */
static int find_commit(const struct td_context *context, const char *word,
                       char **commit, struct td_err *err)
{
    char *spec = td_xasprintf("%s^{commit}", word);
    const char *const words[] = {
        "git", "rev-parse", "--verify", "--end-of-options", spec, NULL};
    struct td_err why = TD_ERR_INIT;
    int rc =
        tool(context, context->workloads_dir, words, TD_EUSAGE, commit, &why);
    if (rc)
        td_err_set(err, rc, "no revision \"%s\" of the workloads in %s: %s",
                   word, context->workloads_dir, why.msg);
    free(spec);
    return rc;
}

/* Where the workloads lie in their repository: "workloads/", and its root. */
static int find_place(const struct td_context *context, char **prefix,
                      char **root, struct td_err *err)
{
    const char *const ask_prefix[] = {"git", "rev-parse", "--show-prefix",
                                      NULL};
    const char *const ask_root[] = {"git", "rev-parse", "--show-toplevel",
                                    NULL};
    int rc = tool(context, context->workloads_dir, ask_prefix, TD_EUSAGE,
                  prefix, err);
    return rc ? rc
              : tool(context, context->workloads_dir, ask_root, TD_EUSAGE, root,
                     err);
}

/* Today's Go package in place of the revision's, where both have one. */
static int renew_package(const struct td_context *context, const char *dir,
                         struct td_err *err)
{
    char *from = td_xasprintf("%s/" GO_PACKAGE, context->source_dir);
    char *to = td_xasprintf("%s/" GO_PACKAGE, dir);
    const char *const drop[] = {"rm", "-rf", to, NULL};
    const char *const copy[] = {"cp", "-R", from, to, NULL};
    int rc = 0;
    if (td_file_exists(from) && td_file_exists(to)) {
        rc = tool(context, "/", drop, TD_EDEPENDENCY, NULL, err);
        if (!rc)
            rc = tool(context, "/", copy, TD_EDEPENDENCY, NULL, err);
    }
    free(from);
    free(to);
    return rc;
}

static int unpack(const struct td_context *context, const char *root,
                  const char *commit, const char *dir, struct td_err *err)
{
    char *tar = td_xasprintf("%s.tar", dir);
    const char *const archive[] = {"git", "archive", "-o", tar, commit, NULL};
    const char *const extract[] = {"tar", "-xf", tar, "-C", dir, NULL};
    int rc = td_dir_make(dir, err);
    if (!rc)
        rc = tool(context, root, archive, TD_EDEPENDENCY, NULL, err);
    if (!rc)
        rc = tool(context, root, extract, TD_EDEPENDENCY, NULL, err);
    unlink(tar);
    free(tar);
    return rc;
}

/* Into a directory that takes its name only when it is whole. */
static int export_commit(const struct td_context *context, const char *root,
                         const char *commit, const char *dir,
                         struct td_err *err)
{
    char *part = td_xasprintf("%s.part.%ld", dir, (long)getpid());
    const char *const drop[] = {"rm", "-rf", part, NULL};
    int rc = 0;
    if (!td_file_exists(dir)) {
        rc = unpack(context, root, commit, part, err);
        if (!rc && rename(part, dir) < 0 && errno != EEXIST &&
            errno != ENOTEMPTY)
            rc = td_err_sys(err, -errno, "cannot rename %s", part);
        if (td_file_exists(part)) {
            struct td_err ignored = TD_ERR_INIT;
            tool(context, "/", drop, TD_EDEPENDENCY, NULL, &ignored);
        }
    }
    free(part);
    return rc ? rc : renew_package(context, dir, err);
}

int td_revision_export(struct td_revision *out,
                       const struct td_context *context, const char *word,
                       struct td_err *err)
{
    char *commit = NULL, *prefix = NULL, *root = NULL, *dir = NULL;
    int rc;
    memset(out, 0, sizeof *out);
    if (strcmp(word, TD_REVISION_AT_HAND) == 0) {
        out->name = td_xstrdup(word);
        out->workloads_dir = td_xstrdup(context->workloads_dir);
        return 0;
    }
    rc = find_commit(context, word, &commit, err);
    if (!rc)
        rc = find_place(context, &prefix, &root, err);
    if (rc)
        goto out;
    dir = td_xasprintf("%s/revisions/%s", context->cache_dir, commit);
    rc = export_commit(context, root, commit, dir, err);
    if (rc)
        goto out;
    out->name = td_xasprintf("%.*s", NAME_DIGITS, commit);
    out->workloads_dir = td_xasprintf("%s/%s", dir, prefix);
    if (!td_file_exists(out->workloads_dir))
        rc = td_err_set(err, TD_EUSAGE, "revision %s has no %s", word,
                        prefix[0] ? prefix : "workloads");
out:
    free(commit);
    free(prefix);
    free(root);
    free(dir);
    return rc;
}
