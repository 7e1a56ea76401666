//! Closed lists of words, and several of such words in one text.

/// Declares an enum of words once: each is written, read and serialized as its word, which is its name in snake case.
macro_rules! words {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $text:literal,)+ }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[doc = $doc])* $variant,)+ }

        impl $name {
            /// All of them, in the order of their declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word in files, rules, the workspace and outputs.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// The one with this word.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(super) use words;

/// Stands between words of one text.
const SEPARATOR: &str = ";";

/// Words as one text: `email;phone`.
pub(super) fn joined(words: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut text = String::new();
    for (index, word) in words.enumerate() {
        if index > 0 {
            text.push_str(SEPARATOR);
        }
        text.push_str(word.as_ref());
    }
    text
}

/// Reads what [`joined`] writes; words that `parse` does not know are passed over.
pub(super) fn listed<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    text.split(SEPARATOR).filter_map(parse).collect()
}
