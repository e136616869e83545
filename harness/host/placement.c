#include "host/placement.h"

#include "base/buf.h"
#include "host/probe.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CPU_DIR "/sys/devices/system/cpu"

void td_placement_release(struct td_placement *placement)
{
    free(placement->workers);
    free(placement->harness);
    free(placement->text);
    *placement = (struct td_placement)TD_PLACEMENT_INIT;
}

/* The CPUs of a list in any order; list may be NULL: none.  What a cpu_set_t
 * cannot hold becomes its last CPU. */
static cpu_set_t set_of(const char *list)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    while (list && *list) {
        char *end;
        long first = strtol(list, &end, 10), last = first;
        if (end == list)
            break;
        if (*end == '-')
            last = strtol(end + 1, &end, 10);
        for (long cpu = first; cpu <= last; cpu++) {
            bool fits = cpu >= 0 && cpu < CPU_SETSIZE;
            CPU_SET(fits ? (size_t)cpu : CPU_SETSIZE - 1, &set);
            if (!fits)
                break;
        }
        list = end + strspn(end, ", ");
    }
    return set;
}

static cpu_set_t set_read_take(char *list)
{
    cpu_set_t set = set_of(list);
    free(list);
    return set;
}

static cpu_set_t minus(const cpu_set_t *a, const cpu_set_t *b)
{
    cpu_set_t both, rest;
    CPU_AND(&both, a, b);
    CPU_XOR(&rest, a, &both);
    return rest;
}

static size_t first_of(const cpu_set_t *set)
{
    size_t cpu = 0;
    while (cpu < CPU_SETSIZE && !CPU_ISSET(cpu, set))
        cpu++;
    return cpu;
}

/* "0,2-3"; malloc'd. */
static char *list_of(const cpu_set_t *set)
{
    struct td_buf list = TD_BUF_INIT;
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        size_t last = cpu;
        if (!CPU_ISSET(cpu, set))
            continue;
        while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, set))
            last++;
        td_buf_addf(&list, list.len ? ",%zu" : "%zu", cpu);
        if (last > cpu)
            td_buf_addf(&list, "-%zu", last);
        cpu = last;
    }
    td_buf_adds(&list, "");
    return td_buf_detach(&list);
}

/* What this process may use unasked; empty = not told. */
static cpu_set_t allowed_set(const char *root)
{
    char *status = td_probe_read(root, "/proc/self/status");
    cpu_set_t set =
        set_read_take(td_probe_value(status, "Cpus_allowed_list", ':'));
    free(status);
    return set;
}

static cpu_set_t isolated_set(const char *root)
{
    return set_read_take(td_probe_read(root, CPU_DIR "/isolated"));
}

/* What it may ask for: isolated CPUs too, which are given to nobody. */
static cpu_set_t askable_set(const char *root)
{
    cpu_set_t allowed = allowed_set(root), isolated = isolated_set(root);
    if (CPU_COUNT(&allowed))
        CPU_OR(&allowed, &allowed, &isolated);
    return allowed;
}

/* All threads of its core, at least itself. */
static cpu_set_t core_of(const char *root, size_t cpu)
{
    cpu_set_t set = set_read_take(td_probe_read(
        root, CPU_DIR "/cpu%zu/topology/thread_siblings_list", cpu));
    CPU_SET(cpu, &set);
    return set;
}

/* "2" or "0-3" at the beginning: how long it is; 0 = neither. */
static size_t range_len(const char *text)
{
    size_t first = strspn(text, "0123456789"), last = 0;
    if (text[first] != '-')
        return first;
    last = strspn(text + first + 1, "0123456789");
    if (!first || !last ||
        strtol(text, NULL, 10) > strtol(text + first + 1, NULL, 10))
        return 0;
    return first + 1 + last;
}

static bool is_list(const char *list)
{
    size_t len;
    do {
        len = range_len(list);
        list += len;
    } while (len && *list == ',' && *++list);
    return len && !*list && list[-1] != ',';
}

