//! Mechanical repairs of one piece of a cell. None of them loses anything of an address, and all of them are undone
//! where no valid address is left in exactly one reading.

use super::class::{Directory, has_known_suffix};
use super::syntax::{self, Address};
use crate::finding::Code;
use crate::text::script::has_only_foreign_letters;

/// An address and the repairs that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repaired {
    pub(super) address: Address,
    pub(super) repairs: Vec<Code>,
}

/// Reads a trimmed piece as an address, repairing it where that is needed.
///
/// # Errors
/// With the rule of syntax that it still breaks.
pub(super) fn read(piece: &str, labels: &[String], directory: &Directory) -> Result<Repaired, Code> {
    let mut repaired = match syntax::parse(piece) {
        Ok(address) => Repaired { address, repairs: Vec::new() },
        Err(_) => repair(piece, labels, directory)?,
    };
    unquote(&mut repaired);
    Ok(repaired)
}

fn repair(piece: &str, labels: &[String], directory: &Directory) -> Result<Repaired, Code> {
    let mut text = Text { text: piece.to_owned(), repairs: Vec::new() };
    // Wrappings nest: `Dana <mailto:dana@…>`, `mail: <dana@…>`.
    for _ in 0..2 {
        text.strip_label(labels);
        text.strip_mailto();
        text.strip_brackets();
        text.strip_quotes();
    }
    text.strip_note();
    text.strip_punctuation();
    text.strip_foreign_words();
    text.close_around_at();
    text.single_at();
    text.mend_domain(directory);
    let address = syntax::parse(&text.text)?;
    let touched_domain = [Code::EmailRepairCommaDot, Code::EmailRepairDoubleDotDomain];
    if text.repairs.iter().any(|code| touched_domain.contains(code)) && !has_known_suffix(&address.domain) {
        return syntax::parse(piece).map(|address| Repaired { address, repairs: Vec::new() });
    }
    Ok(Repaired { address, repairs: text.repairs })
}

/// Quotes that protect nothing are taken off (RFC 5321 section 4.1.2: both forms name the same mailbox).
fn unquote(repaired: &mut Repaired) {
    let Some(inner) = repaired.address.local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return };
    let plain = format!("{inner}@{}", repaired.address.domain);
    if let Ok(address) = syntax::parse(&plain)
        && address.local == inner
    {
        repaired.address = address;
        repaired.repairs.push(Code::EmailRepairUnquoted);
    }
}

/// A piece on its way to an address.
struct Text {
    text: String,
    repairs: Vec<Code>,
}

impl Text {
    fn set(&mut self, text: String, code: Code) {
        self.text = text;
        if !self.repairs.contains(&code) {
            self.repairs.push(code);
        }
    }

    /// `מייל: dana@…`, `E-mail - dana@…`
    fn strip_label(&mut self, labels: &[String]) {
        let end = self.text.find([':', '：', '-', '–', '־']).unwrap_or(self.text.len());
        for (index, mark) in self.text[end..].char_indices().map(|(offset, letter)| (end + offset, letter)) {
            let (before, after) = (&self.text[..index], &self.text[index + mark.len_utf8()..]);
            let is_sign = matches!(mark, ':' | '：')
                || (matches!(mark, '-' | '–' | '־')
                    && before.ends_with(|letter: char| letter == ' ' || !letter.is_ascii()));
            if !is_sign {
                continue;
            }
            let label = before.trim().to_lowercase();
            if labels.contains(&label) {
                let rest = after.trim().to_owned();
                self.set(rest, Code::EmailRepairLabel);
            }
            return;
        }
        // `email dana@…`: no address begins with a word and a blank.
        if let Some((label, rest)) = self.text.rsplit_once(' ')
            && rest.contains('@')
            && labels.contains(&label.trim().to_lowercase())
        {
            let rest = rest.to_owned();
            self.set(rest, Code::EmailRepairLabel);
        }
    }

