/*
 * driver_gotest_sources - the digest of what a binary is made of.
 */
#include "drivers/gotest/gotest.h"

#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where a digest goes, and the root of the paths that are shown. */
struct digest {
    const char *root;
    struct td_buf *text;
    json_t *sources; /* path -> sha256 */
};

static bool is_source(const char *name)
{
    static const char *const endings[] = {
        ".go", ".s",   ".S",   ".c", ".cc", ".cpp", ".cxx",  ".h",
        ".hh", ".hpp", ".hxx", ".m", ".f",  ".F",   ".syso", NULL};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && endings[i]; i++)
        if (strcmp(dot, endings[i]) == 0)
            return true;
    return false;
}

/* Paths inside the module's root are recorded relative to it. */
static const char *shown(const struct digest *to, const char *path)
{
    const char *root = to->root;
    size_t len = root ? strlen(root) : 0;
    if (len && strncmp(path, root, len) == 0 && path[len] == '/')
        return path + len + 1;
    return path;
}

static int digest_file(const struct digest *to, const char *path,
                       struct td_err *err)
{
    char hex[TD_SHA256_HEX];
    int rc = td_file_sha256(path, hex, err);
    if (rc)
        return rc;
    td_buf_addf(to->text, "%s %s\n", hex, path);
    json_object_set_new(to->sources, shown(to, path), json_string(hex));
    return 0;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && entry->d_name[0] != '_';
}

/* The names in a directory, and the content of those that Go compiles. */
static int digest_dir(const struct digest *to, const char *dir,
                      struct td_err *err)
{
    struct dirent **names = NULL;
    int n = scandir(dir, &names, visible, alphasort), rc = 0;
    if (n < 0)
        return td_err_sys(err, -errno, "cannot list %s", dir);
    for (int i = 0; i < n; i++) {
        char *path = td_xasprintf("%s/%s", dir, names[i]->d_name);
        if (!rc && is_source(path))
            rc = digest_file(to, path, err);
        else
            td_buf_addf(to->text, "- %s\n", path);
        free(path);
        free(names[i]);
    }
    free(names);
    return rc;
}

static int digest_module(const struct digest *to, const char *go_mod,
                         struct td_err *err)
{
    char *go_sum = td_xasprintf("%.*ssum", (int)strlen(go_mod) - 3, go_mod);
    int rc = digest_file(to, go_mod, err);
    if (!rc && td_file_exists(go_sum))
        rc = digest_file(to, go_sum, err);
    free(go_sum);
    return rc;
}

static int digest_line(const struct digest *to, const char *line,
                       struct td_err *err)
{
    const char *path = line + 2;
    if (strncmp(line, "D ", 2) == 0)
        return digest_dir(to, path, err);
    if (strncmp(line, "F ", 2) == 0)
        return digest_file(to, path, err);
    if (strncmp(line, "M ", 2) == 0)
        return digest_module(to, path, err);
    return td_err_set(err, TD_EINTERNAL, "unknown source line \"%s\"", line);
}

int td_go_digest(const char *list, const char *root, struct td_buf *text,
                 json_t *sources, struct td_err *err)
{
    const struct digest to = {root, text, sources};
    struct td_strings lines = TD_STRINGS_INIT;
    int rc = 0;
    td_strings_split(&lines, list, "\n");
    for (size_t i = 0; i < lines.count && !rc; i++)
        rc = digest_line(&to, lines.at[i], err);
    td_strings_release(&lines);
    return rc;
}

int td_go_digest_file(const char *path, const char *root, json_t *sources,
                      struct td_err *err)
{
    struct td_buf unused = TD_BUF_INIT;
    const struct digest to = {root, &unused, sources};
    int rc = digest_file(&to, path, err);
    td_buf_release(&unused);
    return rc;
}
