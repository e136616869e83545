#include "host/tune.h"

#include "base/buf.h"
#include "base/fields.h"
#include "base/files.h"
#include "host/probe.h"
#include "host/tune_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CPU_DIR "/sys/devices/system/cpu"

/*
 * One file for every CPU.  The preference comes first: under the governor
 * "performance" it cannot be written, and on the way back, last first, the
 * governor must have gone before it.
 */
static const struct {
    const char *name, *file, *offered;
} each_cpu[] = {
    {"energy preference", "/cpufreq/energy_performance_preference",
     "/cpufreq/energy_performance_available_preferences"},
    {"governor", "/cpufreq/scaling_governor",
     "/cpufreq/scaling_available_governors"},
};

/* One file in all. */
static const struct {
    const char *name, *path, *undesired, *wanted;
} singles[] = {
    {"turbo", CPU_DIR "/intel_pstate/no_turbo", "0", "1"},
    {"turbo", CPU_DIR "/cpufreq/boost", "1", "0"},
    {"huge pages", "/sys/kernel/mm/transparent_hugepage/enabled", "always",
     "madvise"},
    {"numa balancing", "/proc/sys/kernel/numa_balancing", "1", "0"},
};

enum {
    EACH_CPU = sizeof each_cpu / sizeof each_cpu[0],
    SINGLES = sizeof singles / sizeof singles[0]
};

void td_tune_release(struct td_tune *tune)
{
    for (size_t i = 0; i < tune->count; i++) {
        free(tune->at[i].path);
        free(tune->at[i].found);
        free(tune->at[i].wanted);
    }
    free(tune->at);
    *tune = (struct td_tune)TD_TUNE_INIT;
}

struct td_tune_item *td_tune_add(struct td_tune *tune, const char *name,
                                 const char *path, char *found_take,
                                 const char *wanted)
{
    struct td_tune_item *item;
    tune->at = td_xrealloc(tune->at, (tune->count + 1) * sizeof *tune->at);
    item = &tune->at[tune->count++];
    *item = (struct td_tune_item){.name = name,
                                  .path = path ? td_xstrdup(path) : NULL,
                                  .found = found_take,
                                  .wanted = wanted ? td_xstrdup(wanted) : NULL};
    return item;
}

size_t td_tune_count(const struct td_tune *tune, enum td_tune_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < tune->count; i++)
        count += tune->at[i].state == state;
    return count;
}

char *td_tune_read(const char *root, const char *path)
{
    char *text = td_probe_read(root, "%s", path);
    char *open = text ? strchr(text, '[') : NULL;
    char *close = open ? strchr(open, ']') : NULL;
    if (close) {
        char *word = td_xstrndup(open + 1, (size_t)(close - open - 1));
        free(text);
        return word;
    }
    return text;
}

/* "/cpufreq/scaling_governor" of a path below ".../cpu12"; "" = no CPU's. */
static const char *file_of_cpu(const char *path)
{
    static const char before[] = CPU_DIR "/cpu";
    size_t digits;
    if (strncmp(path, before, sizeof before - 1) != 0)
        return "";
    path += sizeof before - 1;
    digits = strspn(path, "0123456789");
    return digits ? path + digits : "";
}

const char *td_tune_name(const char *path)
{
    const char *file = file_of_cpu(path);
    for (size_t i = 0; i < SINGLES; i++)
        if (strcmp(singles[i].path, path) == 0)
            return singles[i].name;
    for (size_t i = 0; i < EACH_CPU; i++)
        if (strcmp(each_cpu[i].file, file) == 0)
            return each_cpu[i].name;
    return NULL;
}

void td_tune_judge(struct td_tune_item *item, const char *root)
{
    char *full;
    if (item->found && strcmp(item->found, item->wanted) == 0) {
        item->state = TD_TUNE_FINE;
        return;
    }
    full = td_xasprintf("%s%s", root, item->path);
    if (faccessat(AT_FDCWD, full, W_OK, AT_EACCESS) == 0) {
        item->state = TD_TUNE_CHANGE;
    } else {
        item->state = TD_TUNE_DENIED;
        item->error = -errno;
    }
    free(full);
}

