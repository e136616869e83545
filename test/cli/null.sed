# In tables of the null driver: CPU time, memory, the share of timed samples,
# and the widths that follow from them.
s/[0-9]+ %( of the time inside)/N %\1/
s/[0-9.,]+ (ns|µs|ms)( +)[0-9.]+ [kM]B/CPU\2RSS/
s/( +)[^ ]+–[^ ]+( +)[^ ]+–[^ ]+( +[0-9,]+)$/\1CPU\2RSS\3/
s/[0-9.]+ (ns|µs|ms) \([^ ]+–[^ ]+\) \| [0-9.]+ [kM]B \([^ ]+–[^ ]+\)/CPU | RSS/
/"(setup_ns|cpu_ns|rss_bytes|pss_bytes)": \{/,/\}/s/[0-9][0-9.e+]*/N/
/"(setup_ns|cpu_ns|rss_bytes|pss_bytes)": \[/,/\]/s/[0-9][0-9.e+]*/N/
s/("timed_share": )[0-9.]+/\1N/
s/  +/ /g
s/─{3,}/───/g
