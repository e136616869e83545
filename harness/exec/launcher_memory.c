#include "exec/launcher_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { REMOVE_TRIES = 50, REMOVE_WAIT_NS = 10000000 };

/* Where the memory controller is mounted. */
struct mount {
    int version; /* 0 = nowhere */
    char root[PATH_MAX], point[PATH_MAX];
};

/* Is the word in the comma-separated list? */
static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',')
        if (strncmp(p, word, len) == 0 && (!p[len] || p[len] == ','))
            return true;
    return false;
}

/* A line of /proc/self/mountinfo (proc_pid_mountinfo(5)); version 1 has the
 * controller among its options, and wins. */
static void consider(const char *line, struct mount *mount)
{
    char type[32], options[512];
    const char *dash = strstr(line, " - ");
    int version = 0;
    if (!dash || sscanf(dash, " - %31s %*s %511s", type, options) != 2)
        return;
    if (strcmp(type, "cgroup") == 0 && has_word(options, "memory"))
        version = 1;
    else if (strcmp(type, "cgroup2") == 0 && !mount->version)
        version = 2;
    if (version && sscanf(line, "%*s %*s %*s %4095s %4095s", mount->root,
                          mount->point) == 2)
        mount->version = version;
}

static bool find_mount(struct mount *mount)
{
    char line[3 * PATH_MAX];
    FILE *file = fopen("/proc/self/mountinfo", "re");
    mount->version = 0;
    while (file && fgets(line, sizeof line, file))
        consider(line, mount);
    if (file)
        fclose(file);
    return mount->version != 0;
}

/* The group of this process: lines "id:controllers:path", "0::path". */
static bool find_path(int version, char out[PATH_MAX])
{
    char line[PATH_MAX + 256], names[256], path[PATH_MAX];
    FILE *file = fopen("/proc/self/cgroup", "re");
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file)) {
        if (sscanf(line, "0::%4095[^\n]", path) == 1)
            found = version == 2;
        else if (sscanf(line, "%*[0-9]:%255[^:]:%4095[^\n]", names, path) == 2)
            found = version == 1 && has_word(names, "memory");
    }
    if (file)
        fclose(file);
    if (found)
        memcpy(out, path, PATH_MAX);
    return found;
}

/* This process's group as a directory.  In a container the mount shows a
 * group below the real top: that part of the path is not repeated. */
static bool find_own(struct mount *mount, char out[PATH_MAX])
{
    char path[PATH_MAX];
    const char *below = path;
    size_t mapped;
    if (!find_mount(mount) || !find_path(mount->version, path))
        return false;
    mapped = strlen(mount->root);
    if (mapped > 1 && strncmp(path, mount->root, mapped) == 0)
        below += mapped;
    if (strcmp(below, "/") == 0)
        below = "";
    return snprintf(out, PATH_MAX, "%s%s", mount->point, below) < PATH_MAX;
}

static int open_in(const char *dir, const char *name, int flags)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(path, flags | O_CLOEXEC);
}

static int write_in(const char *dir, const char *name, const char *text)
{
    int fd = open_in(dir, name, O_WRONLY);
    ssize_t n;
    if (fd < 0)
        return -1;
    n = write(fd, text, strlen(text));
    close(fd);
    return n < 0 ? -1 : 0;
}

