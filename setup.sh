#!/usr/bin/env bash
# From a clone of this repository to the same service on EKS and GKE: the management cluster, the clusters, what runs on
# them, and a question to each. It can be run again at any time, and goes on where it stopped.
#   ./setup.sh                                 the management cluster is kind, on this machine
#   MANAGEMENT=eks CONTEXT=NAME ./setup.sh     it is the EKS cluster of bootstrap/eks
#   ./setup.sh --local                         everything on this machine, with simulated clouds and no account
#   ./setup.sh --dry-run                       what it would do to the management cluster, and nothing else
# docs/quick-start.md says what is needed; 'make help' lists the steps, which are make targets of their own.
set -euo pipefail
cd "$(dirname "$0")"
export MANAGEMENT=${MANAGEMENT:-kind}

case ${1:-} in
  --local) MANAGEMENT=local ;;
  --dry-run)
    [ "$MANAGEMENT" != local ] || { echo "error: --dry-run is for kind and eks; with simulated clouds nothing has to be spared" >&2; exit 64; }
    exec bootstrap/up.sh --dry-run
    ;;
  "") ;;
  *)
    echo "error: '$1' is no option; use --local or --dry-run" >&2
    exit 64
    ;;
esac

for step in crossplane-up deploy-clusters check-clusters deploy-apps test-endpoints; do
  printf '\n==> make %s MANAGEMENT=%s\n' "$step" "$MANAGEMENT"
  make --no-print-directory "$step" || {
    printf '\nerror: stopped at "make %s"; the line above says why. Then run this again.\n' "$step" >&2
    exit 1
  }
done
printf '\nEverything is there. To take it away: make destroy MANAGEMENT=%s\n' "$MANAGEMENT"
