# shellcheck shell=bash
# What the cases are written in: they do what a person would do, and look where a person would look.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for part in settings process certificates kubernetes crossplane function argocd cloudsim platform; do
  # shellcheck source=/dev/null
  . "$repository/tools/control-plane/lib/$part.sh"
done

case $SCOPE in
  claims) cluster=clusters.xcluster.dev where=(-n ml-platform) prefix=ml-platform. ;;
  cluster) cluster=xclusters.xcluster.dev where=() prefix= ;;
  namespaced) cluster=clusters.xcluster.dev where=(-n ml-platform) prefix=ml-platform. ;;
esac

# expect SECONDS WHAT COMMAND...: the command succeeds in time, or the case fails and says what there is instead.
expect() {
  local seconds=$1 what=$2 began=$SECONDS
  shift 2
  if wait_until "$seconds" "$what" "$@"; then
    printf '    ok   %s (%s s)\n' "$what" "$((SECONDS - began))"
  else
    printf '    FAIL %s, after %s s\n' "$what" "$((SECONDS - began))"
    "$@" 2>&1 | tail -20 | sed 's/^/         /' || true
    explain
    exit 1
  fi
}

# What a person looks at when something is wrong.
explain() {
  kubectl get "$cluster" -A || true
  kubectl get "$cluster" -A -o go-template='{{range .items}}{{.metadata.name}}: {{range .status.conditions -}}
    {{if ne .status "True"}}{{.type}} {{.reason}}: {{.message}}; {{end}}{{end}}{{"\n"}}{{end}}' || true
  say "logs: $STATE/log"
}

# is EXPECTED COMMAND...: the command prints exactly this.
is() {
  local expected=$1 found
  shift
  found=$("$@") || return 1
  [ "$found" = "$expected" ] || { printf 'expected: %s\nfound:    %s\n' "$expected" "$found"; return 1; }
}

# shows PATTERN COMMAND...: the command prints a line with it.
shows() {
  local pattern=$1 found
  shift
  found=$("$@" 2>&1) || true
  grep -Eq -- "$pattern" <<<"$found" || { printf 'expected: %s\nfound:    %s\n' "$pattern" "$found"; return 1; }
}

# refused PATTERN COMMAND...: the command fails and says why.
refused() {
  local pattern=$1 found
  shift
  if found=$("$@" 2>&1); then
    printf 'not refused: %s\n' "$found"
    return 1
  fi
  grep -Eq -- "$pattern" <<<"$found" || { printf 'expected: %s\nfound:    %s\n' "$pattern" "$found"; return 1; }
}

# create FILE: a cluster in this scope; the files are written for the one with namespaces.
create() {
  if [ "$SCOPE" = cluster ]; then
    sed -e 's/^kind: Cluster$/kind: XCluster/' -e '/^  namespace: ml-platform$/d' "$1" | kubectl apply -f -
  else
    kubectl apply -f "$1"
  fi
}

# of NAME JSONPATH: a field of a cluster.
of() { kubectl get "$cluster" "$1" "${where[@]}" -o "jsonpath=$2"; }

# condition NAME TYPE: its status, reason and message.
condition() { of "$1" "{range .status.conditions[?(@.type=='$2')]}{.status} {.reason} {.message}{end}"; }

ready() { shows '^True' condition "$1" Ready; }

# ensure NAME...: clusters of these tests are there and Ready. What an earlier case made of them stays.
ensure() {
  local name
  for name in "$@"; do
    of "$name" '{.metadata.name}' >/dev/null 2>&1 || create "$repository/tests/e2e/$name.yaml" >/dev/null
  done
  for name in "$@"; do expect 420 "$name is Ready" ready "$name"; done
}

edit() { kubectl patch "$cluster" "$1" "${where[@]}" --type merge -p "{\"spec\": $2}"; }

# The composite of a cluster, as `resource/name`.
composite() {
  case $SCOPE in
    claims) echo "xclusters.xcluster.dev/$(of "$1" '{.spec.resourceRef.name}')" ;;
    *) echo "$cluster/$1" ;;
  esac
}

