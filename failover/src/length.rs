//! Lengths of time, as people write them.

use std::time::Duration;

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Reads `5m`, `1m30s` or `500ms`.
///
/// # Errors
/// A sentence that says what a length looks like.
pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("'{text}' is no length of time; write 30s, 5m or 1h30m");
    let mut rest = text;
    let mut milliseconds = 0_u64;
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters = rest[digits..]
            .bytes()
            .take_while(u8::is_ascii_alphabetic)
            .count();
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = &rest[digits..digits + letters];
        let (_, factor) = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or_else(wrong)?;
        milliseconds = number
            .checked_mul(*factor)
            .and_then(|more| milliseconds.checked_add(more))
            .ok_or_else(wrong)?;
        rest = &rest[digits + letters..];
    }
    if text.is_empty() {
        return Err(wrong());
    }
    Ok(Duration::from_millis(milliseconds))
}

/// Seconds with one decimal, as the reports have them.
pub fn seconds(length: Duration) -> f64 {
    (length.as_secs_f64() * 10.0).round() / 10.0
}
