#include "cmd/run_record.h"

#include "base/clock.h"
#include "cmd/command.h"
#include "host/host.h"
#include "host/noise.h"

#include <time.h>

static void set_started(json_t *manifest)
{
    char text[32];
    time_t now = (time_t)td_clock_wall_s();
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_object_set_new(manifest, "started", json_string(text));
}

void td_run_record_begin(json_t *manifest)
{
    json_object_set_new(manifest, "tandem", json_string(TD_VERSION));
    json_object_set_new(manifest, "host", td_host_json(""));
    json_object_set_new(
        manifest, "noise",
        json_pack("{s:o}", "before", td_noise_json(td_noise_root())));
    set_started(manifest);
}

int td_run_record_end(struct td_run_dir *run, const char *status,
                      struct td_err *err)
{
    json_t *noise = json_object_get(run->manifest, "noise");
    int rc =
        td_run_dir_note(run,
                        json_pack("{s:s, s:I, s:s}", "type", "finish", "ns",
                                  (json_int_t)td_clock_ns(), "status", status),
                        err);
    json_object_set_new(noise, "after", td_noise_json(td_noise_root()));
    json_object_set_new(run->manifest, "status", json_string(status));
    if (!rc)
        rc = td_run_dir_sync(run, true, err);
    if (!rc)
        rc = td_run_dir_save_manifest(run, err);
    return rc;
}
