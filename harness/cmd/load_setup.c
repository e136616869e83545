/* From options to a plan; declared in load_options.h. */
#include "base/files.h"
#include "cmd/load_options.h"
#include "host/placement.h"
#include "load/load_request.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIAL_DRAIN_NS 1000000000u

static int read_file(const char *option, const char *path, struct td_buf *out,
                     struct td_err *err)
{
    if (!td_file_read(path, out, err))
        return 0;
    err->code = TD_EUSAGE;
    return td_err_prefix(err, "--%s", option);
}

/* A load whose figures cannot be written is better not begun. */
static int check_directory(const char *option, const char *path,
                           struct td_err *err)
{
    char *copy = path ? td_xstrdup(path) : NULL;
    if (path && access(dirname(copy), W_OK) != 0)
        td_err_set(err, TD_EUSAGE, "--%s %s: %s", option, path,
                   strerror(errno));
    free(copy);
    return err->code;
}

static int check_cpus(const char *list, struct td_err *err)
{
    struct td_placement placement = TD_PLACEMENT_INIT;
    struct td_err why = TD_ERR_INIT;
    if (list && td_placement_given(&placement, "", list, 1, &why))
        td_err_set(err, TD_EUSAGE,
                   "--cpus %s: expected CPUs that this process may use, such "
                   "as 1 or 2-3",
                   list);
    td_placement_release(&placement);
    return err->code;
}

static int add_one(struct td_load_setup *out, const struct td_load_options *o,
                   struct td_err *err)
{
    struct td_load_request_text text = {
        .method = o->method, .headers = &o->headers, .body = o->body};
    struct td_buf body = TD_BUF_INIT;
    int rc = 0;
    text.body_len = o->body ? strlen(o->body) : 0;
    if (o->body_file) {
        rc = read_file("body-file", o->body_file, &body, err);
        text.body = td_buf_str(&body);
        text.body_len = body.len;
    }
    if (!rc)
        rc = td_load_requests_add(&out->requests, &out->target, &text,
                                  o->keepalive, 1, err);
    td_buf_release(&body);
    return rc;
}

static int add_mix(struct td_load_setup *out, const struct td_load_options *o,
                   struct td_err *err)
{
    struct td_load_request_text common = {.headers = &o->headers};
    if (strcmp(out->target.path, "/") != 0)
        return td_err_set(err, TD_EUSAGE,
                          "--requests FILE says the paths: leave \"%s\" out of "
                          "the URL",
                          out->target.path);
    return td_load_requests_read(&out->requests, o->requests, &out->target,
                                 &common, o->keepalive, err);
}

/* For the requests that do not say themselves what they expect. */
static int set_expectations(struct td_load_setup *out,
                            const struct td_load_options *o, struct td_err *err)
{
    struct td_buf body = TD_BUF_INIT;
    if (o->expect_body &&
        read_file("expect-body", o->expect_body, &body, err)) {
        td_buf_release(&body);
        return err->code;
    }
    for (size_t i = 0; i < out->requests.count; i++) {
        struct td_load_request *request = &out->requests.at[i];
        if (!request->expect_status)
            request->expect_status = (int)o->expect_status;
        if (o->expect_body && !request->expect_body && !request->head) {
            request->expect_body = td_xmalloc(body.len + 1);
            memcpy(request->expect_body, td_buf_str(&body), body.len + 1);
            request->expect_body_len = body.len;
        }
    }
    td_buf_release(&body);
    return 0;
}

static void fill_plan(struct td_load_setup *out,
                      const struct td_load_options *o)
{
    out->plan = (struct td_load_plan){
        .target = &out->target,
        .requests = &out->requests,
        .rate = o->rate,
        .arrivals = (enum td_arrivals)o->arrivals,
        .connections = (uint32_t)o->connections,
        .threads = (uint32_t)o->threads,
        .duration_ns = o->duration_ns,
        .warmup_ns = o->warmup_ns,
        .timeout_ns = o->timeout_ns,
        .drain_ns = o->timeout_ns,
        .seed = (uint64_t)o->seed,
        .keepalive = o->keepalive,
        .busy_poll = o->busy_poll,
        .cpus = o->cpus,
    };
}

int td_load_setup_make(struct td_load_setup *out,
                       const struct td_load_options *options, const char *url,
                       struct td_err *err)
{
    memset(out, 0, sizeof *out);
    if (options->find_max && td_slo_parse(&out->slo, options->slo, err))
        return err->code;
    if (check_directory("hlog", options->hlog, err) ||
        check_directory("hgrm", options->hgrm, err) ||
        check_cpus(options->cpus, err) ||
        td_load_target_parse(&out->target, url, options->allow_remote, err))
        return err->code;
    if (options->requests ? add_mix(out, options, err)
                          : add_one(out, options, err))
        return err->code;
    fill_plan(out, options);
    if (options->find_max)
        out->plan.drain_ns =
            td_load_trial_drain_ns(&out->slo, options->timeout_ns);
    return set_expectations(out, options, err);
}

void td_load_setup_release(struct td_load_setup *setup)
{
    td_load_requests_release(&setup->requests);
    td_load_target_release(&setup->target);
}

uint64_t td_load_trial_drain_ns(const struct td_slo *slo, uint64_t timeout_ns)
{
    uint64_t drain_ns = TRIAL_DRAIN_NS;
    bool timed = false;
    for (size_t i = 0; i < slo->count; i++) {
        const struct td_slo_condition *condition = &slo->at[i];
        if (condition->kind == TD_SLO_ERRORS)
            continue;
        timed = true;
        if (2 * condition->limit > (double)drain_ns)
            drain_ns = (uint64_t)(2 * condition->limit);
    }
    return timed && drain_ns < timeout_ns ? drain_ns : timeout_ns;
}
