//! Bills of both clouds, worked out by hand.

mod properties;

use serde_json::{Value, json};
use xcluster::{
    api::{
        draft::sound,
        prices::{Book, Books, Quantity},
        provider::Provider,
        spec::{Spec, parse},
        violation::Violations,
    },
    cloud::registry::Clouds,
    cost::{
        Estimate, Report, Verdict,
        bill::{HOURS, Item, Sizes, Span},
    },
    wire::structpb::to_struct,
};

fn spec(spec: &Value) -> Spec {
    let object = to_struct(&json!({ "spec": spec })).unwrap();
    let violations = Violations::default();
    let draft = parse(object.at("spec"), &Clouds::ALL.known(), &violations);
    sound(draft, violations).unwrap()
}

/// A cluster on AWS with one of everything.
fn aws() -> Value {
    json!({
        "provider": "aws", "region": "us-east-1", "environment": "prod",
        "kubernetesVersion": "1.36", "network": {"cidr": "10.20.0.0/16"},
        "nodePools": [
            {"name": "general", "size": "medium", "min": 2, "max": 10},
            {"name": "gpu", "gpu": {"type": "nvidia-l4", "count": 1}, "min": 0, "max": 8, "capacity": "spot"},
        ],
        "budget": {"monthlyUsd": 5000, "traffic": {
            "internetEgressGiB": 1500, "interZoneGiB": 300, "interRegionGiB": 50, "natGiB": 200, "logGiB": 20,
        }},
    })
}

/// A like one on Google Cloud.
fn gcp() -> Value {
    let mut spec = aws();
    spec["provider"] = "gcp".into();
    spec["region"] = "europe-west1".into();
    spec
}

/// A line as a person writes it down: what, price, quantities, amounts.
fn lines(estimate: &Estimate<'_>) -> Vec<String> {
    let line = |item: &Item<'_>| {
        let (quantity, usd) = (item.quantity, item.monthly_usd);
        format!(
            "{} {} {}-{} {}-{}",
            item.sku, item.usd, quantity.min, quantity.max, usd.min, usd.max
        )
    };
    estimate.items.iter().map(line).collect()
}

/// The bill where the spec wants the cluster.
fn estimate<'a>(spec: &'a Spec, books: &Books<'a>, sizes: &Sizes) -> Estimate<'a> {
    let cloud = Clouds::ALL.of(spec.provider).unwrap();
    Estimate::of(spec, cloud, &spec.region, books, sizes)
}

/// That bill, and the one on the other cloud.
fn report(spec: &Spec) -> Report<'_> {
    let cloud = Clouds::ALL.of(spec.provider).unwrap();
    Report::new(spec, cloud, &Clouds::ALL.billing(), None, None)
}

fn books() -> Books<'static> {
    Books::over_embedded([])
}

/// Worked out by hand from the price book; docs/cost.md has the same table.
#[test]
fn a_bill_of_aws_adds_up_line_by_line() {
    let spec = spec(&aws());
    let estimate = estimate(&spec, &books(), &Sizes::new());
    assert_eq!(
        lines(&estimate),
        [
            "control-plane 0.1 730-730 73.00-73.00",
            "m7i.xlarge 0.2016 1460-7300 294.34-1471.68",
            "gp3 0.08 200-1000 16.00-80.00",
            "g6.2xlarge/spot 0.47645 0-5840 0.00-2782.47",
            "gp3 0.08 0-800 0.00-64.00",
            "nat 0.045 2190-2190 98.55-98.55",
            "nat-data 0.045 200-200 9.00-9.00",
            "load-balancer 0.0225 730-730 16.43-16.43",
            "load-balancer-unit 0.008 1500-1500 12.00-12.00",
            "public-ipv4 0.005 4380-4380 21.90-21.90",
            "inter-zone 0.01 600-600 6.00-6.00",
            "inter-region 0.02 50-50 1.00-1.00",
            "internet-egress/0 0 100-100 0.00-0.00",
            "internet-egress/100 0.09 1400-1400 126.00-126.00",
            "kms-key 1 1-1 1.00-1.00",
            "logs 0.5 20-20 10.00-10.00",
        ]
    );
    let Span { min, max } = estimate.monthly();
    assert_eq!(
        (min.to_string(), max.to_string()),
        ("685.22".into(), "4773.03".into())
    );
    assert_eq!(estimate.per_month(), "685-4773");
    assert_eq!(estimate.missing, [""; 0]);
    assert_eq!(estimate.unverified(), ["kms-key", "logs"]);
}

