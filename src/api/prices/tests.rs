use super::*;
use crate::api::provider::Provider;

const CLOUDS: [Provider; 2] = [Provider::AWS, Provider::GCP];

const HEAD: &str =
    "# a comment\nbook\t2026-11-25\nprovider\tregion\tsku\tunit\tusd\tsource\tdate\tverified\n";

fn book(rows: &str) -> Result<Book, String> {
    Book::parse(&format!("{HEAD}{rows}"), &CLOUDS).map_err(|error| error.to_string())
}

#[test]
fn a_book_is_read_strictly() {
    let good = "aws\tus-east-1\tx\tGiB\t0.1\there\t2026\tyes\n";
    let rows = [
        (
            "aws\tus-east-1\tx\tGiB\t-0.1\there\t2026\tyes",
            "line 4: usd \"-0.1\" is not a price",
            "negative",
        ),
        (
            "aws\tus-east-1\tx\tGiB\t\there\t2026\tyes",
            "usd \"\" is not a price",
            "no price",
        ),
        (
            "aws\tus-east-1\tx\tmile\t0.1\there\t2026\tyes",
            "unit \"mile\" is unknown; use cluster-hour",
            "unknown unit",
        ),
        (
            "azure\teast\tx\tGiB\t0.1\there\t2026\tyes",
            "provider \"azure\" is unknown; use aws or gcp",
            "unknown cloud",
        ),
        (
            "aws\tus-east-1\tx\tGiB\t0.1\there\t2026-13\tyes",
            "date \"2026-13\" is not a date",
            "a month that is none",
        ),
        (
            "aws\tus-east-1\tx\tGiB\t0.1\there\ttoday\tyes",
            "date \"today\" is not a date",
            "no date",
        ),
        (
            "aws\tus-east-1\tx\tGiB\t0.1\there\t2026\tmaybe",
            "verified \"maybe\" is neither",
            "a third truth",
        ),
        (
            "aws\tUS\tx\tGiB\t0.1\there\t2026\tyes",
            "region \"US\" is not a region",
            "upper case",
        ),
        (
            "aws\tus-*-1\tx\tGiB\t0.1\there\t2026\tyes",
            "is not a region",
            "a star in between",
        ),
        (
            "aws\tus-east-1\tx y\tGiB\t0.1\there\t2026\tyes",
            "sku \"x y\" is not a sku",
            "a space",
        ),
        (
            "aws\tus-east-1\tx\tGiB\t0.1\t\t2026\tyes",
            "source \"\" is not a source",
            "no source",
        ),
        (
            "aws\tus-east-1\tx\tGiB\t0.1",
            "it has 5 fields; use 8",
            "too few fields",
        ),
        (
            &format!("{good}{good}"),
            "line 5: x of aws in us-east-1 is there twice; remove one",
            "a duplicate",
        ),
    ];
    for (text, expected, reason) in rows {
        let error = book(text).unwrap_err();
        assert!(error.contains(expected), "{reason}: {error}");
    }
    assert_eq!(book(good).unwrap().len(), 1);
    assert_eq!(book("").unwrap_err(), "it holds no price");
    let many = "x\n".repeat(30);
    assert!(book(&many).unwrap_err().ends_with("; and 10 more"));
}

#[test]
fn a_book_begins_with_its_day_and_its_columns() {
    for text in ["", "book\ttoday\n", "book\t2026-11\n", "book 2026-11-25\n"] {
        let error = Book::parse(text, &CLOUDS).unwrap_err().to_string();
        assert!(error.starts_with("the first line is not"), "{error}");
    }
    let error = Book::parse("book\t2026-11-25\nprovider\tusd\n", &CLOUDS).unwrap_err();
    assert!(error.to_string().starts_with("the second line is not"));
}

#[test]
fn the_longest_region_that_fits_counts_and_no_other_region_ever() {
    let text = "aws\t*\tx\tGiB\t1\ta\t-\tno\naws\tus-*\tx\tGiB\t2\ta\t-\tno\naws\tus-east-1\tx\tGiB\t3\ta\t-\tno\naws\tus-east-1\ty\tGiB\t4\ta\t-\tno\n";
    let low = book(text).unwrap();
    let books = Books::of([&low]);
    let at = |region: &str, sku: &str| {
        let price = books.prices(Provider::AWS, region).get(sku)?.usd;
        Some(price.to_string())
    };
    assert_eq!(at("us-east-1", "x").unwrap(), "3");
    assert_eq!(at("us-east-2", "x").unwrap(), "2");
    assert_eq!(at("eu-west-1", "x").unwrap(), "1");
    assert_eq!(at("us-east-2", "y"), None, "another region's");
    assert_eq!(at("us-gov-west-1", "x"), None, "GovCloud's list is another");
    assert_eq!(at("cn-north-1", "x"), None, "China's, too");
    let gcp = books.prices(Provider::GCP, "us-east-1");
    assert!(gcp.get("x").is_none(), "another cloud's");
}

#[test]
fn an_upper_book_hides_what_it_has_and_nothing_else() {
    let low =
        book("aws\tus-east-1\tx\tGiB\t1\ta\t-\tno\naws\tus-east-1\ty\tGiB\t1\ta\t-\tno\n").unwrap();
    let high = book("aws\t*\tx\tGiB\t9\ta\t-\tno\n").unwrap();
    let books = Books::of([&high, &low]);
    let prices = books.prices(Provider::AWS, "us-east-1");
    assert_eq!(prices.get("x").unwrap().usd.to_string(), "9");
    assert_eq!(prices.get("y").unwrap().usd.to_string(), "1");
    let label = books.label();
    assert_eq!(label, format!("{} over {}", high.label(), low.label()));
    assert_ne!(high.label(), low.label());
    assert!(label.starts_with("2026-11-25 sha256:"));
}

#[test]
fn tiers_are_in_order_and_of_one_place() {
    let text = "aws\t*\te/0\tGiB\t0\ta\t-\tno\naws\t*\te/100\tGiB\t2\ta\t-\tno\naws\tr-1\te/0\tGiB\t1\ta\t-\tno\naws\tr-1\te/1024\tGiB\t3\ta\t-\tno\naws\tr-1\te/20\tGiB\t2\ta\t-\tno\naws\tr-1\te-other/5\tGiB\t2\ta\t-\tno\n";
    let low = book(text).unwrap();
    let prices = Books::of([&low]).prices(Provider::AWS, "r-1");
    let tiers: Vec<_> = prices
        .tiers("e")
        .into_iter()
        .map(|(from, _, _)| from)
        .collect();
    assert_eq!(tiers, [0, 20, 1024]);
    assert!(prices.tiers("nothing").is_empty());
}

#[test]
fn the_embedded_book_is_sound_and_says_what_is_not_verified() {
    let text = include_str!("../../../prices/book.tsv");
    let parsed = Book::parse(text, &CLOUDS).unwrap();
    assert!(parsed.len() > 300);
    assert_eq!(parsed.label(), Book::embedded().label());
    let rows = text.lines().filter(|line| line.ends_with("\tyes"));
    for row in rows {
        assert!(row.contains("\thttps://"), "{row}");
    }
    let recalled = text.lines().filter(|line| line.contains("\trecalled\t"));
    for row in recalled {
        assert!(row.ends_with("\t-\tno"), "{row}");
    }
}
