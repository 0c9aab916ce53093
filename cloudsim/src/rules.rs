//! The rules of a cloud as tables: what its kinds need, report and refuse.
//!
//! Another cloud is a value of [`Rules`] with API groups of its own. A test gives it to
//! [`Simulator::with_rules`](crate::Simulator::with_rules).

use serde_json::Value;

use crate::{clouds::Clouds, id::hashed, object::text, pace::Ticks};

/// The rules of one cloud.
pub struct Rules {
    /// Its name, as in the selectors of faults.
    pub cloud: &'static str,
    /// What the API groups of its kinds contain, and those of no other cloud: `.aws.`, for instance.
    pub group: &'static str,
    /// Its kinds. One that is not here is as [`Rules::other`].
    pub kinds: &'static [Kind],
    /// Any other kind.
    pub other: Kind,
    /// What references between its objects stand for.
    pub references: &'static [Reference],
    /// What a provider says that has no credentials.
    pub no_credentials: &'static str,
    /// What it says of a region that the cloud does not have.
    pub no_region: fn(object: &Value) -> Option<String>,
    /// Why the cloud would not create an object of any kind now, before its kind is asked.
    pub refuses: fn(object: &Value, clouds: &Clouds<'_>) -> Option<String>,
    /// Adds what only the cloud knows, for objects of any kind, before the kind does.
    pub report: fn(subject: &Subject<'_>, at: &mut Value),
}

/// The rules of one kind.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Ticks from creation until an object is ready.
    pub ticks: Ticks,
    /// Whether the cloud chooses the id, which only the provider's memory knows until it is stored.
    pub is_named_by_cloud: bool,
    /// The cloud's own name where the object says none. No two of the same seed are equal.
    pub name_in_cloud: fn(seed: &str, object: &Value) -> String,
    /// Whether the cloud cannot delete it.
    pub is_forever: bool,
    /// The kind that its objects go with when that is deleted, and the field with its name.
    pub goes_with: Option<(&'static str, &'static str)>,
    /// Fields that cannot change once the object exists.
    pub fixed: &'static [&'static str],
    /// Fields that cannot change once the object exists, if they are sent at all.
    pub fixed_if_sent: &'static [&'static str],
    /// Fields that Terraform sends back when they are reported and not asked for.
    pub strict: &'static [&'static str],
    /// Why the cloud would not create an object now.
    pub refuses: fn(object: &Value, clouds: &Clouds<'_>) -> Option<String>,
    /// What a creation that its provider does not end leaves in the cloud.
    pub interrupted: fn(at: &mut Value),
    /// Why the cloud would not delete an object now.
    pub keeps: fn(object: &Value, clouds: &Clouds<'_>) -> Option<String>,
    /// Why the cloud would not take a change, given what it has and what is wanted.
    pub refuses_change: fn(had: &Value, wanted: &Value) -> Option<String>,
    /// What the cloud makes of an object, whatever is asked for.
    pub answers: fn(object: &Value, clouds: &Clouds<'_>, had: &Value, now: &mut Value),
    /// Adds what only the cloud knows.
    pub report: fn(subject: &Subject<'_>, at: &mut Value),
    /// A version on its way: whether it is, or why it cannot be.
    pub upgrade: fn(object: &Value, at: &Value, clouds: &Clouds<'_>) -> Upgrade,
}

/// What the fields of a name, `vpcId` and `vpcIdRef`, refer to.
pub struct Reference {
    /// The field that gets the value.
    pub field: &'static str,
    /// The kind that it refers to.
    pub kind: &'static str,
    /// The field of `atProvider` that is the value; the name in the cloud if there is none.
    pub reported: Option<&'static str>,
}

/// What a cloud reports on.
#[expect(
    clippy::struct_excessive_bools,
    reason = "none of these facts follows from another one"
)]
pub struct Subject<'a> {
    /// What identifies the object for its whole life.
    pub key: &'a str,
    /// The address that a cloud reserves.
    pub address: &'a str,
    /// The managed resource.
    pub object: &'a Value,
    /// What else there is in the cloud.
    pub clouds: &'a Clouds<'a>,
    /// Whether it is ready.
    pub ready: bool,
    /// Whether its creation failed.
    pub failed: bool,
    /// Whether an update goes on.
    pub busy: bool,
    /// Whether `forProvider` differs from what the cloud had.
    pub changed: bool,
}

/// A change of version.
pub enum Upgrade {
    /// There is none.
    None,
    /// The cloud works on it for this many ticks.
    To(u32),
    /// It cannot be.
    Refused(String),
}

impl Kind {
    /// A kind that is made in a tick, is named by its object, and takes every change.
    pub const PLAIN: Self = Self {
        name: "",
        ticks: Ticks::of(1, 1),
        is_named_by_cloud: false,
        name_in_cloud: |seed, object| hashed(&text(object, "/kind").to_lowercase(), seed, 12),
        is_forever: false,
        goes_with: None,
        fixed: &[],
        fixed_if_sent: &[],
        strict: &[],
        refuses: |_, _| None,
        interrupted: |_| {},
        keeps: |_, _| None,
        refuses_change: |_, _| None,
        answers: |_, _, _, _| {},
        report: |_, _| {},
        upgrade: |_, _, _| Upgrade::None,
    };
}

impl Rules {
    /// A cloud that has every region and no kinds of its own.
    pub const PLAIN: Self = Self {
        cloud: "",
        group: "",
        kinds: &[],
        other: Kind::PLAIN,
        references: &[],
        no_credentials: "connect failed: cannot get credentials",
        no_region: |_| None,
        refuses: |_, _| None,
        report: |_, _| {},
    };

    /// Whether they are the rules of an object.
    pub(crate) fn are_of(&self, object: &Value) -> bool {
        text(object, "/apiVersion").contains(self.group)
    }

    /// The rules of an object's kind.
    pub(crate) fn kind(&self, object: &Value) -> &Kind {
        let name = text(object, "/kind");
        let mut kinds = self.kinds.iter();
        kinds.find(|kind| kind.name == name).unwrap_or(&self.other)
    }
}
