//! What traffic costs, and how to have less of it on the bill.

#![expect(
    clippy::format_push_string,
    reason = "a page of text that is written once"
)]

use xcluster::api::{
    prices::{Books, Prices, Quantity, Usd},
    provider::Provider,
};

/// Amounts that are shown, in TiB a month.
const AMOUNTS: [u64; 5] = [1, 10, 50, 100, 200];

/// What so many GiB cost by tiers.
fn egress(prices: &Prices<'_>, sku: &str, gib: u64) -> Option<Usd> {
    let tiers = prices.tiers(sku);
    if tiers.is_empty() {
        return None;
    }
    let ends = tiers
        .iter()
        .skip(1)
        .map(|(from, _, _)| *from)
        .chain([u64::MAX]);
    let parts = tiers.iter().zip(ends).map(|((from, _, price), end)| {
        let within = gib.min(end).saturating_sub(*from);
        price.usd.times(Quantity::whole(within))
    });
    Some(parts.sum())
}

/// The chapter.
pub(super) fn markdown(books: &Books<'_>) -> String {
    let aws = books.prices(Provider::AWS, "us-east-1");
    let gcp = books.prices(Provider::GCP, "us-central1");
    let columns = [
        (&aws, "internet-egress"),
        (&gcp, "internet-egress"),
        (&gcp, "internet-egress-standard"),
    ];
    let mut text = "\n## Egress, and how to lower it\n\n\
        What leaves for the internet, without the load balancer's share:\n\n\
        | TiB a month | AWS us-east-1 | Google Cloud us-central1, Premium | Google Cloud us-central1, Standard |\n|---:|---:|---:|---:|\n"
        .to_owned();
    for tib in AMOUNTS {
        let cells = columns.map(|(prices, sku)| {
            let usd = egress(prices, sku, tib * 1024);
            usd.map_or("-".to_owned(), |usd| usd.to_string())
        });
        text += &format!("| {tib} | {} |\n", cells.join(" | "));
    }
    let price = |prices: &Prices<'_>, sku: &str| {
        let price = prices.get(sku);
        price.map_or("?".to_owned(), |price| price.usd.to_string())
    };
    text += &format!(
        "\nWhat helps, the most first:\n\n\
         1. **Send less.** Compressed JSON is often a fifth of its size, and what a cache in front of the cluster answers is not \
            sent by it at all.\n\
         2. **Choose the network tier.** On Google Cloud, traffic of the Standard tier leaves through the region's own \
            peers. A regional load balancer can use it; a global one, and Google's own network up to the user, cannot.\n\
         3. **Keep what is internal inside.** Between regions a GiB is {} USD on AWS and {} on Google Cloud, between zones {} \
            on either side on AWS and {} on Google Cloud. Topology-aware routing keeps Pods' calls in their zone.\n\
         4. **Keep the clouds' own services off NAT.** A GiB through NAT is {} USD on AWS and {} on Google Cloud. A gateway \
            endpoint for S3 is free, and private nodes on Google Cloud reach Google's APIs without NAT.\n\
         5. **Fetch images and models once.** A registry in the region, and a volume or a node cache for models, take the \
            largest part out of NAT for GPU nodes that come and go.\n",
        price(&aws, "inter-region"),
        price(&gcp, "inter-region"),
        price(&aws, "inter-zone"),
        price(&gcp, "inter-zone"),
        price(&aws, "nat-data"),
        price(&gcp, "nat-data"),
    );
    text
}
