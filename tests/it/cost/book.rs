//! What the embedded price book has to have.

use xcluster::{
    api::{
        choice::{Choice, GpuModel, Size},
        prices::{Books, Unit},
        provider::Provider,
    },
    cloud::registry::Clouds,
};

/// The regions that examples and clusters are in.
const REGIONS: [(Provider, &str); 6] = [
    (Provider::AWS, "us-east-1"),
    (Provider::AWS, "us-east-2"),
    (Provider::AWS, "us-west-2"),
    (Provider::GCP, "us-central1"),
    (Provider::GCP, "europe-west1"),
    (Provider::GCP, "europe-west4"),
];

#[test]
fn the_embedded_book_has_every_size_where_we_show_clusters_and_every_gpu_somewhere() {
    let books = Books::over_embedded([]);
    for (provider, region) in REGIONS {
        let cloud = Clouds::ALL.of(provider).unwrap();
        let prices = books.prices(provider, region);
        for (_, size) in Size::ALL {
            let name = cloud.machines().of_size(*size)[0].name;
            for sku in [name.to_owned(), format!("{name}/spot")] {
                let price = prices.get(&sku);
                assert!(
                    price.is_some_and(|p| p.unit == Unit::InstanceHour),
                    "{region}: {sku}"
                );
            }
        }
    }
    let text = include_str!("../../../prices/book.tsv");
    for cloud in Clouds::ALL.iter() {
        let models = GpuModel::ALL.iter();
        for machine in models.flat_map(|(_, model)| cloud.machines().with_gpu(*model)) {
            let row = format!("\t{}\tinstance-hour\t", machine.name);
            assert!(text.contains(&row), "{}", machine.name);
        }
    }
}
