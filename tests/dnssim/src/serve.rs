//! The zone on a socket, over UDP and TCP.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use hickory_server::{
    Server,
    net::runtime::Time,
    proto::{
        op::{Header, HeaderCounts, MessageType, Metadata, OpCode, ResponseCode},
        rr::{Name, RData, Record as Answer, RecordType, rdata::CNAME},
    },
    server::{Request, RequestHandler, ResponseHandler, ResponseInfo},
    zone_handler::MessageResponseBuilder,
};
use tokio::net::{TcpListener, UdpSocket};

use crate::{Data, Record, Zone};

/// Records that can be replaced while they are served.
#[derive(Clone, Debug, Default)]
pub struct Zones(Arc<Mutex<Zone>>);

impl Zones {
    /// Replaces the records.
    pub fn set(&self, records: Vec<Record>) {
        self.with(|zone| zone.set(records));
    }

    fn with<T>(&self, look: impl FnOnce(&mut Zone) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Serves the records until it is dropped; port 0 takes a free one, which the answer names.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(
    zones: Zones,
    listen: SocketAddr,
) -> io::Result<(SocketAddr, Server<impl RequestHandler>)> {
    let (udp, tcp) = bind(listen).await?;
    let address = udp.local_addr()?;
    let mut server = Server::new(Answers(zones));
    server.register_socket(udp);
    server.register_listener(tcp, Duration::from_secs(5), 32);
    Ok((address, server))
}

/// Both transports on one port. One that is free for UDP may be taken for TCP; where any will do, another one is tried.
async fn bind(listen: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    let mut tries = 0;
    loop {
        let udp = UdpSocket::bind(listen).await?;
        match TcpListener::bind(udp.local_addr()?).await {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(error) if listen.port() != 0 || tries == 20 => return Err(error),
            Err(_) => tries += 1,
        }
    }
}

struct Answers(Zones);

impl Answers {
    fn find(&self, request: &Request) -> (ResponseCode, Vec<Answer>) {
        let is_query = request.metadata.message_type == MessageType::Query
            && request.metadata.op_code == OpCode::Query;
        let Some(query) = request.request_info().ok().filter(|_| is_query) else {
            return (ResponseCode::NotImp, Vec::new());
        };
        let (name, kind) = (query.query.original().name(), query.query.query_type());
        let host = name.to_lowercase().to_utf8();
        let host = host.trim_end_matches('.');
        let (is_known, found) = self.0.with(|zone| {
            let is_known = zone.has(host);
            // A question for another kind of address must not take somebody's turn.
            let found = if kind == RecordType::A {
                zone.answer(host)
            } else {
                Vec::new()
            };
            (is_known, found)
        });
        let code = if is_known {
            ResponseCode::NoError
        } else {
            ResponseCode::NXDomain
        };
        (code, found.into_iter().filter_map(encode).collect())
    }
}

fn encode(record: Record) -> Option<Answer> {
    let data = match record.data {
        Data::Address(address) => RData::A(address.into()),
        Data::Name(name) => RData::CNAME(CNAME(Name::from_utf8(name + ".").ok()?)),
    };
    let name = Name::from_utf8(record.name + ".").ok()?;
    Some(Answer::from_rdata(name, record.ttl, data))
}

#[async_trait]
impl RequestHandler for Answers {
    async fn handle_request<R: ResponseHandler, T: Time>(
        &self,
        request: &Request,
        mut response: R,
    ) -> ResponseInfo {
        let (code, answers) = self.find(request);
        let mut metadata = Metadata::response_from_request(&request.metadata);
        metadata.authoritative = true;
        metadata.response_code = code;
        let message = MessageResponseBuilder::from_message_request(request);
        let message = message.build(metadata, &answers, [], [], []);
        let sent = response.send_response(message).await;
        // Who asked asks again.
        sent.unwrap_or_else(|_| {
            ResponseInfo::from(Header {
                metadata,
                counts: HeaderCounts::default(),
            })
        })
    }
}