static bool read_in(const char *dir, const char *name, char *out, size_t size)
{
    int fd = open_in(dir, name, O_RDONLY);
    ssize_t n;
    if (fd < 0)
        return false;
    n = read(fd, out, size - 1);
    close(fd);
    out[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* Swap would only hide the limit; there may be none to forbid. */
static int set_limit(const char *dir, int version, unsigned long long bytes)
{
    char text[32];
    int rc;
    snprintf(text, sizeof text, "%llu\n", bytes);
    rc = write_in(dir, version == 2 ? "memory.max" : "memory.limit_in_bytes",
                  text);
    if (rc == 0 && version == 2)
        (void)!write_in(dir, "memory.swap.max", "0\n");
    else if (rc == 0)
        (void)!write_in(dir, "memory.memsw.limit_in_bytes", text);
    return rc;
}

/* Makes the group in a directory; an empty one of that name was left by a
 * launcher of our pid that was killed. */
static int make_in(struct td_memory_limit *limit, const char *parent,
                   int version)
{
    char group[PATH_MAX], procs[PATH_MAX];
    if (snprintf(group, sizeof group, "%s/tandem-%ld", parent,
                 (long)getpid()) >= PATH_MAX ||
        snprintf(procs, sizeof procs, "%s/cgroup.procs", parent) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (access(procs, W_OK) < 0)
        return -1; /* nobody can be moved from here */
    rmdir(group);
    if (mkdir(group, 0755) < 0)
        return -1;
    if (set_limit(group, version, limit->bytes) < 0) {
        int errnum = errno;
        rmdir(group);
        errno = errnum;
        return -1;
    }
    memcpy(limit->group, group, sizeof group);
    limit->by = version == 2 ? "cgroup-v2" : "cgroup-v1";
    return 0;
}

static int make_group(struct td_memory_limit *limit)
{
    struct mount mount;
    char dir[PATH_MAX], *slash;
    if (!find_own(&mount, dir)) {
        errno = ENOENT;
        return -1;
    }
    if (make_in(limit, dir, mount.version) == 0)
        return 0;
    slash = strrchr(dir, '/');
    if (mount.version != 2 || !slash || strlen(dir) <= strlen(mount.point))
        return -1;
    *slash = '\0';
    return make_in(limit, dir, mount.version);
}

int td_memory_limit_prepare(struct td_memory_limit *limit)
{
    limit->by = NULL;
    limit->group[0] = '\0';
    if (!limit->bytes)
        return 0;
    errno = EINVAL;
    if (limit->may_group && make_group(limit) == 0)
        return 0;
    if (!limit->may_rlimit)
        return -1;
    limit->by = "rlimit-as";
    return 0;
}

int td_memory_limit_enter(const struct td_memory_limit *limit)
{
    struct rlimit most = {limit->bytes, limit->bytes};
    if (!limit->by)
        return 0;
    if (limit->group[0])
        return write_in(limit->group, "cgroup.procs", "0\n");
    return setrlimit(RLIMIT_AS, &most);
}

/* "name value" in a line of its own, or, without a name, the whole text. */
static unsigned long long number(const char *text, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = text; p; p = strchr(p, '\n')) {
        p += *p == '\n';
        if (strncmp(p, name, len) == 0 && (!len || p[len] == ' '))
            return strtoull(p + len, NULL, 10);
        if (!*p)
            break;
    }
    return ULLONG_MAX;
}

void td_memory_limit_describe(const struct td_memory_limit *limit, char *out,
                              size_t size)
{
    unsigned long long peak = ULLONG_MAX, kills = ULLONG_MAX;
    const char *group = limit->group;
    char text[1024];
    out[0] = '\0';
    if (!group[0])
        return;
    if (read_in(group, "memory.peak", text, sizeof text) ||
        read_in(group, "memory.max_usage_in_bytes", text, sizeof text))
        peak = number(text, "");
    if (read_in(group, "memory.events", text, sizeof text) ||
        read_in(group, "memory.oom_control", text, sizeof text))
        kills = number(text, "oom_kill");
    if (peak != ULLONG_MAX && kills != ULLONG_MAX)
        snprintf(out, size, " limited_peak_bytes=%llu oom_kills=%llu", peak,
                 kills);
}

/* Those that have just ended may hold it for a moment. */
void td_memory_limit_remove(struct td_memory_limit *limit)
{
    struct timespec brief = {0, REMOVE_WAIT_NS};
    if (!limit->group[0])
        return;
    for (int i = 0; i < REMOVE_TRIES && rmdir(limit->group) < 0; i++) {
        if (errno != EBUSY)
            break;
        nanosleep(&brief, NULL);
    }
    limit->group[0] = '\0';
}
