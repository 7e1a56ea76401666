//! `rules/resolve/`: which rows are compared, how, and what becomes of likely pairs.

mod blocking;
mod decisions;
mod examples;
mod likeness;
mod model;
mod policy;

pub use blocking::{BlockingKey, BlockingRules, Part};
pub use decisions::{DecisionColumn, DecisionWords};
pub use examples::ResolveExample;
pub use likeness::{LatinLetters, NameForms, ResolveWords};
pub use model::{FieldPrior, ModelRules, PlaceShares, RarityBins, Shipped};
pub use policy::{ResolvePolicy, Vetoes};

use super::{FatherNames, NameShape, RelativeNames, RuleError, RuleFiles};
use crate::text::folded;

/// All rules about finding records of one person.
#[derive(Debug, Clone)]
pub struct ResolveRules {
    /// `blocking.toml`.
    pub blocking: BlockingRules,
    /// `model.toml`.
    pub model: ModelRules,
    /// `policy.toml`.
    pub policy: ResolvePolicy,
    /// `nicknames_*.tsv` and `latin_forms.tsv`.
    pub names: NameForms,
    /// `latin_letters.toml`.
    pub letters: LatinLetters,
    /// `words.toml`.
    pub words: ResolveWords,
    /// `names/fathers.toml`.
    pub fathers: FatherNames,
    /// `names/relatives.toml`.
    pub relatives: RelativeNames,
    /// Words that are a name only with the word behind them, folded (`names/shape.toml`).
    pub prefixes: Vec<String>,
}

impl ResolveRules {
    /// Reads the files.
    ///
    /// # Errors
    /// When one of them is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        Ok(ResolveRules {
            blocking: files.parse("resolve/blocking.toml")?,
            model: ModelRules::load(files)?,
            policy: files.parse("resolve/policy.toml")?,
            names: NameForms::load(files)?,
            letters: files.parse("resolve/latin_letters.toml")?,
            words: ResolveWords::load(files)?,
            fathers: FatherNames::load(files)?,
            relatives: RelativeNames::load(files)?,
            prefixes: NameShape::load(files)?.prefixes.iter().map(|prefix| folded(prefix)).collect(),
        })
    }
}
