//! Permission to contact somebody: a message can't be built without one, and only this file gives it.

use std::collections::BTreeMap;

use crate::record::{Channel, Consent, CustomerProfile, GivenConsents};
use crate::rule::Basis;

/// That a customer may be contacted by a channel, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    channel: Channel,
    ground: Ground,
}

/// Why somebody may be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The customer agreed to this channel.
    Channel,
    /// The customer agreed to messages, and the list does not ask by channel.
    Any,
    /// The country asks for no more than that the customer did not refuse.
    NotRefused,
    /// The list says nothing of consent, and its owner says on what basis it may be used.
    Owner,
}

impl Permission {
    /// For which channel.
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// Why.
    pub const fn ground(&self) -> Ground {
        self.ground
    }
}

impl Ground {
    /// The word in `why`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Ground::Channel => "channel",
            Ground::Any => "any",
            Ground::NotRefused => "not_refused",
            Ground::Owner => "owner",
        }
    }
}

/// What the lists say of consent.
#[derive(Debug, Default)]
pub struct Consents {
    /// Which consents each list states at all, at the places of [`GivenConsents::all`].
    pub stated: BTreeMap<String, [bool; 4]>,
    /// Whether the owner named a basis for lists that state none.
    pub has_basis: bool,
}

impl Consents {
    /// Permission by a channel, as far as consent goes. Blank is no, and so is an answer that nobody understands.
    pub fn permit(&self, profile: &CustomerProfile, channel: Channel, needs: Basis) -> Option<Permission> {
        let place = GivenConsents::place(channel);
        let stated = self.stated.get(&profile.list).copied().unwrap_or_default();
        let ground = match (profile.consent.of(channel), profile.consent.any) {
            (Some(Consent::No | Consent::Unknown), _) | (_, Some(Consent::No | Consent::Unknown)) => return None,
            (Some(Consent::Yes), _) => Ground::Channel,
            // Where the list asks by channel, agreeing to messages in general leaves the channel blank.
            (None, Some(Consent::Yes)) if !stated[place] => Ground::Any,
            (None, _) if needs == Basis::NotRefused => Ground::NotRefused,
            (None, None) if self.has_basis && !stated.contains(&true) => Ground::Owner,
            (None, _) => return None,
        };
        Some(Permission { channel, ground })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn ground(consent: [Option<Consent>; 4], stated: [bool; 4], has_basis: bool, needs: Basis) -> Option<Ground> {
        let profile = CustomerProfile { consent: consent.into(), ..fixture::profile(1) };
        let consents = Consents { stated: [(profile.list.clone(), stated)].into(), has_basis };
        consents.permit(&profile, Channel::Sms, needs).map(|permission| permission.ground())
    }

    #[test]
    fn blank_and_unreadable_are_no_and_a_refusal_outweighs_all() {
        use Consent::{No, Unknown, Yes};
        let all = [true; 4];
        let any = [true, false, false, false];
        for (consent, stated, expected) in [
            ([None, Some(Yes), None, None], all, Some(Ground::Channel)),
            ([Some(Yes), None, None, None], any, Some(Ground::Any)),
            ([Some(Yes), None, None, None], all, None),
            ([None; 4], all, None),
            ([None, Some(Unknown), None, None], all, None),
            ([Some(No), Some(Yes), None, None], all, None),
            ([Some(Unknown), Some(Yes), None, None], all, None),
            ([Some(Yes), Some(No), None, None], all, None),
        ] {
            assert_eq!(ground(consent, stated, true, Basis::Explicit), expected, "{consent:?} {stated:?}");
        }
    }

    #[test]
    fn a_list_without_any_consent_needs_a_basis_that_its_owner_names() {
        assert_eq!(ground([None; 4], [false; 4], false, Basis::Explicit), None);
        assert_eq!(ground([None; 4], [false; 4], true, Basis::Explicit), Some(Ground::Owner));
        let any = [true, false, false, false];
        assert_eq!(ground([None; 4], any, true, Basis::Explicit), None, "others of the list agreed, this one did not");
    }

    #[test]
    fn where_the_country_asks_for_less_blank_will_do_but_a_refusal_holds() {
        assert_eq!(ground([None; 4], [true; 4], false, Basis::NotRefused), Some(Ground::NotRefused));
        let refused = [None, Some(Consent::No), None, None];
        assert_eq!(ground(refused, [true; 4], false, Basis::NotRefused), None);
    }
}
