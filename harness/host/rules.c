#include "host/rules.h"

#include "base/json.h"

#include <math.h>

/* NAN where either record does not tell; it compares false. */
static double growth(const json_t *before, const json_t *after,
                     const char *part, const char *name)
{
    return td_json_num(json_object_get(after, part), name, NAN) -
           td_json_num(json_object_get(before, part), name, NAN);
}

/* Ticks in which some process wanted to run. */
static double wanted_ticks(const json_t *before, const json_t *after)
{
    static const char *const kinds[] = {"user", "nice",    "system",
                                        "irq",  "softirq", "steal"};
    double sum = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        sum += growth(before, after, "ticks", kinds[i]);
    return sum;
}

const char *td_rules_broken(const json_t *before, const json_t *after)
{
    double periods = growth(before, after, "throttling", "nr_throttled");
    double stolen = growth(before, after, "ticks", "steal");
    if (periods > TD_RULE_THROTTLED_PERIODS)
        return "throttled";
    if (stolen >= TD_RULE_STOLEN_TICKS &&
        stolen > TD_RULE_STOLEN_SHARE * wanted_ticks(before, after))
        return "stolen";
    return NULL;
}

json_t *td_rules_json(void)
{
    return json_pack("{s:i, s:f, s:i}", "throttled_periods",
                     TD_RULE_THROTTLED_PERIODS, "stolen_share",
                     TD_RULE_STOLEN_SHARE, "stolen_ticks",
                     TD_RULE_STOLEN_TICKS);
}