# kinds_of NAME: the kinds of its composed resources as Crossplane's own list has them, one `kind.version.group` a line.
kinds_of() {
  local composite where_to=("${where[@]}")
  composite=$(composite "$1")
  [ "$SCOPE" = namespaced ] || where_to=()
  # shellcheck disable=SC2016 # a template
  kubectl get "$composite" "${where_to[@]}" -o go-template='{{$refs := .spec.resourceRefs}}{{with .spec.crossplane}}{{$refs = .resourceRefs}}{{end}}{{range $refs}}{{.kind}} {{.apiVersion}}
{{end}}' | awk '{ n = split($2, of, "/"); print $1 "." of[n] "." (n > 1 ? of[1] : "") }' | sort -u
}

# composed NAME: its managed resources, one `kind namespace/name uid external-name` a line. All kinds that are managed
# are two hundred, and a request each.
composed() {
  local composite kinds
  composite=$(composite "$1")
  kinds=$(kinds_of "$1" | grep -E '\.(aws|gcp)\.' | paste -sd, -)
  [ -n "$kinds" ] || return 0
  kubectl get "$kinds" -A -l "crossplane.io/composite=${composite#*/}" -o go-template='{{range .items}}{{.apiVersion}}/{{.kind}} {{or .metadata.namespace "-"}}/{{.metadata.name}} {{.metadata.uid}} {{or (index .metadata.annotations "crossplane.io/external-name") "-"}}
{{end}}' | sort
}

# metric PORT PATTERN: the sum of the samples that match.
metric() {
  curl -fsS "http://127.0.0.1:$1/metrics" | awk -v pattern="$2" '$0 !~ /^#/ && $0 ~ pattern { sum += $NF } END { print sum + 0 }'
}

# fault NAME SELECTOR...: from now on, until `no_faults`.
fault() {
  kubectl create configmap cloudsim -n "$crossplane_namespace" --from-literal "$1=${*:2}" \
    --dry-run=client -o yaml | kubectl apply -f - >/dev/null
}

no_faults() { kubectl delete configmap cloudsim -n "$crossplane_namespace" --ignore-not-found >/dev/null; }

# keep_records: the platform keeps records of the service in DNS, which clusters of all cases serve.
keep_records() {
  kubectl patch "$(kubectl get compositions -o name)" --type json -p '[{"op": "add", "path": "/spec/pipeline/0/input/traffic",
    "value": {"host": "inference.acme.example", "namespaces": ["ml-platform"], "environments": ["prod"], "zone": {"aws": {"zoneId": "Z0ACMEEXAMPLE"}}}}]' >/dev/null
}

# What an Ingress on AWS would have for the load balancer of prod-us.
# shellcheck disable=SC2034 # for cases
an_address=k8s-inference-0a1b2c3d4e-123456789.us-east-1.elb.amazonaws.com

# serving NAME "STATUS REASON", and the state and weight in force.
serving() { shows "^$2 " condition "$1" Serving; }
in_force() { of "$1" '{.status.traffic.state} {.status.traffic.weight}'; }

# What exists in the simulated clouds.
in_clouds() { "$CLOUDSIM" list --state "$STATE/clouds.json" "$@"; }

# clouds_refused [ACTION]: what the clouds refused: to create, to update, to delete.
clouds_refused() { "$CLOUDSIM" log --state "$STATE/clouds.json" | grep "refused${1:+ to $1}" || true; }

# once_in_cloud NAME: the clouds have each of its managed resources once, and nothing else that was made for it.
once_in_cloud() {
  local objects
  objects=$(composed "$1" | cut -d' ' -f2 | sed 's#.*/##' | sort)
  is "$objects" in_clouds_of "$1"
}

# in_clouds_of NAME: the managed resources that something in the clouds was made for, by the name of the composite, which
# begins theirs.
in_clouds_of() { in_clouds_for "$(composite "$1")"; }
in_clouds_for() { in_clouds "${@:2}" | awk -v name="${1#*/}-" 'index($3, name) == 1 { print $3 }' | sort; }

# A node pool by its name: ready as the cluster says, and what the clouds have of it.
pool_ready() { shows '"ready":true' of "$1" "{.status.nodePools[?(@.name==\"$2\")]}"; }
pool_in_cloud() { in_clouds_of "$1" | grep "nodes-pool-$2" || true; }

# The serial number of the certificate that the function serves to a client of its own authority.
served_serial() {
  openssl s_client -connect "localhost:$function_port" -alpn h2 -cert "$core_tls/client/tls.crt" \
    -key "$core_tls/client/tls.key" -CAfile "$pki/crossplane.crt" </dev/null 2>/dev/null | openssl x509 -noout -serial
}
