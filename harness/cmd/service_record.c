#include "cmd/service_record.h"

#include "base/json.h"
#include "cmd/run_record.h"

#include <stdlib.h>

static json_t *text_or_null(const char *text)
{
    return text ? td_json_text(text) : json_null();
}

static json_t *settings_json(const struct td_service_options *o,
                             const struct td_settings *settings)
{
    return json_pack(
        "{s:o, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:I, s:I, s:I, s:I, "
        "s:o, s:o, s:o}",
        "slo", td_json_text(o->slo), "invocations", (json_int_t)o->invocations,
        "duration_ns", (json_int_t)o->duration_ns, "warmup_ns",
        (json_int_t)o->warmup_ns, "low_rate", o->low_rate, "high_rate",
        o->high_rate, "start", o->start, "highest", o->highest, "precision",
        o->precision, "repeats", (json_int_t)o->repeats, "trials",
        (json_int_t)o->trials, "memory_limit_bytes",
        (json_int_t)o->memory_limit_bytes, "timeout_ns",
        (json_int_t)o->timeout_ns, "server_cpus",
        text_or_null(settings->server_cpus), "load_cpus",
        text_or_null(settings->load_cpus), "server_placement",
        text_or_null(settings->server_placement));
}

int td_service_record_begin(struct td_run_dir *run, const struct td_app *app,
                            const struct td_service_options *options,
                            const struct td_session *session,
                            struct td_err *err)
{
    json_t *manifest = td_manifest_make(session->plan, &session->settings,
                                        app->argc, app->argv, 0);
    json_object_del(manifest, "clock_pair_ns");
    json_object_set_new(manifest, "kind", json_string(TD_SERVICE_KIND));
    json_object_set_new(manifest, "quick", json_boolean(options->quick));
    json_object_set_new(manifest, "settings",
                        settings_json(options, &session->settings));
    td_run_record_begin(manifest);
    return td_run_dir_create(run, app->results_dir, manifest, 0, err);
}

int td_service_record_save(const struct td_run_dir *run, const json_t *groups,
                           struct td_err *err)
{
    char *text = json_dumps(groups, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    struct td_buf out = TD_BUF_INIT;
    int rc;
    td_buf_addf(&out, "%s\n", text);
    rc = td_run_dir_write(run, "service.json", out.data, out.len, err);
    td_buf_release(&out);
    free(text);
    return rc;
}
