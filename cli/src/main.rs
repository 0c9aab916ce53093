//! `xcluster`, the command for people: the function's library without a cluster, and `failover`.

mod cluster;
mod cost;
mod output;
mod plan;
mod render;
mod run;
mod summary;
mod support;
mod table;

fn main() -> std::process::ExitCode {
    run::run()
}
