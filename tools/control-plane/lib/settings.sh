# shellcheck shell=bash
# Where everything is and which ports it uses. Each capital name can be set in the environment.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)

STATE=${CONTROL_PLANE_STATE:-$root/.state/control-plane}
TOOLS_DIR=${TOOLS_DIR:-$root/.tools}
bin=$TOOLS_DIR/bin
share=$TOOLS_DIR/share

# Which of the three XRDs is installed: claims, cluster or namespaced.
SCOPE=${SCOPE:-claims}
# Which Crossplane: the release that the platform installs, or `next` for the one after it.
CORE=${CORE:-}
core_program=$bin/crossplane-core${CORE:+-$CORE}
core_share=$share/crossplane${CORE:+-$CORE}
# The function and the simulated clouds as programs.
FUNCTION=${FUNCTION:-$root/target/debug/function-xcluster}
# Another release of the function, for those who run two.
FUNCTION_NEXT=${FUNCTION_NEXT:-$root/target/debug/function-xcluster}
CLOUDSIM=${CLOUDSIM:-$root/target/debug/cloudsim}
# How often the simulated clouds do something. A tick stands for ten seconds: with 500 ms, time runs 20 times as fast as it
# does for providers at work. Core's circuit breaker keeps up with it: by default it refills one token a second and stays
# open for five minutes. Its burst is the one that the README asks for.
CLOUDSIM_TICK=${CLOUDSIM_TICK:-500ms}
CORE_FLAGS=${CORE_FLAGS:-$(grep -om1 -- '--circuit-breaker-burst=[0-9]*' "$root/README.md") --circuit-breaker-refill-rate=20 --circuit-breaker-cooldown=15s}

# The first of a range of ports on the loopback interface.
CONTROL_PLANE_PORT=${CONTROL_PLANE_PORT:-26400}
etcd_port=$CONTROL_PLANE_PORT
etcd_peer_port=$((CONTROL_PLANE_PORT + 1))
api_port=$((CONTROL_PLANE_PORT + 2))
core_metrics_port=$((CONTROL_PLANE_PORT + 3))
core_health_port=$((CONTROL_PLANE_PORT + 4))
core_webhook_port=$((CONTROL_PLANE_PORT + 5))
function_port=$((CONTROL_PLANE_PORT + 6))
function_http_port=$((CONTROL_PLANE_PORT + 7))
applicationset_metrics_port=$((CONTROL_PLANE_PORT + 8))
applicationset_probe_port=$((CONTROL_PLANE_PORT + 9))
applicationset_webhook_port=$((CONTROL_PLANE_PORT + 10))
# Free for what runs beside the control plane, a registry for one.
# shellcheck disable=SC2034
spare_port=$((CONTROL_PLANE_PORT + 11))
# Of a second release of the function, where one runs.
function_next_port=$((CONTROL_PLANE_PORT + 12))
function_next_http_port=$((CONTROL_PLANE_PORT + 13))

crossplane_namespace=crossplane-system

case $SCOPE in
  claims | cluster | namespaced) ;;
  *) echo "SCOPE is '$SCOPE'; use claims, cluster or namespaced" >&2; exit 64 ;;
esac

# The control plane's own kubeconfig, never the one of the person who runs this.
export KUBECONFIG=${EXISTING_KUBECONFIG:-$STATE/kubeconfig}
export PATH=$bin:$PATH
