#!/usr/bin/env bash
# Ask the service of every cluster that runs it, each at its own address, and check what it answers: who answered, that it
# is the same model everywhere, that the answer is the known one, and that nobody gets one without a token.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/lib/target.sh"
for part in applications address; do
  # shellcheck source=/dev/null
  . "$root/fleet/lib/$part.sh"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 700 "$work"
golden=$root/model-server/examples

# The token reaches curl through a file: arguments can be seen by others.
write_token() {
  local token
  token=$(read_from get secret inference-tokens --namespace ml-platform -o 'jsonpath={.data.tokens}' | base64 -d | head -1)
  [ -n "$token" ] || fail "the Secret inference-tokens in ml-platform is empty; docs/platform.md says how to make a token"
  printf 'header = "Authorization: Bearer %s"\n' "$token" >"$work/token"
}

# ask URL ARGUMENTS...: the status, the seconds; the answer is in $work/answer, its headers in $work/headers.
ask() {
  curl --silent --show-error --max-time 15 --output "$work/answer" --dump-header "$work/headers" --write-out '%{http_code} %{time_total}' \
    --header 'Content-Type: application/json' --data "@$golden/request.json" "${@:2}" "$1/v1/predict" 2>"$work/error"
}

header() { sed -n "s/^$1: *//Ip" "$work/headers" | tr -d '\r' | head -1; }

# What of an answer is the same wherever it comes from; the last digits of a probability are the processor's.
essence() { jq --sort-keys --compact-output '{model, labels: [.predictions[].label]}' "$1"; }

# check CLUSTER_JSON: a line of the table, or what is wrong.
check() {
  local name provider region argocd url arguments status seconds expected
  IFS=$'\t' read -r name provider region argocd < <(jq --raw-output '[.name, .provider, .region, .argocd] | @tsv' <<<"$1")
  # In a shell of its own: one cluster that fails does not keep the others from being asked.
  (address "$1") >"$work/address" || return
  mapfile -t arguments <"$work/address"
  url=${arguments[0]}
  arguments=("${arguments[@]:1}")
  read -r status seconds < <(ask "$url" "${arguments[@]}") || true
  [ "$status" = 401 ] || problem "$name answers ${status:-nothing} to a request without a token, not 401: $(cat "$work/error")" || return
  read -r status seconds < <(ask "$url" --config "$work/token" "${arguments[@]}") || true
  [ "$status" = 200 ] || problem "$name answers $status: $(head -c 300 "$work/answer")" || return
  expected="$argocd;provider=$provider;region=$region"
  [ "$(header x-served-by)" = "$expected" ] ||
    problem "$name was answered by '$(header x-served-by)', and should be by '$expected'; its Application sets the annotations" || return
  [ "$(essence "$work/answer")" = "$(essence "$golden/response.json")" ] ||
    problem "$name predicts something else than $golden/response.json; does it run this revision's model?" || return
  printf '%s\t%s\t%s\t%s\t%s\t%s ms\n' "$name" "$provider" "$region" "$url" "$(header x-model-version)" "$(awk "BEGIN { printf \"%.0f\", $seconds * 1000 }")" >>"$work/table"
}

problem() {
  printf '  %s\n' "$1" >&2
  return 1
}

connect
need curl
write_token
wanting=$(wanting_service)
[ -n "$wanting" ] || fail "no registered cluster runs the service; 'make deploy-apps MANAGEMENT=$MANAGEMENT' deploys it where spec.argocd.labels has workload: inference"
printf 'NAME\tPROVIDER\tREGION\tASKED AT\tMODEL\tTOOK\n' >"$work/table"
failed=()
while read -r cluster; do
  argocd=$(jq --raw-output .argocd <<<"$cluster")
  grep -qx "$argocd" <<<"$wanting" || continue
  check "$cluster" || failed+=("$argocd")
done <<<"$(clusters)"
table <"$work/table"
[ "${#failed[@]}" = 0 ] || fail "${#failed[@]} do not answer as they should: ${failed[*]}; what is wrong stands above"
say "all $(count "$wanting") answer, with the same model and the same prediction"
