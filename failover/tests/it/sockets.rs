//! The real clients, against a real DNS server and servers of this machine.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use crate::world::HOST;
use dnssim::{Data, Record, Zones, serve};
use failover::{
    callers::Callers,
    dns::{Dns, Resolver},
    sample::{Failure, Kind},
    service::{Http, Service},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::watch,
};

/// A cluster's share of the service, and its own name, as the function composes them.
pub(crate) fn records(shares: &[([u8; 4], u32)]) -> Vec<Record> {
    let record = |name: String, data, weight, ttl| Record {
        name,
        data,
        weight,
        ttl,
    };
    shares
        .iter()
        .flat_map(|(address, weight)| {
            let own = format!("cluster-{}.{HOST}", address[3]);
            [
                record(HOST.to_owned(), Data::Name(own.clone()), *weight, 1),
                record(own, Data::Address(Ipv4Addr::from(*address)), 1, 30),
            ]
        })
        .collect()
}

/// How a server ends a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Stay,
    /// Says `Connection: close`, as a server does that is about to stop.
    Close,
}

/// A server that answers each request with its name, and with what it was asked in a header.
pub(crate) fn server(listener: TcpListener, name: &'static str, end: watch::Receiver<End>) -> u16 {
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let end = end.clone();
            tokio::spawn(async move {
                let mut buffer = vec![0; 64 * 1024];
                loop {
                    let read = stream.read(&mut buffer).await.unwrap_or(0);
                    if read == 0 {
                        return;
                    }
                    let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
                    let known = request.contains("authorization: Bearer secret\r\n")
                        && request.contains(&format!("host: {HOST}:"));
                    let status = if known { "200 OK" } else { "401 Unauthorized" };
                    let closes = *end.borrow() == End::Close;
                    let close = if closes { "connection: close\r\n" } else { "" };
                    let answer = format!(
                        "HTTP/1.1 {status}\r\nx-served-by: {name};provider=aws;region=r\r\nx-model-version: 1\r\n{close}content-length: 2\r\n\r\n{{}}"
                    );
                    if stream.write_all(answer.as_bytes()).await.is_err() || closes {
                        return;
                    }
                }
            });
        }
    });
    port
}

async fn listen(address: [u8; 4]) -> TcpListener {
    TcpListener::bind((Ipv4Addr::from(address), 0))
        .await
        .unwrap()
}

/// Two addresses with one port that is free on both.
pub(crate) async fn listen_on_both() -> [TcpListener; 2] {
    for _ in 0..50 {
        let one = listen([127, 0, 0, 2]).await;
        let port = one.local_addr().unwrap().port();
        if let Ok(other) = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 3), port)).await {
            return [one, other];
        }
    }
    panic!("no port is free on both addresses");
}

fn http(port: u16, token: Option<&str>) -> Arc<Http> {
    let url = format!("http://{HOST}:{port}/v1/predict");
    Arc::new(Http::new(&url, "{}".into(), token, None, Duration::from_millis(500)).unwrap())
}

