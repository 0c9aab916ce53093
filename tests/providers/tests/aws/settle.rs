//! From nothing to Ready, and then no write.

use manifests::ScopeArg;

use super::support::{calls, count, examples, settle, world};

#[test]
fn every_example_becomes_ready_and_is_written_to_no_more() {
    std::thread::scope(|threads| {
        for example in examples() {
            threads.spawn(move || becomes_ready(&example));
        }
    });
}

fn becomes_ready(example: &str) {
    let mut world = world(example, ScopeArg::Claims);
    let steps = settle(&mut world);
    let last = steps.last().unwrap();
    // An example without the platform's facts waits for these alone.
    assert_eq!(world.stuck(), [""; 0], "{example}");
    println!(
        "{example}: {} rounds, ready {}, waits for {}",
        steps.len(),
        last.is_ready(),
        last.status()["waitingFor"]
    );
    let before = count(&world);
    for _ in 0..6 {
        world.tick();
    }
    assert_eq!(calls(&world, before), [""; 0], "{example}");
}
