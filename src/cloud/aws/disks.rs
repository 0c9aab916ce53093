//! EBS volume types of the nodes' root disks.

use crate::api::{provider::Provider, spec::NodePool};

/// What an instance can boot from and needs no number beside its size (EBS documentation, "Amazon EBS volume types"): io1 and io2
/// do not come without provisioned IOPS, and st1 and sc1 cannot be booted from. gp2 is for where gp3 is not available, such as
/// on AWS Outposts.
pub(super) const TYPES: &[&str] = &["gp3", "gp2"];

/// The type of a pool's disks.
pub(super) fn of_pool(pool: &NodePool) -> &'static str {
    pool.disk_on(Provider::AWS).unwrap_or(TYPES[0])
}
