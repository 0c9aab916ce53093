//! Clients that mean harm, against the real server with TLS: somebody who behaves is answered all the
//! while, memory stays bounded, and what they took is given back.

mod connections;
pub(super) mod frames;
mod raw;
mod siege;
mod streams;
