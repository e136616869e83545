#include "drivers/null/null.h"

#include <string.h>

int null_formula_read(struct null_formula *out, const char *entry,
                      const struct td_fields *setup, struct td_err *err)
{
    static const char *const kinds[] = {"constant", "ramp",    "spike",
                                        "uniform",  "warming", "empty"};
    const struct {
        const char *name;
        uint64_t fallback, *value;
    } parameters[] = {{"p.latency_ns", 1000, &out->latency_ns},
                      {"p.step_ns", 1, &out->step_ns},
                      {"p.period", 100, &out->period},
                      {"p.spike_ns", 10000, &out->spike_ns},
                      {"p.spike_every", 100, &out->spike_every},
                      {"p.spread_ns", 100, &out->spread_ns},
                      {"p.seed", 1, &out->seed}};
    int rc = 0;
    out->kind = '\0';
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (!strcmp(kinds[i], entry))
            out->kind = entry[0];
    if (!out->kind)
        return td_err_set(err, TD_EINPUT, "no formula \"%s\"", entry);
    for (size_t i = 0; !rc && i < sizeof parameters / sizeof parameters[0]; i++)
        rc = td_fields_u64(setup, parameters[i].name, parameters[i].fallback,
                           parameters[i].value, err);
    if (!rc && (!out->period || !out->spike_every || !out->latency_ns))
        rc = td_err_set(err, TD_EINPUT,
                        "latency_ns, period and spike_every must not be 0");
    return rc;
}

/* splitmix64 (Steele, Lea, Flood 2014): a good hash of its counter. */
static uint64_t hash(uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

uint64_t null_formula_ns(const struct null_formula *formula, uint64_t i)
{
    uint64_t ns = formula->latency_ns;
    switch (formula->kind) {
    case 'r':
        ns += formula->step_ns * (i % formula->period);
        break;
    case 'w':
        if (i < formula->period)
            ns += formula->step_ns * (formula->period - i);
        break;
    case 's':
        if (i % formula->spike_every == formula->spike_every - 1)
            ns = formula->spike_ns;
        break;
    case 'u':
        ns += hash(formula->seed ^ hash(i)) % (formula->spread_ns + 1);
        break;
    case 'e':
        return 0;
    default:
        break;
    }
    ns = (uint64_t)((double)ns * formula->factor + 0.5);
    return ns ? ns : 1;
}
