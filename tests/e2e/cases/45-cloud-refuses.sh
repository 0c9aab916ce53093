# shellcheck shell=bash
# The cloud refuses to create, refuses to delete, and deletes slowly: a person reads why in the cloud's words, nothing
# else changes, and it goes on by itself when the cloud does.

ensure crash-us crash-eu

nodes="NodeGroup NodePool"
pool() { composed "$1" | grep -- '-nodes-pool-burst-' || true; }
add() {
  edit "$1" '{"nodePools": [{"name": "general", "size": "medium", "min": 1, "max": 3},
    {"name": "burst", "size": "small", "min": 0, "max": 2}]}' >/dev/null
}
remove() { edit "$1" '{"nodePools": [{"name": "general", "size": "medium", "min": 1, "max": 3}]}' >/dev/null; }
going() {
  kubectl get nodegroups.eks.aws.upbound.io,nodepools.container.gcp.upbound.io -A \
    -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.deletionTimestamp}{"\n"}{end}' |
    grep -E "^$(composite "$1" | cut -d/ -f2)-.*burst.* .+"
}

for name in crash-us crash-eu; do
  remove "$name"
  expect 120 "$name: there is one pool" is '' pool "$name"
  composed "$name" >"$STATE/before"
  kept() { composed "$1" >"$STATE/after" && ! comm -23 "$STATE/before" "$STATE/after" | grep .; }

  fault create-fails "$nodes"
  add "$name"
  expect 60 "$name: the cloud's reason for making no pool is on the cluster" \
    shows 'create failed: .*told to refuse' of "$name" '{.status.waitingFor[*].reason}'
  expect 10 "$name: ... and in the condition of its node pools" shows '^False .*told to refuse' condition "$name" NodePoolsReady
  expect 10 "$name: everything else is as it was" kept "$name"
  no_faults
  expect 120 "$name: the pool is made when the cloud lets it" pool_ready "$name" burst

  fault delete-fails "$nodes"
  remove "$name"
  expect 60 "$name: a pool that the cloud will not delete is going" going "$name"
  sleep 3
  expect 10 "$name: ... and not forgotten" shows burst pool_in_cloud "$name" burst
  no_faults
  expect 60 "$name: it is deleted when the cloud lets it" is '' pool_in_cloud "$name" burst

  add "$name"
  expect 120 "$name: the pool is Ready" pool_ready "$name" burst
  fault slow-delete "$nodes"
  remove "$name"
  expect 60 "$name: the pool is deleted slowly" going "$name"
  before=$(pool "$name")
  add "$name"
  no_faults
  another() { [ -n "$(pool "$1")" ] && [ "$(pool "$1")" != "$before" ] && pool_ready "$1" burst; }
  expect 180 "$name: put back meanwhile, it is made anew once the old one is gone" another "$name"
  expect 30 "$name: one object in the cloud for each managed resource" once_in_cloud "$name"
  expect 60 "$name: Ready" ready "$name"
done
