//! Permission to contact somebody: a message can't be built without one, and only this file gives it.

use std::collections::{BTreeMap, BTreeSet};

use super::bar::Bar;
use crate::record::{Channel, Consent, GivenConsents, ListStanding};
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
    /// Lists of which something that may be a refusal was not understood: nobody of them is asked before somebody says what it is.
    pub unread: BTreeSet<String>,
    /// Whether the owner named a basis for lists that state none.
    pub has_basis: bool,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// What the customer gave or refused in any of its rows.
    pub(super) customer: GivenConsents,
    /// What it gave in rows that hold the contact, or are surely of the same person.
    pub(super) contact: GivenConsents,
    /// Which consents the customer's lists state at all.
    pub(super) stated: [bool; 4],
    /// What the country asks for.
    pub(super) needs: Basis,
}

impl Consents {
    /// Which consents some of these lists state.
    pub(super) fn stated_by<'l>(&self, lists: impl Iterator<Item = &'l str>) -> [bool; 4] {
        let mut all = [false; 4];
        for stated in lists.filter_map(|list| self.stated.get(list)) {
            all.iter_mut().zip(stated).for_each(|(all, one)| *all |= one);
        }
        all
    }

    /// What lists say of consent: questions that they have a column for, not what one customer said in a note or refused elsewhere.
    pub fn of_lists(lists: &[ListStanding], has_basis: bool) -> Self {
        let mut consents = Consents { has_basis, ..Consents::default() };
        for ListStanding { list, stated, unread } in lists {
            let known = consents.stated.entry(list.clone()).or_default();
            known.iter_mut().zip(stated).for_each(|(known, asked)| *known |= asked);
            if !unread.is_empty() {
                consents.unread.insert(list.clone());
            }
        }
        consents
    }

    /// Whether something of one of these lists was not understood.
    pub(super) fn are_unread<'l>(&self, mut lists: impl Iterator<Item = &'l str>) -> bool {
        !self.unread.is_empty() && lists.any(|list| self.unread.contains(list))
    }

    /// Permission by a channel, as far as consent goes. Blank is no, and so is an answer that nobody understands; a permission
    /// counts at the contact with which it was given, a refusal at all of them.
    pub(super) fn permit(&self, channel: Channel, asked: &Asked) -> Result<Permission, Bar> {
        let Asked { customer, contact, stated, needs } = asked;
        for said in [customer.of(channel), customer.any] {
            match said {
                Some(Consent::No) => return Err(Bar::ChannelRefused),
                Some(Consent::Unknown) => return Err(Bar::UnclearConsent),
                Some(Consent::Yes) | None => {}
            }
        }
        let yes = Some(Consent::Yes);
        // Where the list asks by channel, agreeing to messages in general leaves the channel blank.
        let counts_any = !stated[GivenConsents::place(channel)];
        let is_blank = customer.of(channel).is_none() && customer.any.is_none();
        let ground = if contact.of(channel) == yes {
            Ground::Channel
        } else if counts_any && customer.of(channel).is_none() && contact.any == yes {
            Ground::Any
        } else if *needs == Basis::NotRefused {
            Ground::NotRefused
        } else if is_blank && self.has_basis && !stated.contains(&true) {
            Ground::Owner
        } else if customer.of(channel) == yes || (counts_any && customer.any == yes) {
            return Err(Bar::DoubtfulConsent);
        } else if customer.all().contains(&yes) {
            return Err(Bar::OtherConsent);
        } else {
            return Err(Bar::NoConsent);
        };
        Ok(Permission { channel, ground })
    }
}

#[cfg(test)]
mod tests {
    use Consent::{No, Unknown, Yes};

    use super::*;

    type Given = [Option<Consent>; 4];

    fn permit(
        customer: Given,
        contact: Given,
        stated: [bool; 4],
        has_basis: bool,
        needs: Basis,
    ) -> Result<Ground, Bar> {
        let consents = Consents { has_basis, ..Consents::default() };
        let asked = Asked { customer: customer.into(), contact: contact.into(), stated, needs };
        consents.permit(Channel::Sms, &asked).map(|permission| permission.ground())
    }

    fn ground(consent: Given, stated: [bool; 4], has_basis: bool, needs: Basis) -> Result<Ground, Bar> {
        permit(consent, consent, stated, has_basis, needs)
    }

    const ALL: [bool; 4] = [true; 4];
    const ANY: [bool; 4] = [true, false, false, false];

    #[test]
    fn blank_and_unreadable_are_no_and_a_refusal_outweighs_all() {
        for (consent, stated, expected) in [
            ([None, Some(Yes), None, None], ALL, Ok(Ground::Channel)),
            ([Some(Yes), None, None, None], ANY, Ok(Ground::Any)),
            ([Some(Yes), None, None, None], ALL, Err(Bar::OtherConsent)),
            ([None, None, Some(Yes), None], ALL, Err(Bar::OtherConsent)),
            ([None; 4], ALL, Err(Bar::NoConsent)),
            ([None, Some(Unknown), None, None], ALL, Err(Bar::UnclearConsent)),
            ([Some(No), Some(Yes), None, None], ALL, Err(Bar::ChannelRefused)),
            ([Some(Unknown), Some(Yes), None, None], ALL, Err(Bar::UnclearConsent)),
            ([Some(Yes), Some(No), None, None], ALL, Err(Bar::ChannelRefused)),
        ] {
            assert_eq!(ground(consent, stated, true, Basis::Explicit), expected, "{consent:?} {stated:?}");
        }
    }

    #[test]
    fn a_list_without_any_consent_needs_a_basis_that_its_owner_names() {
        assert_eq!(ground([None; 4], [false; 4], false, Basis::Explicit), Err(Bar::NoConsent));
        assert_eq!(ground([None; 4], [false; 4], true, Basis::Explicit), Ok(Ground::Owner));
        // Others of the list agreed, this one did not.
        assert_eq!(ground([None; 4], ANY, true, Basis::Explicit), Err(Bar::NoConsent));
    }

    #[test]
    fn where_the_country_asks_for_less_blank_will_do_but_a_refusal_holds() {
        assert_eq!(ground([None; 4], ALL, false, Basis::NotRefused), Ok(Ground::NotRefused));
        let refused = [None, Some(No), None, None];
        assert_eq!(ground(refused, ALL, false, Basis::NotRefused), Err(Bar::ChannelRefused));
    }

    #[test]
    fn a_permission_counts_at_the_contact_with_which_it_was_given() {
        let given = [None, Some(Yes), None, None];
        assert_eq!(permit(given, [None; 4], ALL, true, Basis::Explicit), Err(Bar::DoubtfulConsent));
        assert_eq!(permit(given, [None; 4], ALL, true, Basis::NotRefused), Ok(Ground::NotRefused));
        let any = [Some(Yes), None, None, None];
        assert_eq!(permit(any, [None; 4], ANY, true, Basis::Explicit), Err(Bar::DoubtfulConsent));
    }
}
