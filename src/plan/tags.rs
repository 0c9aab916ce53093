//! Tags of AWS and labels of Google Cloud: what tells whose a resource is.

use serde::Serialize;

use crate::{
    api::{names::Names, spec::Spec},
    wire::structpb::{EncodeError, Struct, to_struct},
};

/// The tags of a resource. What all resources of a cluster share is encoded once.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tags(Struct);

impl Tags {
    /// The author's tags, and what tells whose a resource is.
    ///
    /// # Errors
    /// [`EncodeError`] never: strings can be encoded.
    pub fn new(spec: &Spec, names: &Names) -> Result<Self, EncodeError> {
        let tags = Self(to_struct(&spec.tags)?);
        Ok(tags
            .with("cluster", &names.cloud)
            .with("environment", &spec.environment)
            .with("managed-by", "crossplane"))
    }

    /// The same with another one, which goes before the author's.
    pub fn with(&self, key: &str, value: &str) -> Self {
        Self(self.0.with_str(key, value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn our_tags_go_before_the_authors() {
        let author = json!({"Name": "theirs", "team": "ml"});
        let tags = Tags(to_struct(&author).unwrap()).with("Name", "ours");
        assert_eq!(
            serde_json::to_value(&tags).unwrap(),
            json!({"Name": "ours", "team": "ml"})
        );
        assert_eq!(tags.0.iter().count(), 2);
    }
}
