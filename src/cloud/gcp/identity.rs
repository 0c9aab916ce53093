//! APIs, the nodes' service account and the encryption key.

use super::{
    api::{
        CryptoKey, CryptoKeyIamMember, KeyRing, Project, ProjectIamMember, ProjectService,
        ServiceAccount,
    },
    identifiers::project,
    keys::{
        API, IMAGE_STREAMING, KEY_GRANT, KEY_RING, NODE_ACCOUNT, NODE_ROLES, PROJECT, PROJECTS,
    },
};
use crate::{
    api::choice::Mode,
    plan::{
        build::{lacking, managed, managed_with},
        composed::{Composed, Plan, Stage},
        context::Cx,
        key::{ENCRYPTION_KEY, Key},
        object::{Extras, Managed, Policies},
    },
};

/// Longest id of a service account.
const LONGEST_ACCOUNT: usize = 30;
/// Longest name of a key ring.
const LONGEST_RING: usize = 63;
/// Ninety days.
const ROTATION: &str = "7776000s";

/// Plans the stage.
pub(super) fn identity(cx: &Cx<'_>, plan: &mut Plan) {
    let own_key = cx.spec.encryption.key_id.is_none();
    plan.add(api(cx, PROJECTS));
    for name in ["compute", "container", "iam"] {
        plan.add(api(cx, name));
    }
    if cx.spec.mode == Mode::Standard {
        // Nodes run without it, too: where an organization does not allow it, the cluster is as ready.
        plan.add(api(cx, IMAGE_STREAMING).optional());
    }
    if own_key {
        plan.add(api(cx, "cloudkms"));
    }
    node_account(cx, plan);
    if own_key {
        key(cx, plan);
        key_grant(cx, plan);
    }
}

/// An API of the project, after the one that all others are read through: the provider looks the project up before it
/// looks at its APIs (Terraform 7.39, resource_google_project_service.go: `Projects.Get`).
fn api(cx: &Cx<'_>, name: &str) -> Composed {
    // Clusters of one project share its APIs: deleting one must not switch them off.
    let service = ProjectService {
        project: project(cx),
        service: format!("{name}.googleapis.com"),
        disable_on_destroy: false,
        disable_dependent_services: false,
    };
    let service = managed(cx, Stage::Identity, API.of(name), None, service);
    service.after((name != PROJECTS).then(|| API.of(PROJECTS)))
}

fn node_account(cx: &Cx<'_>, plan: &mut Plan) {
    let account = ServiceAccount {
        project: project(cx),
        display_name: format!("nodes of GKE cluster {}", cx.names.cloud),
    };
    let id = cx.names.in_cloud("nodes", LONGEST_ACCOUNT);
    plan.add(managed(cx, Stage::Identity, NODE_ACCOUNT, Some(id), account).after([API.of("iam")]));
    for (key, role) in NODE_ROLES {
        let member = cx.following(
            &key,
            "spec.forProvider.member",
            &NODE_ACCOUNT,
            "status.atProvider.member",
        );
        let Some(member) = member else {
            let what = "the node service account's member name";
            plan.add(lacking(Stage::Identity, key, what, NODE_ACCOUNT));
            continue;
        };
        let grant = ProjectIamMember {
            project: project(cx),
            role,
            member,
            condition: None,
        };
        plan.add(
            managed(cx, Stage::Identity, key, None, grant).after([NODE_ACCOUNT, API.of(PROJECTS)]),
        );
    }
}

/// Neither is ever deleted: a key ring cannot be, and without its key a cluster's backups are lost.
fn key(cx: &Cx<'_>, plan: &mut Plan) {
    let ring = KeyRing {
        project: project(cx),
        location: cx.spec.region.clone(),
    };
    let name = cx.names.in_cloud("", LONGEST_RING);
    plan.add(kept(cx, KEY_RING, name, ring).after([API.of("cloudkms")]));
    let key = CryptoKey {
        key_ring_ref: cx.reference(&KEY_RING),
        purpose: "ENCRYPT_DECRYPT",
        rotation_period: ROTATION,
        labels: cx.tags.clone(),
    };
    plan.add(kept(cx, ENCRYPTION_KEY, "kubernetes-secrets".to_owned(), key).after([KEY_RING]));
}

fn kept<F: Managed>(cx: &Cx<'_>, key: Key, name: String, for_provider: F) -> Composed {
    with_policies(cx, key, name, Policies::Keep, for_provider)
}

fn with_policies<F: Managed>(
    cx: &Cx<'_>,
    key: Key,
    name: String,
    policies: Policies,
    for_provider: F,
) -> Composed {
    let extras = Extras::<()> {
        external_name: Some(name),
        policies,
        ..Extras::default()
    };
    managed_with(cx, cx.build, Stage::Identity, key, extras, for_provider)
}

/// Lets GKE's service agent use the key. The agent's name holds the project's number, which only
/// the project knows.
fn key_grant(cx: &Cx<'_>, plan: &mut Plan) {
    if let Some(project) = cx.account {
        let id = format!("projects/{project}");
        plan.add(
            with_policies(cx, PROJECT, id, Policies::Observe, Project {}).after([API.of(PROJECTS)]),
        );
    }
    let sent = cx.observed.str_at(&KEY_GRANT, "spec.forProvider.member");
    let number = cx.observed.str_at(&PROJECT, "status.atProvider.number");
    let member = match (sent, number) {
        (Some(sent), _) => sent.to_owned(),
        (None, Some(number)) => format!(
            "serviceAccount:service-{number}@container-engine-robot.iam.gserviceaccount.com"
        ),
        (None, None) => {
            plan.add(lacking(
                Stage::Identity,
                KEY_GRANT,
                "the project's number",
                PROJECT,
            ));
            return;
        }
    };
    let grant = CryptoKeyIamMember {
        crypto_key_id_ref: cx.reference(&ENCRYPTION_KEY),
        role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member,
    };
    // The agent exists once the container API is on.
    plan.add(
        managed(cx, Stage::Identity, KEY_GRANT, None, grant)
            .after([ENCRYPTION_KEY, API.of("container")]),
    );
}
