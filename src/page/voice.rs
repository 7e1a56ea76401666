//! How one language says things: words, phrases with figures in them, numbers and shares.

use crate::finding::{Code, Severity};
use crate::record::Field;
use crate::rule::{Catalog, Words};

/// One language, with the catalogue that explains the codes.
pub(crate) struct Voice<'a> {
    words: Words,
    catalog: &'a Catalog,
}

/// A text of a rule, with the language it is written in.
pub(crate) struct Explanation {
    pub(crate) text: String,
    /// Only the words files are translated; the catalogue itself speaks English.
    pub(crate) is_english: bool,
}

impl<'a> Voice<'a> {
    pub(crate) fn new(words: Words, catalog: &'a Catalog) -> Self {
        Voice { words, catalog }
    }

    pub(crate) fn language(&self) -> &str {
        self.words.language()
    }

    pub(crate) fn direction(&self) -> &str {
        self.words.direction()
    }

    /// The words for a key.
    pub(crate) fn say<'k>(&'k self, key: &'k str) -> &'k str {
        self.words.say(key)
    }

    /// The words for `family.name`, or `name` itself where the family does not know it.
    pub(crate) fn say_of(&self, family: &str, name: &str) -> String {
        let key = format!("{family}.{name}");
        if self.words.has(&key) { self.words.say(&key).to_owned() } else { name.to_owned() }
    }

    /// The words for a key with `{name}` filled in.
    pub(crate) fn phrase(&self, key: &str, parts: &[(&str, &str)]) -> String {
        parts
            .iter()
            .fold(self.words.say(key).to_owned(), |text, (name, part)| text.replace(&format!("{{{name}}}"), part))
    }

    /// A phrase about `count` things; `KEY.one` stands for a single one.
    pub(crate) fn counted(&self, key: &str, count: u64, parts: &[(&str, &str)]) -> String {
        let single = format!("{key}.one");
        let key = if count == 1 && self.words.has(&single) { &single } else { key };
        let count = self.count(count);
        let mut all = vec![("count", count.as_str())];
        all.extend_from_slice(parts);
        self.phrase(key, &all)
    }

    pub(crate) fn field(&self, field: Field) -> String {
        self.say_of("field", field.as_str())
    }

    pub(crate) fn severity(&self, severity: Severity) -> String {
        self.say_of("severity", severity.as_str())
    }

    /// The title of a code in plain words; the rule's own name where no language has one.
    pub(crate) fn title(&self, code: &str) -> String {
        if self.words.has(code) {
            return self.words.say(code).to_owned();
        }
        let rule = Code::parse(code).and_then(|code| self.catalog.rule(code));
        rule.map_or_else(|| code.to_owned(), |rule| rule.name.replace('-', " "))
    }

    /// What a code means and why it matters, as far as anything says so.
    pub(crate) fn explain(&self, code: &str) -> (Option<Explanation>, Option<Explanation>) {
        let rule = Code::parse(code).and_then(|code| self.catalog.rule(code));
        let part = |name: &str, own: Option<&str>| {
            let key = format!("{code}.{name}");
            if self.words.has(&key) {
                return Some(Explanation { text: self.words.say(&key).to_owned(), is_english: false });
            }
            own.map(|text| Explanation { text: text.to_owned(), is_english: true })
        };
        (part("what", rule.map(|rule| rule.what.as_str())), part("why", rule.map(|rule| rule.why.as_str())))
    }

