/*
 * launcher_cpus - the CPUs that a launched process may use.
 */
#ifndef TD_EXEC_LAUNCHER_CPUS_H
#define TD_EXEC_LAUNCHER_CPUS_H

/* Keeps the calling process on the CPUs of a list like "0,2-3"; NULL: on all
 * that it has.  0, or -1 with errno. */
int td_pin(const char *list);

#endif
