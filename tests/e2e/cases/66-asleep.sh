# shellcheck shell=bash
# A cluster that is out of service sleeps while others change. From v2.4 on Crossplane looks at whoever has asked for what
# changes, so what a drained cluster asks for decides how often it is looked at.

keep_records
edit prod-us "{\"traffic\": {\"address\": \"$an_address\"}}" >/dev/null
for name in prod-us prod-eu; do expect 240 "$name serves" serving "$name" "True Active"; done
edit prod-us '{"traffic": {"state": "drained"}}' >/dev/null
expect 90 "prod-us is drained" serving prod-us "False Drained"

# How often the function was called for a cluster.
calls_of() {
  local composite
  composite=$(composite "$1")
  grep -cE "\"composite\":\"[A-Za-z]+ (${where[1]:--}/)?${composite#*/}\"" "$STATE/log/function.log" || true
}
more_than() { [ "$(calls_of "$2")" -gt "$1" ]; }
at_rest() {
  local before
  before=$(calls_of "$1")
  sleep 6
  is "$before" calls_of "$1"
}
for name in prod-us prod-eu; do expect 120 "$name is at rest" at_rest "$name"; done

asleep=$(calls_of prod-us)
changed=$(calls_of prod-eu)
# Its author's words, its status and its conditions change.
for budget in 1 100000 2 200000; do
  edit prod-eu "{\"budget\": {\"monthlyUsd\": $budget}}" >/dev/null
  sleep 2
done
expect 30 "prod-eu was looked at for each change" more_than "$((changed + 3))" prod-eu
expect 30 "... and is at rest again" at_rest prod-eu
expect 1 "prod-us was not looked at, whatever changed of prod-eu" is "$asleep" calls_of prod-us
# Who has a share in DNS is what prod-us has asked for.
edit prod-eu '{"traffic": {"weight": 90}}' >/dev/null
if [ "$CORE" = next ]; then expect 30 "a new weight of prod-eu wakes prod-us" more_than "$asleep" prod-us; fi
edit prod-eu '{"traffic": {"weight": 100}, "budget": null}' >/dev/null
edit prod-us '{"traffic": {"state": "active"}}' >/dev/null
expect 90 "prod-us serves again" serving prod-us "True Active"
