/* tandem analyze: JSON in, the project's statistics out as JSON. */
#include "analyze/analyze.h"
#include "base/files.h"
#include "cmd/command.h"

#include <stdio.h>
#include <string.h>

static int run(struct td_app *app, const void *options,
               const struct td_strings *args, struct td_err *err)
{
    const char *path = args->count ? args->at[0] : "-";
    struct td_buf text = TD_BUF_INIT, out = TD_BUF_INIT;
    int rc;
    (void)app;
    (void)options;
    if (args->count > 1)
        return td_err_set(err, TD_EUSAGE,
                          "analyze takes one file, found \"%s\" as well",
                          args->at[1]);
    if (strcmp(path, "-") == 0)
        path = "/dev/stdin";
    if (td_file_read(path, &text, err))
        rc = err->code = TD_EUSAGE;
    else
        rc = td_analyze(td_buf_str(&text), text.len, &out, err);
    if (!rc)
        fwrite(td_buf_str(&out), 1, out.len, stdout);
    td_buf_release(&text);
    td_buf_release(&out);
    return rc;
}

const struct td_command td_cmd_analyze = {
    .name = "analyze",
    .args = "[FILE]",
    .summary = "work out intervals and verdicts of any data: JSON in, JSON out",
    .details =
        "Reads one JSON object from FILE, or from standard input. What it "
        "holds says\nwhat is asked:\n"
        "  {\"a\":[[x,...],...],\"b\":[[x,...],...]}   b over a: ratio, "
        "verdict, "
        "warm-up;\n"
        "      a[i], b[i]: the samples of one invocation. Also: confidence, "
        "seed,\n"
        "      threshold, paired, order, first, aa (A/A twin), adaptive, "
        "truncate\n"
        "  {\"series\":[x,...],\"kind\":\"warmup\"|\"history\"}   change "
        "points\n"
        "  {\"samples\":[x,...],\"quantiles\":[p,...]}   quantiles with "
        "intervals;\n"
        "      \"npy\":\"FILE\" in place of samples: a run's sample file or "
        "float64\n"
        "  {\"sizes\":[n,...],\"times\":[t,...]}   how time grows with size\n"
        "  {\"cases\":[{...},...]}   many of these: {\"results\":[{...},...]}\n"
        "A wrong request: its JSON path on standard error, status 2, no "
        "answer at all.\nThe same request gives the same bytes. Every field: "
        "harness/analyze/README.md.",
    .run = run,
};
