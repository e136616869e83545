/* What else the machine did meanwhile, where it was enough to matter. */
#include "summary/summary_parts.h"

#include "base/json.h"

#include <math.h>

/* Parts of the time above which a reader should know. */
#define MUCH_STEAL .01
#define MUCH_WAITING .10

/* A number deep in an object: path of names, NULL-terminated; NAN if the
 * machine does not tell. */
static double deep(const json_t *object, const char *const *path)
{
    for (; path[1]; path++)
        object = json_object_get(object, path[0]);
    return td_json_num(object, path[0], NAN);
}

static double change(const json_t *noise, const char *const *path)
{
    return deep(json_object_get(noise, "after"), path) -
           deep(json_object_get(noise, "before"), path);
}

static double elapsed_ticks(const json_t *noise)
{
    static const char *const kinds[] = {"user",   "nice", "system",  "idle",
                                        "iowait", "irq",  "softirq", "steal"};
    double sum = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        sum += change(noise, (const char *const[]){"ticks", kinds[i], NULL});
    return sum;
}

static void note_throttling(struct td_strings *notes, double periods,
                            const char *by)
{
    if (periods > 0)
        td_strings_addf(notes, "the CPU was slowed down by %s %.0f times", by,
                        periods);
}

/* NAN compares false: what is not known is not noted. */
void td_summary_note_noise(struct td_strings *notes, const json_t *noise)
{
    static const char *const ns[] = {"ns", NULL};
    static const char *const steal[] = {"ticks", "steal", NULL};
    static const char *const waited[] = {"pressure", "cpu", "some", "total_us",
                                         NULL};
    static const char *const quota[] = {"throttling", "nr_throttled", NULL};
    static const char *const heat[] = {"thermal", "package", NULL};
    double stolen = change(noise, steal) / elapsed_ticks(noise);
    double waiting = 1e3 * change(noise, waited) / change(noise, ns);
    if (stolen > MUCH_STEAL)
        td_strings_addf(notes,
                        "the hypervisor took %.0f %% of the CPUs' time away "
                        "(steal)",
                        100 * stolen);
    if (waiting > MUCH_WAITING)
        td_strings_addf(notes,
                        "for %.0f %% of the time something had to wait for a "
                        "CPU: the machine had other work too",
                        100 * fmin(waiting, 1));
    note_throttling(notes, change(noise, quota), "a quota");
    note_throttling(notes, change(noise, heat), "heat");
}
