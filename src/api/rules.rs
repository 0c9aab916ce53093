//! Rules for single strings of the API.

use super::{
    choice::{Choice as _, Day},
    prices::rules::DAY,
    reader::Rule,
};

/// Letters, digits and hyphens, starting with a letter: RFC 1035 labels, as GCP names demand.
pub(crate) fn is_label(text: &str, longest: usize) -> bool {
    text.len() <= longest
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// RFC 1123: like [`is_label`], but may start with a digit.
pub(crate) fn is_dns_label(text: &str, longest: usize) -> bool {
    !text.is_empty()
        && text.len() <= longest
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_subdomain(text: &str, longest: usize) -> bool {
    text.len() <= longest && text.split('.').all(|label| is_dns_label(label, 63))
}

/// An IPv4 address.
pub(crate) fn is_address(text: &str) -> bool {
    !text.contains('/') && format!("{text}/32").parse::<ipnet::Ipv4Net>().is_ok()
}

/// A name in DNS of at least two labels. The last one begins with a letter, so it is no address.
fn is_host(text: &str, longest: usize) -> bool {
    let Some((_, last)) = text.rsplit_once('.') else {
        return false;
    };
    is_subdomain(text, longest) && last.starts_with(|c: char| c.is_ascii_lowercase())
}

fn is_name(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    text.len() <= 63
        && text.bytes().all(word)
        && edge(text.as_bytes().first())
        && edge(text.as_bytes().last())
}

/// A Kubernetes label or annotation key: an optional DNS prefix and a name.
fn is_qualified(text: &str) -> bool {
    match text.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix, 253) && is_name(name),
        None => is_name(text),
    }
}

