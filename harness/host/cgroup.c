#include "host/cgroup.h"

#include "base/buf.h"
#include "base/fields.h"
#include "host/probe.h"

#include <stdlib.h>
#include <string.h>

/* Where one controller's files of this process lie. */
struct place {
    int version;  /* 1 or 2; 0 = nowhere */
    char *mount;  /* the top: nothing above it can be seen */
    char *mapped; /* the path of the group that is mounted there */
    char *dir;    /* of this process; begins with mount */
};

static void place_release(struct place *place)
{
    free(place->mount);
    free(place->mapped);
    free(place->dir);
}

static bool has_word(const char *list, const char *word)
{
    struct td_strings words = TD_STRINGS_INIT;
    bool found;
    td_strings_split(&words, list, ",");
    found = td_strings_has(&words, word);
    td_strings_release(&words);
    return found;
}

/* One line of /proc/self/mountinfo (see proc_pid_mountinfo(5)).  Version 1
 * has the controller in its options and wins over version 2. */
static void consider_mount(const char *line, const char *controller,
                           struct place *place)
{
    struct td_strings before = TD_STRINGS_INIT, after = TD_STRINGS_INIT;
    const char *dash = strstr(line, " - ");
    int version = 0;
    if (!dash)
        return;
    td_strings_split(&before, line, " ");
    td_strings_split(&after, dash + 3, " ");
    if (before.count > 4 && after.count > 2) {
        if (strcmp(after.at[0], "cgroup2") == 0)
            version = place->version ? 0 : 2;
        else if (strcmp(after.at[0], "cgroup") == 0 &&
                 has_word(after.at[2], controller))
            version = 1;
    }
    if (version) {
        place_release(place);
        *place = (struct place){version, td_xstrdup(before.at[4]),
                                td_xstrdup(before.at[3]), NULL};
    }
    td_strings_release(&before);
    td_strings_release(&after);
}

/* The group's path out of /proc/self/cgroup: lines "id:controllers:path",
 * "0::path" for version 2. */
static char *group_path(const char *text, const char *controller, int version)
{
    struct td_strings lines = TD_STRINGS_INIT;
    char *path = NULL;
    td_strings_split(&lines, text, "\n");
    for (size_t i = 0; !path && i < lines.count; i++) {
        char *names = strchr(lines.at[i], ':');
        char *colon = names ? strchr(names + 1, ':') : NULL;
        if (!colon)
            continue;
        *colon = '\0';
        if (version == 2 ? names[1] == '\0' : has_word(names + 1, controller))
            path = td_xstrdup(colon + 1);
    }
    td_strings_release(&lines);
    return path;
}

/* In a container the mount shows a group below the real top: that part of
 * the path is not repeated under the mount point. */
static void locate_dir(const char *root, const char *path, struct place *place)
{
    size_t mapped = strlen(place->mapped);
    if (strcmp(place->mapped, "/") != 0 &&
        strncmp(path, place->mapped, mapped) == 0)
        path += mapped;
    place->dir =
        td_xasprintf("%s%s", place->mount, strcmp(path, "/") == 0 ? "" : path);
    if (!td_probe_exists(root, "%s", place->dir)) {
        free(place->dir);
        place->dir = td_xstrdup(place->mount);
    }
}

static bool find_place(const char *root, const char *controller,
                       struct place *place)
{
    char *mounts = td_probe_read(root, "/proc/self/mountinfo");
    char *groups = td_probe_read(root, "/proc/self/cgroup"), *path = NULL;
    struct td_strings lines = TD_STRINGS_INIT;
    *place = (struct place){0, NULL, NULL, NULL};
    td_strings_split(&lines, mounts ? mounts : "", "\n");
    for (size_t i = 0; i < lines.count; i++)
        consider_mount(lines.at[i], controller, place);
    if (groups && place->version)
        path = group_path(groups, controller, place->version);
    if (place->version)
        locate_dir(root, path ? path : "/", place);
    td_strings_release(&lines);
    free(path);
    free(groups);
    free(mounts);
    return place->version != 0;
}

