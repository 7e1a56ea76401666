//! What a customer's own lists and events say against contacting it.

use crate::record::{Consent, Day, GivenConsents, Restrictions, SuppressionReason, SuppressionScope};
use crate::rule::{ByChannel, RefusalReach};

/// Something that was said against contacting a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: SuppressionReason,
    /// Which channels it closes.
    pub scope: SuppressionScope,
    /// Since when, where an event or the list says so.
    pub since: Option<Day>,
}

/// All that is said; `reach` is how far a refusal by event reaches.
pub fn refusals(restrictions: &Restrictions, consent: &GivenConsents, reach: &ByChannel<RefusalReach>) -> Vec<Refusal> {
    use SuppressionReason::{Deceased, Legal, Manual, OptOut};
    use SuppressionScope::{All, Call, Email, Sms};
    let refused = |consent: Option<Consent>| consent == Some(Consent::No);
    let reaching = |reach: RefusalReach, own: SuppressionScope| match reach {
        RefusalReach::All => All,
        RefusalReach::Own => own,
    };
    let holds = restrictions;
    let said = [
        (holds.deceased, Deceased, All, holds.died_on),
        (holds.legal, Legal, All, None),
        (holds.blocked, Manual, All, holds.refused_on),
        (holds.do_not_contact || refused(consent.any), OptOut, All, holds.refused_on),
        (holds.sms_refused.is_some(), OptOut, reaching(reach.sms, Sms), holds.sms_refused),
        (holds.email_refused.is_some(), OptOut, reaching(reach.email, Email), holds.email_refused),
        (holds.call_refused.is_some(), OptOut, reaching(reach.call, Call), holds.call_refused),
        (holds.sms_closed || refused(consent.sms), OptOut, Sms, holds.refused_on),
        (holds.email_closed || refused(consent.email), OptOut, Email, holds.refused_on),
        (holds.call_closed || refused(consent.call), OptOut, Call, holds.refused_on),
    ];
    let is_said = said.into_iter().filter(|(is_said, ..)| *is_said);
    is_said.map(|(_, reason, scope, since)| Refusal { reason, scope, since }).collect()
}