/// Prefixes that the kubelet, the clouds, Argo CD and this function keep for themselves.
fn is_reserved(text: &str) -> bool {
    const DOMAINS: [&str; 10] = [
        "kubernetes.io",
        "k8s.io",
        "k8s.aws",
        "karpenter.sh",
        "eks.amazonaws.com",
        "gke.io",
        "cloud.google.com",
        "argoproj.io",
        "crossplane.io",
        "xcluster.dev",
    ];
    text.split_once('/').is_some_and(|(prefix, _)| {
        DOMAINS.iter().any(|domain| {
            prefix
                .strip_suffix(domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    })
}

/// Tags that controllers find subnets, instances, load balancers and security groups by, or that clouds keep for themselves:
/// `kubernetes.io/cluster/NAME`, `elbv2.k8s.aws/cluster` (AWS Load Balancer Controller, "Subnet auto-discovery"), `eks:`,
/// `karpenter.sh/discovery`, `goog-` (Google Cloud, "Reserved labels").
fn is_acted_on(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let starts = ["eks:", "goog", "k8s-", "kubernetescluster"];
    is_reserved(&key) || starts.iter().any(|start| key.starts_with(start))
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| !c.is_control())
}

pub(super) const REGION: Rule = Rule {
    holds: |text| is_label(text, 32) && text.contains('-'),
    problem: "is not a region",
    fix: "use a region such as us-east-1 (aws) or europe-west1 (gcp)",
};

pub(super) const ENVIRONMENT: Rule = Rule {
    holds: |text| is_label(text, 32),
    problem: "is not a short lower-case name",
    fix: "use letters, digits and hyphens, such as prod",
};

pub(super) const VERSION: Rule = Rule {
    holds: |text| {
        text.strip_prefix("1.").is_some_and(|minor| {
            minor.len() == 2 && minor.bytes().all(|b| b.is_ascii_digit()) && !minor.starts_with('0')
        })
    },
    problem: "is not a Kubernetes minor version",
    fix: "use a quoted minor version such as \"1.36\"",
};

pub(super) const ZONE: Rule = Rule {
    holds: |text| is_label(text, 40) && text.contains('-'),
    problem: "is not a zone",
    fix: "use full zone names such as us-east-1a (aws) or europe-west1-b (gcp)",
};

pub(super) const POOL: Rule = Rule {
    holds: |text| is_label(text, 20),
    problem: "is not a pool name",
    fix: "use at most 20 lower-case letters, digits and hyphens, starting with a letter",
};

pub(super) const MACHINE_TYPE: Rule = Rule {
    holds: |text| {
        (3..=40).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.ends_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
    },
    problem: "is not a machine type",
    fix: "use the cloud's own name such as m7i.xlarge (aws) or n2-standard-4 (gcp)",
};

pub(super) const NODE_LABEL_KEY: Rule = Rule {
    holds: |text| is_qualified(text) && !is_reserved(text),
    problem: "is not a label key of yours",
    fix: "use name or your.domain/name; the kubernetes.io, cloud and xcluster.dev prefixes are reserved",
};

pub(super) const LABEL_VALUE: Rule = Rule {
    holds: |text| text.is_empty() || is_name(text),
    problem: "is not a label value",
    fix: "use at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
};

pub(super) const ANNOTATION_VALUE: Rule = Rule {
    holds: |text| text.len() <= 4096 && is_plain(text),
    problem: "is not an annotation value",
    fix: "use at most 4096 bytes without control characters",
};

pub(super) const TAINT_KEY: Rule = Rule {
    holds: |text| is_qualified(text) && text != "nvidia.com/gpu" && !is_reserved(text),
    problem: "is not a taint key of yours",
    fix: "use name or your.domain/name; GPU pools get the nvidia.com/gpu taint by themselves",
};

pub(super) const WORKLOAD: Rule = Rule {
    holds: |text| is_label(text, 63) && text != "none",
    problem: "is not the name of a workload",
    fix: "use at most 63 letters, digits and hyphens, such as inference",
};

/// What both clouds take. What one of them refuses is checked in its folder ([`crate::cloud`]).
pub(super) const TAG_KEY: Rule = Rule {
    holds: |text| {
        (1..=128).contains(&text.len())
            && text.bytes().all(|b| {
                b.is_ascii_alphanumeric()
                    || matches!(
                        b,
                        b' ' | b'_' | b'.' | b':' | b'/' | b'=' | b'+' | b'-' | b'@'
                    )
            })
            && !text.to_ascii_lowercase().starts_with("aws:")
            && !matches!(text, "Name" | "cluster" | "environment" | "managed-by")
            && !text.starts_with("crossplane-")
            && !is_acted_on(text)
    },
    problem: "is not a tag key of yours",
    fix: "use letters, digits and '_.:/=+-@'; keys that clouds, Kubernetes and this function set or act on are reserved",
};

pub(super) const TAG_VALUE: Rule = Rule {
    holds: |text| {
        text.len() <= 256
            && text.bytes().all(|b| {
                b.is_ascii_alphanumeric()
                    || matches!(
                        b,
                        b' ' | b'_' | b'.' | b':' | b'/' | b'=' | b'+' | b'-' | b'@'
                    )
            })
    },
    problem: "is not a tag value",
    fix: "use at most 256 letters, digits, spaces and '_.:/=+-@'",
};

pub(super) const DAY_OF_WEEK: Rule = Rule {
    holds: |text| Day::ALL.iter().any(|(name, _)| *name == text),
    problem: "is not a day of the week",
    fix: "use monday to sunday",
};

pub(super) const TIME_OF_DAY: Rule = Rule {
    holds: |text| {
        let parts = text.split_once(':').filter(|_| text.len() == 5);
        parts.is_some_and(|(hour, minute)| is_number(hour, 23) && is_number(minute, 59))
    },
    problem: "is not a time of day",
    fix: "use a quoted time in UTC such as \"02:00\"",
};

/// A time in UTC, as RFC 3339 writes it. Two of them compare as texts.
pub(super) const TIME: Rule = Rule {
    holds: |text| {
        let parts = text.strip_suffix('Z').and_then(|text| text.split_once('T'));
        parts.is_some_and(|(day, time)| {
            let time: Vec<_> = time.split(':').collect();
            let limits = [23, 59, 59];
            let mut pairs = time.iter().zip(limits);
            (DAY.holds)(day)
                && time.len() == limits.len()
                && pairs.all(|(part, most)| part.len() == 2 && is_number(part, most))
        })
    },
    problem: "is not a time",
    fix: "use a quoted time in UTC such as \"2026-11-20T00:00:00Z\"",
};

/// Digits that come to no more than `most`.
fn is_number(text: &str, most: u32) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|n: u32| n <= most)
}

/// GKE's names of exclusions, and those of Kubernetes' objects.
pub(super) const EXCLUSION: Rule = Rule {
    holds: |text| is_label(text, 40),
    problem: "is not a name",
    fix: "use at most 40 lower-case letters, digits and hyphens, starting with a letter",
};

