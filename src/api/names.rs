//! Names: deterministic, legal for each kind, and never shared by two clusters.

use sha2::{Digest, Sha256};

use crate::api::composite::Composite;

/// The first `digits` hexadecimal digits of the SHA-256 of a text; 64 at most.
pub fn hash(text: &str, digits: usize) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Sha256::digest(text.as_bytes());
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex = halves.map(|half| char::from(DIGITS[usize::from(half)]));
    hex.take(digits).collect()
}

/// Hexadecimal digits in place of what was cut off a name. Whoever chooses a cluster's name chooses what
/// is cut off, and six digits that meet another cluster's are found in seconds; 64 bits are not.
const CUT: usize = 16;

/// Joins two parts with a hyphen and cuts the result to `longest` bytes. A cut name ends in a hash
/// of the whole, so that two long names stay different.
pub fn fit(base: &str, suffix: &str, longest: usize) -> String {
    let whole = if suffix.is_empty() {
        base.to_owned()
    } else {
        [base, "-", suffix].concat()
    };
    if whole.len() <= longest {
        return whole;
    }
    let kept: String = whole
        .chars()
        .take(longest.saturating_sub(CUT + 1))
        .collect();
    format!("{}-{}", kept.trim_end_matches('-'), hash(&whole, CUT))
}

/// The names of one cluster.
#[derive(Clone, Debug)]
pub struct Names {
    /// `<name>-<6 hex>` of the claim or XR, with 16 where the name is cut: unique over namespaces, and
    /// the same when the cluster is made again or moves between claims and namespaced XRs.
    pub identity: String,
    /// The cluster's name in the cloud. Names of what belongs to it begin with it.
    pub cloud: String,
    /// The name in Argo CD.
    pub argocd: String,
    composite: String,
}

/// What Argo CD calls the cluster that it runs on (`common.go`, `DefaultInClusterName`): a Secret of
/// this name would take the place of that cluster in every Application.
pub const IN_CLUSTER: &str = "in-cluster";

/// GKE cluster names are the shortest of both clouds': 40 characters.
const LONGEST_CLUSTER: usize = 40;

impl Names {
    /// Derives the names; `cloud_name` and `argocd_name` override what they say.
    pub fn new(composite: &Composite, cloud_name: Option<&str>, argocd_name: Option<&str>) -> Self {
        let (namespace, name) = (composite.known_namespace(), composite.known_name());
        let is_short = name.len() < LONGEST_CLUSTER - 6;
        let digits = if is_short { 6 } else { CUT };
        let digest = hash(&format!("{namespace}/{name}"), digits);
        let short: String = name.chars().take(LONGEST_CLUSTER - digits - 1).collect();
        let identity = format!("{}-{digest}", short.trim_end_matches('-'));
        let argocd = if namespace.is_empty() {
            name.to_owned()
        } else {
            format!("{namespace}.{name}")
        };
        Self {
            cloud: cloud_name.unwrap_or(&identity).to_owned(),
            argocd: argocd_name.unwrap_or(&argocd).to_owned(),
            identity,
            composite: composite.name.clone(),
        }
    }

    /// `metadata.name` of a composed resource: unique in its scope, because the composite's name
    /// is. Kubernetes takes 253 characters.
    pub fn object(&self, key: &str) -> String {
        fit(&self.composite, key, 253)
    }

    /// The same with the suffix whole, where rights depend on how a name ends.
    pub fn ending_in(&self, suffix: &str, longest: usize) -> String {
        let room = longest.saturating_sub(suffix.len() + 1);
        [&fit(&self.cloud, "", room), "-", suffix].concat()
    }

    /// A name in the cloud, for a kind that takes `longest` characters.
    pub fn in_cloud(&self, suffix: &str, longest: usize) -> String {
        fit(&self.cloud, suffix, longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::composite::{Claim, Scope};

    fn composite(name: &str, namespace: Option<&str>, claim: Option<(&str, &str)>) -> Composite {
        Composite {
            api_version: String::new(),
            kind: String::new(),
            name: name.into(),
            namespace: namespace.map(Into::into),
            scope: Scope::Claims,
            claim: claim.map(|(namespace, name)| Claim {
                api_version: String::new(),
                kind: String::new(),
                namespace: namespace.into(),
                name: name.into(),
            }),
        }
    }

    #[test]
    fn a_claim_and_a_namespaced_composite_of_one_name_are_the_same_cluster() {
        let claimed = composite("prod-us-x7k2p", None, Some(("ml", "prod-us")));
        let namespaced = composite("prod-us", Some("ml"), None);
        let (a, b) = (
            Names::new(&claimed, None, None),
            Names::new(&namespaced, None, None),
        );
        assert_eq!(a.cloud, b.cloud);
        assert_eq!(a.argocd, "ml.prod-us");
        assert_eq!(a.argocd, b.argocd);
        assert_ne!(a.object("cluster"), b.object("cluster"));
    }

    #[test]
    fn equal_names_in_two_namespaces_differ() {
        let one = Names::new(&composite("prod", Some("a"), None), None, None);
        let two = Names::new(&composite("prod", Some("b"), None), None, None);
        assert_ne!(one.cloud, two.cloud);
        assert_ne!(one.argocd, two.argocd);
    }

    #[test]
    fn no_name_is_cut_to_look_like_a_short_one() {
        let cloud = |name: &str| Names::new(&composite(name, Some("a"), None), None, None).cloud;
        let digits = |name: &str| name.rsplit('-').next().map(str::len);
        // Cut after the hyphens, which are dropped, any of 16 million tails would do.
        let disguised = format!("prod{}x", "-".repeat(29));
        assert_eq!(digits(&cloud("prod")), Some(6));
        assert_eq!(digits(&cloud(&disguised)), Some(CUT));
        for length in 1..=63 {
            let name = "n".repeat(length);
            assert!(cloud(&name).len() <= LONGEST_CLUSTER, "{length}");
            let whole = cloud(&name).starts_with(&format!("{name}-"));
            assert_eq!(
                digits(&cloud(&name)),
                Some(if whole { 6 } else { CUT }),
                "{length}"
            );
        }
        assert_eq!(
            digits(&fit(&cloud("a-name-of-some-length"), "nodes", 30)),
            Some(CUT)
        );
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let long = "a".repeat(60);
        let names = Names::new(&composite(&long, Some("n"), None), None, None);
        assert!(names.cloud.len() <= LONGEST_CLUSTER, "{}", names.cloud);
        assert_ne!(fit(&long, "one", 30), fit(&long, "two", 30));
        assert_eq!(fit(&long, "one", 30).len(), 30);
        assert_eq!(fit("short", "one", 30), "short-one");
        let names = |cloud: &str| Names::new(&composite("a", None, None), Some(cloud), None);
        assert_eq!(names("mine").ending_in("node", 64), "mine-node");
        assert_eq!(names(&long).ending_in("control-plane", 64).len(), 64);
        let other = names(&format!("{long}b")).ending_in("node", 64);
        assert_ne!(names(&long).ending_in("node", 64), other);
    }
}
