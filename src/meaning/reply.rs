//! What somebody who answers a message means: no more of them, another person, a death, that all is right, or anything else.

use serde::Deserialize;

use super::layout::Layouts;
use super::reader::{Reader, Scratch};
use super::rules::Certainty;
use crate::record::{Channel, InboundMeaning, SuppressionScope};
use crate::rule::{RuleError, RuleFiles};
use crate::text::folded;

/// Reads replies by `rules/meaning/replies.toml`.
#[derive(Debug, Clone)]
pub struct ReplyReader {
    rules: Reader<InboundMeaning>,
    /// The channel that a refusal closes where it leaves another one open.
    one_channel: Reader<Channel>,
    layouts: Layouts,
    ends: Ends,
}

/// Where what somebody wrote ends, and programs or signatures begin.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    /// A whole line.
    lines: Vec<String>,
    /// The beginning of a line, folded.
    begins: Vec<String>,
    /// Beginnings of lines that quote what was answered.
    quotes: Vec<String>,
}

impl ReplyReader {
    /// Reads the rules.
    ///
    /// # Errors
    /// When a file is not of its form, or a pattern names a class that there is not.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut ends: Ends = files.parse("meaning/ends.toml")?;
        ends.begins.iter_mut().for_each(|begin| *begin = folded(begin));
        Ok(ReplyReader {
            rules: Reader::load(files, "meaning/replies.toml")?,
            one_channel: Reader::load(files, "meaning/one_channel.toml")?,
            layouts: Layouts::load(files)?,
            ends,
        })
    }

    /// What a refusal closes: all channels, unless the whole text names one of them and leaves another one open.
    pub fn closes(&self, text: &str) -> SuppressionScope {
        let text = self.body(text);
        let mut scratch = Scratch::default();
        let mut named: Vec<Channel> =
            self.one_channel.read(&text, false, &mut scratch).map(|found| found.means).collect();
        named.dedup();
        match named[..] {
            [channel] => SuppressionScope::of(channel),
            _ => SuppressionScope::All,
        }
    }

    /// What a reply means.
    pub fn read(&self, text: &str) -> InboundMeaning {
        let text = self.body(text);
        let mut scratch = Scratch::default();
        let meaning = self.strongest(&text, &mut scratch);
        if meaning != InboundMeaning::Reply || self.rules.knows_a_word(&scratch) {
            return meaning;
        }
        // Nothing of it is known: it may have been typed on another keyboard, which only a refusal is taken from.
        let mut others = self.layouts.others(&text).map(|other| self.strongest(&other, &mut scratch));
        others.find(|meaning| *meaning == InboundMeaning::OptOut).unwrap_or(InboundMeaning::Reply)
    }

    /// The examples that do not hold, in words.
    pub fn failures(&self) -> Vec<String> {
        let failed = self.rules.examples().iter().filter_map(|example| {
            let read = self.read(&example.text);
            let holds = kind(read) == example.means;
            let must = if example.must { "must be" } else { "must not be" };
            (holds != example.must).then(|| {
                format!("replies, {}: {:?} {must} {}, and is {read}", example.rule, example.text, example.means)
            })
        });
        let wide = self.one_channel.examples().iter().filter_map(|example| {
            let holds = self.closes(&example.text) == SuppressionScope::of(example.means);
            let must = if example.must { "must" } else { "must not" };
            (holds != example.must).then(|| {
                format!("one channel, {}: {:?} {must} close {} alone", example.rule, example.text, example.means)
            })
        });
        failed.chain(wide).collect()
    }

    /// How many examples there are.
    pub fn examples(&self) -> usize {
        self.rules.examples().len() + self.one_channel.examples().len()
    }

    /// The strongest of all that a text says: a death, a refusal, a wrong person, a refusal in doubt; harmless things come last.
    fn strongest(&self, text: &str, scratch: &mut Scratch) -> InboundMeaning {
        let found = self.rules.read(text, true, scratch);
        let meanings = found.map(|found| match (found.means, found.certainty) {
            (InboundMeaning::OptOut, Certainty::Doubt) => InboundMeaning::OptOutInDoubt,
            (means, _) => means,
        });
        meanings.max_by_key(|meaning| strength(*meaning)).unwrap_or(InboundMeaning::Reply)
    }

    /// The text without signature and quotes.
    fn body(&self, text: &str) -> String {
        let is_end = |line: &str| {
            let is_line = self.ends.lines.iter().any(|end| end == line.trim());
            is_line || self.ends.begins.iter().any(|begin| folded(line).starts_with(begin.as_str()))
        };
        let is_quote = |line: &str| self.ends.quotes.iter().any(|quote| line.trim_start().starts_with(quote));
        let mut body = String::with_capacity(text.len());
        for (index, line) in text.lines().enumerate() {
            // What the first line says is never taken for a signature.
            if index > 0 && is_end(line) {
                break;
            }
            if !is_quote(line) {
                body.push_str(line);
                body.push('\n');
            }
        }
        body
    }
}

const fn strength(meaning: InboundMeaning) -> u8 {
    match meaning {
        InboundMeaning::Deceased => 5,
        InboundMeaning::OptOut => 4,
        InboundMeaning::WrongPerson => 3,
        InboundMeaning::OptOutInDoubt => 2,
        InboundMeaning::Confirms => 1,
        InboundMeaning::Reply => 0,
    }
}