    /// A number with its thousands set apart: `1,234,567`.
    pub(crate) fn count(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.char_indices() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push_str(self.words.say("number.thousands"));
            }
            text.push(digit);
        }
        text
    }

    /// `part` of `whole` in percent with at most one decimal. What is not nothing is never shown as 0 %, what is not
    /// everything never as 100 %.
    pub(crate) fn share(&self, part: u64, whole: u64) -> String {
        if whole == 0 {
            return "–".to_owned();
        }
        let point = self.words.say("number.decimal");
        let (part, whole) = (u128::from(part), u128::from(whole));
        let tenths = (part * 2000 + whole) / (whole * 2);
        match tenths {
            0 if part > 0 => format!("<0{point}1%"),
            1000 if part < whole => format!("99{point}9%"),
            _ if tenths % 10 == 0 => format!("{}%", tenths / 10),
            _ => format!("{}{point}{}%", tenths / 10, tenths % 10),
        }
    }

    /// A day, `YYYY-MM-DD`, as it is written in this language; anything else as it is.
    pub(crate) fn day(&self, day: &str) -> String {
        let mut parts = day.splitn(3, '-');
        let (Some(year), Some(month), Some(of_month)) = (parts.next(), parts.next(), parts.next()) else {
            return day.to_owned();
        };
        self.phrase("number.day", &[("year", year), ("month", month), ("day", of_month)])
    }

    /// A size in bytes, in the largest unit that leaves a whole part.
    pub(crate) fn size(&self, bytes: u64) -> String {
        const UNITS: [&str; 4] = ["size.bytes", "size.kilobytes", "size.megabytes", "size.gigabytes"];
        let mut unit = 0;
        let mut divisor: u64 = 1;
        while unit + 1 < UNITS.len() && bytes / divisor >= 1000 {
            divisor *= 1000;
            unit += 1;
        }
        let mut text = self.count(bytes / divisor);
        let tenth = bytes % divisor * 10 / divisor;
        if bytes / divisor < 10 && tenth > 0 {
            text.push_str(self.words.say("number.decimal"));
            text.push_str(&tenth.to_string());
        }
        format!("{text} {}", self.words.say(UNITS[unit]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn english(check: impl Fn(&Voice<'_>)) {
        let catalog = Catalog::default();
        check(&Voice::new(Words::load(&RuleFiles::embedded(), "en").expect("the shipped words load"), &catalog));
    }

    #[test]
    fn thousands_are_set_apart() {
        english(|voice| {
            for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
                assert_eq!(voice.count(number), text);
            }
        });
    }

    #[test]
    fn a_share_never_hides_the_last_one() {
        english(|voice| {
            let cases = [
                (0, 10, "0%"),
                (1, 100_000, "<0.1%"),
                (1, 8, "12.5%"),
                (2, 4, "50%"),
                (99_999, 100_000, "99.9%"),
                (7, 7, "100%"),
                (0, 0, "–"),
                (u64::MAX, u64::MAX, "100%"),
            ];
            for (part, whole, text) in cases {
                assert_eq!(voice.share(part, whole), text, "{part} of {whole}");
            }
        });
    }

    #[test]
    fn a_day_is_written_as_its_language_does() {
        let catalog = Catalog::default();
        let said = |language: &str, day: &str| {
            Voice::new(Words::load(&RuleFiles::embedded(), language).expect("the shipped words load"), &catalog)
                .day(day)
        };
        assert_eq!(
            (said("en", "2026-02-01"), said("he", "2026-02-01")),
            ("2026-02-01".to_owned(), "01.02.2026".to_owned())
        );
        assert_eq!(said("he", "today"), "today");
    }

    #[test]
    fn sizes_take_the_unit_that_reads_well() {
        english(|voice| {
            let cases = [
                (0, "0 bytes"),
                (999, "999 bytes"),
                (1_500, "1.5 kB"),
                (412_345, "412 kB"),
                (u64::MAX, "18,446,744,073 GB"),
            ];
            for (bytes, text) in cases {
                assert_eq!(voice.size(bytes), text);
            }
        });
    }

    #[test]
    fn a_single_thing_has_its_own_phrase() {
        english(|voice| {
            assert_eq!(voice.counted("headline.cleaned", 1, &[]), "One row was read and cleaned");
            assert_eq!(voice.counted("headline.cleaned", 2_400, &[]), "2,400 rows were read and cleaned");
        });
    }
}
