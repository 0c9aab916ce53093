//! Who may connect, and with which keys.

use std::{fs, time::Duration};

use tokio::{io::AsyncReadExt, net::TcpStream, time::timeout};
use tonic::transport::Endpoint;
use xcluster::server::{Config, Timeouts};

use crate::support::{
    PATIENCE, client,
    running::{Running, mutual_tls},
    tls::{Authority, Issued, rsa, sec1, tempdir},
};

#[tokio::test]
async fn a_client_of_the_same_authority_and_the_same_subject_name_is_served() {
    let dir = tempdir("tls-accepted");
    let authority = Authority::new();
    authority.mount(&dir);
    let server = Running::start(mutual_tls(&dir)).await;
    let config = authority.client_config(Some(&authority.client()));
    client::answers(server.address, config).await.unwrap();
    server.end().await;
}

#[tokio::test]
async fn other_clients_are_refused() {
    let dir = tempdir("tls-refused");
    let authority = Authority::new();
    authority.mount(&dir);
    let server = Running::start(mutual_tls(&dir)).await;
    let cases: [(&str, Option<Issued>); 4] = [
        ("no certificate", None),
        ("another authority", Some(Authority::new().client())),
        ("expired", Some(authority.expired_client())),
        ("a server certificate", Some(authority.server())),
    ];
    for (name, identity) in cases {
        let config = authority.client_config(identity.as_ref());
        let answer = client::answers(server.address, config).await;
        assert!(answer.is_err(), "{name} was served");
    }
    // The refusals were of those clients, not of everybody.
    let config = authority.client_config(Some(&authority.client()));
    client::answers(server.address, config).await.unwrap();
    server.end().await;
}

#[tokio::test]
async fn plaintext_is_refused() {
    let dir = tempdir("tls-plaintext");
    Authority::new().mount(&dir);
    let server = Running::start(mutual_tls(&dir)).await;
    let endpoint = Endpoint::from_shared(format!("http://{}", server.address)).unwrap();
    let answered = match endpoint.connect().await {
        Ok(channel) => client::run(&channel, client::tagged("tag")).await.is_ok(),
        Err(_) => false,
    };
    assert!(!answered);
    server.end().await;
}

#[tokio::test]
async fn keys_in_pkcs1_and_sec1_work() {
    for (name, label, (pem, key)) in [
        ("tls-pkcs1", "BEGIN RSA PRIVATE KEY", rsa()),
        ("tls-sec1", "BEGIN EC PRIVATE KEY", sec1()),
    ] {
        assert!(pem.contains(label), "{pem:.40}");
        let dir = tempdir(name);
        let authority = Authority::new();
        authority.mount(&dir);
        let issued = authority.server_with(key);
        fs::write(dir.join("tls.crt"), issued.certificate.pem()).unwrap();
        fs::write(dir.join("tls.key"), pem).unwrap();
        let server = Running::start(mutual_tls(&dir)).await;
        let config = authority.client_config(Some(&authority.client()));
        client::answers(server.address, config).await.unwrap();
        server.end().await;
    }
}

#[tokio::test]
async fn clients_that_stall_in_the_handshake_delay_nobody_and_are_cut_off() {
    let dir = tempdir("tls-stalled");
    let authority = Authority::new();
    authority.mount(&dir);
    let server = Running::start(Config {
        timeouts: Timeouts {
            handshake: Duration::from_secs(2),
            ..mutual_tls(&dir).timeouts
        },
        ..mutual_tls(&dir)
    })
    .await;
    let mut stalled = Vec::new();
    for _ in 0..40 {
        stalled.push(TcpStream::connect(server.address).await.unwrap());
    }
    let config = authority.client_config(Some(&authority.client()));
    client::answers(server.address, config).await.unwrap();
    for mut stream in stalled {
        let read = timeout(PATIENCE, stream.read(&mut [0; 16])).await;
        assert_eq!(read.expect("the server hangs up").unwrap(), 0);
    }
    server.end().await;
}
