//! `nodeImages`: the releases of node images that pools on EKS are brought to.

use serde::Serialize;

use crate::api::{
    draft::{Field, Items, Unsound},
    reader::Object,
    rules::{ENVIRONMENT, NODE_IMAGE},
    spec::Version,
};

/// Most rows.
const MOST_ROWS: usize = 50;
/// Most environments of a row.
const MOST_ENVIRONMENTS: usize = 20;

/// A release of EKS' node images.
#[derive(Clone, Debug, Serialize)]
pub struct NodeImage {
    /// The release, such as `1.36.2-20261115`.
    pub release: String,
    /// The environments that get it; all when empty.
    pub environments: Vec<String>,
    /// The minor version of Kubernetes that it is for.
    #[serde(skip)]
    pub minor: Version,
}

pub(super) fn node_images(object: &mut Object<'_, '_>) -> Items<Field<NodeImage>> {
    object.items("nodeImages", MOST_ROWS, |input, path, item| {
        row(input.child(path, item))
    })
}

fn row(mut object: Object<'_, '_>) -> Field<NodeImage> {
    let release = object
        .need("release", "set it to a release such as 1.36.2-20261115")
        .string_that(&NODE_IMAGE);
    let environments = object.strings_that("environments", MOST_ENVIRONMENTS, &ENVIRONMENT);
    object.finish();
    let release = release?;
    Ok(NodeImage {
        minor: Version::parse(&release).ok_or(Unsound)?,
        environments: environments.0?.into_iter().collect::<Field<_>>()?,
        release,
    })
}

/// The release for pools of a minor version in an environment: the last one that names the environment, else the last one for all.
pub fn release<'a>(images: &'a [NodeImage], environment: &str, minor: Version) -> Option<&'a str> {
    let of_minor = || images.iter().rev().filter(|image| image.minor == minor);
    let named = |image: &&NodeImage| image.environments.iter().any(|it| it == environment);
    let found = of_minor().find(named);
    let found = found.or_else(|| of_minor().find(|image| image.environments.is_empty()));
    found.map(|image| image.release.as_str())
}
