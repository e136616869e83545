#include "load/load.h"

#include <stdlib.h>
#include <string.h>

const char *const td_load_failure_keys[TD_LOAD_FAILURES] = {
    [TD_LOAD_CONNECT_REFUSED] = "connect_refused",
    [TD_LOAD_CONNECT_OTHER] = "connect_other",
    [TD_LOAD_RESET] = "reset",
    [TD_LOAD_IDLE_RESET] = "idle_reset",
    [TD_LOAD_TIMEOUT] = "timeout",
    [TD_LOAD_SHORT_BODY] = "short_body",
    [TD_LOAD_BAD_HTTP] = "bad_http",
    [TD_LOAD_STATUS_1XX_3XX] = "status_1xx_3xx",
    [TD_LOAD_STATUS_4XX] = "status_4xx",
    [TD_LOAD_STATUS_5XX] = "status_5xx",
    [TD_LOAD_STATUS_2XX] = "status_2xx",
    [TD_LOAD_BODY] = "body",
};

const char *const td_load_failure_words[TD_LOAD_FAILURES] = {
    [TD_LOAD_CONNECT_REFUSED] = "connection refused",
    [TD_LOAD_CONNECT_OTHER] = "cannot connect",
    [TD_LOAD_RESET] = "closed or reset without an answer",
    [TD_LOAD_IDLE_RESET] = "idle connection closed by the server",
    [TD_LOAD_TIMEOUT] = "time-out",
    [TD_LOAD_SHORT_BODY] = "answer cut short",
    [TD_LOAD_BAD_HTTP] = "not HTTP",
    [TD_LOAD_STATUS_1XX_3XX] = "status 1xx or 3xx",
    [TD_LOAD_STATUS_4XX] = "status 4xx",
    [TD_LOAD_STATUS_5XX] = "status 5xx",
    [TD_LOAD_STATUS_2XX] = "another 2xx than expected",
    [TD_LOAD_BODY] = "other body than expected",
};

void td_load_requests_release(struct td_load_requests *requests)
{
    for (size_t i = 0; i < requests->count; i++) {
        free(requests->at[i].bytes);
        free(requests->at[i].expect_body);
    }
    free(requests->at);
    *requests = (struct td_load_requests){NULL, 0};
}

void td_load_result_init(struct td_load_result *result)
{
    memset(result, 0, sizeof *result);
}

void td_load_result_release(struct td_load_result *result)
{
    td_hist_release(&result->latency);
    td_hist_release(&result->service);
    td_hist_release(&result->send_lag);
    free(result->seconds);
    memset(result, 0, sizeof *result);
}

uint64_t td_load_failed(const struct td_load_result *result)
{
    uint64_t failed = 0;
    for (int i = 0; i < TD_LOAD_FAILURES; i++)
        failed += result->failed[i];
    return failed;
}
