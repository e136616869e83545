/* The conditions of a run in words, from its manifest. */
#include "base/json.h"
#include "out/document_cells.h"
#include "out/units.h"

#include <inttypes.h>
#include <string.h>

static void add_part(struct td_buf *out, size_t begin, const char *between,
                     const char *text)
{
    if (text && *text)
        td_buf_addf(out, "%s%s", out->len > begin ? between : "", text);
}

static void print_bytes(uint64_t bytes, struct td_buf *out)
{
    struct td_figure figure = {.value = (double)bytes, .known = true};
    struct td_buf unused = TD_BUF_INIT;
    td_figure_print(figure, TD_UNIT_BYTES, out, &unused);
    td_buf_release(&unused);
}

void td_machine_print(const json_t *host, struct td_buf *out)
{
    const json_t *cpu = json_object_get(host, "cpu");
    const json_t *virtual = json_object_get(host, "virtual");
    uint64_t threads = td_json_u64(cpu, "threads", 0);
    uint64_t bytes =
        td_json_u64(json_object_get(host, "memory"), "total_bytes", 0);
    size_t begin = out->len;
    add_part(out, begin, ", ", td_json_str(cpu, "model", NULL));
    if (threads)
        td_buf_addf(out, "%s%" PRIu64 " CPU%s", out->len > begin ? ", " : "",
                    threads, threads == 1 ? "" : "s");
    if (bytes) {
        td_buf_adds(out, out->len > begin ? ", " : "");
        print_bytes(bytes, out);
    }
    if (json_is_true(json_object_get(virtual, "hypervisor")))
        add_part(out, begin, ", ", "virtual");
}

void td_system_print(const json_t *host, struct td_buf *out)
{
    const char *release =
        td_json_str(json_object_get(host, "kernel"), "release", NULL);
    size_t begin = out->len;
    add_part(out, begin, ", ", td_json_str(host, "distribution", NULL));
    if (release)
        td_buf_addf(out, "%sLinux %s", out->len > begin ? ", " : "", release);
    add_part(out, begin, ", ", td_json_str(host, "libc", NULL));
    add_part(out, begin, ", ", td_json_str(host, "container", NULL));
}

/* "[GCC 12.2.0]" of "3.11.2 (main, Apr 28 2025, 14:11:48) [GCC 12.2.0]" */
static void print_compiler(const char *sys_version, size_t begin,
                           struct td_buf *out)
{
    const char *open = sys_version ? strrchr(sys_version, '[') : NULL;
    if (open && strchr(open, ']'))
        td_buf_addf(out, "%s%.*s", out->len > begin ? ", " : "",
                    (int)(strchr(open, ']') - open - 1), open + 1);
}

static void print_flag(const json_t *build, const char *key, const char *yes,
                       const char *no, size_t begin, struct td_buf *out)
{
    const json_t *flag = json_object_get(build, key);
    if (json_is_true(flag))
        add_part(out, begin, ", ", yes);
    else if (json_is_false(flag))
        add_part(out, begin, ", ", no);
}

void td_build_print(const json_t *of, struct td_buf *out)
{
    const json_t *build = json_object_get(of, "build");
    const char *hosting = td_json_str(of, "hosting", NULL);
    const char *amd64 = td_json_str(build, "GOAMD64", NULL);
    size_t begin = out->len;
    print_compiler(td_json_str(build, "sys_version", NULL), begin, out);
    add_part(out, begin, ", ", td_json_str(build, "optimization", NULL));
    print_flag(build, "pgo", "PGO", "no PGO", begin, out);
    print_flag(build, "lto", "LTO", "no LTO", begin, out);
    print_flag(build, "debug", "debug build", NULL, begin, out);
    print_flag(build, "free_threaded", "free-threaded", NULL, begin, out);
    if (amd64 && *amd64)
        td_buf_addf(out, "%sGOAMD64=%s", out->len > begin ? ", " : "", amd64);
    if (hosting)
        td_buf_addf(out, "%shosting %s", out->len > begin ? ", " : "", hosting);
}