#[tokio::test]
async fn weights_and_the_ttl_come_from_dns() {
    let zones = Zones::default();
    let (address, _server) = serve(zones.clone(), "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let resolver = Resolver::new(Some(address)).unwrap();
    zones.set(records(&[([127, 0, 0, 2], 100), ([127, 0, 0, 3], 300)]));
    let mut firsts = [0, 0];
    for _ in 0..40 {
        let answer = resolver.resolve(HOST).await.unwrap();
        assert_eq!(answer.ttl, Duration::from_secs(1));
        let IpAddr::V4(address) = answer.addresses[0] else {
            panic!("{answer:?}")
        };
        firsts[usize::from(address.octets()[3] - 2)] += 1;
    }
    assert_eq!(
        firsts,
        [10, 30],
        "nothing is cached, and weights are kept to"
    );
    zones.set(records(&[([127, 0, 0, 2], 0), ([127, 0, 0, 3], 300)]));
    for _ in 0..5 {
        assert_eq!(
            resolver.resolve(HOST).await.unwrap().addresses,
            [IpAddr::from([127, 0, 0, 3])]
        );
    }
    let error = resolver.resolve("unknown.acme.example").await.unwrap_err();
    assert!(error.contains("unknown.acme.example"), "{error}");
}

#[tokio::test]
async fn a_graceful_stop_loses_no_request_of_a_kept_connection() {
    let zones = Zones::default();
    let (dns, _server) = serve(zones.clone(), "127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let (end, ending) = watch::channel(End::Stay);
    let (_stay, staying) = watch::channel(End::Stay);
    let [one, other] = listen_on_both().await;
    let port = server(one, "source", ending);
    server(other, "target", staying);
    zones.set(records(&[([127, 0, 0, 2], 100)]));
    let callers = Callers::new(
        Arc::new(Resolver::new(Some(dns)).unwrap()),
        Arc::new(http(port, Some("secret"))),
        HOST,
    );
    assert_eq!(
        callers.ask(Kind::KeepAlive).await.unwrap().cluster,
        "source"
    );
    zones.set(records(&[([127, 0, 0, 2], 0), ([127, 0, 0, 3], 100)]));
    // DNS alone does not move it.
    for _ in 0..3 {
        assert_eq!(
            callers.ask(Kind::KeepAlive).await.unwrap().cluster,
            "source"
        );
    }
    end.send_replace(End::Close);
    assert_eq!(
        callers.ask(Kind::KeepAlive).await.unwrap().cluster,
        "source"
    );
    assert_eq!(
        callers.ask(Kind::KeepAlive).await.unwrap().cluster,
        "target"
    );
    assert_eq!(callers.ask(Kind::Fresh).await.unwrap().cluster, "target");
}

#[tokio::test]
async fn what_is_no_answer_has_its_reason() {
    let (_end, ending) = watch::channel(End::Stay);
    let port = server(listen([127, 0, 0, 4]).await, "source", ending);
    let address = IpAddr::from([127, 0, 0, 4]);
    let denied = http(port, Some("wrong"))
        .connect(address)
        .await
        .unwrap()
        .ask()
        .await;
    assert_eq!(denied, Err(Failure::Status(401)));
    // Takes connections into its queue, and never looks at them.
    let silent = TcpListener::bind("127.0.0.4:0").await.unwrap();
    let silent_port = silent.local_addr().unwrap().port();
    let waiting = http(silent_port, None)
        .connect(address)
        .await
        .unwrap()
        .ask()
        .await;
    assert_eq!(waiting, Err(Failure::Timeout));
    drop(silent);
    let closed = http(silent_port, None).connect(address).await.err();
    assert_eq!(closed, Some(Failure::Connect));
}

#[tokio::test]
async fn a_certificate_of_nobody_we_trust_is_refused() {
    let file = std::env::temp_dir().join(format!("failover-ca-{}.pem", std::process::id()));
    let certificate = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    std::fs::write(&file, certificate.cert.pem()).unwrap();
    let (_end, ending) = watch::channel(End::Stay);
    let port = server(listen([127, 0, 0, 5]).await, "source", ending);
    let url = format!("https://{HOST}:{port}/");
    let http = Http::new(&url, "{}".into(), None, Some(&file), Duration::from_secs(1)).unwrap();
    // The server speaks no TLS at all.
    let refused = Arc::new(http)
        .connect(IpAddr::from([127, 0, 0, 5]))
        .await
        .err();
    assert!(matches!(refused, Some(Failure::Tls(_))), "{refused:?}");
    std::fs::write(&file, "").unwrap();
    let error = Http::new(&url, "{}".into(), None, Some(&file), Duration::from_secs(1))
        .err()
        .unwrap();
    assert!(error.contains("holds no certificate"), "{error}");
    std::fs::remove_file(file).unwrap();
}

#[test]
fn a_url_that_makes_no_sense_is_named() {
    for (url, says) in [
        ("inference", "is neither http"),
        ("ftp://a/b", "is neither http"),
        ("/v1/predict", "has no host"),
        ("http://a b/", "--url"),
    ] {
        let error = Http::new(url, "{}".into(), None, None, Duration::from_secs(1))
            .err()
            .unwrap();
        assert!(error.contains(says), "{url}: {error}");
    }
    let error = Http::new(
        "http://a/",
        "{}".into(),
        Some("a\nb"),
        None,
        Duration::from_secs(1),
    )
    .err()
    .unwrap();
    assert!(
        error.contains("one line") && !error.contains("a\nb"),
        "{error}"
    );
}
