//! What the cloud said, out of what a provider writes.
//!
//! crossplane-runtime, upjet and Terraform put the steps of their own work before the cloud's words, and the rest of Go structs
//! and of JSON after them.

use super::masked::masked;

/// Most bytes of a message. The API server takes more, but nobody reads it.
const LONGEST: usize = 1024;
/// Most bytes of a long message's beginning, which names what was done.
const HEAD: usize = 200;

/// What crossplane-runtime was doing (pkg/reconciler/managed/reconciler.go). It stays, once.
const STEPS: [&str; 5] = ["connect", "observe", "create", "update", "delete"];

/// What upjet was doing (upjet v2.4, pkg/controller and pkg/terraform/errors). It repeats the step, or tells of its own parts.
const OWN_WORK: [&str; 24] = [
    "cannot initialize the Terraform plugin SDK async external client: ",
    "cannot initialize the Terraform Plugin Framework async external client: ",
    "cannot get terraform setup: ",
    "cannot run refresh: ",
    "refresh failed: ",
    "apply failed: ",
    "plan failed: ",
    "destroy failed: ",
    "cannot read resource: ",
    "cannot create resource: ",
    "cannot update resource: ",
    "cannot delete resource: ",
    "failed to observe the resource: ",
    "failed to create the resource: ",
    "failed to update the resource: ",
    "failed to delete the resource: ",
    "read resource request failed ",
    "plan resource change request failed ",
    "resource creation call returned error diags ",
    "resource update call returned error diags ",
    "resource deletion call returned error diags ",
    "provider configure request failed ",
    "cannot calculate diff: ",
    "cannot compute the instance diff: ",
];

/// Words after which the cause stands; the last of them counts.
const CAUSES: [&str; 12] = [
    "api error ",
    "googleapi: Error ",
    "last error: ",
    "Current errors: ",
    "Exception: ",
    "rpc error: ",
    "denied the request: ",
    "dial tcp",
    "AccessDenied",
    "UnauthorizedOperation",
    "error waiting for ",
    "caused by: ",
];

/// A provider's message in the cloud's words: on one line, at most a kilobyte, the same for equal failures.
pub(super) fn stable(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = without_details(without_diagnostics(without_steps(&line)));
    let plain: String = masked(&words)
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    shortened(plain)
}

/// One step, and the cloud's words.
fn without_steps(message: &str) -> String {
    let mut step = None;
    let mut rest = message;
    loop {
        let plain = rest.strip_prefix("async ").unwrap_or(rest);
        let found = STEPS.iter().find_map(|step| {
            let tail = plain.strip_prefix(step)?.strip_prefix(" failed: ")?;
            Some((*step, tail))
        });
        if let Some((name, tail)) = found {
            step = step.or(Some(name));
            rest = tail;
        } else if let Some(tail) = OWN_WORK.iter().find_map(|work| rest.strip_prefix(work)) {
            rest = tail;
        } else {
            break;
        }
    }
    match step {
        Some(step) => format!("{step} failed: {rest}"),
        None => rest.to_owned(),
    }
}

/// Terraform's diagnostics as Go prints them: `[{0 summary detail []} {0 summary  []}]`, with a path in the last brackets.
fn without_diagnostics(message: String) -> String {
    let begins = ["[{0 ", "[{1 "];
    let Some(at) = begins.iter().filter_map(|begin| message.find(begin)).min() else {
        return message;
    };
    let (before, list) = message.split_at(at);
    let Some(list) = list.strip_suffix("]}]") else {
        return message;
    };
    let parts: Vec<_> = list[begins[0].len()..]
        .split("]} {")
        .map(|part| {
            part.strip_prefix("0 ")
                .or(part.strip_prefix("1 "))
                .unwrap_or(part)
        })
        .map(|part| part.rfind(" [").map_or(part, |end| &part[..end]).trim_end())
        .collect();
    format!("{before}{}", parts.join("; "))
}

/// Google's errors without the JSON after the message (google.golang.org/api/googleapi, `Error.Error`); its reasons stay.
fn without_details(message: String) -> String {
    const BEGIN: &str = " Details: [";
    let Some(at) = message.find(BEGIN) else {
        return message;
    };
    let list = &message[at + BEGIN.len() - 1..];
    let mut items = serde_json::Deserializer::from_str(list).into_iter::<serde_json::Value>();
    let Some(Ok(details)) = items.next() else {
        return message;
    };
    let rest = &list[items.byte_offset()..];
    let details = details.as_array().map(Vec::as_slice).unwrap_or_default();
    let reasons = details.iter().filter_map(|it| it.get("reason")?.as_str());
    let mut words = message[..at].to_owned();
    for reason in reasons {
        words.extend([" (", reason, ")"]);
    }
    words + rest.trim_start()
}

/// At most a kilobyte, cut between words. The cause stands at the end, and is kept from its first word on.
fn shortened(message: String) -> String {
    const GAP: &str = " … ";
    if message.len() <= LONGEST {
        return message;
    }
    let head = up_to(&message, HEAD);
    let room = LONGEST - head.len() - GAP.len();
    let causes = CAUSES.iter().filter_map(|words| message.rfind(words));
    let word = |at: usize| message[..at].rfind(' ').map_or(0, |space| space + 1);
    let cause = causes.max().map(word).filter(|at| *at > head.len());
    let end = from(&message, message.len() - room);
    match cause {
        // The cause alone is longer: its beginning decides.
        Some(at) if message.len() - at > room => {
            let kept = up_to(&message[at..], room - "…".len());
            format!("{head}{GAP}{kept}…")
        }
        _ => format!("{head}{GAP}{end}"),
    }
}

/// The whole words among the first `most` bytes; the first characters of a single long one.
fn up_to(text: &str, most: usize) -> &str {
    let cut = &text[..text.floor_char_boundary(most)];
    match cut.rfind(' ') {
        Some(end) if end > most / 2 => &cut[..end],
        _ => cut,
    }
}

/// The whole words from a byte on; the last characters of a single long one.
fn from(text: &str, start: usize) -> &str {
    let cut = &text[text.ceil_char_boundary(start)..];
    match cut.find(' ') {
        Some(end) if end < cut.len() / 2 => &cut[end + 1..],
        _ => cut,
    }
}

#[cfg(test)]
mod tests;
