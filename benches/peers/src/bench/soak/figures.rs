//! What a server holds, from reading to reading.

use std::{io, time::Instant};

use ::figures::Table;

use super::{READINGS, calls::Requests};
use crate::{
    Error,
    load::Phase,
    peer::Running,
    process::{self, Clock},
};

/// How much memory may differ between the first reading and the last, in bytes: an allocator gives
/// nothing back for good.
const GROWTH: u64 = 2 * 1024 * 1024;

/// The most that the server may ever have had, in bytes, when it is called as Crossplane calls it.
const MEMORY: u64 = 16 * 1024 * 1024;

/// What a process has at a moment.
pub(super) struct Held {
    resident: u64,
    peak: u64,
    descriptors: usize,
}

impl Held {
    /// Asks the kernel.
    pub(super) fn read(pid: u32) -> io::Result<Self> {
        Ok(Self {
            resident: process::resident_memory(pid)?,
            peak: process::peak_memory(pid)?,
            descriptors: process::descriptors(pid)?,
        })
    }

    /// Memory now, in megabytes.
    pub(super) fn resident(&self) -> f64 {
        megabytes(self.resident)
    }

    /// The most memory ever, in megabytes.
    pub(super) fn peak(&self) -> f64 {
        megabytes(self.peak)
    }
}

fn megabytes(bytes: u64) -> f64 {
    // A size that matters here is exact in 32 bits of kibibytes.
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}

/// Steady calls, read in equal parts.
pub(super) struct Steady {
    calls: u64,
    callers: u16,
    readings: Vec<(Phase, Held)>,
}

impl Steady {
    /// Makes the calls.
    pub(super) async fn measure(
        server: &mut Running,
        requests: &Requests,
        calls: u64,
        callers: u16,
    ) -> Result<Self, Error> {
        let part = calls / READINGS;
        let mut readings = Vec::new();
        for reading in 0..READINGS {
            let pid = server.pid()?;
            let (before, start) = (Clock::read(pid)?, Instant::now());
            let took = requests
                .steady(&server.caller, reading * part, part, callers)
                .await?;
            let lasted = start.elapsed();
            let busy = Clock::read(pid)?.since(&before);
            readings.push((Phase { took, lasted, busy }, Held::read(pid)?));
        }
        Ok(Self {
            calls: part * READINGS,
            callers,
            readings,
        })
    }

    /// The readings in rows.
    pub(super) fn table(&self) -> Table {
        let title = format!(
            "{} calls by {} callers on one connection",
            self.calls, self.callers
        );
        let header = [
            "calls so far",
            "CPU per call, µs",
            "p50, µs",
            "p99, µs",
            "calls/s",
            "memory, MB",
            "descriptors",
        ];
        let mut table = Table::new(title, &header);
        for (number, (phase, held)) in (1..).zip(&self.readings) {
            table.row([
                (self.calls / READINGS * number).to_string(),
                format!("{:.0}", phase.cpu()),
                format!("{:.0}", phase.percentile(50)),
                format!("{:.0}", phase.percentile(99)),
                format!("{:.0}", phase.rate()),
                format!("{:.1}", held.resident()),
                held.descriptors.to_string(),
            ]);
        }
        table
    }

    /// What grew, or is too much.
    pub(super) fn problems(&self) -> Vec<String> {
        let (Some((_, first)), Some((_, last))) = (self.readings.first(), self.readings.last())
        else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if last.resident > first.resident + GROWTH {
            found.push(format!(
                "memory grew from {:.1} to {:.1} MB",
                first.resident(),
                last.resident()
            ));
        }
        if last.descriptors > first.descriptors {
            found.push(format!(
                "descriptors grew from {} to {}",
                first.descriptors, last.descriptors
            ));
        }
        if last.peak > MEMORY {
            found.push(format!("took {:.1} MB of memory", last.peak()));
        }
        found
    }
}
