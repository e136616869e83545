#include "measure/services.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* A service may take as long to start as a worker, but no longer than this. */
static const uint64_t MOST_NS = 30ull * 1000000000u;

/* `tandem` in a service's command is this very program. */
static char *program_of(const char *word)
{
    char *dir, *path;
    if (strcmp(word, "tandem") != 0)
        return td_xstrdup(word);
    dir = td_self_dir();
    path = td_xasprintf("%s/tandem", dir);
    free(dir);
    return path;
}

static int fill_launch(struct td_launch *launch, const struct td_session *s,
                       const struct td_group *group,
                       const struct td_helper *helper, struct td_err *err)
{
    for (size_t i = 0; i < helper->command.count; i++) {
        struct td_buf word = TD_BUF_INIT;
        int rc =
            td_expand(helper->command.at[i], &group->set.params, &word, err);
        td_strings_add(&launch->argv, td_buf_str(&word));
        td_buf_release(&word);
        if (rc)
            return rc;
    }
    launch->program = program_of(launch->argv.at[0]);
    launch->cwd = td_xstrdup(group->workload->dir);
    if (s->settings.service_cpus)
        launch->cpus = td_xstrdup(s->settings.service_cpus);
    td_launch_env_base(launch);
    return 0;
}

static int start_one(struct td_services *services, struct td_session *session,
                     struct td_group *group, const struct td_helper *helper,
                     struct td_err *err)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_service *service = NULL;
    char *line = NULL;
    int rc = fill_launch(&launch, session, group, helper, err);
    if (!rc) {
        uint64_t timeout_ns = session->settings.start_timeout_ns;
        service = td_service_start(session->context->loop, &launch,
                                   timeout_ns < MOST_NS ? timeout_ns : MOST_NS,
                                   &line, err);
        rc = service ? 0 : err->code;
    }
    if (service) {
        services->at[services->count++] = service;
        td_fields_set(&group->set.params, helper->name, line);
    } else {
        td_err_prefix(err, "service %s", helper->name);
    }
    free(line);
    td_launch_release(&launch);
    return rc;
}

int td_services_start(struct td_services *services, struct td_session *session,
                      size_t group, struct td_err *err)
{
    struct td_group *g = &session->plan->groups[group];
    int rc = 0;
    services->count = 0;
    services->workload = g->workload;
    services->at = td_xcalloc(g->workload->nservices, sizeof *services->at);
    for (size_t i = 0; !rc && i < g->workload->nservices; i++)
        rc = start_one(services, session, g, &g->workload->services[i], err);
    return rc;
}

int td_services_check(const struct td_services *services, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < services->count; i++) {
        rc = td_service_check(services->at[i], err);
        if (rc)
            td_err_prefix(err, "service %s",
                          services->workload->services[i].name);
    }
    return rc;
}

void td_services_release(struct td_services *services)
{
    for (size_t i = 0; i < services->count; i++)
        td_service_free(services->at[i]);
    free(services->at);
}

int td_services_blame(struct td_session *session, size_t group,
                      const struct td_err *why, struct td_err *err)
{
    const struct td_group *g = &session->plan->groups[group];
    int rc = 0;
    td_session_blame(session, false);
    for (size_t i = 0; !rc && i < g->ncases; i++) {
        struct td_case *c = &session->plan->cases[g->first_case + i];
        if (c->problem || c->dropped)
            continue;
        c->dropped = true;
        rc =
            td_run_dir_note(session->run,
                            json_pack("{s:s, s:I, s:I, s:o}", "type", "dropped",
                                      "ns", (json_int_t)td_clock_ns(), "case",
                                      (json_int_t)(g->first_case + i),
                                      "message", td_json_text(why->msg)),
                            err);
    }
    return rc;
}
