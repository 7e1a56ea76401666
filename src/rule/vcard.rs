//! `rules/vcard.toml`: which property of a vCard becomes which column.

use serde::Deserialize;

use super::{RuleError, RuleFiles};

/// How vCards are read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VcardRules {
    /// Properties that are not even kept in memory, in lower case.
    pub dropped: Vec<String>,
    /// Properties that become no columns.
    pub skipped: Vec<String>,
    /// Columns that values of one kind get, one each.
    pub columns_a_kind: usize,
    /// What may stand before a value.
    pub schemes: Vec<String>,
    property: Vec<VcardProperty>,
}

/// What becomes of one property.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VcardProperty {
    name: String,
    /// A column for each of its parts.
    columns: Vec<String>,
    #[serde(default)]
    typed: Vec<TypedColumns>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedColumns {
    types: Vec<String>,
    columns: Vec<String>,
}

impl VcardRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let path = "vcard.toml";
        let rules: VcardRules = files.parse(path)?;
        let wrong = |message: String| Err(RuleError::Meaning { path: path.to_owned(), message });
        if rules.columns_a_kind == 0 {
            return wrong("`columns_a_kind` must be more than 0".to_owned());
        }
        for property in &rules.property {
            let parts = property.columns.len();
            if parts == 0 || property.typed.iter().any(|typed| typed.columns.len() != parts) {
                return wrong(format!("`{}` must have as many columns for each type", property.name));
            }
        }
        Ok(rules)
    }

    /// What becomes of a property, named in lower case.
    pub fn property(&self, name: &str) -> Option<&VcardProperty> {
        self.property.iter().find(|property| property.name == name)
    }
}

impl VcardProperty {
    /// The columns of its parts where it bears these types, in lower case.
    pub fn columns(&self, types: &[String]) -> &[String] {
        let typed = self.typed.iter().find(|typed| typed.types.iter().any(|own| types.contains(own)));
        typed.map_or(&self.columns, |typed| &typed.columns)
    }
}
