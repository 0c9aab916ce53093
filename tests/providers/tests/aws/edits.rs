//! Every edit that the XRD allows reaches the API, and settles after one update of each object.

mod network;
mod pools;
mod spec;
mod traffic;

use serde_json::Value;

use super::support::{Aws, assert_no_writes, count, settle, stuck, writes};

/// An edit: its name, the change of the spec, and every call that it makes.
type Edit = (&'static str, Value, &'static [&'static str]);

/// Makes one edit after the other: each is Ready again with these calls and none more.
fn edited(world: &mut Aws, edits: Vec<Edit>) {
    for (name, change, calls) in edits {
        let before = count(world);
        world.edit(&change);
        let steps = settle(world);
        let last = steps.last().unwrap();
        assert_eq!(last.fatal(), None, "{name}");
        assert!(last.is_ready(), "{name}: {:#}", last.status()["waitingFor"]);
        assert_eq!(stuck(world), [""; 0], "{name}");
        let mut made = writes(world, before);
        // An access entry takes its policies along: the provider deletes the two in any order, and one way round is told so.
        made.retain(|call| {
            let [policy, gone] = ["eks.DisassociateAccessPolicy ", "ResourceNotFoundException"];
            !(call.starts_with(policy) && call.contains(gone))
        });
        println!("EDIT {name} {made:?}");
        if std::env::var_os("LEARN").is_none() {
            assert_eq!(made, calls, "{name}");
        }
        assert_no_writes(world, 2);
    }
}
