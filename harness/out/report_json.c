#include "out/report.h"

#include <stdlib.h>

void td_report_json(const struct td_summary *summary, struct td_buf *out)
{
    json_t *json = td_summary_json(summary);
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    td_buf_addf(out, "%s\n", text ? text : "null");
    free(text);
    json_decref(json);
}
