# One line for each cluster: name, whether it is Ready, where it is, what is wrong, and the fix, separated by the unit
# separator. $composites has what Crossplane itself says of the composites of claims; a claim does not show it.

def plain: tostring | gsub("\\s+"; " ");

# A condition of Crossplane's own; of a claim and its composite, the one that is false.
def of_core($composites; $type):
  . as $cluster
  | [$composites.items[]? | select(.metadata.name == $cluster.spec.resourceRef.name) | .status.conditions[]? | select(.type == $type)]
    + [.conditions[$type] // empty]
  | map(select(.status == "False"))[0] // empty | .message;

# What stands in the way, the most telling first: a mistake in the cluster, a known remedy, Crossplane.
def problem($composites):
  if .conditions.Valid.status == "False" then
    {what: .conditions.Valid.message, fix: "correct the cluster's file and apply it; nothing was changed meanwhile", at_once: true}
  elif [of_core($composites; "Responsive")] != [] then
    {what: of_core($composites; "Responsive"),
      fix: "start Crossplane with --circuit-breaker-burst=1000, as README.md says; it looks at the cluster again within minutes"}
  elif [of_core($composites; "Synced")] != [] then
    {what: of_core($composites; "Synced"),
      fix: "the message is Crossplane's; ask whether the function runs: kubectl describe function function-xcluster"}
  elif any(.status.waitingFor[]?; .fix) then
    [.status.waitingFor[] | select(.fix)][0] | {what: "\(.resource) waits for \(.for): \(.reason)", fix: .fix}
  elif .conditions.Maintained.status == "False" then
    (.conditions.Maintained.message | split("; fix: ")) as [$what, $fix]
    | {what: $what, fix: ($fix // "look at the managed resource: kubectl describe")}
  else empty end;

def place:
  if (.status.waitingFor // []) != [] then
    .status.waitingFor[0] | "\(.resource) waits for \(.for)"
  elif .status.phase then "nothing is waited for"
  else "nobody has looked at it yet" end;

. as $cluster
| ([problem($composites)][0] // {what: "", fix: "", at_once: false}) as $problem
| [
    (if .namespace == "" then .name else "\(.namespace)/\(.name)" end),
    (.conditions.Ready.status == "True" and .conditions.Valid.status == "True"),
    "\(.status.phase // "Unknown"): \(place)",
    $problem.what, $problem.fix, ($problem.at_once // false)
  ] | map(plain) | join("\u001f")
