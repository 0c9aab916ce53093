# shellcheck shell=bash
title "a planned failover: nobody notices, and who ignores the TTL is reported"
move 50-planned failover --from prod-us --to prod-eu --baseline 5s --hold 5s
exits_with 0 50-planned
show 50-planned
reports_that 50-planned '.ending == "moved" and ([.phases[].all.failed] | add) == 0' "no request failed"
reports_that 50-planned '([.phases[].all.total] | add) > 600' "there were requests"
reports_that 50-planned '.phases.after.callers | .fresh.source == 0 and .cached.source == 0' "callers that keep to the TTL had left"
# In force, then made by the provider, then a TTL.
reports_that 50-planned ".recovery.allSeconds <= (.steps[] | select(.step == \"drain\").took) + 3 + $ttl" "they had left within the TTL"
reports_that 50-planned '.ignoringTtl | .servedBySource > 0 and .lastSeconds > 10' "a kept connection stayed with the source"
reports_that 50-planned '.phases.after.callers.keepAlive | .target > 0 and .failed == 0' "a kept connection went over without a failure"
is prod-us evacuated
! ready prod-us || fail "prod-us still has a service"
