//! What follows from a gateway's report.

use super::types::{AskedAbout, Consequences, LearntEvent, Once, Origin, TakeBack, source_of};
use crate::record::{
    ContactKind, EventChannel, EventKind, GatewayReport, OutboxState, ReportMeaning, Suppressed, SuppressionReason,
    ToSuppress,
};

pub(super) fn of_report(report: &GatewayReport, asked: Option<&AskedAbout>) -> Consequences {
    let origin = Origin {
        at: report.at,
        source: source_of(&report.gateway),
        code: report.code.clone(),
        customer: asked.map(|asked| asked.customer),
        outbox: asked.map(|asked| asked.id),
        is_audit: asked.is_some_and(|asked| asked.is_audit),
    };
    let (Some(asked), Some(state)) = (asked, state_reported(report.meaning)) else { return Consequences::none(origin) };
    let reason = match state {
        OutboxState::Failed | OutboxState::OptedOut if report.code.is_empty() => report.status.as_str(),
        OutboxState::Failed | OutboxState::OptedOut => report.code.as_str(),
        _ => "",
    };
    let state = asked.moved(state, reason);
    let channel = match asked.kind {
        ContactKind::Email => EventChannel::Email,
        ContactKind::Phone => EventChannel::Sms,
    };
    let event = event_reported(report.meaning, asked.kind).map(|event| LearntEvent {
        channel,
        event,
        kind: asked.kind,
        key: asked.key.clone(),
        once: Once::AMoment,
    });
    let refusal = (report.meaning == ReportMeaning::OptedOut).then(|| ToSuppress {
        entry: origin.entry(Suppressed::Customer(asked.customer), SuppressionReason::OptOut, &report.code),
        contacts: vec![(asked.kind, asked.key.clone())],
    });
    let reason = match report.meaning {
        ReportMeaning::OptedOut => Some("opt_out"),
        // A hard failure ends the ladder: the next plan finds another way to this customer. One that comes after a receipt
        // or an answer ends nothing.
        ReportMeaning::Undelivered if state.is_some() => Some("undelivered"),
        _ => None,
    };
    Consequences {
        state,
        events: event.into_iter().collect(),
        entries: refusal.into_iter().collect(),
        take_back: reason.map(|reason| TakeBack { customers: vec![asked.customer], reason }),
        ..Consequences::none(origin)
    }
}

/// The state that a report comes to; none while the message is under way.
const fn state_reported(meaning: ReportMeaning) -> Option<OutboxState> {
    match meaning {
        ReportMeaning::Underway => None,
        ReportMeaning::Sent => Some(OutboxState::Sent),
        ReportMeaning::Delivered => Some(OutboxState::Delivered),
        ReportMeaning::Undelivered | ReportMeaning::SoftFailed | ReportMeaning::Failed => Some(OutboxState::Failed),
        ReportMeaning::OptedOut => Some(OutboxState::OptedOut),
    }
}

const fn event_reported(meaning: ReportMeaning, kind: ContactKind) -> Option<EventKind> {
    match (meaning, kind) {
        (ReportMeaning::Delivered, _) => Some(EventKind::Delivered),
        (ReportMeaning::Undelivered, ContactKind::Phone) => Some(EventKind::Undelivered),
        (ReportMeaning::Undelivered, ContactKind::Email) => Some(EventKind::HardBounce),
        (ReportMeaning::SoftFailed, ContactKind::Email) => Some(EventKind::SoftBounce),
        (ReportMeaning::OptedOut, _) => Some(EventKind::OptOut),
        _ => None,
    }
}
