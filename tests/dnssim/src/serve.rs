//! The zone on a socket, over UDP and TCP.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use hickory_server::{
    Server,
    net::runtime::Time,
    proto::{
        op::{Header, HeaderCounts, MessageType, Metadata, OpCode, ResponseCode},
        rr::{RData, Record, RecordType},
    },
    server::{Request, RequestHandler, ResponseHandler, ResponseInfo},
    zone_handler::MessageResponseBuilder,
};
use tokio::net::{TcpListener, UdpSocket};

use crate::{Weighted, Zone};

/// Records that can be replaced while they are served.
#[derive(Clone, Debug, Default)]
pub struct Zones(Arc<Mutex<Zone>>);

impl Zones {
    /// Replaces the records.
    pub fn set(&self, records: Vec<Weighted>) {
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
    let udp = UdpSocket::bind(listen).await?;
    let address = udp.local_addr()?;
    let tcp = TcpListener::bind(address).await?;
    let mut server = Server::new(Answers(zones));
    server.register_socket(udp);
    server.register_listener(tcp, Duration::from_secs(5), 32);
    Ok((address, server))
}

struct Answers(Zones);

impl Answers {
    fn find(&self, request: &Request) -> (ResponseCode, Vec<Record>) {
        let is_query = request.metadata.message_type == MessageType::Query
            && request.metadata.op_code == OpCode::Query;
        let Some(query) = request.request_info().ok().filter(|_| is_query) else {
            return (ResponseCode::NotImp, Vec::new());
        };
        let (name, kind) = (query.query.original().name(), query.query.query_type());
        let host = name.to_lowercase().to_utf8();
        let host = host.trim_end_matches('.');
        let (is_known, found) = self.0.with(|zone| {
            // A question for another kind of address must not take somebody's turn.
            let found = (kind == RecordType::A).then(|| zone.answer(host)).flatten();
            (zone.has(host), found)
        });
        let Some(Weighted {
            address: IpAddr::V4(address),
            ttl,
            ..
        }) = found
        else {
            let code = if is_known {
                ResponseCode::NoError
            } else {
                ResponseCode::NXDomain
            };
            return (code, Vec::new());
        };
        let data = RData::A(address.into());
        (
            ResponseCode::NoError,
            vec![Record::from_rdata(name.clone(), ttl, data)],
        )
    }
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