#[test]
fn a_bill_of_google_cloud_adds_up_line_by_line() {
    let spec = spec(&gcp());
    let estimate = estimate(&spec, &books(), &Sizes::new());
    assert_eq!(
        lines(&estimate),
        [
            "control-plane 0.1 730-730 73.00-73.00",
            "n2-standard-4 0.21367 1460-7300 311.96-1559.79",
            "pd-balanced 0.1 200-1000 20.00-100.00",
            "g2-standard-8/spot 0.33 0-5840 0.00-1927.20",
            "pd-balanced 0.1 0-800 0.00-80.00",
            "nat-vm 0.0014 1460-13140 2.04-18.40",
            "nat-data 0.045 200-200 9.00-9.00",
            "public-ipv4 0.005 730-1460 3.65-7.30",
            "load-balancer 0.025 730-730 18.25-18.25",
            "load-balancer-data 0.008 1500-1500 12.00-12.00",
            "inter-zone 0.01 300-300 3.00-3.00",
            "inter-region 0.02 50-50 1.00-1.00",
            "internet-egress/0 0.12 1024-1024 122.88-122.88",
            "internet-egress/1024 0.11 476-476 52.36-52.36",
            "kms-key 0.06 1-1 0.06-0.06",
            "logs 0.5 20-20 10.00-10.00",
        ]
    );
    let Span { min, max } = estimate.monthly();
    assert_eq!(
        (min.to_string(), max.to_string()),
        ("639.20".into(), "3994.24".into())
    );
}

#[test]
fn what_auto_bills_is_what_pods_ask_for_and_never_silently_nothing() {
    let mut of_aws = aws();
    of_aws["mode"] = "auto".into();
    of_aws.as_object_mut().unwrap().remove("nodePools");
    let mut of_gcp = of_aws.clone();
    of_gcp["provider"] = "gcp".into();
    of_gcp["region"] = "europe-west1".into();
    for unsaid in [&of_aws, &of_gcp] {
        let spec = spec(unsaid);
        let estimate = estimate(&spec, &books(), &Sizes::new());
        assert!(
            estimate.missing[0].contains("spec.budget.pods"),
            "{:?}",
            estimate.missing
        );
        assert!(estimate.per_month().ends_with('+'));
        let verdict = Verdict::new(Some(1_000_000), &estimate);
        assert_eq!(verdict, Verdict::PricesMissing);
    }
    let pods = json!({"vcpu": 10, "memoryGiB": 60});
    of_aws["budget"]["pods"] = pods.clone();
    of_gcp["budget"]["pods"] = pods;
    let (of_aws, of_gcp) = (spec(&of_aws), spec(&of_gcp));
    // Memory decides: 60 GiB are four nodes of 16.
    let bill = lines(&estimate(&of_aws, &books(), &Sizes::new()));
    assert_eq!(bill[1], "m7i.xlarge 0.2016 2920-2920 588.67-588.67");
    assert_eq!(bill[2], "auto-mode 0.024192 2920-2920 70.64-70.64");
    assert_eq!(bill[3], "gp3 0.08 320-320 25.60-25.60");
    let bill = lines(&estimate(&of_gcp, &books(), &Sizes::new()));
    assert_eq!(bill[1], "autopilot-vcpu 0.049 7300-7300 357.70-357.70");
    assert_eq!(bill[2], "autopilot-memory 0.0054 43800-43800 236.52-236.52");
    // Google knows how many machines that are: NAT has one price for many of them.
    assert_eq!(bill[3], "nat-vm 0.0014 730-0 1.02-0.00");
    assert_eq!(bill[4], "nat 0.044 0-730 0.00-32.12");
}

#[test]
fn ways_out_and_load_balancers_are_counted_where_they_are() {
    let quantity = |spec: &Value, sku: &str| {
        let spec = self::spec(spec);
        let estimate = estimate(&spec, &books(), &Sizes::new());
        let line = estimate.items.iter().find(|item| item.sku == sku);
        line.map_or(0, |line| {
            line.quantity.max.to_string().parse::<u64>().unwrap() / HOURS
        })
    };
    let rows = [
        (
            "perZone",
            3,
            1,
            (3, 6),
            "a gateway and an address in each of three zones",
        ),
        ("perZone", 2, 1, (2, 4), "two zones"),
        ("single", 3, 1, (1, 4), "one gateway"),
        ("none", 3, 1, (0, 3), "no gateway"),
        ("none", 3, 0, (0, 0), "nothing at all"),
        ("single", 2, 2, (1, 5), "two load balancers"),
    ];
    for (nat, zones, load_balancers, expected, reason) in rows {
        let mut spec = aws();
        spec["network"]["nat"] = nat.into();
        spec["network"]["zones"] = zones.into();
        spec["budget"]["traffic"]["loadBalancers"] = load_balancers.into();
        let found = (quantity(&spec, "nat"), quantity(&spec, "public-ipv4"));
        assert_eq!(found, expected, "{reason}");
    }
    let mut spec = gcp();
    spec["budget"]["traffic"]["loadBalancers"] = 7.into();
    assert_eq!(quantity(&spec, "load-balancer"), 1, "five have one price");
    assert_eq!(
        quantity(&spec, "load-balancer-more"),
        2,
        "the sixth and the seventh"
    );
    spec["network"]["nat"] = "none".into();
    assert_eq!(quantity(&spec, "public-ipv4"), 0);
}

