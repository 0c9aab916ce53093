//! What the command prints of every example, through the real `crossplane resource validate`.

use std::fs;

use test_support::{crossplane::Tools, examples, files::repository};

use crate::support::{file, folder, stdout, xcluster};

#[test]
fn render_cli_accepts_what_our_own_command_prints() {
    let Some(tools) = Tools::find() else { return };
    for example in examples::names() {
        let claim = examples::claim(&examples::composite(&example));
        let claim = serde_saphyr::to_string(&claim).unwrap();
        let claim = file(&format!("claim-{example}.yaml"), &claim);
        let composition = repository("examples")
            .join(&example)
            .join("composition.yaml");
        let composition = composition.to_str().unwrap();
        for scope in ["claims", "cluster", "namespaced"] {
            let output = xcluster(&[
                "render",
                "--scope",
                scope,
                "--composition",
                composition,
                &claim,
            ]);
            assert!(output.status.success(), "{example} as {scope}: {output:?}");
            let rendered = folder(&format!("render-{example}-{scope}")).join("rendered.yaml");
            fs::write(&rendered, stdout(&output)).unwrap();
            tools.validate(&example, scope, &rendered);
        }
    }
}
