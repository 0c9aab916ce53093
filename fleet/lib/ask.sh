# shellcheck shell=bash
# Questions before what costs money or cannot be taken back.

# confirm WHAT: goes on when the person says yes, here or with YES=1.
confirm() {
  [ -z "${YES:-}" ] || return 0
  [ -t 0 ] || fail "$1 Nobody is here to ask; say YES=1"
  local answer
  read -r -p "$1 Go on? [y/N] " answer
  [[ $answer == [yY]* ]] || fail "stopped; nothing was changed"
}

# confirm_names NAMES: goes on when the person types them, or has set CONFIRM to them.
confirm_names() {
  local names=$1 answer=${CONFIRM:-}
  if [ -z "$answer" ] && [ -t 0 ]; then
    read -r -p "This deletes $names, with everything that runs there. Type these names to go on: " answer
  fi
  [ "$answer" = "$names" ] || fail "not confirmed, and nothing was deleted; to go on, set CONFIRM=\"$names\""
}
