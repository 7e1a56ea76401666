//! The fields of a request: of a form or of a JSON object.

use serde_json::Value;

/// A request's fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fields {
    /// Of a form, or of a query where there is no body.
    Form(Vec<(String, String)>),
    /// Of a JSON object.
    Json(Value),
}

impl Fields {
    /// Reads a form.
    pub(super) fn form(text: &[u8]) -> Self {
        Fields::Form(pairs(text))
    }

    /// Reads a JSON object.
    pub(super) fn json(text: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(text).ok()?;
        value.is_object().then_some(Fields::Json(value))
    }

    /// The text of a field; a number or a truth of a JSON object as it is written. A name that begins with `/` is a JSON
    /// Pointer there.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self {
            Fields::Form(pairs) => pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()),
            Fields::Json(object) => {
                let value = if name.starts_with('/') { object.pointer(name) } else { object.get(name) };
                match value? {
                    Value::String(text) => Some(text.clone()),
                    value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
                    _ => None,
                }
            }
        }
    }

    /// The text of a field that holds one.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        self.text(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// Names and values of a query or a form.
pub(super) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}