/* Goes one group up; false at the top. */
static bool go_up(struct place *place)
{
    char *slash = strrchr(place->dir, '/');
    if (strlen(place->dir) <= strlen(place->mount) || !slash)
        return false;
    *slash = '\0';
    return true;
}

static double quota_here(const char *root, const struct place *place)
{
    double quota = -1, period = 0;
    char *text, *rest;
    if (place->version == 2) {
        text = td_probe_read(root, "%s/cpu.max", place->dir);
        if (text && strncmp(text, "max", 3) != 0) {
            quota = strtod(text, &rest);
            period = strtod(rest, NULL);
        }
    } else {
        text = td_probe_read(root, "%s/cpu.cfs_quota_us", place->dir);
        rest = td_probe_read(root, "%s/cpu.cfs_period_us", place->dir);
        if (text && rest) {
            quota = strtod(text, NULL);
            period = strtod(rest, NULL);
        }
        free(rest);
    }
    free(text);
    return quota > 0 && period > 0 ? quota / period : -1;
}

/* Version 1 writes "no limit" as a number near 2^63. */
static double memory_here(const char *root, const struct place *place)
{
    char *text = td_probe_read(root, "%s/%s", place->dir,
                               place->version == 2 ? "memory.max"
                                                   : "memory.limit_in_bytes");
    double bytes = text && strcmp(text, "max") != 0 ? strtod(text, NULL) : -1;
    free(text);
    return bytes > 0 && bytes < 4e18 ? bytes : -1;
}

/* The least of a limit from this group up to the top; -1 = none. */
static double least_limit(const char *root, const char *controller,
                          double (*here)(const char *, const struct place *))
{
    struct place place;
    double least = -1;
    if (find_place(root, controller, &place)) {
        do {
            double limit = here(root, &place);
            if (limit >= 0 && (least < 0 || limit < least))
                least = limit;
        } while (go_up(&place));
    }
    place_release(&place);
    return least;
}

static json_t *cpuset(const char *root)
{
    struct place place;
    json_t *value = json_null();
    if (find_place(root, "cpuset", &place))
        value = td_probe_text(root, "%s/%s", place.dir,
                              place.version == 2 ? "cpuset.cpus.effective"
                                                 : "cpuset.effective_cpus");
    place_release(&place);
    return value;
}

json_t *td_cgroup_limits(const char *root)
{
    struct place place;
    double cpus = least_limit(root, "cpu", quota_here);
    double memory = least_limit(root, "memory", memory_here);
    int version;
    find_place(root, "cpu", &place);
    version = place.version;
    place_release(&place);
    if (!version)
        return json_null();
    return json_pack("{s:i, s:o, s:o, s:o}", "version", version, "cpus",
                     cpus >= 0 ? json_real(cpus) : json_null(), "cpuset",
                     cpuset(root), "memory_bytes",
                     memory >= 0 ? json_integer((json_int_t)memory)
                                 : json_null());
}

struct throttling {
    json_int_t periods, throttled, us;
    bool known;
};

static json_int_t number_in(const char *text, const char *key)
{
    json_t *value = td_probe_value_int(text, key, ' ');
    json_int_t number = json_integer_value(value);
    json_decref(value);
    return number;
}

static void add_throttling(const char *root, const struct place *place,
                           struct throttling *sum)
{
    char *text = td_probe_read(root, "%s/cpu.stat", place->dir);
    if (text && strstr(text, "nr_throttled")) {
        sum->known = true;
        sum->periods += number_in(text, "nr_periods");
        sum->throttled += number_in(text, "nr_throttled");
        sum->us += place->version == 2
                       ? number_in(text, "throttled_usec")
                       : number_in(text, "throttled_time") / 1000;
    }
    free(text);
}

json_t *td_cgroup_throttling(const char *root)
{
    struct place place;
    struct throttling sum = {0, 0, 0, false};
    if (find_place(root, "cpu", &place)) {
        do {
            add_throttling(root, &place, &sum);
        } while (go_up(&place));
    }
    place_release(&place);
    if (!sum.known)
        return json_null();
    return json_pack("{s:I, s:I, s:I}", "nr_periods", sum.periods,
                     "nr_throttled", sum.throttled, "throttled_us", sum.us);
}
