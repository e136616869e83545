#include "claims/value.h"

#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void td_value_init(struct td_value *value)
{
    *value = (struct td_value){
        .figure = {NAN, NAN, NAN, false, false},
        .log_error = NAN,
    };
}

void td_value_release(struct td_value *value)
{
    for (size_t i = 0; i < value->nsources; i++) {
        free(value->sources[i].run);
        free(value->sources[i].title);
        free(value->sources[i].host);
    }
    free(value->sources);
    free(value->run);
    free(value->missing);
    free(value->caveat);
    td_value_init(value);
}

/* "Example CPU, 2 CPUs, kernel 6.1.0" */
static char *host_of(const json_t *manifest)
{
    const json_t *host = json_object_get(manifest, "host");
    const json_t *cpu = json_object_get(host, "cpu");
    return td_xasprintf(
        "%s, %llu CPUs, kernel %s", td_json_str(cpu, "model", "unknown CPU"),
        (unsigned long long)td_json_u64(cpu, "threads", 0),
        td_json_str(json_object_get(host, "kernel"), "release", "unknown"));
}

static char *title_of(const struct td_fact *fact,
                      const struct td_case_name *name)
{
    if (!fact->group)
        return td_xasprintf("%s %s, %s", name->workload, name->set,
                            td_json_str(fact->of, "name", ""));
    return td_xasprintf("%s %s, %s %s", name->workload, name->set,
                        td_json_str(fact->of, "runtime", ""),
                        td_json_str(fact->of, "implementation", ""));
}

static struct td_value_source *more(struct td_value *value, size_t count)
{
    value->sources = td_xrealloc(value->sources, (value->nsources + count) *
                                                     sizeof *value->sources);
    value->nsources += count;
    return &value->sources[value->nsources - count];
}

void td_value_add_source(struct td_value *value, const struct td_fact *fact,
                         const struct td_case_name *name)
{
    *more(value, 1) = (struct td_value_source){
        .run = td_xstrdup(fact->run),
        .case_index = fact->index,
        .title = title_of(fact, name),
        .host = host_of(fact->manifest),
        .invocations = (size_t)td_json_u64(fact->of, "invocations", 0),
        .quick = fact->quick,
        .service = !fact->group,
    };
}

void td_value_take_sources(struct td_value *value, struct td_value *part)
{
    if (part->nsources)
        memcpy(more(value, part->nsources), part->sources,
               part->nsources * sizeof *part->sources);
    free(part->sources);
    part->sources = NULL;
    part->nsources = 0;
}

void td_value_close(struct td_value *value)
{
    struct td_strings runs = TD_STRINGS_INIT;
    struct td_buf text = TD_BUF_INIT;
    free(value->run);
    value->run = NULL;
    if (value->missing)
        value->figure = (struct td_figure){NAN, NAN, NAN, false, false};
    for (size_t i = 0; !value->missing && i < value->nsources; i++) {
        const struct td_value_source *at = &value->sources[i];
        value->quick = value->quick || at->quick;
        if (td_strings_has(&runs, at->run))
            continue;
        td_strings_add(&runs, at->run);
        td_buf_addf(&text, "%s%s", text.len ? ", " : "", at->run);
    }
    if (text.len)
        value->run = td_buf_detach(&text);
    td_buf_release(&text);
    td_strings_release(&runs);
}