/// A release of EKS' node images: the version of Kubernetes, and the day of the image.
pub(super) const NODE_IMAGE: Rule = Rule {
    holds: |text| {
        text.split_once('-').is_some_and(|(version, day)| {
            let parts: Vec<_> = version.split('.').collect();
            parts.len() == 3
                && parts[0] == "1"
                && parts
                    .iter()
                    .all(|part| part.len() < 4 && is_number(part, 999) && !part.is_empty())
                && day.len() == 8
                && is_number(day, 99_991_231)
        })
    },
    problem: "is not a release of EKS' node images",
    fix: "use one such as 1.36.2-20261115",
};

pub(super) const ADDON_VERSION: Rule = Rule {
    holds: |text| {
        (2..=63).contains(&text.len())
            && text.starts_with('v')
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
    },
    problem: "is not an add-on version",
    fix: "use the add-on's full version such as v1.19.0-eksbuild.1",
};

/// What no cloud takes. The shape is checked in the folder of the cloud ([`crate::cloud`]).
pub(super) const PRINCIPAL: Rule = Rule {
    holds: |text| {
        (1..=512).contains(&text.len())
            && text.bytes().all(|b| {
                b.is_ascii_graphic() && !matches!(b, b'"' | b'\\' | b'\'' | b'`' | b'<' | b'>')
            })
    },
    problem: "is not an IAM principal",
    fix: "use a role or user ARN (aws) or a member such as group:ml@example.com (gcp)",
};

pub(super) const ARGOCD_NAME: Rule = Rule {
    holds: |text| is_subdomain(text, 63),
    problem: "is not a name",
    fix: "use at most 63 lower-case letters, digits, '-' and '.'",
};

pub(crate) const NAMESPACE: Rule = Rule {
    holds: |text| is_dns_label(text, 63),
    problem: "is not a namespace",
    fix: "use at most 63 lower-case letters, digits and hyphens",
};

pub(crate) const PROVIDER_CONFIG: Rule = Rule {
    holds: |text| is_subdomain(text, 253),
    problem: "is not an object name",
    fix: "use the provider configuration's metadata.name",
};

pub(super) const KEY_ID: Rule = Rule {
    holds: |text| {
        (1..=512).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'/' | b'-' | b'_' | b'.'))
    },
    problem: "is not a key",
    fix: "use a KMS key ARN (aws) or projects/P/locations/L/keyRings/R/cryptoKeys/K (gcp)",
};

pub(super) const ACCOUNT: Rule = Rule {
    holds: |text| {
        is_label(text, 30) && text.len() >= 6
            || text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
    },
    problem: "is not an account",
    fix: "use the quoted 12-digit account id (aws) or the project id (gcp)",
};

pub(super) const CLOUD_NAME: Rule = Rule {
    holds: |text| {
        (2..=100).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    },
    problem: "is not a cluster name",
    fix: "use the cluster's name in the cloud: letters, digits and hyphens",
};

/// Whose load balancer it is depends on the cloud, and is checked in its folder ([`crate::cloud`]).
pub(super) const ADDRESS: Rule = Rule {
    holds: |text| is_host(text, 253),
    problem: "is not a host name",
    fix: "use the load balancer's host name, such as k8s-inference-1.us-east-1.elb.amazonaws.com (aws), or remove it (gcp)",
};

/// Room for a cluster's own label before it.
pub(crate) const HOST: Rule = Rule {
    holds: |text| is_host(text, 189),
    problem: "is not a host name",
    fix: "use the name that callers use, such as inference.example.com",
};

pub(crate) const HOSTED_ZONE: Rule = Rule {
    holds: |text| {
        (2..=32).contains(&text.len())
            && text.starts_with('Z')
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    },
    problem: "is not the id of a hosted zone",
    fix: "use an id such as Z0123456789ABCDEFGHIJ, without /hostedzone/",
};

pub(crate) const REQUEST_PATH: Rule = Rule {
    holds: |text| {
        text.len() <= 255
            && text.starts_with('/')
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"/._~-".contains(&b))
    },
    problem: "is not a path",
    fix: "use a path such as /readyz",
};

/// A text of the platform, such as an ARN or a path.
pub(crate) const TEXT: Rule = Rule {
    holds: |text| {
        (1..=512).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\' | b'\'' | b'`'))
    },
    problem: "is empty or has spaces or quotes",
    fix: "use plain printable characters",
};