bool td_is_own_runtime(const json_t *of)
{
    return !json_is_true(json_object_get(of, "twin")) &&
           !json_is_true(json_object_get(of, "counterpart")) &&
           !json_is_string(json_object_get(of, "problem"));
}

/* Each runtime once, with the build that its first case had. */
static void print_runtimes(const json_t *manifest, struct td_buf *out)
{
    struct td_strings seen = TD_STRINGS_INIT;
    const json_t *of;
    size_t i, begin = out->len;
    json_array_foreach(json_object_get(manifest, "cases"), i, of)
    {
        const char *name = td_json_str(of, "runtime", "?");
        struct td_buf build = TD_BUF_INIT;
        if (td_strings_has(&seen, name) || !td_is_own_runtime(of))
            continue;
        td_strings_add(&seen, name);
        td_build_print(of, &build);
        add_part(out, begin, ", ", name);
        if (build.len)
            td_buf_addf(out, " (%s)", td_buf_str(&build));
        td_buf_release(&build);
    }
    td_strings_release(&seen);
}

static void print_stopping(const json_t *settings, struct td_buf *out)
{
    const json_t *rule = json_object_get(settings, "stopping");
    uint64_t first = td_json_u64(rule, "first", 0);
    uint64_t most =
        td_json_u64(rule, "most", td_json_u64(settings, "pairs", 0));
    double target = td_json_num(rule, "target", 0);
    if (target > 0)
        td_buf_addf(out,
                    "%" PRIu64 " to %" PRIu64 " pairs, until ±%g %% or "
                    "the time is up",
                    first, most, target * 100);
    else if (most)
        td_buf_addf(out, "%" PRIu64 " pairs at most", most);
}

static void print_settings(const json_t *manifest, struct td_buf *out)
{
    const json_t *settings = json_object_get(manifest, "settings");
    const char *cpus = td_json_str(settings, "cpus", NULL);
    const char *servers = td_json_str(settings, "server_placement", NULL);
    const char *seed = td_json_str(manifest, "seed", NULL);
    double turn = td_json_num(settings, "turn_ns", 0);
    size_t begin = out->len;
    print_stopping(settings, out);
    if (turn > 0)
        td_buf_addf(out, "%sturns of %g ms", out->len > begin ? ", " : "",
                    turn / 1e6);
    if (cpus)
        td_buf_addf(out, "%sworkers on CPUs %s", out->len > begin ? ", " : "",
                    cpus);
    add_part(out, begin, ", ", servers);
    if (seed)
        td_buf_addf(out, "%sseed %s", out->len > begin ? ", " : "", seed);
    td_buf_addf(out, "%sintervals at %g %%", out->len > begin ? ", " : "",
                td_json_num(settings, "confidence", .95) * 100);
}

void td_conditions_print(const json_t *manifest, struct td_buf *out)
{
    static void (*const parts[])(const json_t *, struct td_buf *) = {
        td_machine_print, td_system_print};
    const json_t *host = json_object_get(manifest, "host");
    struct td_buf part = TD_BUF_INIT;
    size_t begin = out->len;
    if (json_is_true(json_object_get(manifest, "quick")))
        td_buf_adds(out, "a quick run, too short to rest anything on");
    add_part(out, begin, "; ", td_json_str(manifest, "started", NULL));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        td_buf_clear(&part);
        parts[i](host, &part);
        add_part(out, begin, "; ", td_buf_str(&part));
    }
    td_buf_clear(&part);
    print_runtimes(manifest, &part);
    add_part(out, begin, "; ", td_buf_str(&part));
    td_buf_clear(&part);
    print_settings(manifest, &part);
    add_part(out, begin, "; ", td_buf_str(&part));
    td_buf_release(&part);
}
