//! How the cost grows with the number of pools.

use std::path::Path;

use crate::{
    Error,
    case::Case,
    peer::{Peer, Programs},
    rounds::{Effort, Measured, measure},
    stats::Line,
};

/// From one pool to the most that a cluster may have.
const COUNTS: [usize; 6] = [1, 2, 5, 10, 15, 20];

/// How straight the line has to be.
const STRAIGHT: f64 = 0.95;

/// The settled state of one example with more and more pools.
pub(crate) struct Growth {
    /// The example.
    pub(crate) example: &'static str,
    /// Number of pools, the request, and what the function needed for it.
    pub(crate) points: Vec<(usize, Case, Measured)>,
}

impl Growth {
    /// Measures it.
    pub(crate) async fn measure(
        root: &Path,
        example: &'static str,
        programs: &Programs,
        effort: Effort,
    ) -> Result<Self, Error> {
        let mut points = Vec::new();
        for count in COUNTS {
            let case = Case::with_pools(root, example, count)?;
            let measured = measure(&[Peer::Ours], programs, &case, effort).await?;
            for one in measured {
                points.push((count, case.clone(), one));
            }
        }
        Ok(Self { example, points })
    }

    /// CPU per call in microseconds by number of pools.
    pub(crate) fn costs(&self) -> Vec<(f64, f64)> {
        let points = self.points.iter();
        let points = points.map(|(count, _, one)| {
            let count = f64::from(u32::try_from(*count).unwrap_or(u32::MAX));
            (count, one.cpu.median())
        });
        points.collect()
    }

    /// The line through them.
    pub(crate) fn line(&self) -> Line {
        Line::through(&self.costs())
    }

    /// Whether they are on a line.
    pub(crate) fn is_linear(&self) -> bool {
        self.line().fit >= STRAIGHT
    }
}
