//! Configurations that the server refuses to start with: exit code 64 and what to do about it.

use std::fs;

use crate::support::{
    process::{command, output},
    tls::{Authority, tempdir},
};

#[test]
fn each_missing_file_is_named() {
    for file in ["tls.crt", "tls.key", "ca.crt"] {
        let dir = tempdir(&format!("missing-{file}"));
        Authority::new().mount(&dir);
        fs::remove_file(dir.join(file)).unwrap();
        let (code, stderr) = output(&["--tls-certs-dir", dir.to_str().unwrap()]);
        assert_eq!(code, Some(64), "{stderr}");
        for part in [
            dir.join(file).to_str().unwrap(),
            "No such file",
            "--insecure",
        ] {
            assert!(stderr.contains(part), "no {part} in {stderr}");
        }
    }
}

#[test]
fn each_broken_file_is_named() {
    let text = "-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n";
    for (file, contents) in [
        ("tls.crt", "no PEM at all"),
        ("tls.crt", text),
        ("tls.key", ""),
        ("tls.key", Authority::new().pem().as_str()),
        (
            "tls.key",
            Authority::new().server().key.serialize_pem().as_str(),
        ),
        ("ca.crt", "no PEM at all"),
        ("ca.crt", text),
    ] {
        let dir = tempdir(&format!("broken-{file}"));
        Authority::new().mount(&dir);
        fs::write(dir.join(file), contents).unwrap();
        let (code, stderr) = output(&["--tls-certs-dir", dir.to_str().unwrap()]);
        assert_eq!(code, Some(64), "{file} {contents:?}: {stderr}");
        let path = dir.join(file);
        assert!(
            stderr.contains(path.to_str().unwrap()),
            "{contents:?}: {stderr}"
        );
    }
}

#[test]
fn without_certificates_the_way_out_is_named() {
    let (code, stderr) = output(&[]);
    assert_eq!(code, Some(64), "{stderr}");
    for part in ["--tls-certs-dir", "TLS_SERVER_CERTS_DIR", "--insecure"] {
        assert!(stderr.contains(part), "no {part} in {stderr}");
    }
}

#[test]
fn the_folder_can_come_from_the_environment() {
    let dir = tempdir("missing-environment");
    let output = command(&[])
        .env("TLS_SERVER_CERTS_DIR", &dir)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(64), "{stderr}");
    assert!(
        stderr.contains(dir.join("tls.crt").to_str().unwrap()),
        "{stderr}"
    );
}

#[test]
fn unknown_flags_and_bad_levels_are_bad_configuration() {
    assert_eq!(output(&["--unknown"]).0, Some(64));
    let output = command(&["--insecure"])
        .env("RUST_LOG", "xcluster=loud")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64), "{output:?}");
}

#[test]
fn help_is_no_failure_and_a_taken_port_is_no_bad_configuration() {
    assert_eq!(output(&["--help"]).0, Some(0));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let flag = format!("--address={address}");
    let (code, stderr) = output(&["--insecure", &flag, "--metrics-address="]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains(&address.to_string()), "{stderr}");
}
