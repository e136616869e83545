/* The command table, and nothing else. */
#include "cmd/command.h"

const struct td_command *const td_commands[] = {
    &td_cmd_run,
    &td_cmd_list,
    &td_cmd_runtimes,
    &td_cmd_show,
    &td_cmd_archive,
    &td_cmd_claims,
    &td_cmd_compare,
    &td_cmd_tables,
    &td_cmd_load,
    &td_cmd_service,
    &td_cmd_doctor,
    &td_cmd_tune,
    &td_cmd_analyze,
    &td_cmd_selftest,
    &td_cmd_origin,
    &td_cmd_help,
    NULL,
};

int main(int argc, char **argv)
{
    return td_dispatch(argc, argv);
}
