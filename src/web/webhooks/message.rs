//! What a request says: its fields as reports and as messages.

use super::charset::{Charset, both_orders};
use super::fields::Fields;
use super::gateway::{Gateway, Speaks};
use crate::pipeline::IncomingMessage;
use crate::rule::InboundWords;

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

    /// A message; none where it says neither who sent it nor anything else, or the gateway hands none over. What lacks one of them
    /// is a message for a person to read.
    pub(super) fn message(&self, fields: &Fields, charset: Charset, words: &InboundWords) -> Option<IncomingMessage> {
        let (gateway_id, from, text, own_word) = match &self.speaks {
            Speaks::Twilio => (
                fields.filled("MessageSid").or_else(|| fields.filled("SmsSid")),
                fields.filled("From"),
                fields.text("Body"),
                None,
            ),
            Speaks::Http(http) => {
                let names = http.inbound.as_ref()?;
                let said = names.own_word.as_ref().and_then(|name| fields.filled(name));
                let own_word = said.and_then(|said| names.words.get(&said).copied());
                let gateway_id = names.id.as_ref().and_then(|name| fields.filled(name));
                (gateway_id, fields.filled(&names.from), fields.text(&names.text), own_word)
            }
        };
        let (from, text) = (from.unwrap_or_default(), text.unwrap_or_default());
        if from.is_empty() && text.trim().is_empty() {
            return None;
        }
        let (text, other_order) = if charset.is_visual { both_orders(text) } else { (text, None) };
        Some(IncomingMessage {
            gateway_id: gateway_id.unwrap_or_default(),
            from,
            text,
            other_order,
            own_word: own_word.or_else(|| words.own_word(|name| fields.filled(name))),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::WebhookConfig;
    use crate::record::InboundMeaning;
    use crate::rule::{IngestRules, ReportWords, RuleFiles, parse_toml};
    use crate::web::webhooks::charset::Guess;

    fn known(text: &str) -> Gateway {
        let hook: WebhookConfig = parse_toml("tiuv.toml", text).expect("is of the form");
        let Ok(known) = Gateway::new("x", &hook, "https://a.example", &|_| Some("s".to_owned())) else {
            panic!("it is whole")
        };
        known
    }

    fn guess() -> Guess {
        Guess { tld: "il".to_owned(), rules: IngestRules::load(&RuleFiles::embedded()).expect("loads") }
    }

    fn form(bytes: &[u8], charset: &str) -> (Fields, Charset) {
        let charset = if charset.is_empty() { Charset::default() } else { Charset::named(charset) };
        Fields::form(bytes, charset, &guess(), &["_charset_", "charset"])
    }

    fn words() -> InboundWords {
        ReportWords::load(&RuleFiles::embedded()).expect("loads").inbound
    }

    const HTTP: &str = "[http]\nsecret_env = \"S\"\nsecret_query = \"k\"\nstatus = { id = \"/message/id\", status = \"state\", code = \"err\" }\ninbound = { from = \"from\", text = \"text\", own_word = \"kind\", words = { BYE = \"opt_out\" } }\n";

    #[test]
    fn fields_are_found_in_forms_and_in_json() {
        let twilio = known("[twilio]\nauth_token_env = \"T\"");
        let (fields, charset) = form(b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&Body=a+b", "");
        let report = twilio.report(&fields).expect("is whole");
        assert_eq!((&*report.gateway_id, &*report.status, &*report.code), ("SM1", "undelivered", "30005"));
        let message = twilio.message(&fields, charset, &words()).expect("a person reads it");
        assert_eq!((&*message.from, &*message.text), ("", "a b"), "nobody is said to have sent it");
        assert!(twilio.message(&form(b"MessageSid=SM1&Body=+", "").0, charset, &words()).is_none(), "it says nothing");
        let http = known(HTTP);
        let json = br#"{"message": {"id": 17}, "state": "DONE", "err": 0}"#;
        let json = Fields::json(json, charset, &guess()).expect("an object");
        let report = http.report(&json).expect("is whole");
        assert_eq!((&*report.gateway_id, &*report.status, &*report.code), ("17", "DONE", ""));
        assert_eq!(Fields::json(b"[1]", charset, &guess()), None);
    }

    #[test]
    fn a_text_is_read_in_the_charset_that_is_declared_or_that_its_bytes_tell() {
        let http = known(HTTP);
        let said = |text: &[u8], charset: &str| {
            let (fields, charset) = form(&[b"from=%2B972502345678&text=", text].concat(), charset);
            let message = http.message(&fields, charset, &words()).expect("is whole");
            assert_eq!(message.from, "+972502345678");
            (message.text, message.other_order)
        };
        let plain = |text: &str| (text.to_owned(), None);
        for (bytes, charset, text) in [
            (&b"%D7%94%D7%A1%D7%A8"[..], "", "הסר"),
            (b"%D7%94%D7%A1%D7%A8", "utf-8", "הסר"),
            (b"%E4%F1%F8", "windows-1255", "הסר"),
            (b"%E4%F1%F8", "\"Windows-1255\"", "הסר"),
            (b"%E4%F1%F8", "ISO-8859-8-I", "הסר"),
            (b"%F1%F2%EE%EF", "windows-1251", "стоп"),
            (b"%05%D4%05%E1%05%E8", "UTF-16BE", "הסר"),
            (b"%05%D4%05%E1%05%E8", "utf-16", "הסר"),
            (b"%D4%05%E1%05%E8%05", "utf-16", "הסר"),
            (b"%FE%FF%00S%00T%00O%00P", "UTF-16", "STOP"),
            (b"%E4%F1%F8+%F0%E0%2C+%FA%E5%E3%E4", "", "הסר נא, תודה"),
            (b"%E4%F1%F8+%F0%E0%2C+%FA%E5%E3%E4", "utf-8", "הסר נא, תודה"),
            (b"%D7%94%D7%A1%D7%A8", "no-such-charset", "הסר"),
            (b"%E4%F1%F8&_charset_=windows-1255", "", "הסר"),
            (b"%05%D4%05%E1%05%E8&charset=UTF-16BE", "", "הסר"),
            (b"100%&x", "", "100%"),
        ] {
            assert_eq!(said(bytes, charset), plain(text), "{text} in {charset}");
        }
        // As a screen shows it; many who declare that mean the order in which one reads.
        assert_eq!(said(b"%F8%F1%E4", "iso-8859-8"), ("הסר".to_owned(), Some("רסה".to_owned())));
        assert_eq!(said(b"%F9%EC%E5%ED", "iso-8859-8").0, "שלום");
        assert_eq!(said(b"%ED%E5%EC%F9", "iso-8859-8").0, "שלום");
        // Whole bodies.
        let utf16: Vec<u8> = "from=%2B972502345678&text=הסר".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (fields, charset) = form(&utf16, "utf-16le");
        assert_eq!(http.message(&fields, charset, &words()).expect("is whole").text, "הסר");
        let json = "{\"from\": \"+972502345678\", \"text\": \"הסר\"}";
        let utf16: Vec<u8> = json.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let (hebrew, _, _) = encoding_rs::WINDOWS_1255.encode(json);
        for (bytes, charset) in [(&utf16[..], "utf-16"), (&hebrew[..], "windows-1255"), (&hebrew[..], "utf-8")] {
            let charset = Charset::named(charset);
            let fields = Fields::json(bytes, charset, &guess()).expect("an object");
            assert_eq!(http.message(&fields, charset, &words()).expect("is whole").text, "הסר");
        }
    }

    #[test]
    fn the_gateways_own_word_is_found() {
        let own = |gateway: &Gateway, fields: &Fields| {
            gateway.message(fields, Charset::default(), &words()).expect("is whole").own_word
        };
        let twilio = known("[twilio]\nauth_token_env = \"T\"");
        let of = |word: &str| form(format!("From=%2B972502345678&Body=ARRET&OptOutType={word}").as_bytes(), "").0;
        assert_eq!(own(&twilio, &of("STOP")), Some(InboundMeaning::OptOut));
        assert_eq!(own(&twilio, &of("HELP")), Some(InboundMeaning::Reply));
        assert_eq!(own(&twilio, &of("")), None);
        let http = known(HTTP);
        let fields = form(b"from=1&text=x&kind=BYE", "").0;
        assert_eq!(own(&http, &fields), Some(InboundMeaning::OptOut));
        let json = br#"{"from": "1", "data": {"payload": {"autoresponse_type": "STOP"}}}"#;
        let fields = Fields::json(json, Charset::default(), &guess()).expect("an object");
        assert_eq!(own(&http, &fields), Some(InboundMeaning::OptOut));
        let fields =
            Fields::json(br#"{"from": "1", "opt_out": true}"#, Charset::default(), &guess()).expect("an object");
        assert_eq!(own(&http, &fields), Some(InboundMeaning::OptOut));
    }

    proptest! {
        #[test]
        fn no_body_makes_it_fail(
            body in prop::collection::vec(any::<u8>(), 0..200),
            charset in prop::sample::select(vec!["", "utf-8", "windows-1255", "iso-8859-8", "utf-16", "utf-16be", "gbk"]),
        ) {
            let (guess, words) = (guess(), words());
            let charset = if charset.is_empty() { Charset::default() } else { Charset::named(charset) };
            for known in [known("[twilio]\nauth_token_env = \"T\""), known(HTTP)] {
                let read = [Some(Fields::form(&body, charset, &guess, &[]).0), Fields::json(&body, charset, &guess)];
                for fields in read.into_iter().flatten() {
                    let _ = (known.report(&fields), known.message(&fields, charset, &words).is_some());
                }
            }
        }
    }
}
