# shellcheck shell=bash
# prod-us on AWS and prod-eu on GCP: from nothing to Ready, in every scope.

began=$SECONDS
create "$repository/clusters/prod-us.yaml" >/dev/null
create "$repository/clusters/prod-eu.yaml" >/dev/null

expect 30 "kubectl get clusters lists both, though the providers have clusters too" \
  shows '^(ml-platform +)?(clusters?\.xcluster\.dev/|xcluster\.xcluster\.dev/)?prod-eu +gcp +europe-west1 ' kubectl get clusters -A
expect 60 "a person sees what it waits for" shows 'waits? for' condition prod-us ControlPlaneReady
expect 420 "prod-eu is Ready" ready prod-eu
expect 420 "prod-us is Ready" ready prod-us
took=$((SECONDS - began))

expect 10 "the columns say provider, region, version and phase" \
  shows 'prod-us +aws +us-east-1 +1\.36 +Ready ' kubectl get clusters -A
for condition in Valid NetworkReady ControlPlaneReady AccessReady NodePoolsReady AddonsReady Registered Upgraded Maintained; do
  for name in prod-us prod-eu; do
    expect 10 "$name: $condition is true" shows '^True' condition "$name" "$condition"
  done
done
expect 10 "nothing is waited for" is '[]' of prod-us '{.status.waitingFor}'
expect 10 "the clouds were never asked for what they could not make yet" is '' clouds_refused

cpu_seconds() { awk -v hertz="$(getconf CLK_TCK)" '{ printf "%.2f", ($14 + $15) / hertz }' "/proc/$1/stat"; }

# Where the programs run elsewhere, nobody here can read their metrics.
[ -z "${EXISTING_KUBECONFIG:-}" ] || return 0
opens=$(metric "$core_metrics_port" '^circuit_breaker_opens_total')
expect 1 "the circuit breaker never opened" is 0 echo "$opens"
# With several, each event of that kind counts as often (docs/decisions.md, "The first object of a kind goes alone").
kinds=$( (kinds_of prod-us && kinds_of prod-eu) | sort -u | wc -l)
# Up to v2.3 they are called composed resources, from v2.4 on dependencies.
expect 10 "Crossplane watches each composed kind once" \
  is "$kinds" metric "$core_metrics_port" '^engine_watches_started_total.*composite/.*type="(ComposedResource|Dependency)"'
cat <<TEXT
    measured: both Ready after $took s
    measured: reconciles $(metric "$core_metrics_port" '^controller_runtime_reconcile_total.*composite/'), \
circuit breaker tokens $(metric "$core_metrics_port" '^circuit_breaker_events_total')
    measured: function calls $(metric "$function_http_port" '^grpc_server_handled_total.*grpc_code="OK"'), \
CPU $(cpu_seconds "$(process function)") s, RSS $(($(ps -o rss= -p "$(process function)") / 1024)) MiB
TEXT
