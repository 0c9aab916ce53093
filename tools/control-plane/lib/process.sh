# shellcheck shell=bash
# Programs in the background: started once, waited for, stopped by their own process id.

say() { printf '%s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# When a process began. A process id alone may belong to another process by now. One that has ended, and that its parent
# has not asked about yet, has no beginning either; but while threads of it are ending, it still holds its ports.
born() {
  local stat
  stat=$(ps -o stat= -p "$1" 2>/dev/null) || return 0
  if [[ $stat == Z* ]] && [ "$(find "/proc/$1/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)" -lt 2 ]; then return; fi
  ps -o lstart= -p "$1" 2>/dev/null | awk '{ $1 = $1; print }'
}

# The process id of NAME, or nothing.
process() {
  local file=$STATE/run/$1 id began
  [ -f "$file" ] || return 1
  { read -r id && read -r began; } <"$file" || return 1
  [ -n "$began" ] && [ "$(born "$id")" = "$began" ] && echo "$id"
}

# start NAME COMMAND...
start() {
  local name=$1 id
  shift
  if process "$name" >/dev/null; then return; fi
  [ -x "$(command -v "$1")" ] || fail "cannot start $name: $1 is missing; run 'make tools build'"
  mkdir -p "$STATE/run" "$STATE/log"
  # A session of its own: Ctrl-C in the terminal stops what waits, not the control plane.
  "$(command -v setsid || command -v nohup)" "$@" >>"$STATE/log/$name.log" 2>&1 </dev/null &
  id=$!
  printf '%s\n%s\n' "$id" "$(born "$id")" >"$STATE/run/$name"
}

# stop NAME [SIGNAL]: returns when it has ended.
stop() {
  local name=$1 signal=${2:-TERM} id tries=0
  if id=$(process "$name"); then
    kill "-$signal" "$id"
    # One that was frozen with SIGSTOP takes no signal but SIGKILL until it goes on.
    kill -CONT "$id" 2>/dev/null || true
    while process "$name" >/dev/null; do
      tries=$((tries + 1))
      # 20 seconds: the function drains for 10, core for less.
      if [ "$tries" = 200 ]; then
        say "$name does not end; killing it"
        kill -KILL "$id" 2>/dev/null || true
      fi
      sleep 0.1
    done
  fi
  rm -f "$STATE/run/$name"
}

# wait_until SECONDS WHAT COMMAND...: until the command succeeds.
wait_until() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.3
  done
}

# wait_ready NAME SECONDS COMMAND...: until the command succeeds; explains itself when NAME ends.
wait_ready() {
  local name=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! process "$name" >/dev/null; then
      tail -5 "$STATE/log/$name.log" | cut -c1-300 >&2
      fail "$name has ended. Is a port of $CONTROL_PLANE_PORT-$((CONTROL_PLANE_PORT + 19)) in use?" \
        "Set CONTROL_PLANE_PORT. Its log: $STATE/log/$name.log"
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      tail -5 "$STATE/log/$name.log" | cut -c1-300 >&2
      fail "$name is not ready in time. Its log: $STATE/log/$name.log"
    fi
    sleep 0.2
  done
}