#[test]
fn a_price_that_is_missing_is_named() {
    let mut spec = aws();
    spec["region"] = "eu-west-1".into();
    let spec = self::spec(&spec);
    let estimate = estimate(&spec, &books(), &Sizes::new());
    assert_eq!(
        estimate.missing,
        ["nodes: no price of g6.2xlarge/spot in eu-west-1"]
    );
    // The other lines are there, its disks among them.
    assert_eq!(
        estimate
            .items
            .iter()
            .filter(|item| item.sku == "gp3")
            .count(),
        2
    );
}

#[test]
fn a_price_per_something_else_is_not_taken() {
    let text = "book\t2026-12-01\nprovider\tregion\tsku\tunit\tusd\tsource\tdate\tverified\naws\t*\tm7i.xlarge\tGiB\t1\tx\t-\tyes\naws\t*\tinternet-egress/0\tIP-hour\t1\tx\t-\tyes\n";
    let book = Book::parse(text, &[Provider::AWS, Provider::GCP]).unwrap();
    let spec = spec(&aws());
    let estimate = estimate(&spec, &Books::over_embedded([&book]), &Sizes::new());
    assert_eq!(
        estimate.missing,
        [
            "nodes: the price of m7i.xlarge in us-east-1 is per GiB, not per instance-hour",
            "internet egress: the price of internet-egress/0 in us-east-1 is per IP-hour, not per GiB",
        ]
    );
}

#[test]
fn a_pool_of_known_size_is_billed_by_it() {
    let spec = spec(&aws());
    let sizes = Sizes::from([("general".to_owned(), 3)]);
    let estimate = estimate(&spec, &books(), &sizes);
    assert_eq!(
        lines(&estimate)[1],
        "m7i.xlarge 0.2016 2190-2190 441.50-441.50"
    );
    assert_eq!(
        lines(&estimate)[3],
        "g6.2xlarge/spot 0.47645 0-5840 0.00-2782.47"
    );
}

#[test]
fn the_same_cluster_on_the_other_cloud_has_its_machines() {
    let mut spec = aws();
    spec["nodePools"][0] =
        json!({"name": "own", "machineTypes": {"aws": ["m7i.xlarge"]}, "min": 1, "max": 1});
    let of_aws = self::spec(&spec);
    let other = report(&of_aws).equivalent.unwrap();
    assert_eq!((other.provider, other.region), (Provider::GCP, "us-east4"));
    assert_eq!(
        other.missing,
        ["nodes of pool own: no machine here is like it"]
    );
    assert!(
        other
            .items
            .iter()
            .any(|item| item.sku == "g2-standard-8/spot")
    );
    let of_gcp = self::spec(&gcp());
    let other = report(&of_gcp).equivalent.unwrap();
    assert_eq!(
        (other.provider, other.region),
        (Provider::AWS, "eu-central-1")
    );
    assert!(other.items.iter().any(|item| item.sku == "m7i.xlarge"));
}

#[test]
fn regions_and_their_counterparts_are_of_different_clouds() {
    let rows = [
        (Provider::AWS, "eu-west-1", Some("europe-west2")),
        (Provider::GCP, "europe-west2", Some("eu-west-2")),
        (Provider::GCP, "us-central1", Some("us-east-2")),
        (Provider::AWS, "us-east-1", Some("us-east4")),
        (Provider::GCP, "asia-east1", None),
        (Provider::GCP, "us-east-1", None),
    ];
    for (provider, region, expected) in rows {
        let mut object = if provider == Provider::AWS {
            aws()
        } else {
            gcp()
        };
        object["region"] = region.into();
        let spec = spec(&object);
        let found = report(&spec).equivalent;
        let found = found.map(|found| (found.provider, found.region.to_owned()));
        let region_of_other = found.as_ref().map(|(_, region)| region.as_str());
        assert_eq!(region_of_other, expected, "{region}");
        assert!(found.is_none_or(|(other, _)| other != provider));
    }
}

#[test]
fn a_budget_holds_only_if_the_most_fits_and_nothing_is_missing() {
    let spec = spec(&aws());
    let estimate = estimate(&spec, &books(), &Sizes::new());
    let rows = [
        (
            None,
            Verdict::NotSet,
            None,
            "spec.budget.monthlyUsd is not set",
        ),
        (
            Some(4774),
            Verdict::Within,
            Some(true),
            "the budget 4774.00",
        ),
        (
            Some(4773),
            Verdict::MayExceed,
            Some(false),
            "0.03 more than the budget of 4773.00",
        ),
        (
            Some(685),
            Verdict::Over,
            Some(false),
            "0.22 more than the budget of 685.00",
        ),
    ];
    for (budget, expected, holds, says) in rows {
        let verdict = Verdict::new(budget, &estimate);
        assert_eq!(verdict, expected, "{budget:?}");
        assert_eq!(verdict.holds(), holds, "{budget:?}");
        let message = verdict.message(budget, &estimate, "B");
        assert!(message.contains(says), "{message}");
        assert!(
            message.ends_with("2 of its lines have prices that are not verified (price book B)"),
            "{message}"
        );
    }
}
