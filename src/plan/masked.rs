//! A provider's message without what differs from one attempt to the next.
//!
//! Clouds put the id of the request into each error, and more that is new every time. A status that changes with it would
//! start a new reconcile at every attempt. What names a thing that stays, such as an account, a network or an address, is kept:
//! without it nobody could follow the advice.

/// What a mask leaves of a word.
const MASK: &str = "…";

/// Labels whose value is another one at every attempt, in lower case, with who writes them.
const LABELS: [&str; 16] = [
    // AWS SDK for Go v2, transport/http (ResponseError), and v1, awserr.
    "requestid",
    "request id",
    "request-id",
    "hostid",
    "host id",
    "x-amzn-requestid",
    "x-amz-request-id",
    // EC2 API, "Decoding authorization failures".
    "encoded authorization failure message",
    // AWS SDK for Go v2, aws/ratelimit: how many tokens are left.
    "retry quota exceeded",
    "session name",
    "update id",
    // Google Cloud, google.rpc.RequestInfo and IAM's concurrent changes.
    "trace id",
    "correlation id",
    "etag",
    "nonce",
    // golang.org/x/net/http2, GoAwayError.
    "laststreamid",
];

/// The kinds of ids, in AWS, of what each attempt makes anew. Those of networks and addresses outlive it.
const NEW_IDS: [&str; 9] = [
    "i", "nat", "eni", "vol", "snap", "sir", "fleet", "spot", "asg",
];

/// Masks all of it. Of several ids of one kind after each other one is left, since there may be another number of them next time.
pub(super) fn masked(message: &str) -> String {
    let words = with_masks(message);
    let mut out: Vec<String> = Vec::new();
    for word in words.split(' ') {
        let last = out.last_mut();
        match last
            .filter(|last| last.ends_with(',') && core(last) == core(word) && word.contains(MASK))
        {
            Some(last) => {
                let end = last.len() - 1;
                last.truncate(end);
                last.push_str(word.trim_start_matches(core(word)));
            }
            None => out.push(word.to_owned()),
        }
    }
    out.join(" ")
}

/// A word without the punctuation around it.
fn core(word: &str) -> &str {
    word.trim_matches([',', ':', '.', '[', ']', '(', ')', '"', '\''])
}

fn with_masks(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    let mut before = Before::default();
    while let Some(first) = rest.chars().next() {
        let starts = !out.ends_with(|c: char| c.is_ascii_alphanumeric());
        if let Some(length) = label(rest).filter(|_| starts) {
            let (label, tail) = rest.split_at(length);
            out.push_str(label);
            rest = value(tail, &mut out);
            before = Before::default();
        } else if in_word(first) {
            let end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            before.word(word, tail, &mut out);
            rest = tail;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// Whether a character belongs to a word. A slash parts the words of a path.
fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '+' | '=' | '[' | ']' | '>')
}

/// The length of the label that a text begins with, where a value follows.
fn label(text: &str) -> Option<usize> {
    let found = LABELS.iter().find(|label| {
        let begins = text.get(..label.len());
        begins.is_some_and(|begin| begin.eq_ignore_ascii_case(label))
            && !text[label.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
    });
    found.map(|label| label.len())
}

/// Copies what stands between a label and its value, masks the value, and returns what follows.
fn value<'a>(text: &'a str, out: &mut String) -> &'a str {
    let mut start = 0;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match c {
            '"' | '\'' => quote = Some(c),
            '\\' if text[at + 1..].starts_with('"') => {}
            ':' | '=' | ' ' | '[' => {}
            // "retry quota exceeded, 3 available"; after a colon there is no value: "RequestID: , request send failed".
            ',' if at == 0 => {}
            _ => break,
        }
        start = at + 1;
    }
    let (between, tail) = text.split_at(start);
    out.push_str(between);
    let mut escaped = false;
    let ends = |c: char| {
        let is_end = match quote {
            Some(quote) => c == quote && !escaped,
            None => c.is_whitespace() || matches!(c, ',' | ';' | ')' | ']' | '}' | '"' | '\''),
        };
        escaped = c == '\\' && !escaped;
        is_end
    };
    let end = tail.find(ends).unwrap_or(tail.len());
    let (value, tail) = tail.split_at(end);
    // The end of a sentence, and of a Go error before the next one, is no part of the value.
    let kept = value.trim_end_matches(['.', ':', '\\']);
    if !kept.is_empty() {
        out.push_str(MASK);
    }
    out.push_str(&value[kept.len()..]);
    tail
}

/// The last words, which tell what the next one is.
#[derive(Default)]
struct Before<'a> {
    last: &'a str,
    second_last: &'a str,
}

impl<'a> Before<'a> {
    fn word(&mut self, word: &'a str, follows: &str, out: &mut String) {
        let kept = word.trim_end_matches(['.', ':']);
        let in_path = out.ends_with('/');
        match self.replacement(kept, in_path, follows) {
            Some(replacement) => out.push_str(&replacement),
            None => out.push_str(kept),
        }
        out.push_str(&word[kept.len()..]);
        (self.second_last, self.last) = (self.last, kept);
    }

