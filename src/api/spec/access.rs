//! Who may use a cluster, and the key of its Secrets.

use serde::Serialize;

use crate::api::{
    draft::{Field, Items, drafted},
    reader::Object,
    rules,
};

/// Most principals of a list.
const MOST_PRINCIPALS: usize = 40;

drafted! {
    /// Who may use the cluster: IAM principal ARNs on AWS, IAM members on GCP.
    #[derive(Clone, Debug, Serialize)]
    pub struct Access, AccessDraft {
        /// Full control.
        pub admins: Vec<String> = Items<Field<String>>,
        /// Read only.
        pub viewers: Vec<String> = Items<Field<String>>,
    }

    /// Encryption of Kubernetes Secrets with a key of the customer's.
    #[derive(Clone, Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Encryption, EncryptionDraft {
        /// An existing key: its ARN or resource name. Without one, a key is created.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub key_id: Option<String>,
    }
}

pub(super) fn access(mut object: Object<'_, '_>) -> AccessDraft {
    let draft = AccessDraft {
        admins: object.strings_that("admins", MOST_PRINCIPALS, &rules::PRINCIPAL),
        viewers: object.strings_that("viewers", MOST_PRINCIPALS, &rules::PRINCIPAL),
    };
    object.finish();
    draft
}

pub(super) fn encryption(mut object: Object<'_, '_>) -> EncryptionDraft {
    let draft = EncryptionDraft {
        key_id: object.string_that("keyId", &rules::KEY_ID),
    };
    object.finish();
    draft
}
