//! Exit codes and the shape of an error that tells its reader what to do next.

/// The exit codes of every command; they do not change within a major version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The job was done; for `check`, the list passed.
    Success,
    /// `check`: a gate failed.
    Findings,
    /// Wrong usage or configuration.
    Usage,
    /// The input could not be read at all.
    Input,
    /// The network or a gateway failed.
    Network,
    /// A bug of ours.
    Bug,
    /// Stopped by Ctrl-C (128 + SIGINT, as shells expect).
    Interrupted,
}

impl Exit {
    /// The number given to the shell.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Input => 3,
            Exit::Network => 4,
            Exit::Bug => 70,
            Exit::Interrupted => 130,
        }
    }
}

/// An error with all that is behind it.
#[cfg(feature = "app")]
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// What every module's error can tell the faces beside its text.
pub trait Explain: std::error::Error {
    /// The exit code that it asks for.
    fn exit(&self) -> Exit;

    /// What to do next, as one sentence; empty where there is nothing to add.
    fn help(&self) -> String {
        String::new()
    }

    /// The place in a rule or configuration file, for a drawn excerpt.
    fn excerpt(&self) -> Option<Excerpt<'_>> {
        None
    }
}

/// A place in a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt<'a> {
    /// The file's name as the user knows it.
    pub path: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// The bytes meant.
    pub span: std::ops::Range<usize>,
    /// What to write under them.
    pub label: String,
}

/// The candidate nearest to `wanted`, for "did you mean"; none where nothing is near.
pub fn closest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| {
            let likeness = rapidfuzz::distance::jaro_winkler::similarity(
                wanted.to_lowercase().chars(),
                candidate.to_lowercase().chars(),
            );
            (likeness, candidate)
        })
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_offered_and_far_names_are_not() {
        let names = ["first_name", "last_name", "email"];
        assert_eq!(closest("fist_name", names), Some("first_name"));
        assert_eq!(closest("zzz", names), None);
    }
}
