//! `tiuv serve`: the server that customers answer by, gateways report to, and stewards work on.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::failure::Failure;
use super::global::Shown;
use super::progress::say;
use super::{Global, workspace};
use crate::error::Exit;
use crate::outreach::dispatch::CodeSender;
use crate::rule::DispatchPolicy;
use crate::web::{Confirming, Serving, serve};

/// Serve the stewards' pages (--steward), the page behind the links of messages (--confirm), and take reports of gateways and messages of customers, as tiuv.toml
/// says in [webhooks] (--webhooks). It runs until Ctrl-C or a signal to end, writes down what it has taken, and logs no customer's
/// value.
#[derive(Debug, Args)]
#[command(after_help = "\
--confirm: customers see at /c/TOKEN (and at /TOKEN, for a host of its own) who asks, and their
numbers and addresses masked; they confirm, change, say that they are somebody else, or leave.
Looking writes nothing. New numbers and addresses get a code by the gateways of tiuv.toml if
--send is given; else they wait for `tiuv outreach answers`.

--webhooks: as tiuv.toml says in [webhooks], reports are taken at /webhooks/NAME/status and
messages at /webhooks/NAME/inbound; who can't be told from the gateway is refused. A word that
ends messages (STOP, הסר, стоп …) closes all channels of the person; one among other words does
so, too, and waits for a person to read it. Everything else that customers write is kept for a
person to read, and is a sign of life.

--steward: whoever has an account (`tiuv user add`) finds at /steward all that needs a person, one
queue of all kinds, and decides it there by keys, with undo. Values are masked until somebody asks
for them, which `tiuv audit` tells like everything that is done there.

The server speaks plain HTTP and listens to this machine alone: put a reverse proxy with TLS before
it, and say in tiuv.toml under which public_url gateways reach it, since that is what Twilio signs.

Examples:
  TWILIO_AUTH_TOKEN=… tiuv serve --webhooks --confirm --send --listen 127.0.0.1:8080
  tiuv serve --webhooks --confirm --confirm-listen 127.0.0.1:8081
  tiuv serve --steward")]
#[command(group(ArgGroup::new("what").args(["webhooks", "confirm", "steward"]).multiple(true).required(true)))]
pub(super) struct ServeArgs {
    /// Take reports of gateways and messages of customers
    #[arg(long)]
    webhooks: bool,
    /// Serve the page by which customers confirm or change their details
    #[arg(long)]
    confirm: bool,
    /// Serve the pages on which stewards decide what needs a person
    #[arg(long)]
    steward: bool,
    /// Really send codes to new numbers and addresses
    #[arg(long, requires = "confirm")]
    send: bool,
    /// The gateways of tiuv.toml to send codes by, where several take the same channel
    #[arg(long, value_name = "NAME", requires = "send")]
    gateway: Vec<String>,
    /// Address and port to listen on, 127.0.0.1:8080 where not given; an address other than this machine's own opens the server to
    /// the network
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Another address and port for customers; the only one where no reports are taken
    #[arg(long, value_name = "ADDRESS:PORT", requires = "confirm")]
    confirm_listen: Option<SocketAddr>,
    /// Where tiuv remembers what was planned and what was answered
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true)]
    workspace: PathBuf,
}

pub(super) fn run(global: &Global, args: &ServeArgs) -> Result<Exit, Failure> {
    let (address, confirm_address) = args.addresses()?;
    let config = global.config()?;
    let setup = global.patient_setup(&config, Shown::default())?;
    let mut store = workspace::required(&args.workspace)?;
    if ![Some(address), confirm_address].iter().flatten().all(|address| address.ip().is_loopback()) {
        say(
            "warning: the server is open to the network, without encryption\n  = help: listen on 127.0.0.1 behind a reverse \
             proxy with TLS",
        );
    }
    let secret = |variable: &str| std::env::var(variable).ok();
    let codes = if args.send {
        let policy = DispatchPolicy::load(&setup.context.files)?;
        Some(CodeSender::open(&config.outreach, &policy, &args.gateway, &secret)?)
    } else {
        None
    };
    let serving = Serving {
        webhooks: args.webhooks.then_some(&config.webhooks),
        confirm: args.confirm.then_some(Confirming { outreach: &config.outreach, config: &config.confirm, codes }),
        steward: args.steward,
        secret: &secret,
        address,
        confirm_address,
        ahead: global.ahead(),
    };
    serve(serving, &setup, &mut store, |address| {
        if !global.quiet {
            say(&format!("listening on http://{address}; Ctrl-C ends"));
        }
    })?;
    Ok(Exit::Success)
}

impl ServeArgs {
    /// Where it listens, and where for customers, if that is elsewhere.
    fn addresses(&self) -> Result<(SocketAddr, Option<SocketAddr>), Failure> {
        const USUAL: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
        match (self.listen, self.confirm_listen) {
            // Where nobody reports there is nothing to listen for but customers.
            (None, Some(own)) if !self.webhooks && !self.steward => Ok((own, None)),
            (Some(_), Some(_)) if !self.webhooks && !self.steward => Err(Failure::usage(
                "nothing would be served at --listen: customers come to --confirm-listen, and no reports are taken",
                "leave one of the two out, or take reports with --webhooks",
            )),
            (listen, own) => Ok((listen.unwrap_or(USUAL), own)),
        }
    }
}
