//! What the kernel knows of a process: its clock and its memory.

use std::{collections::BTreeMap, fs, io, time::Duration};

/// Linux counts CPU time in hundredths of a second wherever it tells programs of it.
const TICK: Duration = Duration::from_millis(10);

/// How long a process has been on a CPU so far, in user and kernel mode.
pub(crate) struct Clock {
    /// By thread, in nanoseconds: /proc/PID/task/*/schedstat.
    threads: BTreeMap<String, u64>,
    /// Of the process as a whole, with threads that have ended: /proc/PID/stat.
    whole: Duration,
}

impl Clock {
    /// Reads the clock.
    pub(crate) fn read(pid: u32) -> io::Result<Self> {
        let mut threads = BTreeMap::new();
        for entry in fs::read_dir(format!("/proc/{pid}/task"))? {
            let entry = entry?;
            // A thread may end between the listing and the reading.
            let Ok(text) = fs::read_to_string(entry.path().join("schedstat")) else {
                continue;
            };
            let id = entry.file_name().to_string_lossy().into_owned();
            threads.insert(id, number(text.split_whitespace().next())?);
        }
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The name in parentheses may hold spaces; user and system time are fields 14 and 15.
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let mut times = fields.split_whitespace().skip(11);
        let ticks = number(times.next())? + number(times.next())?;
        let whole = TICK * u32::try_from(ticks).unwrap_or(u32::MAX);
        Ok(Self { threads, whole })
    }

    /// What was spent since an earlier reading. The threads' clocks are exact; where a thread ended
    /// in between, the clock of the process is read instead, to a hundredth of a second.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        let mut earlier_threads = earlier.threads.keys();
        if earlier_threads.all(|id| self.threads.contains_key(id)) {
            let sum = |threads: &BTreeMap<_, u64>| threads.values().sum::<u64>();
            let spent = sum(&self.threads).saturating_sub(sum(&earlier.threads));
            return Duration::from_nanos(spent);
        }
        self.whole.saturating_sub(earlier.whole)
    }
}

/// The most memory that a process ever had, in bytes.
pub(crate) fn peak_memory(pid: u32) -> io::Result<u64> {
    memory(pid, "VmHWM:")
}

/// The memory that a process has, in bytes.
pub(crate) fn resident_memory(pid: u32) -> io::Result<u64> {
    memory(pid, "VmRSS:")
}

/// How many files and sockets a process has open.
pub(crate) fn descriptors(pid: u32) -> io::Result<usize> {
    Ok(fs::read_dir(format!("/proc/{pid}/fd"))?.count())
}

/// A size in /proc/PID/status.
fn memory(pid: u32, name: &str) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.split_whitespace().next());
    Ok(number(kibibytes)? * 1024)
}

fn number(text: Option<&str>) -> io::Result<u64> {
    let parsed = text.and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| io::Error::other("the kernel's figures are not as expected"))
}
