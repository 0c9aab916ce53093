# shellcheck shell=bash
title "Ctrl-C brings the state before back"
in_background 30-ctrl-c failover --from prod-us --to prod-eu --baseline 1s
until_said 30-ctrl-c 60 'drain  *passed'
is prod-us drained
kill -INT "$(pgrep -P "$moving" -f 'xcluster failover')"
status=0
wait "$moving" || status=$?
exits_with 1 30-ctrl-c
reports_that 30-ctrl-c '.ending == "rolledBack" and any(.steps[]; .outcome == "interrupted")' "it was stopped and rolled back"
is prod-us active
