/* What else the machine did meanwhile, where it was enough to matter. */
#include "summary/summary_parts.h"

#include "base/json.h"

#include <math.h>

/* Parts of the time above which a reader should know. */
#define MUCH_STEAL .01
#define MUCH_WAITING .10
/* A group is named where it had that many times the run's share. */
#define STANDS_OUT 1.5

/* A number deep in an object: path of names, NULL-terminated; NAN if the
 * machine does not tell. */
static double deep(const json_t *object, const char *const *path)
{
    for (; path[1]; path++)
        object = json_object_get(object, path[0]);
    return td_json_num(object, path[0], NAN);
}

/* Two records of td_noise_json. */
struct span {
    const json_t *before, *after;
};

static double change(struct span span, const char *const *path)
{
    return deep(span.after, path) - deep(span.before, path);
}

static double elapsed_ticks(struct span span)
{
    static const char *const kinds[] = {"user",   "nice", "system",  "idle",
                                        "iowait", "irq",  "softirq", "steal"};
    double sum = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        sum += change(span, (const char *const[]){"ticks", kinds[i], NULL});
    return sum;
}

static double stolen_share(struct span span)
{
    static const char *const steal[] = {"ticks", "steal", NULL};
    return change(span, steal) / elapsed_ticks(span);
}

/* Of the time, with something that had to wait for a CPU. */
static double waiting_share(struct span span)
{
    static const char *const ns[] = {"ns", NULL};
    static const char *const waited[] = {"pressure", "cpu", "some", "total_us",
                                         NULL};
    return 1e3 * change(span, waited) / change(span, ns);
}

static void note_stolen(struct td_strings *notes, double share)
{
    td_strings_addf(notes,
                    "the hypervisor took %.0f %% of the CPUs' time away "
                    "(steal)",
                    100 * share);
}

static void note_waiting(struct td_strings *notes, double share)
{
    td_strings_addf(notes,
                    "for %.0f %% of the time something had to wait for a "
                    "CPU: the machine had other work too",
                    100 * fmin(share, 1));
}

static void note_throttling(struct td_strings *notes, double periods,
                            const char *by)
{
    if (periods > 0)
        td_strings_addf(notes, "the CPU was slowed down by %s %.0f times", by,
                        periods);
}

static struct span span_of_run(const json_t *noise)
{
    return (struct span){json_object_get(noise, "before"),
                         json_object_get(noise, "after")};
}

/* NAN compares false: what is not known is not noted. */
void td_summary_note_noise(struct td_strings *notes, const json_t *noise)
{
    static const char *const quota[] = {"throttling", "nr_throttled", NULL};
    static const char *const heat[] = {"thermal", "package", NULL};
    struct span run = span_of_run(noise);
    double stolen = stolen_share(run), waiting = waiting_share(run);
    if (stolen > MUCH_STEAL)
        note_stolen(notes, stolen);
    if (waiting > MUCH_WAITING)
        note_waiting(notes, waiting);
    note_throttling(notes, change(run, quota), "a quota");
    note_throttling(notes, change(run, heat), "heat");
}

static bool stands_out(double share, double much, double of_run)
{
    return share > much && !(share <= STANDS_OUT * of_run);
}

void td_summary_note_group_noise(struct td_group_summary *group,
                                 const struct td_group_entry *entry,
                                 const json_t *of_run)
{
    struct span own = {entry->noise_before, entry->noise_after};
    struct span run = span_of_run(of_run);
    double stolen = stolen_share(own), waiting = waiting_share(own);
    if (stands_out(stolen, MUCH_STEAL, stolen_share(run)))
        note_stolen(&group->notes, stolen);
    if (stands_out(waiting, MUCH_WAITING, waiting_share(run)))
        note_waiting(&group->notes, waiting);
}
