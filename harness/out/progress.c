#include "out/progress.h"

#include "base/buf.h"
#include "out/table.h"
#include "out/units.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TERMINAL_NS 100000000ull
#define PLAIN_NS 10000000000ull

enum { NARROWEST = 20, USUAL_COLUMNS = 80 };

void td_progress_init(struct td_progress_line *line, FILE *to)
{
    *line =
        (struct td_progress_line){to, isatty(fileno(to)) == 1, false, 0, false};
}

static void describe(const struct td_progress *p, struct td_buf *out)
{
    if (p->workload)
        td_buf_addf(out, "%s %s", p->workload, p->set ? p->set : "");
    if (p->pairs)
        td_buf_addf(out, ", pair %u of %u", p->pair, p->pairs);
    if (isfinite(p->ratio))
        td_buf_addf(out, ", %s%s%.*f", p->ratio_of ? p->ratio_of : "ratio", " ",
                    p->ratio < 10 ? 3 : 1, p->ratio);
    if (isfinite(p->ratio) && isfinite(p->half_width))
        td_buf_addf(out, " ±%.1f %%", 100 * p->half_width);
    if (isfinite(p->eta_s)) {
        td_buf_adds(out, ", ");
        td_seconds_print(p->eta_s, out);
        td_buf_adds(out, " to go");
    }
    if (p->note)
        td_buf_addf(out, "%s%s", out->len ? "; " : "", p->note);
}

/* A line that wrapped could not be written over. */
static void cut_to_terminal(FILE *to, struct td_buf *text)
{
    struct winsize size;
    size_t columns = USUAL_COLUMNS;
    if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col >= NARROWEST)
        columns = size.ws_col;
    while (text->len && td_text_width(text->data) >= columns) {
        do
            text->data[--text->len] = '\0';
        while (text->len && ((unsigned char)text->data[text->len - 1] & 0x80));
    }
}

void td_progress_show(struct td_progress_line *line,
                      const struct td_progress *progress, uint64_t now_ns)
{
    struct td_buf text = TD_BUF_INIT;
    uint64_t period = line->terminal ? TERMINAL_NS : PLAIN_NS;
    if (line->any && now_ns - line->last_ns < period)
        return;
    describe(progress, &text);
    if (line->terminal) {
        cut_to_terminal(line->to, &text);
        fprintf(line->to, "\r%s\033[K", td_buf_str(&text));
    } else {
        fprintf(line->to, "%s\n", td_buf_str(&text));
    }
    fflush(line->to);
    line->shown = line->terminal;
    line->any = true;
    line->last_ns = now_ns;
    td_buf_release(&text);
}

void td_progress_clear(struct td_progress_line *line)
{
    if (line->shown) {
        fputs("\r\033[K", line->to);
        fflush(line->to);
    }
    line->shown = false;
}
