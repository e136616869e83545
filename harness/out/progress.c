#include "out/progress.h"

#include "base/clock.h"
#include "out/table.h"
#include "out/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TERMINAL_NS 100000000ull
#define PLAIN_NS 10000000000ull

enum { NARROWEST = 20, USUAL_COLUMNS = 80 };

struct td_progress_printer {
    FILE *to;
    bool terminal;
    bool shown;       /* a line stands on the terminal */
    uint64_t next_ns; /* when the next line is due */
};

struct td_progress_printer *td_progress_new(FILE *to)
{
    struct td_progress_printer *printer = td_xcalloc(1, sizeof *printer);
    printer->to = to;
    printer->terminal = isatty(fileno(to)) == 1;
    return printer;
}

void td_progress_free(struct td_progress_printer *printer)
{
    if (printer)
        td_progress_clear(printer);
    free(printer);
}

/* A line that wrapped could not be written over. */
static void cut_to_terminal(FILE *to, struct td_buf *text)
{
    struct winsize size;
    size_t columns = USUAL_COLUMNS;
    if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col >= NARROWEST)
        columns = size.ws_col;
    while (text->len && td_text_width(text->data) >= columns) {
        while (((unsigned char)text->data[text->len - 1] & 0xc0) == 0x80)
            text->len--;
        text->data[--text->len] = '\0';
    }
}

static void show(struct td_progress_printer *printer, struct td_buf *text)
{
    if (printer->terminal) {
        cut_to_terminal(printer->to, text);
        fprintf(printer->to, "\r%s\033[K", td_buf_str(text));
    } else {
        fprintf(printer->to, "%s\n", td_buf_str(text));
    }
    fflush(printer->to);
    printer->shown = printer->terminal;
    printer->next_ns =
        td_clock_ns() + (printer->terminal ? TERMINAL_NS : PLAIN_NS);
}

void td_progress_note(struct td_progress_printer *printer, const char *doing,
                      const char *what)
{
    struct td_buf text = TD_BUF_INIT;
    td_buf_addf(&text, "%s %s", doing, what);
    show(printer, &text);
    td_buf_release(&text);
    printer->next_ns = 0;
}

static void describe_ratio(const struct td_event *event, struct td_buf *out)
{
    /* One pair has a ratio but no interval, and so nothing to show yet. */
    if (!isfinite(event->ratio) || !isfinite(event->half_width))
        return;
    td_buf_adds(out, ", ");
    if (event->numerator && event->denominator)
        td_buf_addf(out, "%s / %s ", event->numerator, event->denominator);
    td_buf_addf(out, "%.*f", event->ratio < 10 ? 3 : 1, event->ratio);
    td_buf_addf(out, " ±%.1f %%", 100 * event->half_width);
}

void td_progress_describe(const struct td_event *event, struct td_buf *out)
{
    td_buf_addf(out, "%s %s, ", event->workload, event->set);
    if (event->done)
        td_buf_addf(out, "done: %u pair%s", event->pair,
                    event->pair == 1 ? "" : "s");
    else
        td_buf_addf(
            out, event->target > 0 ? "pair %u of at most %u" : "pair %u of %u",
            event->pair < event->pairs ? event->pair + 1 : event->pair,
            event->pairs);
    describe_ratio(event, out);
    if (event->done || !isfinite(event->eta_s))
        return;
    td_buf_adds(out, ", ");
    td_seconds_print(event->eta_s, out);
    td_buf_adds(out, " to go");
}

void td_progress_update(struct td_progress_printer *printer,
                        const struct td_event *event)
{
    struct td_buf text = TD_BUF_INIT;
    if (!event->done && td_clock_ns() < printer->next_ns)
        return;
    td_progress_describe(event, &text);
    show(printer, &text);
    td_buf_release(&text);
}

void td_progress_clear(struct td_progress_printer *printer)
{
    if (printer->shown) {
        fputs("\r\033[K", printer->to);
        fflush(printer->to);
    }
    printer->shown = false;
}
