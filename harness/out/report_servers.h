/*
 * report_servers - the tables of servers under load: their columns, and what
 * is said of them.
 */
#ifndef TD_OUT_REPORT_SERVERS_H
#define TD_OUT_REPORT_SERVERS_H

#include "out/table.h"
#include "summary/summary.h"

/* "5,000 requests/s, constant, on 64 connections"; nothing for workers. */
void td_say_load(const struct td_group_summary *group, struct td_buf *out);

/* The columns between the ratio and the samples. */
void td_servers_heading(const struct td_group_summary *group,
                        const char *interval, struct td_table *table);
void td_servers_row(const struct td_group_summary *group,
                    const struct td_case_summary *c, struct td_table *table);
size_t td_servers_columns(const struct td_group_summary *group);

/* What each server of the group costs before and besides its requests,
 * heading row first; false when there is none (release it all the same). */
bool td_servers_table(const struct td_summary *summary,
                      const struct td_group_summary *group,
                      struct td_table *table);

/* What holds for all tables of servers; nothing where there are none. */
void td_say_servers(const struct td_summary *summary, struct td_buf *out);

#endif
