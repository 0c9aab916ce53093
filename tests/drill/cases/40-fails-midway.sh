# shellcheck shell=bash
title "a target that fails under load gives the traffic back"
in_background 40-fails-midway failover --from prod-us --to prod-eu --baseline 1s --hold 1m
until_said 40-fails-midway 60 'observe  *passed'
freeze prod-eu
status=0
wait "$moving" || status=$?
awaken
exits_with 1 40-fails-midway
reports_that 40-fails-midway '.ending == "rolledBack" and any(.steps[]; .step == "hold" and .outcome == "failed")' "the hold failed and it was rolled back"
is prod-us active
