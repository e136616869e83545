#include "measure/seat_journal.h"
const struct td_occupant td_occupant_server = {0};
