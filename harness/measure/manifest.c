#include "base/json.h"
#include "host/rules.h"
#include "measure/session.h"
#include "plan/command_steps.h"
#include "plan/server_load.h"

#include <stdlib.h>

static json_t *params_json(const struct td_fields *params)
{
    json_t *object = json_object();
    for (size_t i = 0; i < params->count; i++)
        json_object_set_new(object, params->at[i].name,
                            td_json_text(params->at[i].value));
    return object;
}

static json_t *strings_json(const struct td_strings *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, td_json_text(list->at[i]));
    return out;
}

static json_t *text_or_null(const char *text)
{
    return text ? td_json_text(text) : json_null();
}

static json_t *load_json(const struct td_group *group)
{
    struct td_server_load load;
    struct td_err ignored = TD_ERR_INIT;
    json_t *out = NULL;
    if (group->workload->kind == TD_WORKLOAD_SERVER &&
        !td_server_load_read(&load, &group->set.params, "", TD_EINTERNAL,
                             &ignored))
        out = json_pack("{s:f, s:s, s:I, s:b, s:I}", "rate", load.rate,
                        "arrivals", td_arrivals_words[load.arrivals],
                        "connections", (json_int_t)load.connections,
                        "keepalive", (int)load.keepalive, "memory_bytes",
                        (json_int_t)load.memory_bytes);
    if (group->workload->kind == TD_WORKLOAD_SERVER)
        td_server_load_release(&load);
    return out ? out : json_null();
}

/* As the file says it: paths of this machine are not in it. */
static json_t *command_json(const struct td_group *group,
                            const struct td_case *c)
{
    static const char *const words[] = {"prepare", "cleanup", "env"};
    const struct td_implementation *implementation = c->spec.implementation;
    const char *family = c->spec.runtime->family, *common;
    json_t *out;
    if (group->workload->kind != TD_WORKLOAD_COMMAND)
        return json_null();
    common = td_command_step(implementation, NULL, "env");
    out = json_pack("{s:s, s:I, s:b, s:o}", "until",
                    td_command_until_words[group->set.until], "timeout_ns",
                    (json_int_t)group->set.timeout_ns, "network",
                    (int)group->workload->network, "env_of_all",
                    text_or_null(common));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        json_object_set_new(
            out, words[i],
            text_or_null(td_command_step(implementation, family, words[i])));
    return out;
}

/* How the case's program is run, which is not always how a worker would. */
static const char *hosting_of(const struct td_case *c)
{
    const char *own = c->spec.runtime->hosting;
    return own && c->spec.workload->kind == TD_WORKLOAD_COMMAND ? "stock" : own;
}

static json_t *group_json(const struct td_group *group)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:s, s:s, s:b, "
                     "s:b}",
                     "workload", group->workload->name, "set", group->set.name,
                     "params", params_json(&group->set.params), "sweeps",
                     strings_json(&group->set.sweeps), "load", load_json(group),
                     "answer", text_or_null(group->set.answer), "ideal_ns",
                     (json_int_t)group->set.ideal_ns, "turn_ns",
                     (json_int_t)group->set.turn_ns, "base",
                     group->workload->base, "default",
                     group->workload->default_implementation, "reference",
                     (int)group->is_reference, "command",
                     (int)(group->workload->kind == TD_WORKLOAD_COMMAND));
}

static json_t *case_json(const struct td_plan *plan, const struct td_case *c)
{
    const struct td_runtime *runtime = c->spec.runtime;
    const struct td_case *base = td_case_base(plan, c);
    return json_pack(
        "{s:I, s:s, s:s, s:s, s:o, s:o, s:b, s:b, s:s, s:O, s:s, s:s, s:O, "
        "s:o, s:o, s:o}",
        "group", (json_int_t)c->group, "runtime", runtime->name, "family",
        runtime->family, "version", runtime->version, "hosting",
        text_or_null(hosting_of(c)), "revision",
        text_or_null(runtime->revision), "twin", (int)runtime->twin,
        "counterpart", (int)runtime->counterpart, "path", runtime->path,
        "build", runtime->build, "implementation", c->spec.implementation->name,
        "entry", c->spec.entry, "hashes", c->hashes, "base",
        base ? json_integer((json_int_t)(base - plan->cases)) : json_null(),
        "problem", text_or_null(c->problem), "command",
        command_json(&plan->groups[c->group], c));
}

static json_t *stopping_json(const struct td_stopping *rule)
{
    return json_pack("{s:I, s:I, s:I, s:f}", "first", (json_int_t)rule->first,
                     "every", (json_int_t)rule->every, "most",
                     (json_int_t)rule->most, "target", rule->target);
}

static json_t *settings_json(const struct td_settings *settings)
{
    return json_pack(
        "{s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:f, s:f, s:b, s:o}",
        "pairs", (json_int_t)settings->stopping.most, "stopping",
        stopping_json(&settings->stopping), "time_budget_ns",
        (json_int_t)settings->time_budget_ns, "group_time_ns",
        (json_int_t)settings->group_time_ns, "turn_ns",
        (json_int_t)settings->turn_ns, "server_turn_ns",
        (json_int_t)settings->server_turn_ns, "reference_pairs",
        (json_int_t)settings->reference_pairs, "reference_turn_ns",
        (json_int_t)settings->reference_turn_ns, "repetitions",
        (json_int_t)settings->repetitions, "cpus", text_or_null(settings->cpus),
        "service_cpus", text_or_null(settings->service_cpus), "placement",
        text_or_null(settings->placement), "server_cpus",
        text_or_null(settings->server_cpus), "load_cpus",
        text_or_null(settings->load_cpus), "server_placement",
        text_or_null(settings->server_placement), "confidence", 0.95,
        "threshold", settings->threshold, "cross_check",
        (int)settings->cross_check, "set_aside", td_rules_json());
}

json_t *td_manifest_make(const struct td_plan *plan,
                         const struct td_settings *settings, int argc,
                         char **argv, double clock_pair_ns)
{
    json_t *manifest = json_object(), *command = json_array();
    json_t *groups = json_array(), *cases = json_array();
    char *seed = td_xasprintf("%llu", (unsigned long long)settings->seed);
    for (int i = 0; i < argc; i++)
        json_array_append_new(command, td_json_text(argv[i]));
    for (size_t i = 0; i < plan->ngroups; i++)
        json_array_append_new(groups, group_json(&plan->groups[i]));
    for (size_t i = 0; i < plan->ncases; i++)
        json_array_append_new(cases, case_json(plan, &plan->cases[i]));
    json_object_set_new(manifest, "schema", json_integer(TD_SCHEMA));
    json_object_set_new(manifest, "command", command);
    json_object_set_new(manifest, "seed", json_string(seed));
    json_object_set_new(manifest, "status", json_string("running"));
    json_object_set_new(manifest, "quick", json_boolean(settings->quick));
    json_object_set_new(manifest, "settings", settings_json(settings));
    json_object_set_new(manifest, "clock_pair_ns", json_real(clock_pair_ns));
    json_object_set_new(manifest, "groups", groups);
    json_object_set_new(manifest, "cases", cases);
    free(seed);
    return manifest;
}