static int check_given(const char *list, const cpu_set_t *allowed,
                       size_t workers, struct td_err *err)
{
    cpu_set_t set, beyond;
    char *may;
    if (!is_list(list))
        return td_err_set(err, TD_EUSAGE,
                          "--cpus: expected auto, or CPUs such as 0,2-3, found "
                          "\"%s\"",
                          list);
    may = list_of(allowed);
    set = set_of(list);
    beyond = minus(&set, allowed);
    if (CPU_COUNT(allowed) && CPU_COUNT(&beyond))
        td_err_set(err, TD_EUSAGE,
                   "--cpus %s: this process may use CPU %s; name some of those",
                   list, may);
    else if (workers > 1 && CPU_COUNT(&set) == 1)
        td_err_set(err, TD_EUSAGE,
                   "--cpus %s: %zu workers on one CPU disturb each other: the "
                   "background threads of those that wait wake up inside the "
                   "samples of the one that runs; %s",
                   list, workers,
                   CPU_COUNT(allowed) == 1
                       ? "this process has no second one, so leave --cpus out"
                       : "give at least two CPUs, or auto");
    free(may);
    return err->code;
}

/* What a user may not know about the CPUs named. */
static const char *remark_on(const char *root, const cpu_set_t *set)
{
    cpu_set_t isolated = isolated_set(root),
              core = core_of(root, first_of(set));
    CPU_AND(&isolated, &isolated, set);
    CPU_AND(&core, &core, set);
    if (CPU_COUNT(&isolated) > 1)
        return "; on isolated CPUs the scheduler leaves all threads of a "
               "worker where they started";
    return CPU_COUNT(set) > 1 && CPU_EQUAL(&core, set)
               ? "; these are threads of one core"
               : "";
}

int td_placement_given(struct td_placement *out, const char *root,
                       const char *list, size_t workers, struct td_err *err)
{
    cpu_set_t may = askable_set(root), set = set_of(list), rest;
    cpu_set_t allowed = allowed_set(root);
    if (check_given(list, &may, workers, err))
        return err->code;
    rest = minus(&allowed, &set);
    out->workers = list_of(&set);
    if (CPU_COUNT(&rest))
        out->harness = list_of(&rest);
    out->text = td_xasprintf(
        "as given: workers on CPU %s, harness and services on %s%s%s",
        out->workers, out->harness ? "CPU " : "the same",
        out->harness ? out->harness : "", remark_on(root, &set));
    return 0;
}

/* Narrows *set to what it shares with `to` if that many CPUs remain. */
static bool narrow(cpu_set_t *set, const cpu_set_t *to, int least)
{
    cpu_set_t both;
    CPU_AND(&both, set, to);
    if (CPU_COUNT(&both) < least || CPU_EQUAL(&both, set))
        return false;
    *set = both;
    return true;
}

/* The usable CPUs in the same package as `cpu`. */
static cpu_set_t package_of(const char *root, const cpu_set_t *usable,
                            size_t cpu)
{
    static const char file[] = CPU_DIR "/cpu%zu/topology/physical_package_id";
    char *package = td_probe_read(root, file, cpu);
    cpu_set_t set;
    CPU_ZERO(&set);
    for (size_t i = 0; package && i < CPU_SETSIZE; i++) {
        char *other =
            CPU_ISSET(i, usable) ? td_probe_read(root, file, i) : NULL;
        if (other && strcmp(other, package) == 0)
            CPU_SET(i, &set);
        free(other);
    }
    free(package);
    return set;
}

/* CPUs that are alike and near each other; `why` says what was left out. */
static cpu_set_t usable_set(const char *root, struct td_buf *why)
{
    cpu_set_t set = allowed_set(root);
    cpu_set_t isolated = isolated_set(root);
    cpu_set_t fast =
        set_read_take(td_probe_read(root, "/sys/devices/cpu_core/cpus"));
    cpu_set_t common = minus(&set, &isolated), package;
    if (narrow(&set, &common, 2))
        td_buf_adds(why, ", not isolated");
    if (narrow(&set, &fast, 3))
        td_buf_adds(why, ", fast cores");
    package = package_of(root, &set, first_of(&set));
    if (narrow(&set, &package, 3))
        td_buf_adds(why, ", one package");
    return set;
}

/* The lowest thread of every core in the set. */
static cpu_set_t one_a_core(const char *root, const cpu_set_t *set)
{
    cpu_set_t left = *set, chosen;
    CPU_ZERO(&chosen);
    while (CPU_COUNT(&left)) {
        size_t cpu = first_of(&left);
        cpu_set_t core = core_of(root, cpu);
        CPU_SET(cpu, &chosen);
        left = minus(&left, &core);
    }
    return chosen;
}

