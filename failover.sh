#!/usr/bin/env bash
# Move a service's traffic from one cluster to another: xcluster failover, which is found or built first.
#   ./failover.sh --from prod-us --to prod-eu [--unplanned] [--dry-run] ...   ./failover.sh --help has all of it
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=$root/target/release/xcluster

# The command of an older release may not know the word.
can() { "$1" failover --help >/dev/null 2>&1; }

for command in "${XCLUSTER:-}" "$built" "$(command -v xcluster || true)"; do
  if [ -n "$command" ] && can "$command"; then exec "$command" failover "$@"; fi
done
command -v cargo >/dev/null || {
  echo "failover.sh: no xcluster with failover is here, nor Rust to build it: https://rustup.rs" >&2
  exit 2
}
echo "failover.sh: building xcluster (some minutes when nothing is cached)" >&2
(cd "$root" && cargo build --quiet --locked --release --package xcluster-cli) || exit 2
exec "$built" failover "$@"
