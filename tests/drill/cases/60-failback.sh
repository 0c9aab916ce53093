# shellcheck shell=bash
title "and back again"
move 60-failback failback --from prod-eu --to prod-us
exits_with 0 60-failback
reports_that 60-failback '.ending == "returned" and ([.phases[].all.failed] | add) == 0' "no request failed"
reports_that 60-failback '.phases.after.callers.fresh.target > 0' "prod-us serves again"
is prod-us active
