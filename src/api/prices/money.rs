//! Prices, quantities and amounts as integers: sums of binary fractions would differ from the bill
//! in the last digit, and from one another in the order of addition.

use std::fmt;

use serde::{Serialize, Serializer};

/// A billion: the smallest price that a book can state is a billionth of a dollar.
const NANO: u64 = 1_000_000_000;
/// Most digits before the point of a price.
const WHOLE: usize = 6;
/// Most digits behind it.
const FRACTION: usize = 9;

/// The price of one unit, in billionths of a dollar. Prices are never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

impl Rate {
    /// Reads a decimal number: at most six digits, and at most nine behind the point.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(whole, WHOLE) || !digits(fraction, FRACTION) {
            return None;
        }
        let whole: u64 = whole.parse().ok()?;
        let scale = 10_u64.pow(u32::try_from(FRACTION - fraction.len()).ok()?);
        let fraction: u64 = fraction.parse().ok()?;
        Some(Self(whole * NANO + fraction * scale))
    }

    /// So many percent of this price.
    pub fn percent(self, percent: Self) -> Self {
        let share = u128::from(self.0) * u128::from(percent.0) / u128::from(100 * NANO);
        Self(u64::try_from(share).unwrap_or(u64::MAX))
    }

    /// What a quantity costs, to the cent. Lines are rounded one by one, so that they add up.
    pub fn times(self, quantity: Quantity) -> Usd {
        // Billionths of a dollar times thousandths of a unit, in cents.
        const CENT: u128 = NANO as u128 / 100 * 1000;
        let exact = u128::from(self.0) * u128::from(quantity.0);
        let cents = (exact + CENT / 2) / CENT;
        Usd(u64::try_from(cents).unwrap_or(u64::MAX))
    }
}

/// Without trailing zeros: `0.2016`.
impl Decimal for Rate {
    fn text(self) -> Text {
        Text::new(self.0, FRACTION, 0)
    }
}

/// How much of something, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(u64);

impl Quantity {
    /// `n` units.
    pub fn whole(n: u64) -> Self {
        Self(n.saturating_mul(1000))
    }

    /// `n` thousandths.
    pub fn thousandths(n: u64) -> Self {
        Self(n)
    }
}

/// Without trailing zeros: `1460`, `0.5`.
impl Decimal for Quantity {
    fn text(self) -> Text {
        Text::new(self.0, 3, 0)
    }
}

/// An amount, in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usd(u64);

impl Usd {
    /// `n` dollars.
    pub fn dollars(n: u32) -> Self {
        Self(u64::from(n) * 100)
    }

    /// Rounded to the dollar.
    pub fn rounded(self) -> u64 {
        self.0.saturating_add(50) / 100
    }

    /// In cents.
    pub fn cents(self) -> u64 {
        self.0
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of this without the other, at least nothing.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Self::plus)
    }
}

/// To the cent: `812.30`.
impl Decimal for Usd {
    fn text(self) -> Text {
        Text::new(self.0, 2, 2)
    }
}

/// A number that is shown as a decimal fraction.
trait Decimal: Copy {
    fn text(self) -> Text;
}

/// A number's digits, written without an allocation: a status has fifty of them, and it is written
/// in every call.
struct Text {
    digits: [u8; 24],
    from: usize,
    to: usize,
}

impl Text {
    /// An integer that counts units of the last of so many digits behind the point, of which at least
    /// `least` are shown.
    fn new(mut value: u64, behind: usize, least: usize) -> Self {
        let mut digits = [b'0'; 24];
        let (mut from, mut to) = (digits.len(), digits.len());
        let mut written = 0;
        while value > 0 || written <= behind {
            if written == behind && behind > 0 {
                from -= 1;
                digits[from] = b'.';
            }
            let digit = u8::try_from(value % 10).unwrap_or_default();
            value /= 10;
            from -= 1;
            digits[from] = b'0' + digit;
            written += 1;
        }
        let mut shown = behind;
        while shown > least && digits[to - 1] == b'0' {
            to -= 1;
            shown -= 1;
        }
        if shown == 0 && behind > 0 {
            to -= 1;
        }
        Self { digits, from, to }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[self.from..self.to]).unwrap_or_default()
    }
}

macro_rules! as_text {
    ($($kind:ty),*) => {$(
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.text().as_str())
            }
        }

        /// As a string: a JSON number would be a binary fraction to most readers.
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.text().as_str())
            }
        }
    )*};
}
as_text!(Rate, Quantity, Usd);

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        Rate::parse(text).unwrap()
    }

    #[test]
    fn prices_are_decimal_numbers_and_nothing_else() {
        for (text, shown) in [
            ("0.10", "0.1"),
            ("0.0000548", "0.0000548"),
            ("999999.999999999", "999999.999999999"),
            ("21.957642", "21.957642"),
            ("0", "0"),
            ("007", "7"),
        ] {
            assert_eq!(rate(text).to_string(), shown);
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "1,5",
            " 1",
            "0x1",
            "1234567",
            "0.1234567890",
            "NaN",
            "1.2.3",
        ] {
            assert_eq!(Rate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_is_rounded_to_the_cent_half_up() {
        let rows = [
            ("0.2016", 1_460_000, "294.34", "294.336"),
            ("0.005", 1_000, "0.01", "half a cent"),
            ("0.005", 999, "0.00", "less than half a cent"),
            ("0.10", 730_000, "73.00", "exact"),
        ];
        for (price, thousandths, expected, reason) in rows {
            let quantity = Quantity::thousandths(thousandths);
            assert_eq!(
                rate(price).times(quantity).to_string(),
                expected,
                "{reason}"
            );
        }
    }

    #[test]
    fn what_is_beyond_every_bill_stays_the_largest_amount() {
        let all = rate("999999").times(Quantity::whole(u64::MAX));
        assert_eq!(all.plus(all).cents(), all.cents());
        assert_eq!(Usd::default().minus(Usd::dollars(1)), Usd::default());
        assert_eq!(Usd::dollars(3).rounded(), 3);
    }

    #[test]
    fn a_share_of_a_price_is_exact() {
        assert_eq!(rate("0.2016").percent(rate("12")).to_string(), "0.024192");
    }

    #[test]
    fn every_number_has_its_text() {
        let rows = [
            (0, 2, 2, "0.00"),
            (5, 2, 2, "0.05"),
            (81_230, 2, 2, "812.30"),
            (0, 9, 0, "0"),
            (1, 9, 0, "0.000000001"),
            (1_000_000_000, 9, 0, "1"),
            (u64::MAX, 9, 0, "18446744073.709551615"),
            (u64::MAX, 2, 2, "184467440737095516.15"),
            (100, 3, 0, "0.1"),
        ];
        for (value, behind, least, expected) in rows {
            assert_eq!(Text::new(value, behind, least).as_str(), expected);
        }
    }

    #[test]
    fn quantities_show_no_more_than_they_have() {
        assert_eq!(Quantity::whole(1460).to_string(), "1460");
        assert_eq!(Quantity::thousandths(1500).to_string(), "1.5");
        assert_eq!(Quantity::thousandths(5).to_string(), "0.005");
    }
}
