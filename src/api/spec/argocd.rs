//! Registration in Argo CD.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::api::{
    choice::AuthMode,
    defaults,
    draft::{Entries, Field, drafted},
    reader::Object,
    rules,
};

/// Most labels, and most annotations.
const MOST_ITEMS: usize = 40;

/// The label on the cluster Secret by which an author asks for what the platform runs.
pub const WORKLOAD: &str = "workload";

drafted! {
    /// Registration in Argo CD.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct ArgoCd, ArgoCdDraft {
        /// Whether to register at all.
        pub register: bool,
        /// The cluster's name in Argo CD.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Argo CD's namespace.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub namespace: Option<String>,
        /// How Argo CD proves who it is.
        pub auth: Auth = AuthDraft,
        /// More labels on the cluster Secret.
        pub labels: BTreeMap<String, String> = Entries<String, Field<String>>,
        /// More annotations on the cluster Secret.
        pub annotations: BTreeMap<String, String> = Entries<String, Field<String>>,
        /// Tell Argo CD to leave the cluster alone.
        pub skip_reconcile: bool,
    }

    /// How Argo CD proves to the cluster who it is.
    #[derive(Clone, Debug, Serialize)]
    pub struct Auth, AuthDraft {
        /// The way; the platform's default without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub mode: Option<AuthMode>,
    }
}

pub(super) fn argocd(mut object: Object<'_, '_>) -> ArgoCdDraft {
    let keys = &rules::NODE_LABEL_KEY;
    let draft = ArgoCdDraft {
        register: object.boolean("register", defaults::REGISTER),
        name: object.string_that("name", &rules::ARGOCD_NAME),
        namespace: object.string_that("namespace", &rules::NAMESPACE),
        auth: auth(object.object("auth")),
        labels: object.map_that("labels", MOST_ITEMS, keys, &rules::LABEL_VALUE),
        annotations: object.map_that("annotations", MOST_ITEMS, keys, &rules::ANNOTATION_VALUE),
        skip_reconcile: object.boolean("skipReconcile", defaults::SKIP_RECONCILE),
    };
    object.finish();
    draft
}

fn auth(mut object: Object<'_, '_>) -> AuthDraft {
    let draft = AuthDraft {
        mode: object.choice("mode"),
    };
    object.finish();
    draft
}
