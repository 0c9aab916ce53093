//! The server as Crossplane, a kubelet and a scraper meet it.

mod abuse;
mod admission;
mod drain;
mod logs;
mod refusal;
mod reload;
mod services;
mod tls;
