# shellcheck shell=bash
# What the drill works with. Ports follow those of the control plane.

# Of the zone that the simulated Route 53 has.
host=inference.acme.example
zone=Z0ACMEEXAMPLE
# Seconds that an answer of DNS may be kept: the least that the function's Input allows.
ttl=10
dns_port=$((spare_port + 2))
# One port on an address for each cluster, since DNS knows no ports.
service_port=$((spare_port + 3))
reports=${REPORTS:-$root/.state/drill-reports}

XCLUSTER=${XCLUSTER:-$root/target/debug/xcluster}
DNSSIM=${DNSSIM:-$root/target/debug/dnssim}
server=$root/model-server
python=$server/.venv/bin/python

where=(--namespace ml-platform)

# Where a cluster's service is.
address_of() {
  case $1 in
    prod-us) echo 127.0.0.2 ;;
    prod-eu) echo 127.0.0.3 ;;
    *) fail "no cluster '$1' in the drill" ;;
  esac
}

# The simulated Google Cloud reserves an address of this machine, since nothing else may be asked.
CLOUDSIM_ADDRESS=$(address_of prod-eu)
export CLOUDSIM_ADDRESS

# What AWS would call the load balancer of prod-us. The drill's DNS leads it to this machine.
balancer=prod-us-1.us-east-1.elb.amazonaws.com

weight_of() { if [ "$1" = prod-us ]; then echo 255; else echo 1; fi; }