    /// RFC 6068: the scheme, and the header fields after `?`.
    fn strip_mailto(&mut self) {
        if self.text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
            let rest = self.text[7..].trim_start_matches('/').trim();
            let address = rest.split_once('?').map_or(rest, |(address, _)| address).trim().to_owned();
            self.set(address, Code::EmailRepairMailto);
        }
    }

    /// `<dana@…>`, `Dana Levi <dana@…>`, `Dana (dana@…)`, `<dana@…`
    fn strip_brackets(&mut self) {
        let text = self.text.trim_end_matches([',', ';', ':', '.', ' ']);
        for (open, close) in [('<', '>'), ('(', ')'), ('[', ']'), ('{', '}')] {
            let Some(start) = text.rfind(open) else { continue };
            let (before, inner) = (&text[..start], &text[start + 1..]);
            let inner = match inner.strip_suffix(close) {
                Some(inner) => inner,
                None if open == '<' && !inner.contains('>') => inner,
                None => continue,
            };
            let name = before.trim();
            let is_quoted = name.len() > 1 && name.starts_with(['"', '\'']) && name.ends_with(['"', '\'']);
            if inner.contains('@') && (is_quoted || !before.contains('@')) {
                let code = if before.trim().is_empty() { Code::EmailRepairAngle } else { Code::EmailRepairDisplayName };
                let inner = inner.trim().to_owned();
                return self.set(inner, code);
            }
        }
    }

    /// `"dana@…"`, `'dana@…'`
    fn strip_quotes(&mut self) {
        let is_quote =
            |letter| matches!(letter, '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '״' | '׳' | '`');
        // How a workbook's formula writes a text: `="dana@…"`.
        let text = self.text.strip_prefix('=').filter(|text| text.starts_with('"')).unwrap_or(&self.text);
        if text.starts_with(is_quote) && text.ends_with(is_quote) && text.contains('@') {
            let inner = text.trim_matches(is_quote).trim().to_owned();
            self.set(inner, Code::EmailRepairAngle);
        }
    }

    /// `dana@… (work)`
    fn strip_note(&mut self) {
        let Some(before) = self.text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) else { return };
        if before.0.contains('@') && !before.1.contains('@') && before.0.ends_with(' ') {
            let address = before.0.trim_end().to_owned();
            self.set(address, Code::EmailRepairLabel);
        }
    }

    /// What a sentence or a list leaves at the ends. A leading dot or stroke could belong to the local part.
    fn strip_punctuation(&mut self) {
        let is_literal = self.text.contains("@[");
        let text = within_pair(&self.text).unwrap_or(&self.text);
        let text = text.strip_suffix(" -").or(text.strip_suffix(" –")).unwrap_or(text);
        let text = text.trim_end_matches(|letter: char| match letter {
            ']' => !is_literal,
            ',' | ';' | ':' | '.' | ')' | '>' | '}' | '"' | '\'' | '!' | '?' | '/' | '\\' | '|' | '*' => true,
            '״' | '׳' | '”' | '’' | '،' | '؛' | '·' | '•' => true,
            _ => letter.is_whitespace(),
        });
        let text = text.trim_start_matches([',', ';', ':', '<', '(', '[', '•', '·', '״', '“', '„', ' ']);
        let text = text.strip_prefix("- ").or(text.strip_prefix("* ")).unwrap_or(text).trim_start();
        if text.len() < self.text.len() {
            let text = text.to_owned();
            self.set(text, Code::EmailRepairTrailingPunct);
        }
    }

    /// `דנה לוי dana@…`: words in letters that this address has none of can't belong to it. Latin words might.
    fn strip_foreign_words(&mut self) {
        let is_dash = |word: &str| matches!(word, "-" | "–" | ":" | "," | "/");
        let (addresses, words): (Vec<&str>, Vec<&str>) =
            self.text.split_whitespace().partition(|word| word.contains('@'));
        let has_word = words.iter().any(|word| has_only_foreign_letters(word));
        if let [address] = addresses[..]
            && address.is_ascii()
            && !address.starts_with('@')
            && !address.ends_with('@')
            && has_word
            && words.iter().all(|word| has_only_foreign_letters(word) || is_dash(word))
        {
            let address = address.to_owned();
            self.set(address, Code::EmailRepairDisplayName);
        }
    }

    /// `dana @ gmail.com`
    fn close_around_at(&mut self) {
        let parts: Vec<&str> = self.text.split('@').collect();
        let last = parts.len() - 1;
        if last == 0 || self.text.starts_with('"') {
            return;
        }
        let closed: Vec<&str> = parts
            .iter()
            .enumerate()
            .map(|(index, part)| {
                if index == 0 {
                    part.trim_end()
                } else if index == last {
                    part.trim_start()
                } else {
                    part.trim()
                }
            })
            .collect();
        let closed = closed.join("@");
        if closed.len() < self.text.len() {
            self.set(closed, Code::EmailRepairInnerSpace);
        }
    }

    /// `dana@@gmail.com`
    fn single_at(&mut self) {
        if !self.text.contains("@@") || self.text.starts_with('"') {
            return;
        }
        let mut text = self.text.clone();
        let mut before = ' ';
        text.retain(|letter| {
            let is_again = letter == '@' && before == '@';
            before = letter;
            !is_again
        });
        self.set(text, Code::EmailRepairDoubleAt);
    }

    /// `gmail,com`, `gmail .com`, `gmail..com`
    fn mend_domain(&mut self, directory: &Directory) {
        let Some((local, domain)) = self.text.rsplit_once('@') else { return };
        let (local, mut domain) = (local.to_owned(), domain.to_ascii_lowercase());
        if let Some(closed) = close_dots(&domain, directory) {
            domain = closed;
            self.set(format!("{local}@{domain}"), Code::EmailRepairInnerSpace);
        }
        if let Some((before, after)) = domain.split_once(',')
            && !after.contains(',')
        {
            let joined = format!("{}.{}", before.trim_end_matches([' ', '.']), after.trim_start_matches([' ', '.']));
            if has_one_reading(before, &joined, directory) {
                domain = joined;
                self.set(format!("{local}@{domain}"), Code::EmailRepairCommaDot);
            }
        }
        if domain.contains("..") && !domain.starts_with('.') {
            let labels: Vec<&str> = domain.split('.').filter(|label| !label.is_empty()).collect();
            self.set(format!("{local}@{}", labels.join(".")), Code::EmailRepairDoubleDotDomain);
        }
    }
}

/// What stands between two equal signs: `*dana@…*`.
fn within_pair(text: &str) -> Option<&str> {
    let sign = text.chars().next().filter(|sign| "*|/!?_~#=+-".contains(*sign))?;
    text.strip_prefix(sign)?.strip_suffix(sign)
}

/// The domain without space round its dots.
fn close_dots(domain: &str, directory: &Directory) -> Option<String> {
    let labels: Vec<&str> = domain.split('.').map(str::trim).collect();
    let joined = labels.join(".");
    let break_at = domain.find(char::is_whitespace)?;
    let before = domain[..break_at].trim_end_matches('.');
    (joined.len() < domain.len() && has_one_reading(before, &joined, directory)).then_some(joined)
}

/// Whether what was put together can't just as well be a whole domain followed by something else
/// (`dana@gmail.com,Haifa`).
fn has_one_reading(before: &str, joined: &str, directory: &Directory) -> bool {
    let is_whole = before.contains('.') && has_known_suffix(before);
    let suffix = psl::suffix(joined.as_bytes()).map_or(0, |suffix| suffix.as_bytes().len());
    let spans = joined.len().saturating_sub(before.len() + 1) < suffix;
    !is_whole || spans || directory.is_provider(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{EmailRules, RuleFiles};

    fn read_one(text: &str) -> Result<(String, Vec<Code>), Code> {
        let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let read = read(text, &rules.repairs.words.labels, &Directory::new(&rules));
        read.map(|repaired| (repaired.address.text(), repaired.repairs))
    }

    #[test]
    fn what_surrounds_an_address_is_taken_off() {
        for (text, code) in [
            ("mailto:dana@walla.co.il?subject=hi", Code::EmailRepairMailto),
            ("מייל: dana@walla.co.il", Code::EmailRepairLabel),
            ("E-Mail - dana@walla.co.il", Code::EmailRepairLabel),
            ("email dana@walla.co.il", Code::EmailRepairLabel),
            ("=\"dana@walla.co.il\"", Code::EmailRepairAngle),
            ("dana@walla.co.il (עבודה)", Code::EmailRepairLabel),
            ("<dana@walla.co.il>", Code::EmailRepairAngle),
            ("<dana@walla.co.il", Code::EmailRepairAngle),
            ("{dana@walla.co.il}", Code::EmailRepairAngle),
            ("*dana@walla.co.il*", Code::EmailRepairTrailingPunct),
            ("dana@walla.co.il -", Code::EmailRepairTrailingPunct),
            ("mailto://dana@walla.co.il", Code::EmailRepairMailto),
            ("\"dana@walla.co.il\" <dana@walla.co.il>", Code::EmailRepairDisplayName),
            ("'dana@walla.co.il'", Code::EmailRepairAngle),
            ("\"Levi, Dana\" <dana@walla.co.il>", Code::EmailRepairDisplayName),
            ("דנה לוי dana@walla.co.il", Code::EmailRepairDisplayName),
            ("dana@walla.co.il;", Code::EmailRepairTrailingPunct),
            ("dana@walla.co.il.", Code::EmailRepairTrailingPunct),
            ("dana @ walla.co.il", Code::EmailRepairInnerSpace),
            ("dana@walla.co .il", Code::EmailRepairInnerSpace),
            ("dana@@walla.co.il", Code::EmailRepairDoubleAt),
            ("dana@walla,co.il", Code::EmailRepairCommaDot),
            ("dana@walla.co,il", Code::EmailRepairCommaDot),
            ("dana@walla..co.il", Code::EmailRepairDoubleDotDomain),
            ("\"dana\"@walla.co.il", Code::EmailRepairUnquoted),
        ] {
            assert_eq!(read_one(text), Ok(("dana@walla.co.il".to_owned(), vec![code])), "{text}");
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_left_alone() {
        for text in [
            "dana levi@gmail.com",
            "dana@gmail.com,haifa",
            "dana@gmail.com, call",
            "dana@gmail.com. call",
            ".dana@gmail.com",
            "dana.@gmail.com",
            "da..na@gmail.com",
            "a@b@gmail.com",
            "dana@gmail com",
            "Dana dana@gmail.com",
            "dana@gmail,haifa",
            "dana@my_shop.co.il",
            "dana@",
            "@gmail.com",
            "mailto:",
            "<>",
            "\"",
            "'",
            "()",
            "@,",
            ",@,",
            "",
        ] {
            assert!(read_one(text).is_err(), "{text}: {:?}", read_one(text));
        }
    }
}
