//! The command line of the server: the flags of the function specification and of the Go SDK.

use std::{path::PathBuf, time::Duration};

use clap::{
    Parser,
    builder::{BoolishValueParser, RangedU64ValueParser},
};

use super::{
    config::{Config, Limits, Security, Timeouts},
    listen::{ListenAddress, Network, OptionalAddress},
};

/// Bytes in a megabyte, as the Go SDK counts --max-recv-message-size.
const MEGABYTE: usize = 1024 * 1024;

/// Composition function for Crossplane: one XCluster in, a production EKS or GKE cluster out.
#[derive(Clone, Debug, Parser)]
#[command(name = "function-xcluster", version)]
pub struct Args {
    /// Write debug logs, as text instead of JSON. RUST_LOG overrides the level
    #[arg(
        short,
        long,
        env = "FUNCTION_XCLUSTER_DEBUG",
        value_parser = BoolishValueParser::new()
    )]
    pub debug: bool,

    /// IP versions to listen on: tcp is both
    #[arg(long, env = "FUNCTION_XCLUSTER_NETWORK", value_enum, default_value_t)]
    pub network: Network,

    /// Where to listen for gRPC calls; without a host, on every address
    #[arg(
        long,
        env = "FUNCTION_XCLUSTER_ADDRESS",
        value_name = "[HOST]:PORT",
        default_value = ":9443"
    )]
    pub address: ListenAddress,

    /// Folder with tls.crt, tls.key and ca.crt. Only clients with a certificate of that ca.crt may
    /// connect. Changed files are picked up without a restart
    #[arg(long, env = "TLS_SERVER_CERTS_DIR", value_name = "DIR")]
    pub tls_certs_dir: Option<PathBuf>,

    /// Serve without TLS, for development; --tls-certs-dir is then ignored
    #[arg(
        long,
        env = "FUNCTION_XCLUSTER_INSECURE",
        value_parser = BoolishValueParser::new()
    )]
    pub insecure: bool,

    /// Largest request to accept, in megabytes (1024 x 1024 bytes)
    #[arg(
        long,
        env = "FUNCTION_XCLUSTER_MAX_RECV_MESSAGE_SIZE",
        value_name = "MB",
        default_value = "4",
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024)
    )]
    pub max_recv_message_size: usize,

    /// Calls at the same time; more are refused with UNAVAILABLE
    #[arg(
        long,
        env = "FUNCTION_XCLUSTER_MAX_CONCURRENT_CALLS",
        value_name = "CALLS",
        default_value = "256",
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=65_536)
    )]
    pub max_concurrent_calls: usize,

    /// gRPC connections at the same time; more are closed
    #[arg(
        long,
        env = "FUNCTION_XCLUSTER_MAX_CONNECTIONS",
        value_name = "CONNECTIONS",
        default_value = "64",
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=65_536)
    )]
    pub max_connections: usize,

    /// How long a call may take, from its headers to its answer, in seconds
    #[arg(
        long,
        env = "FUNCTION_XCLUSTER_CALL_TIMEOUT",
        value_name = "SECONDS",
        default_value = "60",
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub call_timeout: u64,

    /// Where to serve /metrics, /healthz and /readyz over HTTP; empty turns it off
    #[arg(
        long,
        env = "FUNCTION_XCLUSTER_METRICS_ADDRESS",
        value_name = "[HOST]:PORT",
        default_value = ":8080"
    )]
    pub metrics_address: OptionalAddress,
}

/// The flags are well-formed one by one, but do not go together.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// Neither certificates nor --insecure.
    #[error(
        "no certificates: pass --tls-certs-dir (or TLS_SERVER_CERTS_DIR) with the folder of \
         tls.crt, tls.key and ca.crt, or --insecure to serve without TLS"
    )]
    NoCertificates,
}

impl Args {
    /// What the server needs to know.
    ///
    /// # Errors
    /// [`Error::NoCertificates`] when TLS was neither set up nor turned off.
    pub fn config(self) -> Result<Config, Error> {
        let security = match (self.insecure, self.tls_certs_dir) {
            (true, _) => Security::Insecure,
            (false, Some(dir)) => Security::MutualTls(dir),
            (false, None) => return Err(Error::NoCertificates),
        };
        Ok(Config {
            network: self.network,
            address: self.address,
            security,
            max_request_bytes: self.max_recv_message_size * MEGABYTE,
            metrics_address: self.metrics_address.0,
            limits: Limits {
                connections: self.max_connections,
                calls: self.max_concurrent_calls,
            },
            timeouts: Timeouts {
                call: Duration::from_secs(self.call_timeout),
                ..Timeouts::default()
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(flags: &[&str]) -> Result<Args, clap::Error> {
        Args::try_parse_from([&["function-xcluster"], flags].concat())
    }

    #[test]
    fn defaults_are_those_of_the_go_sdk() -> Result<(), Box<dyn std::error::Error>> {
        let config = parse(&["--insecure"])?.config()?;
        assert_eq!(config.address, ":9443".parse()?);
        assert_eq!(config.metrics_address, Some(":8080".parse()?));
        assert_eq!(config.network, Network::Tcp);
        assert_eq!(config.max_request_bytes, 4_194_304);
        assert_eq!(config.limits, Limits::default());
        assert_eq!(config.timeouts, Timeouts::default());
        Ok(())
    }

    #[test]
    fn insecure_wins_over_a_certificate_folder() -> Result<(), Box<dyn std::error::Error>> {
        let config = parse(&["--insecure", "--tls-certs-dir=/tls/server"])?.config()?;
        assert_eq!(config.security, Security::Insecure);
        Ok(())
    }

    #[test]
    fn without_certificates_or_insecure_there_is_no_configuration() -> Result<(), clap::Error> {
        // The test environment must not carry the variable of a real function.
        let args = Args {
            tls_certs_dir: None,
            ..parse(&[])?
        };
        assert_eq!(args.config().err(), Some(Error::NoCertificates));
        Ok(())
    }

    #[test]
    fn an_empty_metrics_address_turns_metrics_off() -> Result<(), Box<dyn std::error::Error>> {
        let config = parse(&["--insecure", "--metrics-address="])?.config()?;
        assert_eq!(config.metrics_address, None);
        Ok(())
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for flag in [
            "--max-recv-message-size=0",
            "--max-recv-message-size=1025",
            "--max-concurrent-calls=0",
            "--max-connections=0",
            "--call-timeout=0",
            "--address=9443",
            "--network=udp",
            "--metrics-address=:none",
        ] {
            let name = flag.split('=').next().unwrap_or(flag);
            let message = parse(&["--insecure", flag])
                .err()
                .map_or(String::new(), |error| error.to_string());
            assert!(message.contains(name), "{flag}: {message:?}");
        }
    }
}
