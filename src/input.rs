//! The function's Input: what the platform knows and a cluster's author need not.
//!
//! It stands in the Composition's pipeline step. All of it is optional. Its schema is in
//! `package/input/`, and a test compares the two.

mod price_book;
mod traffic;

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::Serialize;

pub use price_book::PriceBook;
pub use traffic::{HealthCheck, HostedZone, Service, Zone};

use crate::{
    reader::{Choice, Object, Rule, Violations},
    structpb::{Struct, Value},
    violation::Violation,
    xcluster::{AuthMode, NAMESPACE, PROVIDER_CONFIG, Provider, ProviderConfigKind, cidrs},
};

/// `apiVersion` of the Input.
pub const API_VERSION: &str = "xcluster.fn.crossplane.io/v1beta1";
/// `kind` of the Input.
pub const KIND: &str = "Input";

/// Platform facts.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// Accounts by the name of the provider configuration that reaches them.
    pub accounts: BTreeMap<String, Account>,
    /// Where clusters may be; anywhere when empty.
    pub allowed_regions: PerCloud,
    /// Which machine types a pool may name; any when empty. Sizes are always allowed.
    pub allowed_machine_types: PerCloud,
    /// From where control planes can be reached when a cluster names no ranges of its own.
    pub allowed_cidrs: Vec<IpNet>,
    /// Whether authors may set `cloudName` and `argocd.name`. A provider adopts what it finds under a
    /// name, so a cluster that takes another one's name shares its fate: allow it only where all
    /// authors may administer all clusters of the account.
    pub allow_name_overrides: bool,
    /// Where the managed resources of cluster-scoped XRs live.
    pub resource_namespace: String,
    /// How soon Crossplane asks again.
    pub ttl: Ttl,
    /// The Argo CD that clusters are registered in.
    pub argocd: ArgoCd,
    /// The service that clusters serve, where its records in DNS are kept here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Service>,
    /// Prices that go before those of the embedded price book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_book: Option<PriceBook>,
}

/// The account and project that one provider configuration reaches.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Account {
    /// AWS account id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<String>,
    /// GCP project id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gcp: Option<String>,
}

impl Account {
    /// The account id or the project id.
    pub fn on(&self, provider: Provider) -> Option<&str> {
        match provider {
            Provider::Aws => self.aws.as_deref(),
            Provider::Gcp => self.gcp.as_deref(),
        }
    }
}

/// One list for each cloud.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PerCloud {
    /// On AWS.
    pub aws: Vec<String>,
    /// On GCP.
    pub gcp: Vec<String>,
}

impl PerCloud {
    /// The list of one cloud.
    pub fn of(&self, provider: Provider) -> &[String] {
        match provider {
            Provider::Aws => &self.aws,
            Provider::Gcp => &self.gcp,
        }
    }
}

/// How soon Crossplane asks again, in seconds.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ttl {
    /// While it waits for something, or is upgraded.
    pub waiting_seconds: u32,
    /// When it is ready and nothing is on its way. Changes still come at once: Crossplane watches what it composes.
    pub settled_seconds: u32,
}

impl Default for Ttl {
    fn default() -> Self {
        Self {
            waiting_seconds: 60,
            settled_seconds: 600,
        }
    }
}

/// The Argo CD that clusters are registered in.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCd {
    /// Its namespace. When set here, a cluster cannot name another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// provider-kubernetes' credentials for the cluster that Argo CD runs on, for namespaced XRs.
    pub provider_config_ref: ProviderConfigRef,
    /// How it reaches EKS.
    pub aws: ArgoCdAws,
    /// How it reaches GKE.
    pub gcp: ArgoCdGcp,
}

/// A provider configuration of provider-kubernetes.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderConfigRef {
    /// Its kind.
    pub kind: ProviderConfigKind,
    /// Its name.
    pub name: String,
}

impl Default for ProviderConfigRef {
    fn default() -> Self {
        Self {
            kind: ProviderConfigKind::ClusterProviderConfig,
            name: "default".to_owned(),
        }
    }
}

/// How Argo CD reaches EKS.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCdAws {
    /// The way, unless a cluster names another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<AuthMode>,
    /// The role that Argo CD has. It gets access to every cluster unless `roleArn` does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_arn: Option<String>,
    /// A role that Argo CD assumes on the way. Never its own: a role cannot assume itself here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// The profile, in mode awsProfile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The projected token's path, in mode awsWebIdentity.
    pub token_file: String,
}

/// How Argo CD reaches GKE.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArgoCdGcp {
    /// The way, unless a cluster names another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<AuthMode>,
    /// The IAM member that Argo CD is, such as `serviceAccount:argocd@p.iam.gserviceaccount.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The external account file's path, in mode gcpWif.
    pub credentials_file: String,
}

/// `allowNameOverrides`.
pub const ALLOW_NAME_OVERRIDES: bool = false;
/// `resourceNamespace`: where Crossplane itself lives, so it exists.
pub const RESOURCE_NAMESPACE: &str = "crossplane-system";
/// `argocd.aws.tokenFile`: where the EKS and IRSA webhooks mount it.
pub const TOKEN_FILE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
/// `argocd.gcp.credentialsFile`.
pub const CREDENTIALS_FILE: &str = "/var/run/gcp/credentials.json";

const TEXT: Rule = Rule {
    holds: |text| {
        (1..=512).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\' | b'\'' | b'`'))
    },
    problem: "is empty or has spaces or quotes",
    fix: "use plain printable characters",
};

