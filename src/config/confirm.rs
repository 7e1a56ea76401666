//! `[confirm]` of `tiuv.toml`: what is the owner's own of the page behind the link.
//!
//! `docs/settings.md` shows it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use schemars::JsonSchema;
use serde::Deserialize;

/// What is the owner's own of the page behind the link.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmConfig {
    /// Proxies that tell by `X-Forwarded-For` who asks; anybody else is who the connection is from.
    #[serde(default = "this_machine")]
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for ConfirmConfig {
    fn default() -> Self {
        ConfirmConfig { trusted_proxies: this_machine() }
    }
}

fn this_machine() -> Vec<IpAddr> {
    vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]
}