    fn replacement(&self, word: &str, in_path: bool, follows: &str) -> Option<String> {
        let mask = || Some(MASK.to_owned());
        // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION; a long-running operation of Google's.
        let of_attempt = self.second_last.ends_with("assumed-role") || self.last == "operations";
        if in_path && of_attempt {
            return mask();
        }
        // Go's net.OpError: the cloud has many addresses, and this end has another port each time.
        if matches!(self.last, "tcp" | "udp")
            && word.starts_with(|c: char| c.is_ascii_digit() || c == '[')
        {
            return mask();
        }
        if is_time(word) || is_day(word, self.last, follows) {
            return mask();
        }
        let is_named = matches!(self.last, "project" | "projects");
        if is_count(word) && !is_named {
            return mask();
        }
        if let Some(instance) = instance_of_pool(word, self.last == "Instance") {
            return Some(instance);
        }
        without_ids(word)
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The shape of a text: `9` for each digit, others as they are.
fn shape(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect()
}

/// A time or a date, or how long something took: RFC 3339, AWS Signature 4, Go's `Time.String` and `Duration.String`.
fn is_time(word: &str) -> bool {
    let shape = shape(word);
    let took = word.strip_suffix('s').is_some_and(|rest| {
        rest.contains('.')
            && rest.starts_with(|c: char| c.is_ascii_digit())
            && rest
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'h' | b'm' | b'n' | b'u'))
    });
    took || word.starts_with("m=+")
        || shape == "9999-99-99"
        || shape.starts_with("9999-99-99T99:99")
        || shape.starts_with("99999999T999999Z")
        || shape == "99:99:99"
        || shape.starts_with("99:99:99.9")
}

/// The day and the month of RFC 1123, `Fri, 28 Nov 2025 10:11:12 GMT`.
fn is_day(word: &str, last: &str, follows: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let next = follows.trim_start_matches([',', ' ']);
    let followed_by_month = MONTHS.iter().any(|month| next.starts_with(month));
    let day = |text: &str| text.len() <= 2 && digits(text);
    DAYS.contains(&word) && follows.starts_with(", ")
        || day(word) && followed_by_month
        || MONTHS.contains(&word) && day(last)
}

/// A count that grows by itself: milliseconds, nanoseconds, and seconds of these years. An account has twelve digits, and a
/// project may have ten.
fn is_count(word: &str) -> bool {
    let seconds = word.len() == 10
        && ["15", "16", "17", "18", "19", "20"]
            .iter()
            .any(|it| word.starts_with(it));
    digits(word) && (word.len() >= 13 || seconds)
}

/// An instance of a GKE node pool, `gke-CLUSTER-POOL-8 hex digits-4`: the pool stays, the rest is another one each time.
fn instance_of_pool(word: &str, is_instance: bool) -> Option<String> {
    let (rest, last) = word.strip_prefix("gke-")?.rsplit_once('-')?;
    let is_last = last.len() == 4 && last.bytes().all(|b| b.is_ascii_alphanumeric());
    let group = rest.rsplit_once('-');
    let pool = match group.filter(|(_, group)| group.len() == 8 && hex(group)) {
        Some((pool, _)) if is_last || last == "grp" => pool,
        None if is_last && is_instance => rest,
        _ => return None,
    };
    Some(format!("gke-{pool}-{MASK}"))
}

/// The word without the ids in it, if there are any.
fn without_ids(word: &str) -> Option<String> {
    if let Some(at) = uuid(word) {
        let rest = &word[at + UUID..];
        let rest = without_ids(rest).unwrap_or_else(|| rest.to_owned());
        return Some(format!("{}{MASK}{rest}", &word[..at]));
    }
    let mut parts = word.split([':', '.', '=', '[', ']']);
    let found = parts.find(|part| is_id(part))?;
    let masked = word.replacen(found, &short(found), 1);
    Some(without_ids(&masked).unwrap_or(masked))
}

/// The kind of an id stays.
fn short(id: &str) -> String {
    match id.split_once('-') {
        Some((kind, _)) if kind == "operation" || NEW_IDS.contains(&kind) => {
            format!("{kind}-{MASK}")
        }
        _ => MASK.to_owned(),
    }
}

fn is_id(part: &str) -> bool {
    let of_new_thing = part
        .split_once('-')
        .is_some_and(|(kind, id)| NEW_IDS.contains(&kind) && matches!(id.len(), 8 | 17) && hex(id));
    // Google Kubernetes Engine and Compute Engine: operation-MILLISECONDS-…
    let operation = part
        .strip_prefix("operation-")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let pointer = part
        .strip_prefix("0x")
        .is_some_and(|rest| rest.len() >= 4 && hex(rest));
    // AWS, access key ids: those of sessions end with the session.
    let key = part.len() == 20 && (part.starts_with("ASIA") || part.starts_with("AKIA"));
    of_new_thing || operation || pointer || key || is_token(part)
}

/// Text that no person writes: much of it without a break, in both cases, with digits at several places.
fn is_token(part: &str) -> bool {
    const LONG: usize = 24;
    part.starts_with("eyJ")
        || part.split(['-', '_', '+']).any(|run| {
            let has = |kind: fn(&u8) -> bool| run.bytes().any(|b| kind(&b));
            let numbers = run.split(|c: char| !c.is_ascii_digit());
            let numbers = numbers.filter(|number| !number.is_empty()).count();
            run.len() >= LONG
                && has(u8::is_ascii_uppercase)
                && has(u8::is_ascii_lowercase)
                && numbers > 1
        })
}

const UUID: usize = 36;

/// Where a UUID begins, which may stand at the end of a name.
fn uuid(word: &str) -> Option<usize> {
    (0..word.len().saturating_sub(UUID - 1)).find(|at| {
        let found = &word.as_bytes()[*at..*at + UUID];
        let is_part = |(n, b): (usize, &u8)| match n {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        };
        found.iter().enumerate().all(is_part)
    })
}

#[cfg(test)]
mod tests;
