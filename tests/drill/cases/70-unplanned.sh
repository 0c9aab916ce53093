# shellcheck shell=bash
title "an unplanned failover: the source is gone"
# Three failed requests, a second apart, as a health check sees it.
freeze prod-us
frozen=$SECONDS
failures=0
while [ "$failures" -lt 3 ]; do
  if ready prod-us; then failures=0; else failures=$((failures + 1)); fi
done
detection=$((SECONDS - frozen))
move 70-unplanned failover --from prod-us --to prod-eu --unplanned --hold 5s
exits_with 0 70-unplanned
show 70-unplanned
echo "    detection took $detection s"
[ "$detection" -le 10 ] || fail "detection took $detection s"
reports_that 70-unplanned '.ending == "moved" and ([.phases[].all.failed] | add) > 0' "there was an outage"
# Ten seconds are for the function and the provider, on a machine that has more to do.
reports_that 70-unplanned ".recovery.allSeconds <= $ttl + 10" "all were served within the TTL"
reports_that 70-unplanned '.phases.after.all.failed == 0' "nothing failed afterwards"
is prod-us drained
reset
