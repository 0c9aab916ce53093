//! Figures of several rounds.

/// One figure, once a round.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figure(Vec<f64>);

impl Figure {
    /// Adds a round.
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// The middle one; of two in the middle, their mean.
    pub(crate) fn median(&self) -> f64 {
        let sorted = self.sorted();
        let middle = sorted.len() / 2;
        match (sorted.len() % 2, sorted.get(middle)) {
            (_, None) => f64::NAN,
            (0, Some(upper)) => f64::midpoint(sorted[middle - 1], *upper),
            (_, Some(value)) => *value,
        }
    }

    /// The least and the most.
    pub(crate) fn spread(&self) -> (f64, f64) {
        let sorted = self.sorted();
        let first = sorted.first().copied().unwrap_or(f64::NAN);
        (first, sorted.last().copied().unwrap_or(f64::NAN))
    }

    /// This over another, round by round: what disturbs one round disturbs both.
    pub(crate) fn over(&self, other: &Self) -> Self {
        let pairs = self.0.iter().zip(&other.0);
        Self(pairs.map(|(a, b)| a / b).collect())
    }
}

/// A straight line through points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// The value at zero.
    pub(crate) base: f64,
    /// What each step adds.
    pub(crate) step: f64,
    /// How much of the variation the line explains, 1 being all.
    pub(crate) fit: f64,
}

impl Line {
    /// The line of the least squares.
    pub(crate) fn through(points: &[(f64, f64)]) -> Self {
        let count = f64::from(u32::try_from(points.len()).unwrap_or(u32::MAX));
        let mean = |value: fn(&(f64, f64)) -> f64| points.iter().map(value).sum::<f64>() / count;
        let (x, y) = (mean(|point| point.0), mean(|point| point.1));
        let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
            points.iter().map(|point| f(point.0 - x, point.1 - y)).sum()
        };
        let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
        let step = xy / xx;
        Self {
            base: y - step * x,
            step,
            fit: xy * xy / (xx * yy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((Figure(vec![9.0, 1.0, 2.0]).median() - 2.0).abs() < 1e-9);
        assert!((Figure(vec![9.0, 1.0, 2.0, 4.0]).median() - 3.0).abs() < 1e-9);
        assert!(Figure::default().median().is_nan());
        assert_eq!(Figure(vec![9.0, 1.0, 2.0]).spread(), (1.0, 9.0));
    }

    #[test]
    fn ratios_are_of_the_same_round() {
        let ratio = Figure(vec![2.0, 40.0]).over(&Figure(vec![1.0, 10.0]));
        assert_eq!(ratio.spread(), (2.0, 4.0));
    }

    #[test]
    fn a_line_is_found_again() {
        let points = [1.0, 2.0, 5.0, 20.0].map(|x| (x, 40.0 + 3.0 * x));
        let line = Line::through(&points);
        assert!((line.base - 40.0).abs() < 1e-9 && (line.step - 3.0).abs() < 1e-9);
        assert!((line.fit - 1.0).abs() < 1e-9);
        let bent = Line::through(&[1.0, 2.0, 5.0, 20.0].map(|x| (x, x * x)));
        assert!(bent.fit < 0.99, "{bent:?}");
    }
}
