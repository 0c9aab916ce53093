//! Certificates that change under a running server.

use std::{fs, sync::Arc};

use crate::support::{
    client, eventually,
    running::{Running, mutual_tls},
    tls::{Authority, tempdir},
};

/// How often changed files were looked at, with this result.
async fn reloads(server: &Running, result: &str) -> u32 {
    let series = format!(r#"xcluster_certificate_reloads_total{{result="{result}"}} "#);
    let (_, text) = client::http(server.metrics, "/metrics").await;
    let count = text.lines().find_map(|line| line.strip_prefix(&series));
    count.expect("the series is there").parse().unwrap()
}

/// Waits for a look that began after this call: the second one counted from here on.
async fn refused_again(server: &Running) {
    let before = reloads(server, "refused").await;
    eventually("the files are refused", async || {
        (reloads(server, "refused").await >= before + 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn new_certificates_are_used_and_open_connections_live_on() {
    let dir = tempdir("reload");
    let (old, new) = (Authority::new(), Authority::new());
    old.mount(&dir);
    let server = Running::start(mutual_tls(&dir)).await;
    let old_client = old.client_config(Some(&old.client()));
    let open = client::tls(server.address, Arc::clone(&old_client))
        .await
        .unwrap();
    client::run(&open, client::tagged("before")).await.unwrap();

    new.mount(&dir);
    let new_client = new.client_config(Some(&new.client()));
    eventually("the new authority is served", async || {
        client::answers(server.address, Arc::clone(&new_client))
            .await
            .ok()
    })
    .await;
    assert!(client::answers(server.address, old_client).await.is_err());
    client::run(&open, client::tagged("after")).await.unwrap();
    server.end().await;
}

#[tokio::test]
async fn a_swapped_symbolic_link_counts_as_a_change() {
    let dir = tempdir("reload-link");
    let (old, new) = (Authority::new(), Authority::new());
    for (name, authority) in [("1", &old), ("2", &new)] {
        fs::create_dir(dir.join(name)).unwrap();
        authority.mount(&dir.join(name));
    }
    // As a kubelet lays out a Secret: files -> ..data -> the version of the moment.
    std::os::unix::fs::symlink("1", dir.join("..data")).unwrap();
    for file in ["tls.crt", "tls.key", "ca.crt"] {
        std::os::unix::fs::symlink(format!("..data/{file}"), dir.join(file)).unwrap();
    }
    let server = Running::start(mutual_tls(&dir)).await;
    std::os::unix::fs::symlink("2", dir.join("..new")).unwrap();
    fs::rename(dir.join("..new"), dir.join("..data")).unwrap();
    let new_client = new.client_config(Some(&new.client()));
    eventually("the new version is served", async || {
        client::answers(server.address, Arc::clone(&new_client))
            .await
            .ok()
    })
    .await;
    server.end().await;
}

#[tokio::test]
async fn half_written_certificates_are_refused_and_the_old_ones_stay() {
    let dir = tempdir("reload-broken");
    let authority = Authority::new();
    authority.mount(&dir);
    let server = Running::start(mutual_tls(&dir)).await;
    let config = authority.client_config(Some(&authority.client()));

    let next = authority.server();
    fs::write(dir.join("tls.crt"), next.certificate.pem()).unwrap();
    refused_again(&server).await;
    client::answers(server.address, Arc::clone(&config))
        .await
        .unwrap();

    fs::remove_file(dir.join("ca.crt")).unwrap();
    refused_again(&server).await;
    client::answers(server.address, Arc::clone(&config))
        .await
        .unwrap();
    assert_eq!(reloads(&server, "taken").await, 0);

    fs::write(dir.join("ca.crt"), authority.pem()).unwrap();
    fs::write(dir.join("tls.key"), next.key.serialize_pem()).unwrap();
    eventually("the complete set is taken", async || {
        (reloads(&server, "taken").await == 1).then_some(())
    })
    .await;
    client::answers(server.address, config).await.unwrap();
    server.end().await;
}
