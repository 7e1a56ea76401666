//! What one run of dispatch may do, and by whom.

use std::collections::BTreeMap;

use super::gateway::Gateway;

/// What one run may do.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Only this campaign.
    pub campaign: Option<String>,
    /// Only by this gateway.
    pub gateway: Option<String>,
    /// What it may cost, in millionths of the policy's currency.
    pub max_cost: Option<i64>,
    /// How many messages it may begin.
    pub most: Option<u64>,
}

/// Gateways by their names.
pub(super) type Gateways = BTreeMap<String, Box<dyn Gateway>>;
