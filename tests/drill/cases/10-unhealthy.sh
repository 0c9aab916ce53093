# shellcheck shell=bash
title "a target that does not answer is refused"
freeze prod-eu
move 10-unhealthy failover --from prod-us --to prod-eu
awaken
exits_with 1 10-unhealthy
reports_that 10-unhealthy '.ending == "refused" and .steps == [] and ([.gates[] | select(.blocks and .verdict == "failed").name] | index("target-answers"))' "target-answers failed"
is prod-us active