/// A meaning without its doubt.
const fn kind(meaning: InboundMeaning) -> InboundMeaning {
    match meaning {
        InboundMeaning::OptOutInDoubt => InboundMeaning::OptOut,
        _ => meaning,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::rule::OutreachRules;

    const WORDS: &[&str] =
        &["stop", "not", "לא", "הסר", "me", "אותי", ",", ".", "?", "1", "my", "order", "send", "🛑", "не", "لا"];

    fn reader() -> ReplyReader {
        ReplyReader::load(&RuleFiles::embedded()).expect("the shipped rules load")
    }

    fn shared() -> &'static ReplyReader {
        static SHARED: std::sync::OnceLock<ReplyReader> = std::sync::OnceLock::new();
        SHARED.get_or_init(reader)
    }

    #[test]
    fn the_examples_beside_the_rules_hold() {
        let failures = reader().failures();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn every_reply_of_the_table_means_what_the_table_says() {
        let table = std::fs::read_to_string("fixtures/refusals/replies.tsv").expect("a fixture");
        let (counts, wrong) = compare(&reader(), &table);
        assert!(wrong.is_empty() && counts["opt_out"].1 > 150, "{}", wrong.join("\n"));
    }

    #[test]
    fn what_is_empty_odd_or_long_is_an_answer() {
        let reader = reader();
        for text in ["", " ", "\n\n", "😀", "😀😀👪", "\u{200f}", "---", ">", "?!", "0", "\0", "\u{300}\u{300}"]
        {
            assert!(matches!(reader.read(text), InboundMeaning::Reply | InboundMeaning::Confirms), "{text:?}");
        }
        for (unit, meaning) in [
            ("the weather is fine today. ", InboundMeaning::Reply),
            ("don't stop! ", InboundMeaning::Reply),
            ("לא לא ", InboundMeaning::Reply),
            ("a", InboundMeaning::Reply),
            ("הסר אותי ", InboundMeaning::OptOut),
        ] {
            let text = unit.repeat(1_000_000 / unit.len());
            // A reader that is not linear takes hours for each.
            assert_eq!(reader.read(&text), meaning, "{unit}");
        }
    }

    proptest! {
        #[test]
        fn no_message_makes_it_fail(message in "\\PC{0,120}") {
            let _ = shared().read(&message);
        }

        #[test]
        fn words_in_any_order_are_read(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
            let _ = shared().read(&words.join(" "));
        }

        #[test]
        fn whatever_stands_around_a_plain_refusal_it_is_never_missed(
            before in "[a-z \u{5d0}-\u{5ea}0-9!]{0,12}", after in "[a-z \u{5d0}-\u{5ea}0-9!]{0,12}",
            word in prop::sample::select(&["STOP", "הסר", "стоп", "إيقاف", "unsubscribe"][..]),
        ) {
            prop_assert_eq!(kind(shared().read(&format!("{before}\n{word}\n{after}"))), InboundMeaning::OptOut);
        }

        #[test]
        fn case_punctuation_and_repeated_letters_change_nothing(
            word in prop::sample::select(&["stop", "הסר", "стоп", "quit", "הסירו"][..]),
            marks in prop::collection::vec(prop::sample::select(&["", ".", "!", "\"", "״", "\u{200f}", "\u{5b8}"][..]), 12),
            repeats in prop::collection::vec(1usize..4, 12), upper: bool,
        ) {
            let mut written = String::new();
            for ((letter, mark), times) in word.chars().zip(&marks).zip(&repeats) {
                written.extend(std::iter::repeat_n(letter, *times));
                // Marks within a word part it, and a quotation mark makes an abbreviation; niqqud does neither.
                if matches!(*mark, "\u{200f}" | "\u{5b8}") {
                    written.push_str(mark);
                }
            }
            let written = format!("{}{written}{}", marks[0], marks[1]);
            let written = if upper { written.to_uppercase() } else { written };
            prop_assert_eq!(shared().read(&written), InboundMeaning::OptOut, "{}", written);
        }
    }

    #[test]
    fn the_word_that_customers_are_told_is_one_that_is_understood() {
        let texts = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules load").texts;
        for word in texts.iter().map(|texts| texts.stop_word()) {
            assert_eq!(reader().read(word), InboundMeaning::OptOut, "{word}");
        }
    }

    /// Figures of a table of replies (`meaning`, `text`), and what is read otherwise there: `TIUV_REPLIES=FILE cargo test --lib
    /// reply::tests::score -- --ignored`; `TIUV_RULES=DIR` tries other rules.
    #[test]
    #[ignore = "needs a table"]
    fn score() {
        let reader = ReplyReader::load(&RuleFiles::on_trial()).unwrap_or_else(|error| panic!("{error}"));
        let path = std::env::var("TIUV_REPLIES").expect("TIUV_REPLIES names a table");
        let table = std::fs::read_to_string(&path).expect("a readable table");
        let (counts, mut wrong) = compare(&reader, &table);
        wrong.extend(reader.failures());
        assert!(wrong.is_empty(), "{}\n{counts:?}", wrong.join("\n"));
    }

    /// Of each meaning how many are read so, and how many there are; and the replies that are read otherwise.
    fn compare<'t>(reader: &ReplyReader, table: &'t str) -> (BTreeMap<&'t str, (usize, usize)>, Vec<String>) {
        let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
        for line in table.lines().skip(1).filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let (Some(expected), Some(text)) = (cells.next(), cells.next()) else { continue };
            let read = reader.read(&text.replace("\\n", "\n"));
            let is_right = kind(read).as_str() == expected;
            let count: &mut (usize, usize) = counts.entry(expected).or_default();
            *count = (count.0 + usize::from(is_right), count.1 + 1);
            if !is_right {
                wrong.push(format!("{expected:<12} {read:<16} {text}"));
            }
        }
        (counts, wrong)
    }
}
