# shellcheck shell=bash
# What Argo CD makes of the registered clusters.

# The service's Applications, each with its cluster's name in Argo CD.
service_applications() {
  read_from get applications.argoproj.io --namespace argocd -o json | jq --raw-output '.items[] |
    select(.metadata.name | startswith("inference-")) | "\(.metadata.name) \(.spec.destination.name)"'
}

# The clusters that the service is for, by their names in Argo CD: registered, and with the label that asks for it.
wanting_service() {
  read_from get secrets --namespace argocd --selector 'argocd.argoproj.io/secret-type=cluster,xcluster.dev/workload=inference' -o json |
    jq --raw-output '.items[].data.name | @base64d' | sort
}

# The clusters that the service's Applications are for.
having_service() { service_applications | cut -d' ' -f2 | sort; }

applications_are_there() { [ -n "$(wanting_service)" ] && [ -z "$(comm -23 <(wanting_service) <(having_service))" ]; }

# What Argo CD's ApplicationSets complain about.
set_errors() {
  read_from get applicationsets.argoproj.io --namespace argocd -o json | jq --raw-output '.items[] | .metadata.name as $name |
    .status.conditions[]? | select(.type == "ErrorOccurred" and .status == "True") | "\($name): \(.message)"'
}

# Each Application that is not both Synced and Healthy, with what Argo CD says of it.
unsettled() {
  read_from get applications.argoproj.io --namespace argocd -o json | jq --raw-output '.items[] |
    select(.status.sync.status != "Synced" or .status.health.status != "Healthy") |
    "\(.metadata.name): \(.status.sync.status // "not looked at"), \(.status.health.status // "unknown")" +
    ([.status.conditions[]?.message, .status.operationState.message // empty] | map(gsub("\\s+"; " ")) |
      if . == [] then "" else ": " + .[0][0:200] end)'
}

applications_overview() {
  read_from get applications.argoproj.io --namespace argocd -o json | jq --raw-output '(["APPLICATION", "CLUSTER", "SYNC", "HEALTH"],
    (.items[] | [.metadata.name, .spec.destination.name, (.status.sync.status, .status.health.status | if . == null or . == "" then "-" else . end)])) | @tsv' | table
}

# The sets whose Applications are for a cluster and stand on the management cluster.
here_for_clusters="management load-balancer-identity"

# applications_of CLUSTER: the names of all that are for it.
applications_of() {
  read_from get applications.argoproj.io --namespace argocd -o json | jq --raw-output --arg cluster "$1" --arg here "$here_for_clusters" '
    ($here | split(" ") | map("\(.)-\($cluster)")) as $named |
    .items[] | select(.spec.destination.name == $cluster or (.metadata.name as $name | $named | index($name))) | .metadata.name'
}
