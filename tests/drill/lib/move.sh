# shellcheck shell=bash
# The command, and what its report must say.

title() { printf '\n==> %s\n' "$*"; }

# move NAME COMMAND ARGUMENTS...: the exit code is in $status, the output in the log, the report in the reports' folder.
move() {
  local name=$1
  shift
  status=0
  "$XCLUSTER" "$@" "${where[@]}" --kubeconfig "$KUBECONFIG" --context "$CONTEXT" --resolver "127.0.0.1:$dns_port" \
    --url "http://$host:$service_port/v1/predict" --token-file "$STATE/service/tokens" --report "$reports/$name" --yes \
    --rate 30 --timeout 1s --margin 10s --apply-timeout 30s --warm-up 60s >"$STATE/log/$name.txt" 2>&1 || status=$?
}

# in_background NAME COMMAND ARGUMENTS...: leaves the process id in $moving.
in_background() {
  (
    trap - INT
    move "$@"
    exit "$status"
  ) &
  moving=$!
}

# until_said NAME SECONDS WORDS: until the command has said so.
until_said() { wait_until "$2" said grep -q "$3" "$STATE/log/$1.txt" || fail "it never said '$3'"; }

exits_with() { [ "$status" = "$1" ] || fail "it exits with $status, not $1: $(tail -3 "$STATE/log/$2.txt")"; }

# reports NAME FILTER WHAT: the report's JSON must be so.
reports_that() {
  jq --exit-status "$2" "$reports/$1/report.json" >/dev/null || fail "the report does not say that $3: $reports/$1/report.json"
}

is() { [ "$(state_of "$1")" = "$2" ] || fail "$1 is $(state_of "$1"), not $2"; }

# show NAME: the end of the command's output.
show() { sed 's/^/    /' "$STATE/log/$1.txt"; }
