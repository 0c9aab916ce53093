# shellcheck shell=bash
# A second release of the function composes one cluster and not the other, and gives it back. No object is lost or replaced.

export MANAGEMENT=local
fleet=$repository/fleet
for name in prod-us prod-eu; do composed "$name" >"$STATE/before.$name"; done
unchanged() { is "$(cat "$STATE/before.$1")" composed "$1"; }
same_objects() { for name in prod-us prod-eu; do expect 10 "$name has the objects it had" unchanged "$name"; done; }

# calls PROCESS NAME: how often this release was called for a cluster.
calls() { grep -c "\"composite\":\"[^\"]*$(name_of "$2")\"" "$STATE/log/$1.log" || true; }
name_of() { local found; found=$(composite "$1"); echo "${found#*/}"; }
# called_since BEFORE PROCESS NAME
called_since() { [ "$(calls "$2" "$3")" -gt "$1" ]; }

register_function function-xcluster-next "$function_next_port" >/dev/null
start_function_next
asked_us=$(calls function-next prod-us) asked_eu=$(calls function-next prod-eu)

# What the next release's Composition has besides: another way in. It reaches the clouds.
way=198.51.100.0/24
published=$root/clusters/composition.yaml
[ "$SCOPE" != namespaced ] || published=$root/clusters/composition-namespaced.yaml
sed "s|allowedCidrs: \[203.0.113.0/24\]|allowedCidrs: [203.0.113.0/24, $way]|" "$published" >"$STATE/next.yaml"
publish_next() { CHANNEL=next COMPOSITION=$STATE/next.yaml "$fleet/publish.sh"; }
open_to() { kubectl get "$(kinds_of "$1" | grep -E '^Cluster\.' | grep -E 'eks|container')" -A -l "crossplane.io/composite=$(name_of "$1")" -o yaml; }
opened() { shows "$way" open_to "$1"; }
closed() { refused '^$' grep -F "$way" <<<"$(open_to "$1")"; }

expect 30 "nothing is published before every cluster names its channel" \
  refused 'name no channel, and would follow any: .*prod-us.* fleet/channel.sh stable ' publish_next
"$fleet/channel.sh" stable --all >/dev/null
say "    did  put all clusters into stable"
expect 90 "a Composition is published in next" shows '^next is xclusters.xcluster.dev-[0-9a-f]+, composed by function-xcluster-next' publish_next
channel_of_newest() {
  kubectl get compositionrevisions --sort-by .spec.revision -o 'jsonpath={.items[-1:].metadata.labels.channel}'
}
expect 1 "... and the newest is that of stable again" is stable channel_of_newest
expect 1 "no cluster follows it" is "$asked_us" calls function-next prod-us

"$fleet/channel.sh" next prod-us >/dev/null
say "    did  move prod-us to next, and wait until it is Ready"
expect 10 "the second release composes it" called_since "$asked_us" function-next prod-us
expect 60 "... with its own Input" opened prod-us
expect 10 "the list says who composes what" \
  shows 'prod-us +next +xclusters\.xcluster\.dev-[0-9a-f]+ +function-xcluster-next +True' "$fleet/channel.sh"
stable_calls=$(calls function prod-us)
edit prod-eu '{"tags": {"release": "stable"}}' >/dev/null
settled_calls=$(calls function prod-eu)
expect 60 "the first release composes the other" called_since "$settled_calls" function prod-eu
expect 1 "... which the second was never asked about" is "$asked_eu" calls function-next prod-eu
expect 1 "... and the first no more about prod-us" is "$stable_calls" calls function prod-us
expect 10 "what next allows, prod-eu does not" closed prod-eu
same_objects

stop function-next
say "    did  stop the second release while a cluster is in its channel"
sleep 3
same_objects
start_function_next
"$fleet/channel.sh" stable prod-us >/dev/null
say "    did  start it again, and move prod-us back"
expect 60 "the first release composes it" closed prod-us
expect 60 "prod-eu is Ready" ready prod-eu
same_objects

dump=$STATE/fleet.yaml
kubectl get "$(composite prod-us | cut -d/ -f1)" -A -o yaml >"$dump"
no_change() {
  "$root/target/debug/xcluster" plan --with "$FUNCTION_NEXT" --composition "$published" "$dump"
}
expect 60 "a plan of that release for all clusters changes nothing" \
  shows '^clusters: [0-9]+ without a change, 0 with changes, 0 failed, 0 not compared$' no_change
kubectl delete function,functionrevision -l "pkg.crossplane.io/package=function-xcluster-next" >/dev/null
kubectl delete function function-xcluster-next >/dev/null
stop function-next
