/* What of a workload's directory decides what a Python case does. */
#include "drivers/cpython/cpython.h"

#include "base/files.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static int is_python(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".py") == 0;
}

/* All Python files beside the entry, since one may import another. */
static void add_sources(const struct td_workload *workload,
                        struct td_strings *files)
{
    struct dirent **found;
    int count = scandir(workload->dir, &found, is_python, alphasort);
    if (count < 0)
        return;
    for (int i = 0; i < count; i++) {
        td_strings_addf(files, "%s/%s", workload->dir, found[i]->d_name);
        free(found[i]);
    }
    free(found);
}

int td_cpython_add_hashes(const struct td_workload *workload,
                          struct td_strings *files, json_t *hashes,
                          struct td_err *err)
{
    add_sources(workload, files);
    for (size_t i = 0; i < files->count; i++) {
        char hex[TD_SHA256_HEX];
        int rc;
        if (json_object_get(hashes, files->at[i]))
            continue;
        rc = td_file_sha256(files->at[i], hex, err);
        if (rc < 0)
            return rc;
        json_object_set_new(hashes, files->at[i], json_string(hex));
    }
    return 0;
}