/// Reads the Input; `None` is an empty one. Every unknown field and wrong value is a violation.
pub fn parse(input: Option<&Struct>, violations: &Violations) -> Input {
    let empty = Struct::default();
    let input = input.unwrap_or(&empty);
    let mut object = Object::of_struct("input", input, violations);
    for (key, expected) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        if let Some(found) = object.value(key)
            && found.as_str() != Some(expected)
        {
            object.refuse(
                key,
                found,
                "is not what this function reads",
                format!("use {expected}"),
            );
        }
    }
    let parsed = Input {
        accounts: accounts(&mut object),
        allowed_regions: per_cloud(object.object("allowedRegions")),
        allowed_machine_types: per_cloud(object.object("allowedMachineTypes")),
        allowed_cidrs: cidrs(&mut object, "allowedCidrs"),
        allow_name_overrides: object.boolean("allowNameOverrides", ALLOW_NAME_OVERRIDES),
        resource_namespace: object
            .string_that("resourceNamespace", &NAMESPACE)
            .unwrap_or_else(|| RESOURCE_NAMESPACE.to_owned()),
        ttl: ttl(object.object("ttl")),
        argocd: argocd(object.object("argocd")),
        traffic: object.optional_object("traffic").and_then(traffic::read),
        price_book: object
            .optional_object("priceBook")
            .and_then(price_book::read),
    };
    object.finish_except(&["metadata"]);
    parsed
}

fn accounts(object: &mut Object<'_, '_>) -> BTreeMap<String, Account> {
    let mut found = BTreeMap::new();
    for (path, name, value) in object.entries("accounts", 500) {
        if !(PROVIDER_CONFIG.holds)(&name) {
            object.violation(PROVIDER_CONFIG.broken(&path, Value::String(&name)));
        }
        let mut account = object.child(path, value);
        let aws = account.string_that("aws", &TEXT);
        let gcp = account.string_that("gcp", &TEXT);
        account.finish();
        found.insert(name, Account { aws, gcp });
    }
    found
}

fn per_cloud(mut object: Object<'_, '_>) -> PerCloud {
    let aws = object.strings_that("aws", 500, &TEXT);
    let gcp = object.strings_that("gcp", 500, &TEXT);
    object.finish();
    PerCloud { aws, gcp }
}

fn ttl(mut object: Object<'_, '_>) -> Ttl {
    let default = Ttl::default();
    // An hour is the longest that a drift should stay unnoticed; zero would mean "never again".
    let range = 10..=3600;
    let waiting_seconds = object.integer("waitingSeconds", &range);
    let settled_seconds = object.integer("settledSeconds", &range);
    object.finish();
    Ttl {
        waiting_seconds: waiting_seconds.unwrap_or(default.waiting_seconds),
        settled_seconds: settled_seconds.unwrap_or(default.settled_seconds),
    }
}

fn argocd(mut object: Object<'_, '_>) -> ArgoCd {
    let namespace = object.string_that("namespace", &NAMESPACE);
    let mut reference = object.object("providerConfigRef");
    let default = ProviderConfigRef::default();
    let provider_config_ref = ProviderConfigRef {
        kind: reference.choice("kind").unwrap_or(default.kind),
        name: reference
            .string_that("name", &PROVIDER_CONFIG)
            .unwrap_or(default.name),
    };
    reference.finish();
    let aws = argocd_aws(object.object("aws"));
    let gcp = argocd_gcp(object.object("gcp"));
    object.finish();
    ArgoCd {
        namespace,
        provider_config_ref,
        aws,
        gcp,
    }
}

fn argocd_aws(mut object: Object<'_, '_>) -> ArgoCdAws {
    let aws = ArgoCdAws {
        mode: mode(&mut object, Provider::Aws),
        principal_arn: object.string_that("principalArn", &TEXT),
        role_arn: object.string_that("roleArn", &TEXT),
        profile: object.string_that("profile", &TEXT),
        token_file: object
            .string_that("tokenFile", &TEXT)
            .unwrap_or_else(|| TOKEN_FILE.to_owned()),
    };
    if aws.role_arn.is_some() && aws.role_arn == aws.principal_arn {
        object.violation(Violation::new(
            object.path("roleArn"),
            "",
            "is Argo CD's own role, which it cannot assume again",
            "remove roleArn; principalArn alone is enough",
        ));
    }
    object.finish();
    aws
}

fn argocd_gcp(mut object: Object<'_, '_>) -> ArgoCdGcp {
    let gcp = ArgoCdGcp {
        mode: mode(&mut object, Provider::Gcp),
        principal: object.string_that("principal", &TEXT),
        credentials_file: object
            .string_that("credentialsFile", &TEXT)
            .unwrap_or_else(|| CREDENTIALS_FILE.to_owned()),
    };
    object.finish();
    gcp
}

/// An authentication mode of the right cloud.
fn mode(object: &mut Object<'_, '_>, provider: Provider) -> Option<AuthMode> {
    let mode: AuthMode = object.choice("mode")?;
    if mode.provider() == provider {
        return Some(mode);
    }
    object.violation(Violation::new(
        object.path("mode"),
        format!("\"{}\"", mode.name()),
        format!("does not reach clusters on {}", provider.name()),
        format!("use {}", AuthMode::names_on(provider)),
    ));
    None
}
