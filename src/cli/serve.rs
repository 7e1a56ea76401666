//! `tiuv serve`: the server that gateways report to.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::progress::say;
use super::{Global, workspace};
use crate::error::Exit;
use crate::web::{Serving, serve};

/// Take reports of gateways and messages of customers, as tiuv.toml says in [webhooks]. Reports are taken at
/// /webhooks/NAME/status, messages at /webhooks/NAME/inbound; who can't be told from the gateway is refused. It runs until Ctrl-C
/// or a signal to end, writes down what it has taken, and logs no customer's value.
#[derive(Debug, Args)]
#[command(after_help = "\
As tiuv.toml says in [webhooks], reports are taken at /webhooks/NAME/status and messages at
/webhooks/NAME/inbound; who can't be told from the gateway is refused. It runs until Ctrl-C.

The server speaks plain HTTP and listens to this machine alone: put a reverse proxy with TLS before
it, and say in tiuv.toml under which public_url gateways reach it, since that is what Twilio signs.
A word that ends messages (STOP, הסר, стоп …) closes all channels of the person; one among other
words does so, too, and waits for a person to read it. Everything else that customers write is kept
for a person to read, and is a sign of life.

Example:
  TWILIO_AUTH_TOKEN=… tiuv serve --webhooks --listen 127.0.0.1:8080")]
pub(super) struct ServeArgs {
    /// Serve webhooks
    #[arg(long, required = true)]
    webhooks: bool,
    /// Address and port to listen on; an address other than this machine's own opens the server to the network
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where tiuv remembers what was planned and what was answered
    #[arg(long, value_name = "DIR", default_value = ".tiuv")]
    workspace: PathBuf,
}

pub(super) fn run(global: &Global, args: &ServeArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.server_setup(&config)?;
    let mut store = workspace::existing(&args.workspace)?.ok_or_else(|| {
        Failure::usage(
            &format!("there is no workspace {}", args.workspace.display()),
            "clean a list first, or name its workspace with --workspace",
        )
    })?;
    if !args.listen.ip().is_loopback() {
        say(
            "warning: the server is open to the network, without encryption\n  = help: listen on 127.0.0.1 behind a reverse \
             proxy with TLS",
        );
    }
    let secret = |variable: &str| std::env::var(variable).ok();
    let serving = Serving { webhooks: &config.webhooks, secret: &secret, address: args.listen };
    serve(&serving, &setup, &mut store, |address| {
        if !global.quiet {
            say(&format!("listening on http://{address}; Ctrl-C ends"));
        }
    })?;
    Ok(Exit::Success)
}
