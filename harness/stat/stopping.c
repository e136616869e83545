#include "stat/stopping.h"

#include <math.h>

const struct td_stopping td_stopping_default = {15, 5, 150, .01};

bool td_stopping_look(const struct td_stopping *rule, uint32_t pairs)
{
    uint32_t every = rule->every ? rule->every : 1;
    if (pairs >= rule->most)
        return true;
    if (rule->target <= 0 || pairs < rule->first)
        return false;
    return (pairs - rule->first) % every == 0;
}

bool td_stopping_enough(const struct td_stopping *rule, uint32_t pairs,
                        double half_width)
{
    if (pairs >= rule->most)
        return true;
    return td_stopping_look(rule, pairs) && half_width <= rule->target;
}

double td_stopping_confidence(const struct td_stopping *rule, double nominal)
{
    return rule->target > 0 ? 1 - .6 * (1 - nominal) : nominal;
}
