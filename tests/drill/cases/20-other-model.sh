# shellcheck shell=bash
title "a target with another model is caught"
folder=$STATE/service/other-model
cp -r "$server/model" "$folder"
jq '.version = "9.9.9"' "$server/model/model.json" >"$folder/model.json"
# What keeps the Pods there would start the right one again.
stop pods
stop service-prod-eu
start_service prod-eu "$folder"
wait_ready service-prod-eu 60 ready prod-eu
move 20-other-model failover --from prod-us --to prod-eu
stop service-prod-eu
start_service prod-eu
wait_ready service-prod-eu 60 ready prod-eu
start pods "$here/pods.sh"
exits_with 1 20-other-model
reports_that 20-other-model '[.gates[] | select(.verdict == "failed").name] == ["same-answer", "same-revision"]' "both gates of the model failed"
is prod-us active
