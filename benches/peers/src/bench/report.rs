//! What was measured, in tables.

use std::{fs, path::Path};

use figures::Table;

use crate::{
    bars::{Bar, bars},
    case::Case,
    load::CROWD,
    machine::Machine,
    peer::{Peer, Programs},
    pools::Growth,
    rounds::Measured,
    stats::Figure,
};

/// Seconds between two calls for a cluster: settled, and waiting. They are the Input's defaults.
const TTLS: [f64; 2] = [600.0, 60.0];

/// All results of a run.
pub(crate) struct Report {
    /// Where and when.
    pub(crate) machine: Machine,
    /// By request.
    pub(crate) cases: Vec<(Case, Vec<Measured>)>,
    /// From the start of a process to its first answer.
    pub(crate) start_up: Vec<(Peer, Figure)>,
    /// By number of pools.
    pub(crate) growth: Vec<Growth>,
    /// What should have been measured and was not, and why.
    pub(crate) missing: Vec<String>,
}

impl Report {
    /// The limits, by the name of the request.
    pub(crate) fn bars(&self) -> Vec<(&str, Bar)> {
        let settled = self.cases.iter().filter(|(case, _)| case.settled);
        let all = settled.flat_map(|(case, measured)| {
            let name = case.name.as_str();
            bars(measured).into_iter().map(move |bar| (name, bar))
        });
        all.collect()
    }

    /// All tables.
    pub(crate) fn tables(&self, programs: &Programs, images: &Path) -> Vec<Table> {
        let mut tables: Vec<_> = self
            .cases
            .iter()
            .map(|(case, all)| calls(case, all))
            .collect();
        tables.push(self.processes(programs, images));
        tables.extend(self.growth.iter().map(pools));
        tables.push(self.sizing());
        tables.push(self.limits());
        tables
    }

    fn processes(&self, programs: &Programs, images: &Path) -> Table {
        let header = ["", "start to first answer, ms", "binary, MB", "image, MB"];
        let mut table = Table::new("Processes", &header);
        for (peer, figure) in &self.start_up {
            let binary = peer.binary(programs).and_then(|path| size(&path));
            let image = (*peer == Peer::Ours).then(|| image(images)).flatten();
            let megabytes = |bytes: Option<u64>| bytes.map_or("-".to_owned(), in_megabytes);
            table.row([
                peer.to_string(),
                with_spread(figure, 0),
                megabytes(binary),
                megabytes(image),
            ]);
        }
        table
    }

    fn sizing(&self) -> Table {
        let header = [
            "request",
            "calls/s",
            "clusters, settled",
            "clusters, waiting",
        ];
        let title = "What one core carries: clusters that call every 600 s (settled) or every 60 s (waiting)";
        let mut table = Table::new(title, &header);
        for (case, measured) in self.cases.iter().filter(|(case, _)| case.settled) {
            let ours = measured.iter().find(|one| one.peer == Peer::Ours);
            let Some(rate) = ours.map(|ours| 1e6 / ours.cpu.median()) else {
                continue;
            };
            let clusters = TTLS.map(|ttl| format!("{:.0}", rate * ttl));
            let cells = [case.name.clone(), format!("{rate:.0}")];
            table.row(cells.into_iter().chain(clusters));
        }
        table
    }

    fn limits(&self) -> Table {
        let mut table = Table::new(
            "Limits of the settled state, CPU per call",
            &["request", "over", "at most", "measured", ""],
        );
        for (name, bar) in self.bars() {
            table.row([
                name.to_owned(),
                bar.peer.to_string(),
                format!("{}", bar.limit),
                with_spread(&bar.ratio, 3),
                if bar.is_met() { "met" } else { "NOT MET" }.to_owned(),
            ]);
        }
        for growth in &self.growth {
            table.row([
                format!("{} by pools", growth.example),
                "a straight line".to_owned(),
                "R² from 0.95".to_owned(),
                format!("{:.3}", growth.line().fit),
                if growth.is_linear() { "met" } else { "NOT MET" }.to_owned(),
            ]);
        }
        table
    }
}

fn calls(case: &Case, measured: &[Measured]) -> Table {
    let (request, answer) = (case.request.len(), case.answer.len());
    let title = format!(
        "{}: {} objects, request {:.1} KB, answer {:.1} KB",
        case.name,
        case.count(),
        in_kilobytes(request),
        in_kilobytes(answer),
    );
    let crowd = format!("CPU, {CROWD} callers, µs");
    let rate = format!("calls/s, {CROWD} callers");
    let header = [
        "",
        "CPU per call, µs",
        &crowd,
        "p50, µs",
        "p99, µs",
        &rate,
        "peak memory, MB",
    ];
    let mut table = Table::new(title, &header);
    for one in measured {
        table.row([
            one.peer.to_string(),
            with_spread(&one.cpu, 0),
            with_spread(&one.crowd_cpu, 0),
            with_spread(&one.p50, 0),
            with_spread(&one.p99, 0),
            with_spread(&one.rate, 0),
            in_megabytes(one.memory),
        ]);
    }
    table
}

fn pools(growth: &Growth) -> Table {
    let line = growth.line();
    let title = format!(
        "{}, settled, by pools: {:.0} µs and {:.1} µs for each pool (R² {:.3})",
        growth.example, line.base, line.step, line.fit
    );
    let mut table = Table::new(
        title,
        &["pools", "objects", "request, KB", "CPU per call, µs"],
    );
    for (count, case, measured) in &growth.points {
        table.row([
            count.to_string(),
            case.count().to_string(),
            format!("{:.1}", in_kilobytes(case.request.len())),
            with_spread(&measured.cpu, 0),
        ]);
    }
    table
}

/// The median, and the least and the most of all rounds.
fn with_spread(figure: &Figure, digits: usize) -> String {
    let (least, most) = figure.spread();
    let median = figure.median();
    format!("{median:.digits$} ({least:.digits$}–{most:.digits$})")
}

fn in_kilobytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e3
}

fn in_megabytes(bytes: u64) -> String {
    let kilobytes = u32::try_from(bytes / 1000).unwrap_or(u32::MAX);
    format!("{:.1}", f64::from(kilobytes) / 1e3)
}

fn size(path: &Path) -> Option<u64> {
    Some(fs::metadata(path).ok()?.len())
}

/// The size of the image, where it was built.
fn image(folder: &Path) -> Option<u64> {
    let files = fs::read_dir(folder).ok()?.flatten();
    let mut images = files.filter(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("function-xcluster-") && name.ends_with(".tar")
    });
    size(&images.next()?.path())
}
