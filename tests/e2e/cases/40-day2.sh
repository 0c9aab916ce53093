# shellcheck shell=bash
# Day 2: pools come, change and go, tags change, versions go up, the control plane first.

ensure crash-us crash-eu

pool() { composed "$1" | grep -c "nodes-pool-$2-" || true; }
settled() { ready "$1" && is '[]' of "$1" '{.status.waitingFor}'; }

for name in crash-us crash-eu; do
  edit "$name" '{"nodePools": [{"name": "general", "size": "medium", "min": 2, "max": 4},
    {"name": "batch", "size": "large", "min": 0, "max": 6, "capacity": "spot"}]}' >/dev/null
  expect 120 "$name: a pool is added" is 1 pool "$name" batch
  expect 120 "$name: and Ready" pool_ready "$name" batch
  before=$(composed "$name" | grep "nodes-pool-batch-")
  edit "$name" '{"nodePools": [{"name": "general", "size": "medium", "min": 2, "max": 4},
    {"name": "batch", "size": "xlarge", "min": 0, "max": 6, "capacity": "spot"}]}' >/dev/null
  replaced() { [ "$(pool "$1" batch)" = 1 ] && [ "$(composed "$1" | grep "nodes-pool-batch-")" != "$before" ]; }
  expect 180 "$name: another machine type makes a new pool, and the old one goes when it is Ready" replaced "$name"
  edit "$name" '{"nodePools": [{"name": "general", "size": "medium", "min": 2, "max": 4}]}' >/dev/null
  expect 120 "$name: a pool is removed" is 0 pool "$name" batch
  expect 60 "$name: and is gone from the cloud" is '' pool_in_cloud "$name" batch
done

edit crash-us '{"tags": {"team": "inference"}}' >/dev/null
expect 60 "tags reach the cloud" shows '"team":"inference"' \
  kubectl get vpcs.ec2.aws.upbound.io -A -l "xcluster.dev/cluster=$(of crash-us '{.status.clusterName}')" \
  -o 'jsonpath={.items[0].status.atProvider.tags}'
expect 120 "crash-us settles" settled crash-us

# The versions that the nodes of a pool and the control plane report, as they change.
versions() { of "$1" '{.status.kubernetesVersion.controlPlane} {.status.nodePools[*].version}'; }
nodes_never_lead() { ! grep -E '^1\.35[^ ]* .*1\.36' "$STATE/versions"; }

for name in crash-us crash-eu; do
  : >"$STATE/versions"
  edit "$name" '{"kubernetesVersion": "1.36"}' >/dev/null
  upgraded() {
    versions "$name" >>"$STATE/versions" && echo >>"$STATE/versions"
    shows '^1\.36[^ ]* .*1\.36' tail -n 1 "$STATE/versions" && shows '^True' condition "$name" Upgraded
  }
  expect 240 "$name: a minor version up, control plane and nodes" upgraded
  expect 1 "$name: the control plane went first" nodes_never_lead
  # A cloud refuses nodes that are newer than their control plane, so it is what was asked for that counts.
  expect 1 "$name: ... and the cloud was not asked for anything else" is '' clouds_refused update
  expect 120 "$name: Ready after it" settled "$name"
done
