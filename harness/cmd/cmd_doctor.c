/* tandem doctor: can this machine measure? */
#include "base/clock.h"
#include "base/json.h"
#include "cmd/doctor.h"
#include "host/host.h"
#include "host/noise.h"

#include <stdio.h>

static const struct td_check checks[] = {
    {"clock", td_look_clock, true,
     "every sample costs one pair of clock readings",
     "boot with clocksource=tsc where the machine's TSC is stable"},
    {"cpus", td_look_cpus, true,
     "on a single CPU the harness and all workers push each other aside",
     "give this machine, or this container, a second CPU"},
    {"cpu quota", td_look_quota, true,
     "a process that has used up its quota stands still for the period's rest",
     "lift the CPU limit of the container or service while measuring"},
    {"governor", td_look_governor, true,
     "a frequency that follows the load makes short work slower than long work",
     "sudo tandem tune (and afterwards: sudo tandem tune --restore)"},
    {"turbo", td_look_turbo, true,
     "the boost depends on heat and on what the other cores do",
     "sudo tandem tune (and afterwards: sudo tandem tune --restore)"},
    {"smt", td_look_smt, true,
     "whatever runs on the sibling thread slows this one by up to a half",
     "tandem run --cpus auto takes one thread of each core; or, as root: echo "
     "off > /sys/devices/system/cpu/smt/control"},
    {"load", td_look_load, true, "other programs take CPU time and caches",
     "stop what runs beside (ps -eo pcpu,pid,args --sort=-pcpu | head), or "
     "measure when it is quiet"},
    {"steal", td_look_steal, true, "the hypervisor gave this time to others",
     "use a dedicated host, or more pairs"},
    {"throttling", td_look_throttling, true,
     "a throttled worker stands still for milliseconds inside a sample",
     "lift the CPU limit of the container or service while measuring"},
    {"memory", td_look_memory, true,
     "a machine that swaps measures its disk, and a killed worker nothing",
     "close programs, or raise the container's memory limit"},
    {"huge pages", td_look_thp, true,
     "the kernel may move a worker's memory while it is measured",
     "sudo tandem tune (and afterwards: sudo tandem tune --restore)"},
    {"aslr", td_look_aslr, true,
     "with one fixed memory layout its luck looks like a true difference",
     "sudo sysctl kernel.randomize_va_space=2"},
    {"counters", td_look_counters, false,
     "instruction counts tell work from waiting; times do not need them",
     "sudo sysctl kernel.perf_event_paranoid=2, where the machine has any"},
    {"results", td_look_results, false,
     "samples are written while they are taken",
     "name another directory with --out, or free some space"},
    {"launcher", td_look_launcher, false,
     "it starts every worker and reports its cost",
     "run make (or make install) again"},
    {"compiler", td_look_compiler, false,
     "Go needs one where a package uses cgo", "scripts/deps"},
    {"go", td_look_go, false, "without it no Go workload can be built",
     "scripts/deps, or https://go.dev/dl"},
    {"python", td_look_python, false, "without it no Python workload can run",
     "scripts/deps"},
    {"runtimes", td_look_runtimes, false,
     "a comparison needs both of its sides",
     "tandem runtimes shows each; what is not needed may stay so"},
    {"archive", td_look_archive, false,
     "the shared library can be slower than the executable that users run",
     "scripts/deps (libpython3-dev), then make"},
    {"idle", td_look_idle, true,
     "an idle CPU slows down or sleeps, and workers wait for their turns; "
     "tandem warms each up before it is timed",
     "sudo tandem tune where the governor can be set; longer turns (--turn)"},
    {"neighbour", td_look_neighbour, true,
     "cores share caches, memory and boost; two CPUs of a virtual machine may "
     "be one core",
     "stop what runs beside; from three CPUs on, --cpus auto keeps the harness "
     "away from the workers"},
    {"moves", td_look_moves, true,
     "a thread that changes its CPU finds cold caches",
     "tandem run --cpus auto, or fewer CPUs by name"},
    {"timer", td_look_timer, true, "late wake-ups lengthen whatever waits",
     "stop what runs beside; on a virtual machine little can be done"},
    {"same work", td_look_same, true,
     "what differs from itself by this much hides any smaller difference",
     "see the warnings above; more pairs narrow the interval"},
};

enum { CHECKS = sizeof checks / sizeof checks[0] };

