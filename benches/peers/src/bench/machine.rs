//! Where and when something was measured.

use std::{fs, process::Command};

/// What a reader needs to weigh the figures.
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    kernel: String,
    date: String,
    commit: String,
    /// What else ran: the load average of the last minute before the start.
    load: String,
}

impl Machine {
    /// This one, now.
    pub(crate) fn read() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let models = info.lines().filter(|line| line.starts_with("model name"));
        let models: Vec<_> = models.filter_map(|line| line.split_once(": ")).collect();
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        Self {
            processor: models.first().map_or_else(
                || std::env::consts::ARCH.to_owned(),
                |(_, name)| (*name).to_owned(),
            ),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            date: said_by("date", &["-u", "+%Y-%m-%d"]),
            commit: said_by("git", &["describe", "--always", "--dirty", "--exclude=*"]),
            load: read("/proc/loadavg")
                .split(' ')
                .next()
                .unwrap_or("?")
                .to_owned(),
        }
    }

    /// In one sentence.
    pub(crate) fn sentence(&self) -> String {
        let Self {
            processor,
            cores,
            kernel,
            date,
            commit,
            load,
        } = self;
        format!(
            "Measured on {date} at commit {commit}: {processor}, {cores} cores, Linux {kernel}, load average {load} at \
             the start."
        )
    }
}

/// The first line that a command prints, or a question mark.
fn said_by(command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command).args(arguments).output();
    let output = output.ok().filter(|output| output.status.success());
    let text = output.and_then(|output| String::from_utf8(output.stdout).ok());
    let line = text.as_deref().and_then(|text| text.lines().next());
    line.unwrap_or("?").to_owned()
}
