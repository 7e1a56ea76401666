//! The stages of a run, as whoever waits for it is told.

/// What a run is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Lists are read, and each row is standardized and validated.
    Read,
    /// DNS is asked which domains take mail.
    Mail,
    /// Duplicates are looked for.
    Resolve,
    /// What is known of contacts is gathered, event files among it.
    Evidence,
    /// Who refused is looked for, by whatever persons are recognized by.
    Persons,
    /// How likely contacts are alive is judged.
    Decay,
    /// Who may be asked by which channel is looked up.
    Advise,
    /// Results are written.
    Write,
    /// The workspace is brought up to date.
    Remember,
    /// It is planned who is asked.
    Plan,
}

impl Stage {
    /// What is done in it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::Read => "reading",
            Stage::Mail => "asking DNS",
            Stage::Resolve => "finding duplicates",
            Stage::Evidence => "gathering evidence",
            Stage::Persons => "finding who refused",
            Stage::Decay => "judging decay",
            Stage::Advise => "advising",
            Stage::Write => "writing results",
            Stage::Remember => "remembering",
            Stage::Plan => "planning",
        }
    }

    /// Whether its work is counted in bytes of text.
    pub const fn is_by_bytes(self) -> bool {
        matches!(self, Stage::Read | Stage::Evidence)
    }
}
