//! Whether both clusters serve the same.

use serde_json::{Value, json};

use super::{Direct, Gate, Judge, failed, not_checked, passed};
use crate::{
    cluster::{Application, Cluster},
    plan::Mode,
};

impl Judge<'_> {
    pub(super) fn same_answer(&self) -> Gate {
        const NAME: &str = "same-answer";
        let first = |direct: &Direct| direct.replies.first().map(|reply| essence(&reply.body));
        match (
            first(&self.see.source_direct),
            first(&self.see.target_direct),
        ) {
            (Some(source), Some(target)) if source == target => passed(
                NAME,
                format!("both answer the known request with {}", labels(&target)),
            ),
            (Some(source), Some(target)) => failed(
                NAME,
                format!(
                    "{} answers the known request with {source}, {} with {target}",
                    self.see.source.name, self.see.target.name
                ),
                "bring both to the same revision and model, then try again",
            ),
            _ if self.plan.mode == Mode::Unplanned => not_checked(
                NAME,
                "the source is gone, and there is nothing to compare with",
            ),
            _ => not_checked(NAME, "not both of them answer"),
        }
    }

    pub(super) fn same_revision(&self) -> Gate {
        const NAME: &str = "same-revision";
        let applications = match &self.see.applications {
            Ok(applications) => applications,
            Err(why) => return not_checked(NAME, format!("Argo CD's Applications: {why}")),
        };
        let of = |cluster: &Cluster| {
            applications.iter().find(|application| {
                application.cluster == cluster.argocd
                    && application.name.starts_with(&self.plan.application)
            })
        };
        let (source, target) = (of(&self.see.source), of(&self.see.target));
        let synced = |application: Option<&Application>| application?.revision.clone();
        self.blocks_when_planned(match (synced(source), synced(target)) {
            (Some(ours), Some(theirs)) => {
                let images = |application: Option<&Application>| {
                    application.map(|application| application.images.clone())
                };
                let fix = "wait until Argo CD has synced both, or sync them";
                if ours != theirs {
                    failed(
                        NAME,
                        format!(
                            "the source runs {}, the target {}",
                            short(&ours),
                            short(&theirs)
                        ),
                        fix,
                    )
                } else if images(source) != images(target) {
                    failed(
                        NAME,
                        format!(
                            "revision {} on both, and other images: {:?}, {:?}",
                            short(&ours),
                            images(source).unwrap_or_default(),
                            images(target).unwrap_or_default()
                        ),
                        fix,
                    )
                } else {
                    passed(
                        NAME,
                        format!("both run {}, with the same images", short(&ours)),
                    )
                }
            }
            (None, None) => self.same_model(NAME),
            (source, _) => failed(
                NAME,
                format!(
                    "Argo CD has synced the service to only one of both, {}",
                    if source.is_some() {
                        "the source"
                    } else {
                        "the target"
                    }
                ),
                "wait until Argo CD has synced both, or sync them",
            ),
        })
    }

    /// Where Argo CD has synced nothing, what the answers say of themselves.
    fn same_model(&self, name: &'static str) -> Gate {
        let version = |direct: &Direct| direct.replies.first()?.model_version.clone();
        match (
            version(&self.see.source_direct),
            version(&self.see.target_direct),
        ) {
            (Some(ours), Some(theirs)) if ours == theirs => passed(
                name,
                format!("Argo CD has synced nothing here; both answer with model version {ours}"),
            ),
            (Some(ours), Some(theirs)) => failed(
                name,
                format!("the source answers with model version {ours}, the target with {theirs}"),
                "deploy the same version to both, then try again",
            ),
            _ => not_checked(
                name,
                "Argo CD has synced nothing here, and not both say their model's version",
            ),
        }
    }
}

/// What of an answer is the same wherever it comes from. The last digits of a probability are the processor's.
pub fn essence(body: &Value) -> Value {
    let predictions = body["predictions"].as_array();
    let labels: Vec<_> = predictions
        .into_iter()
        .flatten()
        .map(|prediction| prediction["label"].clone())
        .collect();
    json!({"model": body["model"], "labels": labels})
}

fn labels(essence: &Value) -> String {
    let hash = essence["model"]["sha256"].as_str().unwrap_or("?");
    format!("labels {} of model {}", essence["labels"], short(hash))
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
