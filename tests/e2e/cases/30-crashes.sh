# shellcheck shell=bash
# While two clusters are made, everything is killed or replaced once. Nothing is lost, nothing is made twice.

for name in crash-us crash-eu; do
  create "$repository/tests/e2e/$name.yaml" >/dev/null
done
some() { [ "$(composed "$1" | wc -l)" -ge "$2" ]; }
expect 60 "crash-us is being made" some crash-us 8

stop function KILL
sleep 3
start_function
say "    did  kill the function with SIGKILL and start it again"

expect 60 "crash-eu is being made" some crash-eu 8
composed crash-us >"$STATE/before"
stop core KILL
start_core
say "    did  kill Crossplane core and start it again"
kept() { composed "$1" >"$STATE/after" && ! comm -23 <(cut -d' ' -f1-3 "$STATE/before") <(cut -d' ' -f1-3 "$STATE/after") | grep .; }
expect 20 "every managed resource of before is still the same object" kept crash-us

write_function_certificates
say "    did  replace the function's certificates while it serves"
stop cloudsim KILL
start_cloudsim
say "    did  kill the providers and start them again"
stop kube-apiserver KILL
start_apiserver
say "    did  kill kube-apiserver and start it again"

expect 300 "crash-us is Ready" ready crash-us
expect 300 "crash-eu is Ready" ready crash-eu
expect 10 "every managed resource of before is still the same object" kept crash-us
expect 10 "the function serves its new certificate" \
  shows "$(openssl x509 -in "$function_tls/tls.crt" -noout -serial)" served_serial

for name in crash-us crash-eu; do
  expect 10 "$name: one object in the cloud for each managed resource" once_in_cloud "$name"
done
