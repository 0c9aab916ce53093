use std::time::Duration;

use failover::length::{parse, seconds};

#[test]
fn lengths_are_read_as_people_write_them() {
    for (text, milliseconds) in [
        ("0", 0),
        ("500ms", 500),
        ("30s", 30_000),
        ("5m", 300_000),
        ("1h30m", 5_400_000),
        ("1m30s", 90_000),
    ] {
        assert_eq!(
            parse(text),
            Ok(Duration::from_millis(milliseconds)),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_length_is_refused_with_an_example() {
    for text in [
        "",
        "5",
        "m",
        "-5m",
        "5 m",
        "5d",
        "5.5s",
        "99999999999999999999s",
        "18446744073709551615h",
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains("write 30s, 5m or 1h30m"), "{text}: {error}");
    }
}

#[test]
fn reports_have_one_decimal() {
    assert!((seconds(Duration::from_millis(1_249)) - 1.2).abs() < f64::EPSILON);
}
