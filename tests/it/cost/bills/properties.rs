//! What holds of every bill.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn bills_are_linear_in_nodes_and_their_least_is_not_above_their_most(
        cloud in prop::bool::ANY,
        min in 1_u64..450,
        more in 0_u64..100,
        egress in 0_u32..300_000,
    ) {
        let mut value = if cloud { aws() } else { gcp() };
        let max = (min + more).min(450);
        value["nodePools"] = json!([{"name": "general", "min": min, "max": max}]);
        value["budget"]["traffic"]["internetEgressGiB"] = egress.into();
        let spec = spec(&value);
        let estimate = estimate(&spec, &books(), &Sizes::new());
        prop_assert_eq!(&estimate.missing, &[""; 0]);
        let Span { min: least, max: most } = estimate.monthly();
        prop_assert!(least <= most);
        let nodes = estimate.items.iter().find(|item| item.item == "nodes").unwrap();
        let one = nodes.usd.times(Quantity::whole(HOURS));
        // Each line is rounded to the cent.
        let off = (one.cents() * min).abs_diff(nodes.monthly_usd.min.cents());
        prop_assert!(off <= min / 2 + 1);
        let out = estimate.items.iter().filter(|item| item.item == "internet egress");
        let gib: u64 = out.map(|item| item.quantity.max.to_string().parse::<u64>().unwrap()).sum();
        prop_assert_eq!(gib, u64::from(egress));
    }

    #[test]
    fn more_traffic_never_costs_less(gib in 0_u32..200_000, more in 0_u32..200_000) {
        let bill = |gib: u32| {
            let mut value = aws();
            value["budget"]["traffic"]["internetEgressGiB"] = gib.into();
            let spec = spec(&value);
            estimate(&spec, &books(), &Sizes::new()).monthly().max
        };
        prop_assert!(bill(gib) <= bill(gib + more));
    }
}
