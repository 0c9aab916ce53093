# shellcheck shell=bash
# Providers that flap, forget their status and lose their sight for minutes: nothing is lost.

for name in prod-us prod-eu; do composed "$name" >"$STATE/before.$name"; done
unchanged() { is "$(cat "$STATE/before.$1")" composed "$1"; }
registered() { kubectl get secret -n argocd -l argocd.argoproj.io/secret-type=cluster -o 'jsonpath={.items[*].data}'; }
registered >"$STATE/registered"

# during FAULT SECONDS
during() {
  local deadline=$((SECONDS + $2))
  fault "$1" '*'
  say "    did  $1 for all managed resources, for $2 s"
  while [ "$SECONDS" -lt "$deadline" ]; do
    for name in prod-us prod-eu; do
      unchanged "$name" >"$STATE/difference" || { cat "$STATE/difference"; explain; exit 1; }
    done
    sleep 2
  done
  is "$(cat "$STATE/registered")" registered || exit 1
}

during flapping "${FLAP_SECONDS:-60}"
during no-status 20
during unready 20
no_faults
for name in prod-us prod-eu; do
  expect 120 "$name is Ready again" ready "$name"
  expect 10 "$name has the same objects" unchanged "$name"
done
expect 10 "Argo CD's Secrets are the same" is "$(cat "$STATE/registered")" registered
