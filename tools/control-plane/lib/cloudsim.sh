# shellcheck shell=bash
# Both clouds and their providers, simulated.

start_cloudsim() {
  start cloudsim "$CLOUDSIM" run --state "$STATE/clouds.json" --tick "$CLOUDSIM_TICK" \
    --namespace "$crossplane_namespace" ${CLOUDSIM_ADDRESS:+--address "$CLOUDSIM_ADDRESS"}
}
