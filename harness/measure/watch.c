#include "measure/watch.h"

#include "base/json.h"
#include "host/noise.h"
#include "store/samples.h"

void td_watch_begin(struct td_watch *watch, int pid)
{
    const char *root = td_noise_root();
    watch->steal_ns = td_noise_steal_ns(root);
    td_process_noise_glance(root, pid, &watch->process);
}

void td_watch_end(const struct td_watch *watch, int pid,
                  const struct td_batch *batch, struct td_disturbance *out)
{
    struct td_watch now;
    td_watch_begin(&now, pid);
    *out = (struct td_disturbance){
        td_noise_growth(watch->process.involuntary_switches,
                        now.process.involuntary_switches),
        td_noise_growth(watch->process.wait_ns, now.process.wait_ns),
        td_noise_growth(watch->steal_ns, now.steal_ns), batch->gc_cycles};
}

static bool some(uint64_t count)
{
    return count != 0 && count != UINT64_MAX;
}

uint32_t td_disturbance_flags(const struct td_disturbance *disturbance)
{
    uint32_t flags = 0;
    if (some(disturbance->switches))
        flags |= TD_SAMPLE_SWITCHED;
    if (some(disturbance->steal_ns))
        flags |= TD_SAMPLE_STOLEN;
    if (some(disturbance->gc_cycles))
        flags |= TD_SAMPLE_GC;
    return flags;
}

void td_disturbance_add_json(const struct td_disturbance *disturbance,
                             json_t *line)
{
    json_object_set_new(line, "switches", td_json_known(disturbance->switches));
    json_object_set_new(line, "wait_ns", td_json_known(disturbance->wait_ns));
    json_object_set_new(line, "steal_ns", td_json_known(disturbance->steal_ns));
    json_object_set_new(line, "gc_cycles",
                        td_json_known(disturbance->gc_cycles));
}