/* From three CPUs on. */
static cpu_set_t choose_workers(const char *root, const cpu_set_t *usable,
                                size_t harness, const char **how)
{
    cpu_set_t core = core_of(root, harness), alone, others, chosen;
    CPU_ZERO(&alone);
    CPU_SET(harness, &alone);
    others = minus(usable, &core);
    chosen = one_a_core(root, &others);
    *how = "one thread of each other core";
    if (CPU_COUNT(&chosen) < 2) {
        chosen = others;
        *how = "both threads of the other core";
    }
    if (CPU_COUNT(&chosen) < 2) {
        chosen = minus(usable, &alone);
        *how = "all others, one of them on the harness's core";
    }
    return chosen;
}

int td_placement_auto(struct td_placement *out, const char *root,
                      struct td_err *err)
{
    struct td_buf why = TD_BUF_INIT;
    cpu_set_t usable = usable_set(root, &why), workers;
    int count = CPU_COUNT(&usable);
    if (!count) {
        td_err_set(err, TD_EUSAGE,
                   "--cpus auto: this system does not say which CPUs there "
                   "are; leave it out, or name some");
    } else if (count < 3) {
        out->text = td_xasprintf(
            "auto: %s: nothing is pinned; workers, harness and services share "
            "%s",
            count == 1 ? "only one CPU" : "only two CPUs",
            count == 1 ? "it" : "both");
    } else {
        size_t harness = first_of(&usable);
        const char *how;
        workers = choose_workers(root, &usable, harness, &how);
        out->workers = list_of(&workers);
        out->harness = td_xasprintf("%zu", harness);
        out->text = td_xasprintf("auto: harness and services on CPU %zu, "
                                 "workers on CPU %s (%s%s)",
                                 harness, out->workers, how, td_buf_str(&why));
    }
    td_buf_release(&why);
    return err->code;
}

static int first_or_none(const cpu_set_t *set)
{
    return CPU_COUNT(set) ? (int)first_of(set) : -1;
}

/* A CPU that has a sibling, if any has. */
void td_placement_servers(struct td_placement *out, const char *root)
{
    cpu_set_t left = allowed_set(root), load, core;
    int wanted = (CPU_COUNT(&left) + 3) / 4;
    CPU_ZERO(&load);
    if (CPU_COUNT(&left) < 2) {
        out->text = td_xstrdup("servers and the load on them share one CPU");
        return;
    }
    while (CPU_COUNT(&load) < wanted) {
        core = core_of(root, first_of(&left));
        CPU_AND(&core, &core, &left);
        if (CPU_COUNT(&core) == CPU_COUNT(&left)) { /* leave one */
            CPU_ZERO(&core);
            CPU_SET(first_of(&left), &core);
        }
        CPU_OR(&load, &load, &core);
        left = minus(&left, &core);
    }
    out->workers = list_of(&left);
    out->harness = list_of(&load);
    out->text = td_xasprintf("servers on CPU %s, the load on them from CPU %s",
                             out->workers, out->harness);
}

void td_placement_neighbours(const char *root, struct td_neighbours *out)
{
    cpu_set_t allowed = allowed_set(root), others;
    *out = (struct td_neighbours){-1, -1, -1};
    for (size_t cpu = 0; cpu < CPU_SETSIZE && out->sibling < 0; cpu++) {
        cpu_set_t core;
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        core = core_of(root, cpu);
        others = minus(&allowed, &core);
        CPU_AND(&core, &core, &allowed);
        CPU_CLR(cpu, &core);
        if (out->cpu >= 0 && !CPU_COUNT(&core))
            continue;
        out->cpu = (int)cpu;
        out->sibling = first_or_none(&core);
        out->other = first_or_none(&others);
    }
}

int td_placement_pin(const char *list, struct td_err *err)
{
    cpu_set_t set;
    if (!list)
        return 0;
    set = set_of(list);
    if (sched_setaffinity(0, sizeof set, &set) < 0)
        return td_err_sys(err, -errno, "cannot pin the harness to CPU %s",
                          list);
    return 0;
}
