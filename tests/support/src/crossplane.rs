//! The real `crossplane` command, which `make tools` builds.
//!
//! `make test-render` names its folder in `XCLUSTER_TOOLS`. Without it there is nothing to compare with: tests say so
//! and pass.

use std::{
    iter,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{crds, files::repository};

/// The servers whose reconciler renders: the release that the platform installs, and the next one.
pub const CORES: [&str; 2] = ["crossplane-core", "crossplane-core-next"];

/// The folder of the binaries.
pub struct Tools(PathBuf);

impl Tools {
    /// The folder that `make test-render` names.
    pub fn find() -> Option<Self> {
        let Some(folder) = std::env::var_os("XCLUSTER_TOOLS") else {
            println!("skipped: run `make test-render` to compare with the real clients");
            return None;
        };
        Some(Self(folder.into()))
    }

    /// A binary of the folder.
    pub fn binary(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Runs `crossplane`.
    pub fn crossplane(&self, args: &[&str]) -> Output {
        let binary = self.binary("crossplane");
        Command::new(&binary)
            .args(args)
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}; run `make tools`", binary.display()))
    }

    /// Validates what was rendered of an example against the CRDs and the XRD of a scope.
    pub fn validate(&self, example: &str, scope: &str, rendered: &Path) {
        let mut extensions = crd_folders(example);
        extensions.push(xrd(scope));
        let extensions: Vec<_> = extensions
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let cache = rendered.with_file_name("cache");
        let output = self.crossplane(&[
            "resource",
            "validate",
            &extensions.join(","),
            rendered.to_str().unwrap(),
            "--crossplane-image=",
            &format!("--cache-dir={}", cache.display()),
            "--error-on-missing-schemas",
        ]);
        let report = String::from_utf8_lossy(&output.stdout);
        let bad: Vec<_> = report
            .lines()
            .filter(|line| !line.starts_with("[✓]"))
            .collect();
        assert!(
            output.status.success(),
            "{example} as {scope}: {}",
            bad.join("\n")
        );
    }
}

/// The XRD of a scope.
pub fn xrd(scope: &str) -> PathBuf {
    repository(&format!("clusters/xrd/{scope}.yaml"))
}

/// The CRDs of an example's cloud and of Crossplane's own kinds.
fn crd_folders(example: &str) -> Vec<PathBuf> {
    let root =
        crds::folder().unwrap_or_else(|| panic!("`make test-render` validates against CRDs"));
    let cloud = if example.starts_with("aws") {
        "provider-aws-v2.6.0"
    } else {
        "provider-gcp-v2.6.0"
    };
    iter::once(cloud)
        .chain(["crossplane-v2.3.4", "provider-kubernetes-v1.2.1"])
        .map(|name| root.join(name))
        .collect()
}
