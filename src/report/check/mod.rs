//! What `tiuv check` writes. A format is one file that can be read alone, and one line of [`CheckFormat`].

mod checkstyle;
mod fix;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod message;
mod rejects;
mod sarif;
mod text;
mod whole;
mod writer;

pub use fix::{Fixes, Left};
pub use rejects::Rejects;
use whole::Whole;
pub use writer::{CheckContext, CheckWriter};

macro_rules! formats {
    ($($(#[doc = $doc:literal])* $format:ident => $start:expr,)+) => {
        /// Formats of a check's result.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
        pub enum CheckFormat {
            $($(#[doc = $doc])* $format,)+
        }

        impl CheckFormat {
            /// The format, ready for a list.
            pub fn writer<'a>(self, check: CheckContext<'a>) -> Box<dyn CheckWriter + 'a> {
                match self {
                    $(CheckFormat::$format => Box::new(($start)(check)),)+
                }
            }
        }
    };
}

formats! {
    /// For people
    Text => text::Text::new,
    /// Findings by rule and column
    Json => |check| Whole::new(check, json::json),
    /// Every finding, one a line
    Jsonl => jsonl::JsonLines::new,
    /// For code hosts and editors
    Sarif => |check| Whole::new(check, sarif::sarif),
    /// Annotations in a GitHub workflow
    Github => |check| Whole::new(check, github::github),
    /// GitLab's code quality report
    Gitlab => |check| Whole::new(check, gitlab::gitlab),
    /// Test results for build servers
    Junit => junit::Junit::new,
    /// For servers and editors that read Checkstyle's XML
    Checkstyle => |check| Whole::new(check, checkstyle::checkstyle),
    /// A summary for a page of a code host
    Markdown => markdown::Markdown::new,
    /// A page for people, in Hebrew and English
    Html => |check| Whole::new(check, html::html),
}
