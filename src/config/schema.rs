//! A JSON Schema (draft 2020-12) of `tiuv.toml`, by which editors complete and check it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Config, Place, Template};
use crate::record::{Field, InboundMeaning, Money, PhoneKind, ReportMeaning};
use crate::rule::Level;

/// The schema of `tiuv.toml`.
pub fn schema() -> Schema {
    let mut schema = schemars::schema_for!(Config);
    schema.insert("title".to_owned(), "tiuv.toml".into());
    schema.insert("description".to_owned(), "What a list's owner says about it once. Every key is optional.".into());
    schema
}

/// Enums whose members are words.
macro_rules! of_words {
    ($($name:ident: $words:expr;)+) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<&str> = $words.collect();
                json_schema!({ "type": "string", "enum": words })
            }
        }
    )+};
}

of_words! {
    Field: Field::ALL.iter().map(|field| field.as_str());
    InboundMeaning: InboundMeaning::ALL.iter().map(|meaning| meaning.as_str());
    Level: ["off", "info", "warning", "error"].into_iter();
    PhoneKind: PhoneKind::ALL.iter().map(|kind| kind.as_str());
    ReportMeaning: ReportMeaning::ALL.iter().map(|meaning| meaning.as_str());
}

impl JsonSchema for Money {
    fn schema_name() -> Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "An amount in quotes with at most four decimals",
            "pattern": r"^[0-9]+(\.[0-9]{1,4})?$",
        })
    }
}

impl<P: Place> JsonSchema for Template<P> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let places: Vec<String> = P::NAMES.iter().map(|(name, _)| format!("{{{name}}}")).collect();
        json_schema!({ "type": "string", "description": format!("May hold {}", places.join(", ")) })
    }
}