struct doctor_options {
    int format;
    bool hosting;
    char *runtime;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct td_opt options[] = {
    {"format", TD_OPT_CHOICE, offsetof(struct doctor_options, format), "text",
     0, 0, formats, "FORMAT", "how to print what was found"},
    {"hosting", TD_OPT_FLAG, offsetof(struct doctor_options, hosting), NULL, 0,
     0, NULL, NULL,
     "measure instead what each way of hosting a CPython costs (1 minute)"},
    {"runtime", TD_OPT_STRING, offsetof(struct doctor_options, runtime),
     "cpython", 0, 0, NULL, "R", "the CPython that --hosting measures"},
    TD_OPT_END};

static const char *const levels[] = {"ok", "warn", "FAIL"};

static void find_runtimes(struct td_app *app, struct td_exam *exam)
{
    if (td_app_loop(app, &exam->problem))
        return;
    td_runtimes_discover(&app->context, &exam->runtimes);
    exam->searched = true;
}

/* The load trial first: it is about what others do.  Those of which little
 * depends come last, when a slow machine may have used up the time. */
static void run_trials(struct td_exam *exam)
{
    uint64_t start = td_clock_ns();
    exam->until_ns = start + TD_TRIALS_NS;
    td_work_init(&exam->work);
    td_trial_waiting(exam);
    td_trial_same(exam);
    td_trial_timer(exam);
    td_trial_beside(exam);
    td_trial_idle(exam);
    td_trial_pages(exam);
    exam->trials_s = (double)(td_clock_ns() - start) * 1e-9;
}

/* The trials come before the search for runtimes, which starts programs. */
static void examine(struct td_app *app, struct td_exam *exam)
{
    exam->app = app;
    exam->host = td_host_json("");
    exam->pair_ns = td_clock_pair_ns();
    exam->before = td_noise_json("");
    run_trials(exam);
    exam->after = td_noise_json("");
    find_runtimes(app, exam);
}

static void exam_release(struct td_exam *exam)
{
    td_runtimes_release(&exam->runtimes);
    td_work_release(&exam->work);
    json_decref(exam->host);
    json_decref(exam->before);
    json_decref(exam->after);
}

/* What is fine is explained by its effect alone, if that was measured. */
static void print_finding(const struct td_check *check,
                          const struct td_finding *found)
{
    bool fine = found->level == TD_LEVEL_OK;
    printf("%-5s %-11s %s\n", levels[found->level], check->name,
           td_buf_str(&found->found));
    if (found->effect.len || (!fine && check->noise))
        printf("%6seffect: %s\n", "",
               found->effect.len ? td_buf_str(&found->effect) : "not measured");
    if (!fine)
        printf("%6swhy: %s\n%6sfix: %s\n", "", check->why, "", check->fix);
}

static void print_text(const struct td_exam *exam,
                       const struct td_finding found[CHECKS],
                       const int counts[])
{
    for (size_t i = 0; i < CHECKS; i++)
        print_finding(&checks[i], &found[i]);
    printf("\n%d ok, %d to look at, %d in the way: this machine %s.  Trials "
           "took %.1f s.\n",
           counts[TD_LEVEL_OK], counts[TD_LEVEL_WARN], counts[TD_LEVEL_FAIL],
           counts[TD_LEVEL_FAIL]   ? "cannot measure yet"
           : counts[TD_LEVEL_WARN] ? "can measure, with noise"
                                   : "can measure",
           exam->trials_s);
}

static json_t *ratio_json(const struct td_figure *ratio)
{
    if (!ratio->known)
        return json_null();
    return json_pack("{s:f, s:o, s:o}", "value", ratio->value, "lower",
                     ratio->bounded ? json_real(ratio->lower) : json_null(),
                     "upper",
                     ratio->bounded ? json_real(ratio->upper) : json_null());
}

static json_t *finding_json(const struct td_check *check,
                            const struct td_finding *found)
{
    const char *level =
        found->level == TD_LEVEL_FAIL ? "fail" : levels[found->level];
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:s, s:s}", "name", check->name, "level",
        level, "found", td_json_text(td_buf_str(&found->found)), "effect",
        found->effect.len ? td_json_text(td_buf_str(&found->effect))
                          : json_null(),
        "ratio", ratio_json(&found->ratio), "why", check->why, "fix",
        check->fix);
}

static void print_json(const struct td_exam *exam,
                       const struct td_finding found[CHECKS],
                       const int counts[])
{
    json_t *list = json_array(), *all;
    for (size_t i = 0; i < CHECKS; i++)
        json_array_append_new(list, finding_json(&checks[i], &found[i]));
    all = json_pack("{s:b, s:f, s:o, s:O, s:O, s:O}", "can_measure",
                    counts[TD_LEVEL_FAIL] == 0, "trials_s", exam->trials_s,
                    "checks", list, "host", exam->host, "noise_before",
                    exam->before, "noise_after", exam->after);
    json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(all);
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct doctor_options *chosen = values;
    struct td_exam exam = {.app = app};
    struct td_finding found[CHECKS];
    int counts[TD_LEVEL_FAIL + 1] = {0, 0, 0};
    (void)args;
    if (chosen->hosting)
        return td_doctor_hosting(app, chosen->runtime, err);
    examine(app, &exam);
    for (size_t i = 0; i < CHECKS; i++) {
        found[i] = (struct td_finding){.found = TD_BUF_INIT};
        checks[i].look(&exam, &found[i]);
        counts[found[i].level]++;
    }
    if (chosen->format)
        print_json(&exam, found, counts);
    else
        print_text(&exam, found, counts);
    for (size_t i = 0; i < CHECKS; i++) {
        td_buf_release(&found[i].found);
        td_buf_release(&found[i].effect);
    }
    exam_release(&exam);
    if (counts[TD_LEVEL_FAIL])
        return td_err_set(err, TD_EDEPENDENCY,
                          "%d in the way: mend what is marked FAIL",
                          counts[TD_LEVEL_FAIL]);
    return 0;
}

const struct td_command td_cmd_doctor = {
    .name = "doctor",
    .args = "",
    .summary = "say whether this machine can measure, and what disturbs it",
    .details =
        "Reads what the machine tells of itself, measures for at most five\n"
        "seconds what each disturbance costs here, and looks for tools and\n"
        "runtimes.  Each finding has its effect, if it could be measured, and\n"
        "a fix.  Ends with 0 unless something prevents measuring (5).\n"
        "Changes nothing; `tandem tune` does.",
    .options = options,
    .options_size = sizeof(struct doctor_options),
    .run = run,
};
