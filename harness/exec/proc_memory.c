#include "exec/proc_memory.h"

#include "base/files.h"

#include <stdlib.h>
#include <string.h>

/* The figure of a line "Name:   1234 kB" in bytes. */
static uint64_t figure(const char *text, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, len) == 0 && line[len] == ':')
            return strtoull(line + len + 1, NULL, 10) * 1024;
    }
    return UINT64_MAX;
}

static void read_proc(int pid, const char *name, struct td_buf *out)
{
    struct td_err ignored = TD_ERR_INIT;
    char *path = td_xasprintf("/proc/%d/%s", pid, name);
    td_buf_clear(out);
    td_file_read(path, out, &ignored);
    free(path);
}

void td_proc_memory_read(int pid, struct td_proc_memory *out)
{
    struct td_buf text = TD_BUF_INIT;
    read_proc(pid, "status", &text);
    out->rss_bytes = figure(td_buf_str(&text), "VmRSS");
    out->hwm_bytes = figure(td_buf_str(&text), "VmHWM");
    out->shmem_bytes = figure(td_buf_str(&text), "RssShmem");
    read_proc(pid, "smaps_rollup", &text);
    out->pss_bytes = figure(td_buf_str(&text), "Pss");
    td_buf_release(&text);
}
