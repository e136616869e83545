#include "analyze/answer.h"
#include "stat/growth.h"

#include <math.h>

static json_t *fits(const struct td_growth *growth)
{
    json_t *out = json_array();
    for (size_t i = 0; i < growth->plausible; i++) {
        const struct td_growth_fit *fit = &growth->fits[i];
        json_array_append_new(
            out, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "model",
                           td_growth_name(fit->model), "a",
                           td_answer_number(fit->a.value), "c",
                           td_answer_number(fit->c.value), "bic",
                           td_answer_number(fit->bic), "behind_best",
                           td_answer_number(fit->bic - growth->fits[0].bic),
                           "error", td_answer_number(fit->error)));
    }
    return out;
}

json_t *td_answer_growth(const struct td_query *request)
{
    static const struct td_figure unknown = {NAN, NAN, NAN, false, false};
    struct td_growth growth = {.exponent = unknown, .last_octave = unknown};
    int rc = td_growth_fit(request->sizes.at, request->times.at,
                           request->sizes.count, request->confidence, &growth);
    json_t *warnings = json_array();
    if (rc) {
        growth.exponent = unknown;
        growth.last_octave = unknown;
        growth.plausible = 0;
        td_answer_warn(warnings, "fewer than 3 sizes: nothing can be fitted");
    } else if (!growth.enough) {
        td_answer_warn(warnings, "fewer than 9 sizes or less than 2 decades: "
                                 "models cannot be told apart well");
    }
    return json_pack("{s:o, s:o, s:o, s:b, s:o}", "exponent",
                     td_answer_figure(growth.exponent, "log-log slope, t"),
                     "last_octave", td_answer_number(growth.last_octave.value),
                     "fits", fits(&growth), "enough", !rc && growth.enough,
                     "warnings", warnings);
}