/* The kernel takes a setting in one write.  Truncation means nothing to it;
 * plain files that stand in for it need it. */
static int write_value(const char *path, const char *value)
{
    char *line = td_xasprintf("%s\n", value);
    int rc = 0, fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (fd < 0 || write(fd, line, strlen(line)) < 0)
        rc = -errno;
    if (fd >= 0)
        close(fd);
    free(line);
    return rc;
}

void td_tune_write(struct td_tune_item *item, const char *root)
{
    char *full, *now;
    if (item->state != TD_TUNE_CHANGE)
        return;
    full = td_xasprintf("%s%s", root, item->path);
    item->error = write_value(full, item->wanted);
    now = td_tune_read(root, item->path);
    item->state = !item->error && now && strcmp(now, item->wanted) == 0
                      ? TD_TUNE_DONE
                      : TD_TUNE_FAILED;
    free(now);
    free(full);
}

/* Whether the driver offers it; silence is taken for yes. */
static bool offers_performance(const char *root, int cpu, const char *offered)
{
    char *text = td_probe_read(root, CPU_DIR "/cpu%d%s", cpu, offered);
    struct td_strings words = TD_STRINGS_INIT;
    bool has = true;
    if (text) {
        td_strings_split(&words, text, " ");
        has = td_strings_has(&words, "performance");
    }
    td_strings_release(&words);
    free(text);
    return has;
}

/* CPUs of one frequency policy share its file: written once. */
static bool seen_before(struct td_strings *seen, const char *root,
                        const char *path)
{
    char *full = td_xasprintf("%s%s", root, path);
    char *real = realpath(full, NULL);
    bool known = real && td_strings_has(seen, real);
    if (real && !known)
        td_strings_add(seen, real);
    free(real);
    free(full);
    return known;
}

/* A frequency that the user has fixed is as steady as the highest one, and
 * leaving the governor "userspace" would forget it. */
static const char *wanted_of(const char *found)
{
    return strcmp(found, "userspace") == 0 ? found : "performance";
}

static void look_each_cpu(struct td_tune *tune, const char *root,
                          const char *online, size_t i)
{
    struct td_strings seen = TD_STRINGS_INIT;
    int cpu = -1;
    while (online && td_cpulist_next(online, &cpu)) {
        char *path = td_xasprintf(CPU_DIR "/cpu%d%s", cpu, each_cpu[i].file);
        char *found = td_tune_read(root, path);
        if (found && offers_performance(root, cpu, each_cpu[i].offered) &&
            !seen_before(&seen, root, path))
            td_tune_judge(td_tune_add(tune, each_cpu[i].name, path, found,
                                      wanted_of(found)),
                          root);
        else
            free(found);
        free(path);
    }
    if (!seen.count)
        td_tune_add(tune, each_cpu[i].name, NULL, NULL, NULL);
    td_strings_release(&seen);
}

/* Any value but the undesired one may stay. */
static bool look_single(struct td_tune *tune, const char *root, size_t i)
{
    char *found = td_tune_read(root, singles[i].path);
    bool bad = found && strcmp(found, singles[i].undesired) == 0;
    char *wanted = td_xstrdup(bad ? singles[i].wanted : found ? found : "");
    if (found)
        td_tune_judge(
            td_tune_add(tune, singles[i].name, singles[i].path, found, wanted),
            root);
    free(wanted);
    return found != NULL;
}

/* Rows of one name stand together: the first file that is there counts. */
static void look_singles(struct td_tune *tune, const char *root)
{
    for (size_t i = 0; i < SINGLES;) {
        const char *name = singles[i].name;
        bool there = false;
        for (; i < SINGLES && strcmp(singles[i].name, name) == 0; i++)
            there = there || look_single(tune, root, i);
        if (!there)
            td_tune_add(tune, name, NULL, NULL, NULL);
    }
}

void td_tune_look(struct td_tune *out, const char *root)
{
    char *online = td_probe_read(root, CPU_DIR "/online");
    for (size_t i = 0; i < EACH_CPU; i++)
        look_each_cpu(out, root, online, i);
    look_singles(out, root);
    free(online);
}
