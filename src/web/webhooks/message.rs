//! What a request says: its fields as reports and as messages.

use super::fields::Fields;
use super::gateway::{Gateway, Speaks};
use crate::pipeline::IncomingMessage;

/// A report as the gateway writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    /// Empty where it says only our own number of the message.
    pub(super) gateway_id: String,
    /// Our own number of the message.
    pub(super) reference: Option<i64>,
    pub(super) status: String,
    pub(super) code: String,
}

impl Gateway {
    /// A report; none where a field is missing, or the gateway reports nothing.
    pub(super) fn report(&self, fields: &Fields) -> Option<Report> {
        match &self.speaks {
            Speaks::Twilio => Some(Report {
                gateway_id: fields.filled("MessageSid").or_else(|| fields.filled("SmsSid"))?,
                reference: None,
                status: fields.filled("MessageStatus").or_else(|| fields.filled("SmsStatus"))?,
                code: fields.filled("ErrorCode").filter(|code| code != "0").unwrap_or_default(),
            }),
            Speaks::Http(http) => {
                let names = http.status.as_ref()?;
                let code = names.code.as_ref().and_then(|name| fields.filled(name));
                let gateway_id = names.id.as_ref().and_then(|name| fields.filled(name));
                let reference = names.reference.as_ref().and_then(|name| fields.filled(name)?.parse().ok());
                if gateway_id.is_none() && reference.is_none() {
                    return None;
                }
                Some(Report {
                    gateway_id: gateway_id.unwrap_or_default(),
                    reference,
                    status: fields.filled(&names.status)?,
                    code: code.filter(|code| code != "0").unwrap_or_default(),
                })
            }
        }
    }

    /// A message; none where a field is missing, or the gateway hands none over. A message without a text is one.
    pub(super) fn message(&self, fields: &Fields) -> Option<IncomingMessage> {
        match &self.speaks {
            Speaks::Twilio => Some(IncomingMessage {
                gateway_id: fields.filled("MessageSid").or_else(|| fields.filled("SmsSid"))?,
                from: fields.filled("From")?,
                text: fields.text("Body").unwrap_or_default(),
            }),
            Speaks::Http(http) => {
                let names = http.inbound.as_ref()?;
                let gateway_id = match &names.id {
                    Some(name) => fields.filled(name)?,
                    None => String::new(),
                };
                let text = fields.text(&names.text).unwrap_or_default();
                Some(IncomingMessage { gateway_id, from: fields.filled(&names.from)?, text })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::WebhookConfig;
    use crate::rule::parse_toml;

    fn known(text: &str) -> Gateway {
        let hook: WebhookConfig = parse_toml("tiuv.toml", text).expect("is of the form");
        let Ok(known) = Gateway::new("x", &hook, "https://a.example", &|_| Some("s".to_owned())) else {
            panic!("it is whole")
        };
        known
    }

    const HTTP: &str = "[http]\nsecret_env = \"S\"\nsecret_query = \"k\"\nstatus = { id = \"/message/id\", status = \"state\", code = \"err\" }\ninbound = { from = \"from\", text = \"text\" }\n";

    #[test]
    fn fields_are_found_in_forms_and_in_json() {
        let twilio = known("[twilio]\nauth_token_env = \"T\"");
        let form = Fields::form(b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&Body=a+b");
        let report = twilio.report(&form).expect("is whole");
        assert_eq!((&*report.gateway_id, &*report.status, &*report.code), ("SM1", "undelivered", "30005"));
        assert!(twilio.message(&form).is_none(), "nobody is said to have sent it");
        let http = known(HTTP);
        let json = Fields::json(br#"{"message": {"id": 17}, "state": "DONE", "err": 0}"#).expect("an object");
        let report = http.report(&json).expect("is whole");
        assert_eq!((&*report.gateway_id, &*report.status, &*report.code), ("17", "DONE", ""));
        let message = http.message(&Fields::form("from=%2B972502345678&text=%D7%94%D7%A1%D7%A8".as_bytes()));
        assert_eq!(message.expect("is whole").text, "הסר");
        assert_eq!(Fields::json(b"[1]"), None);
    }

    proptest! {
        #[test]
        fn no_body_makes_it_fail(body in prop::collection::vec(any::<u8>(), 0..200)) {
            for known in [known("[twilio]\nauth_token_env = \"T\""), known(HTTP)] {
                for fields in [Some(Fields::form(&body)), Fields::json(&body)].into_iter().flatten() {
                    let _ = (known.report(&fields), known.message(&fields).is_some());
                }
            }
        }
    }
}
