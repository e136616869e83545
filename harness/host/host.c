#include "host/host.h"

#include "base/buf.h"
#include "base/fields.h"
#include "base/json.h"
#include "host/cgroup.h"
#include "host/probe.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#define CPU_DIR "/sys/devices/system/cpu"

/* How many different contents FILE has over the online CPUs; null when no
 * CPU has it. */
static json_t *count_distinct(const char *root, const char *online,
                              const char *file)
{
    struct td_strings seen = TD_STRINGS_INIT;
    json_t *count;
    int cpu = -1;
    while (online && td_cpulist_next(online, &cpu)) {
        char *text = td_probe_read(root, CPU_DIR "/cpu%d/%s", cpu, file);
        if (text && !td_strings_has(&seen, text))
            td_strings_add(&seen, text);
        free(text);
    }
    count = seen.count ? json_integer((json_int_t)seen.count) : json_null();
    td_strings_release(&seen);
    return count;
}

static json_t *count_or_null(int count)
{
    return count ? json_integer(count) : json_null();
}

static json_t *smt(const char *root)
{
    char *active = td_probe_read(root, CPU_DIR "/smt/active");
    json_t *value = active ? json_boolean(active[0] == '1') : json_null();
    free(active);
    return value;
}

static json_t *cpu_json(const char *root, const char *info)
{
    char *online = td_probe_read(root, CPU_DIR "/online");
    char *status = td_probe_read(root, "/proc/self/status");
    struct utsname name;
    json_t *value;
    uname(&name);
    value = json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "model",
        td_probe_value_text(info, "model name", ':'), "architecture",
        name.machine, "sockets",
        count_distinct(root, online, "topology/physical_package_id"), "cores",
        count_distinct(root, online, "topology/thread_siblings_list"),
        "threads", count_or_null(td_cpulist_count(online)), "smt", smt(root),
        "allowed", td_probe_value_text(status, "Cpus_allowed_list", ':'),
        "microcode", td_probe_value_text(info, "microcode", ':'));
    json_object_set_new(value, "isolated",
                        td_probe_text(root, CPU_DIR "/isolated"));
    free(status);
    free(online);
    return value;
}

/* intel_pstate says "no_turbo", the others "boost". */
static json_t *turbo(const char *root)
{
    char *no = td_probe_read(root, CPU_DIR "/intel_pstate/no_turbo");
    char *boost = td_probe_read(root, CPU_DIR "/cpufreq/boost");
    json_t *value = no      ? json_boolean(no[0] == '0')
                    : boost ? json_boolean(boost[0] == '1')
                            : json_null();
    free(boost);
    free(no);
    return value;
}

static json_t *frequency_json(const char *root)
{
    const char *dir = CPU_DIR "/cpu0/cpufreq";
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "driver",
                     td_probe_text(root, "%s/scaling_driver", dir), "governor",
                     td_probe_text(root, "%s/scaling_governor", dir), "min_khz",
                     td_probe_int(root, "%s/scaling_min_freq", dir), "max_khz",
                     td_probe_int(root, "%s/scaling_max_freq", dir), "turbo",
                     turbo(root));
}

static json_t *kib_to_bytes(json_t *kib)
{
    if (json_is_integer(kib))
        json_integer_set(kib, json_integer_value(kib) * 1024);
    return kib;
}

static json_t *memory_json(const char *root)
{
    char *text = td_probe_read(root, "/proc/meminfo");
    json_t *value = json_pack(
        "{s:o, s:o}", "total_bytes",
        kib_to_bytes(td_probe_value_int(text, "MemTotal", ':')), "swap_bytes",
        kib_to_bytes(td_probe_value_int(text, "SwapTotal", ':')));
    free(text);
    return value;
}

/* What follows " -- " are init's arguments, none of the kernel's business,
 * and may be secret. */
static json_t *command_line(const char *root)
{
    char *text = td_probe_read(root, "/proc/cmdline");
    char *end = text ? strstr(text, " -- ") : NULL;
    json_t *value;
    if (end)
        *end = '\0';
    value = text ? td_json_text(text) : json_null();
    free(text);
    return value;
}

static json_t *kernel_json(const char *root)
{
    return json_pack("{s:o, s:o, s:o}", "release",
                     td_probe_text(root, "/proc/sys/kernel/osrelease"),
                     "version", td_probe_text(root, "/proc/sys/kernel/version"),
                     "command_line", command_line(root));
}

static json_t *distribution(const char *root)
{
    char *text = td_probe_read(root, "/etc/os-release");
    char *name = td_probe_value(text, "PRETTY_NAME", '=');
    json_t *value = json_null();
    if (name) {
        size_t len = strlen(name);
        bool quoted = len >= 2 && name[0] == '"' && name[len - 1] == '"';
        if (quoted)
            name[len - 1] = '\0';
        value = td_json_text(name + quoted);
    }
    free(name);
    free(text);
    return value;
}

/* The "hypervisor" flag is set by every x86 hypervisor that is honest. */
static json_t *hypervisor(const char *info)
{
    char *flags = td_probe_value(info, "flags", ':');
    json_t *value = json_null();
    if (flags) {
        struct td_strings words = TD_STRINGS_INIT;
        td_strings_split(&words, flags, " ");
        value = json_boolean(td_strings_has(&words, "hypervisor"));
        td_strings_release(&words);
    }
    free(flags);
    return value;
}

static json_t *virtual_json(const char *root, const char *info)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o}", "hypervisor", hypervisor(info), "type",
        td_probe_text(root, "/sys/hypervisor/type"), "vendor",
        td_probe_text(root, "/sys/class/dmi/id/sys_vendor"), "product",
        td_probe_text(root, "/sys/class/dmi/id/product_name"));
}

/* Podman's and systemd's marks are documented; Docker's is a habit. */
static json_t *container(const char *root)
{
    char *named = td_probe_read(root, "/run/systemd/container");
    json_t *value = json_null();
    if (named && *named)
        value = td_json_text(named);
    else if (td_probe_exists(root, "/run/.containerenv"))
        value = json_string("podman");
    else if (td_probe_exists(root, "/.dockerenv"))
        value = json_string("docker");
    free(named);
    return value;
}

/* "always [madvise] never": the word in brackets. */
static json_t *chosen(char *text)
{
    char *open = text ? strchr(text, '[') : NULL;
    char *close = open ? strchr(open, ']') : NULL;
    json_t *value = json_null();
    if (close) {
        *close = '\0';
        value = td_json_text(open + 1);
    }
    free(text);
    return value;
}

static json_t *libc_version(void)
{
#ifdef __GLIBC__
    return json_sprintf("glibc %s", gnu_get_libc_version());
#else
    return json_null();
#endif
}

json_t *td_host_json(const char *root)
{
    static const char thp[] = "/sys/kernel/mm/transparent_hugepage/enabled";
    static const char source[] =
        "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    char *info = td_probe_read(root, "/proc/cpuinfo");
    json_t *value = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "cpu",
        cpu_json(root, info), "frequency", frequency_json(root), "memory",
        memory_json(root), "kernel", kernel_json(root), "distribution",
        distribution(root), "virtual", virtual_json(root, info), "container",
        container(root), "cgroup", td_cgroup_limits(root), "aslr",
        td_probe_int(root, "/proc/sys/kernel/randomize_va_space"), "thp",
        chosen(td_probe_read(root, thp)), "clocksource",
        td_probe_text(root, source), "libc", libc_version());
    free(info);
    return value;
}
