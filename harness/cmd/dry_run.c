#include "cmd/dry_run.h"

#include <inttypes.h>

static uint32_t print_cases(const struct td_plan *plan,
                            const struct td_group *group, FILE *out)
{
    uint32_t able = 0;
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case *c = &plan->cases[group->first_case + i];
        if (c->problem)
            fprintf(out, "  -  %-20s %-14s cannot run: %s\n",
                    c->spec.runtime->name, c->spec.implementation->name,
                    c->problem);
        else
            fprintf(out, "  %c  %-20s %-14s %s\n", 'A' + (char)(able++ % 26),
                    c->spec.runtime->name, c->spec.implementation->name,
                    c->spec.entry);
    }
    return able;
}

static void print_turns(const struct td_settings *settings, size_t group,
                        uint32_t able, FILE *out)
{
    struct td_schedule schedule = {0};
    td_schedule_make(&schedule, settings->seed, (uint32_t)group, 0, able,
                     settings->repetitions ? settings->repetitions : 1);
    fputs("  first pair's turns: ", out);
    for (size_t i = 0; i < schedule.nturns; i++)
        fputc('A' + (char)(schedule.turn[i] % 26), out);
    fputc('\n', out);
    td_schedule_release(&schedule);
}

int td_dry_run(const struct td_plan *plan, const struct td_settings *settings,
               FILE *out)
{
    const struct td_stopping *rule = &settings->stopping;
    fprintf(out, "%zu group%s, ", plan->ngroups, plan->ngroups == 1 ? "" : "s");
    if (rule->target > 0)
        fprintf(out, "%" PRIu32 " to ", rule->first);
    fprintf(out, "%" PRIu32 " pairs each, seed %" PRIu64, rule->most,
            settings->seed);
    if (settings->time_budget_ns)
        fprintf(out, ", %.0f s in all",
                (double)settings->time_budget_ns * 1e-9);
    fputs("; nothing was measured\n", out);
    if (settings->placement)
        fprintf(out, "CPUs %s\n", settings->placement);
    for (size_t g = 0; g < plan->ngroups; g++) {
        const struct td_group *group = &plan->groups[g];
        uint32_t able;
        fprintf(out, "\n%s  %s  answer %s\n", group->workload->name,
                group->set.name, group->answer ? group->answer : "unknown");
        able = print_cases(plan, group, out);
        if (able)
            print_turns(settings, g, able, out);
    }
    return 0;
}
