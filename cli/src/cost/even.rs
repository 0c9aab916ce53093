//! Break-even points: where one way becomes cheaper than another.

#![expect(
    clippy::format_push_string,
    reason = "a page of text that is written once"
)]

use xcluster::{
    api::{
        choice::{Choice as _, GpuModel, Size},
        prices::{Books, Prices, Quantity, Rate, Usd},
        provider::Provider,
        spec::Spec,
    },
    cloud::{interface::Cloud, registry::Clouds},
    cost::{
        Estimate,
        bill::{HOURS, Sizes},
    },
};

use super::compared::{Analyzed, CLOUDS, share};

/// The regions whose prices the general points are worked out with: of each cloud the one that most
/// prices were read in.
const PLACES: [(Provider, &str); 2] =
    [(Provider::AWS, "us-east-1"), (Provider::GCP, "us-central1")];
/// How far to look, in GiB a month: a PiB.
const MOST_GIB: u32 = 1 << 20;
/// Sums cross at most once in so many GiB.
const STRIDE: u32 = 512;

/// The chapter.
pub(super) fn markdown(clusters: &[Analyzed<'_>], books: &Books<'_>) -> String {
    let mut text = "\n## Break-even points\n\n### Internet egress\n\n\
        Everything else as declared, from how many GiB a month to the internet on the other cloud is cheaper.\n\n\
        | cluster | pools at | with none | then |\n|---|---|---|---|\n"
        .to_owned();
    for analyzed in clusters {
        for (end, name) in [(End::Min, "min"), (End::Max, "max")] {
            if let Some([first, then]) = egress(analyzed, books, end) {
                text += &format!("| {} | {name} | {first} | {then} |\n", analyzed.name);
            }
        }
    }
    text += &nat(books);
    text += &spot(books);
    text += &auto(books);
    text += &standby(books);
    text + &support(books)
}

#[derive(Clone, Copy)]
enum End {
    Min,
    Max,
}

/// Who is cheaper without egress, and where that changes.
fn egress(analyzed: &Analyzed<'_>, books: &Books<'_>, end: End) -> Option<[String; 2]> {
    let [aws, gcp] = CLOUDS.map(|cloud| analyzed.on(cloud));
    let (aws, gcp) = (aws?, gcp?);
    if !aws.missing.is_empty() || !gcp.missing.is_empty() {
        return None;
    }
    let regions = [aws.region, gcp.region];
    let [Some(first), Some(second)] = CLOUDS.map(|cloud| Clouds::ALL.of(cloud)) else {
        return None;
    };
    let clouds = [first, second];
    let mut spec = analyzed.cluster.spec.clone();
    let mut sums = |gib: u32| {
        spec.budget.traffic.internet_egress_gib = gib;
        [0, 1].map(|n| sum(&spec, clouds[n], regions[n], books, end))
    };
    let says = |[aws, gcp]: [Usd; 2]| {
        if aws <= gcp {
            format!("AWS by {} USD", gcp.minus(aws))
        } else {
            format!("Google Cloud by {} USD", aws.minus(gcp))
        }
    };
    let aws_is_cheaper = |[aws, gcp]: [Usd; 2]| aws <= gcp;
    let start = sums(0);
    let at_first = aws_is_cheaper(start);
    let mut changes = Vec::new();
    let (mut gib, mut now) = (0, at_first);
    while gib < MOST_GIB && changes.len() < 3 {
        let next = gib + STRIDE;
        if aws_is_cheaper(sums(next)) != now {
            let (mut low, mut high) = (gib, next);
            while high - low > 1 {
                let middle = low.midpoint(high);
                if aws_is_cheaper(sums(middle)) == now {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            now = !now;
            let name = if now { "AWS" } else { "Google Cloud" };
            changes.push(format!("{name} from {high} GiB on"));
        }
        gib = next;
    }
    let then = if changes.is_empty() {
        "the same at any amount".to_owned()
    } else {
        changes.join(", ")
    };
    Some([says(start), then])
}

fn sum(spec: &Spec, cloud: &dyn Cloud, region: &str, books: &Books<'_>, end: End) -> Usd {
    let monthly = Estimate::of(spec, cloud, region, books, &Sizes::new()).monthly();
    match end {
        End::Min => monthly.min,
        End::Max => monthly.max,
    }
}

fn usd(prices: &Prices<'_>, sku: &str) -> Option<Rate> {
    Some(prices.get(sku)?.usd)
}

fn month(rate: Rate, count: u64) -> Usd {
    rate.times(Quantity::whole(HOURS * count))
}

/// One NAT gateway or one in each zone, on AWS. On Google Cloud it makes no difference.
fn nat(books: &Books<'_>) -> String {
    let (cloud, region) = PLACES[0];
    let prices = books.prices(cloud, region);
    let found = || {
        Some((
            usd(&prices, "nat")?,
            usd(&prices, "public-ipv4")?,
            usd(&prices, "inter-zone")?,
        ))
    };
    let Some((gateway, address, crossing)) = found() else {
        return String::new();
    };
    let saved = month(gateway, 2).plus(month(address, 2));
    // Of three zones, two reach a single gateway across a border, which both sides pay for.
    let per_gib = |gib: u64| crossing.times(Quantity::thousandths(gib * 2 * 1000 * 2 / 3));
    let mut gib = 0;
    while per_gib(gib) < saved && gib < u64::from(MOST_GIB) {
        gib += 1;
    }
    format!(
        "\n### One NAT gateway or one in each zone\n\n\
         In {region}, `nat: single` saves two gateways and two addresses of three, {saved} USD. Two thirds of what goes \
         through NAT then cross a zone's border, at {crossing} USD a GiB on either side. From {gib} GiB a month on, \
         `perZone` is the cheaper one; below, it is the price of surviving the loss of a zone. Cloud NAT is regional: on \
         Google Cloud there is nothing to choose.\n",
    )
}

/// What spot capacity saves.
fn spot(books: &Books<'_>) -> String {
    let mut text = "\n### Spot capacity\n\n\
        A spot node is taken away at short notice, and what it was doing is done again. Spot is cheaper as long as less \
        than this share of the work is repeated.\n\n\
        | machine | region | on demand | spot | saves | pays while less is repeated than |\n|---|---|---:|---:|---:|---:|\n"
        .to_owned();
    for (cloud, region) in PLACES {
        let prices = books.prices(cloud, region);
        let Some(known) = Clouds::ALL.of(cloud) else {
            continue;
        };
        let sizes = Size::ALL
            .iter()
            .filter_map(|(_, size)| known.machines().of_size(*size).first());
        let models = GpuModel::ALL.iter();
        let gpus = models.flat_map(|(_, model)| known.machines().with_gpu(*model));
        for machine in sizes.chain(gpus) {
            let (Some(whole), Some(spot)) = (
                usd(&prices, machine.name),
                usd(&prices, &format!("{}/spot", machine.name)),
            ) else {
                continue;
            };
            let (high, low) = (month(whole, 1000), month(spot, 1000));
            let repeated = (high.cents() * 100 / low.cents().max(1)).saturating_sub(100);
            text += &format!(
                "| {} | {region} | {whole} | {spot} | {} % | {repeated} % |\n",
                machine.name,
                share(low, high)
            );
        }
    }
    text
}

/// Nodes of one's own, or nodes that the cloud makes.
fn auto(books: &Books<'_>) -> String {
    let mut text = "\n### Nodes of your own or the cloud's\n\n".to_owned();
    let [(aws, east), (gcp, central)] = PLACES;
    let prices = books.prices(aws, east);
    if let Some(percent) = usd(&prices, "auto-mode") {
        let whole = month(Rate::parse("100").unwrap_or_default(), 1);
        let dearer = whole.plus(month(percent, 1));
        text += &format!(
            "EKS Auto Mode adds {percent} % to every machine. It pays where it packs Pods so well that {} % fewer machines \
             are needed than with pools of your own.\n\n",
            share(whole, dearer)
        );
    }
    let prices = books.prices(gcp, central);
    let machine = Clouds::ALL
        .of(gcp)
        .and_then(|cloud| cloud.machines().of_size(Size::Medium).first());
    let found = || {
        let machine = machine?;
        let node = month(usd(&prices, machine.name)?, 1);
        let cpu = month(usd(&prices, "autopilot-vcpu")?, machine.vcpu.into());
        let memory = month(usd(&prices, "autopilot-memory")?, machine.gib.into());
        Some((machine, node, cpu.plus(memory)))
    };
    if let Some((machine, node, pods)) = found() {
        text += &format!(
            "GKE Autopilot bills what Pods ask for: as much as a whole {} has, {} vCPU and {} GiB, is {pods} USD, and the \
             machine itself {node}. Below {} % of use, Autopilot is cheaper than pools of your own.\n",
            machine.name,
            machine.vcpu,
            machine.gib,
            100 - share(node, pods)
        );
    }
    text
}

/// What it costs to be ready for the other cluster's load.
fn standby(books: &Books<'_>) -> String {
    let mut text = "\n### Ready for a failover\n\n\
        A cluster that takes the other's load over needs nodes for it. GKE and the auto modes add them minutes later; nothing \
        adds them to EKS node groups. Nodes that stand by come with `min`: as many as both loads need together, less those \
        that are there for its own. Each node of a size, with its disk of 100 GiB, costs:\n\n\
        | size | AWS us-east-1 | Google Cloud us-central1 |\n|---|---:|---:|\n"
        .to_owned();
    for (name, size) in Size::ALL {
        let cells = PLACES.map(|(cloud, region)| {
            let prices = books.prices(cloud, region);
            let known = Clouds::ALL.of(cloud)?;
            let machine = known.machines().of_size(*size).first()?;
            let disk = usd(&prices, known.disk())?.times(Quantity::whole(100));
            Some(month(usd(&prices, machine.name)?, 1).plus(disk).to_string())
        });
        let [aws, gcp] = cells.map(Option::unwrap_or_default);
        text += &format!("| {name} | {aws} | {gcp} |\n");
    }
    text
}

/// What an old version would cost.
fn support(books: &Books<'_>) -> String {
    let mut text = "\n### Extended support\n\n".to_owned();
    for (cloud, region) in PLACES {
        let prices = books.prices(cloud, region);
        let found = || {
            Some((
                usd(&prices, "control-plane")?,
                usd(&prices, "control-plane-extended")?,
            ))
        };
        if let Some((standard, extended)) = found() {
            let more = month(extended, 1).minus(month(standard, 1));
            text += &format!(
                "- {}: {extended} instead of {standard} USD an hour, {more} USD a month more\n",
                cloud.name()
            );
        }
    }
    text + "\nClusters of this function do not come to that: EKS clusters are made with the support type `STANDARD`, GKE's in the \
        `REGULAR` channel, and both clouds upgrade them in time.\n"
}
