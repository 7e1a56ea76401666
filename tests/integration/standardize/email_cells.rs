//! Every way in which lists break an address, tried on addresses of every shape: a repair gives the address back, a
//! suggestion names it, and nothing else is ever made of it.

use tiuv::finding::Code;
use tiuv::record::{CellOut, Field, Verdict};
use tiuv::rule::{Context, RuleFiles};
use tiuv::standardize::{CellContext, EmailStandardizer, Standardizer};

use Code::*;
use Outcome::*;

const ADDRESSES: &[&str] = &[
    "dana@gmail.com",
    "dana.levi@walla.co.il",
    "o'neil@icloud.com",
    "shira.k+news@hotmail.com",
    "a/b@tiuv-shop.co.il",
    "x=y7@netvision.net.il",
    "moshe_cohen@post.tau.ac.il",
    "{brace}@outlook.co.il",
    "1234567@012.net.il",
    "user%crm@yahoo.com",
    "hash#tag@bezeqint.net",
    "~tilde@mail.tiuv-shop.co.il",
    "z@a-b.museum",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The address, without a word.
    Same,
    /// The address, with this mark.
    Repaired(Code),
    /// The address and `noa@walla.co.il`.
    Both,
    /// Nothing is changed and the address suggested, with this mark.
    Suggested(Code),
    /// No address, and none suggested.
    Refused,
}

/// What a list makes of an address; none where the address is of another shape.
type Breaking = fn(&str) -> Option<String>;

const KINDS: &[(&str, Breaking, Outcome)] = &[
    ("as it is", |a| Some(a.to_owned()), Same),
    ("domain in capitals", |a| on_domain(a, str::to_uppercase), Same),
    ("blanks", |a| Some(format!("  {a} ")), Repaired(EmailRepairTrim)),
    ("no-break spaces", |a| Some(format!("\u{a0}{a}\u{202f}")), Repaired(EmailRepairTrim)),
    ("line end", |a| Some(format!("{a}\r\n")), Repaired(EmailRepairTrim)),
    ("bidi marks", |a| Some(format!("\u{200f}{a}\u{200e}")), Repaired(EmailRepairBidiMark)),
    ("bidi embedding", |a| Some(format!("\u{202a}{a}\u{202c}")), Repaired(EmailRepairBidiMark)),
    ("zero width", |a| Some(a.replacen('@', "\u{200b}@", 1)), Repaired(EmailRepairInvisible)),
    ("byte order mark", |a| Some(format!("\u{feff}{a}")), Repaired(EmailRepairInvisible)),
    ("NUL behind", |a| Some(format!("{a}\0")), Repaired(EmailRepairInvisible)),
    ("link", |a| Some(format!("mailto:{a}")), Repaired(EmailRepairMailto)),
    ("link in capitals", |a| Some(format!("MAILTO: {a}")), Repaired(EmailRepairMailto)),
    ("link with a subject", |a| Some(format!("mailto:{a}?subject=hi&cc=b@x.com")), Repaired(EmailRepairMailto)),
    ("link in brackets", |a| Some(format!("<mailto:{a}>")), Repaired(EmailRepairMailto)),
    ("Latin name", |a| Some(format!("Dana Levi <{a}>")), Repaired(EmailRepairDisplayName)),
    ("quoted name", |a| Some(format!("\"Levi, Dana\" <{a}>")), Repaired(EmailRepairDisplayName)),
    ("Hebrew name", |a| Some(format!("דנה לוי <{a}>")), Repaired(EmailRepairDisplayName)),
    ("quoted Hebrew name", |a| Some(format!("\"דנה לוי\" <{a}>")), Repaired(EmailRepairDisplayName)),
    ("Hebrew name before", |a| Some(format!("דנה לוי {a}")), Repaired(EmailRepairDisplayName)),
    ("Hebrew name behind", |a| Some(format!("{a} - דנה")), Repaired(EmailRepairDisplayName)),
    ("itself as name", |a| Some(format!("\"{a}\" <{a}>")), Repaired(EmailRepairDisplayName)),
    ("name behind", |a| Some(format!("{a} (Dana)")), Repaired(EmailRepairLabel)),
    ("angle brackets", |a| Some(format!("<{a}>")), Repaired(EmailRepairAngle)),
    ("opening bracket alone", |a| Some(format!("<{a}")), Repaired(EmailRepairAngle)),
    ("closing bracket alone", |a| Some(format!("{a}>")), Repaired(EmailRepairTrailingPunct)),
    ("round brackets", |a| Some(format!("({a})")), Repaired(EmailRepairAngle)),
    ("square brackets", |a| Some(format!("[{a}]")), Repaired(EmailRepairAngle)),
    ("quotes", |a| Some(format!("\"{a}\"")), Repaired(EmailRepairAngle)),
    ("curly quotes", |a| Some(format!("“{a}”")), Repaired(EmailRepairAngle)),
    ("formula of a text", |a| Some(format!("=\"{a}\"")), Repaired(EmailRepairAngle)),
    ("Hebrew label", |a| Some(format!("דוא״ל: {a}")), Repaired(EmailRepairLabel)),
    ("Hebrew label with a quote", |a| Some(format!("דוא\"ל: {a}")), Repaired(EmailRepairLabel)),
    ("Hebrew label and dash", |a| Some(format!("אימייל - {a}")), Repaired(EmailRepairLabel)),
    ("label", |a| Some(format!("E-Mail:{a}")), Repaired(EmailRepairLabel)),
    ("label without a sign", |a| Some(format!("email {a}")), Repaired(EmailRepairLabel)),
    ("full stop", |a| Some(format!("{a}.")), Repaired(EmailRepairTrailingPunct)),
    ("comma behind", |a| Some(format!("{a},")), Repaired(EmailRepairTrailingPunct)),
    ("semicolon behind", |a| Some(format!("{a} ;")), Repaired(EmailRepairTrailingPunct)),
    ("bullet", |a| Some(format!("• {a}")), Repaired(EmailRepairTrailingPunct)),
    ("dash behind", |a| Some(format!("{a} -")), Repaired(EmailRepairTrailingPunct)),
    ("bold", |a| Some(format!("*{a}*")), Repaired(EmailRepairTrailingPunct)),
    ("doubled @", |a| Some(a.replacen('@', "@@", 1)), Repaired(EmailRepairDoubleAt)),
    ("blanks round @", |a| Some(a.replacen('@', " @ ", 1)), Repaired(EmailRepairInnerSpace)),
    ("blank before a dot", |a| on_last_dot(a, " ."), Repaired(EmailRepairInnerSpace)),
    ("blank behind a dot", |a| on_last_dot(a, ". "), Repaired(EmailRepairInnerSpace)),
    ("comma for a dot", |a| on_last_dot(a, ","), Repaired(EmailRepairCommaDot)),
    ("two dots in the domain", |a| on_last_dot(a, ".."), Repaired(EmailRepairDoubleDotDomain)),
    ("full-width @", |a| Some(a.replacen('@', "＠", 1)), Repaired(EmailRepairFullwidth)),
    ("full-width", |a| Some(a.chars().map(wide).collect()), Repaired(EmailRepairFullwidth)),
    ("ideographic full stop", |a| on_last_dot(a, "。"), Repaired(EmailRepairFullwidth)),
    ("entity", |a| Some(a.replacen('@', "&#64;", 1)), Repaired(EmailRepairDecoded)),
    ("entities round it", |a| Some(format!("&lt;{a}&gt;")), Repaired(EmailRepairDecoded)),
    ("workbook's line end", |a| Some(format!("{a}_x000D_")), Repaired(EmailRepairDecoded)),
    ("percent code", |a| Some(a.replacen('@', "%40", 1)), Repaired(EmailRepairDecoded)),
    ("needless quotes", |a| on_local(a, |local| format!("\"{local}\"")), Repaired(EmailRepairUnquoted)),
    ("semicolon", |a| Some(format!("{a};noa@walla.co.il")), Both),
    ("comma", |a| Some(format!("{a}, noa@walla.co.il")), Both),
    ("blank", |a| Some(format!("{a} noa@walla.co.il")), Both),
    ("line", |a| Some(format!("{a}\nnoa@walla.co.il")), Both),
    ("line and return", |a| Some(format!("{a}\r\nnoa@walla.co.il\r\n")), Both),
    ("stroke", |a| Some(format!("{a} / noa@walla.co.il")), Both),
    ("stroke without blanks", |a| (!a.contains('/')).then(|| format!("{a}/noa@walla.co.il")), Both),
    ("bar", |a| Some(format!("{a}|noa@walla.co.il")), Both),
    ("or", |a| Some(format!("{a} or noa@walla.co.il")), Both),
    ("or in Hebrew", |a| Some(format!("{a} או noa@walla.co.il")), Both),
    ("and in Hebrew", |a| Some(format!("{a} ו-noa@walla.co.il")), Both),
    ("ampersand", |a| Some(format!("{a} & noa@walla.co.il")), Both),
    ("line of a page", |a| Some(format!("{a}<br>noa@walla.co.il")), Both),
    ("names with commas", |a| Some(format!("Levi, Dana <{a}>, Cohen, Noa <noa@walla.co.il>")), Both),
    ("itself again", |a| Some(format!("{a}; noa@walla.co.il; {a}")), Both),
    ("at and dot in words", spelt_out, Suggested(EmailSuggestMissingAt)),
    ("at in brackets", |a| Some(a.replacen('@', "[at]", 1)), Suggested(EmailSuggestMissingAt)),
    ("missing @", |a| at_gmail(a).map(|a| a.replace('@', "")), Suggested(EmailSuggestMissingAt)),
    ("missing dot", |a| at_gmail(a).map(|a| a.replace("gmail.com", "gmailcom")), Suggested(EmailSuggestDomainTypo)),
    ("missing ending", |a| at_gmail(a).map(|a| a.replace(".com", "")), Suggested(EmailSuggestDomainTypo)),
    ("letters swapped", |a| at_gmail(a).map(|a| a.replace("gmail", "gmial")), Suggested(EmailSuggestDomainTypo)),
    ("neighbouring key", |a| at_gmail(a).map(|a| a.replace("gmail", "gmsil")), Suggested(EmailSuggestDomainTypo)),
    ("blank in the domain", |a| at_gmail(a).map(|a| a.replace("gmail", "g mail")), Suggested(EmailSuggestDomainTypo)),
    ("ending misspelt", |a| at_gmail(a).map(|a| a.replace(".com", ".con")), Suggested(EmailSuggestTldTypo)),
    ("Cyrillic letter", |a| at_gmail(a).map(|a| a.replace("gmail", "gm\u{430}il")), Suggested(EmailSuggestDomainTypo)),
    ("domain twice", |a| Some(format!("{a}@{}", a.split_once('@')?.1)), Suggested(EmailSuggestInside)),
    ("phone behind", |a| Some(format!("{a} 050-2345678")), Suggested(EmailSuggestInside)),
    ("words round it", |a| Some(format!("Ask Dana: {a}, evenings")), Suggested(EmailSuggestInside)),
    ("apostrophe of a spreadsheet", |a| by_name(a).map(|a| format!("'{a}")), Suggested(EmailSuggestLocalTypo)),
    ("formula sign", |a| by_name(a).map(|a| format!("={a}")), Suggested(EmailSuggestLocalTypo)),
    ("plus of a formula", |a| by_name(a).map(|a| format!("+{a}")), Suggested(EmailSuggestLocalTypo)),
    ("@ of a formula", |a| by_name(a).map(|a| format!("@{a}")), Suggested(EmailSuggestLocalTypo)),
    ("web address", |a| by_name(a).map(|a| format!("www.{a}")), Suggested(EmailSuggestLocalTypo)),
    ("comma in the name", comma_in_name, Suggested(EmailSuggestLocalTypo)),
    ("dot first", |a| Some(format!(".{a}")), Refused),
    ("dot before @", |a| Some(a.replacen('@', ".@", 1)), Refused),
    ("no domain", |a| Some(a.split_once('@')?.0.to_owned()), Refused),
    ("no name", |a| Some(a[a.find('@')?..].to_owned()), Refused),
    ("blank in the name", |a| Some(format!("levi {a}")), Refused),
    ("hyphen at the edge", |a| Some(format!("{}@bad-.com", a.split_once('@')?.0)), Refused),
    ("underscore", |a| Some(format!("{}@my_shop.co.il", a.split_once('@')?.0)), Refused),
    ("IP address", |a| Some(format!("{}@10.0.0.1", a.split_once('@')?.0)), Refused),
    ("control inside", |a| Some(a.replacen('@', "\u{7}@", 1)), Refused),
];

#[test]
fn whatever_a_list_does_to_an_address_it_comes_back_or_is_left_to_a_person() {
    let files = RuleFiles::embedded();
    let reader = EmailStandardizer::new(&files).expect("the shipped rules load");
    let mut wrong = Vec::new();
    for address in ADDRESSES {
        for (name, breaking, outcome) in KINDS {
            let Some(cell) = breaking(address) else { continue };
            let out = read(&reader, &cell);
            if !is_right(&out, &cell, address, *outcome) {
                let marks: Vec<&str> = out.marks.iter().map(|mark| mark.code.as_str()).collect();
                wrong.push(format!("{name}: {cell:?} gives {:?}, {:?}, {marks:?}", out.display, out.suggestion));
            }
            assert_eq!(read(&reader, &out.written()).written(), out.written(), "{cell:?}");
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
}

fn is_right(out: &CellOut, cell: &str, address: &str, outcome: Outcome) -> bool {
    let is_repaired = out.marks.iter().any(|mark| mark.code.is_repair());
    let is_broken = out.detail.email().is_some_and(|detail| detail.broken.is_some());
    match outcome {
        Same => out.display == address && out.marks.is_empty(),
        Repaired(code) => out.display == address && out.has(code) && out.suggestion.is_empty() && !is_broken,
        Both => {
            let mut both: Vec<&str> = out.values().collect();
            both.sort_unstable_by_key(|value| *value != address);
            both == [address, "noa@walla.co.il"] && out.has(EmailMulti) && out.suggestion.is_empty()
        }
        Suggested(code) => {
            let is_untouched = out.display.is_empty() == is_broken && (is_broken || out.display == cell);
            out.suggestion.eq_ignore_ascii_case(address) && out.has(code) && is_untouched && !is_repaired
        }
        Refused => out.display.is_empty() && is_broken && out.suggestion.is_empty(),
    }
}

#[test]
fn what_a_person_must_look_at_is_not_called_invalid() {
    let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
    for (name, breaking, _) in KINDS.iter().filter(|(_, _, outcome)| matches!(outcome, Suggested(_))) {
        let cell = breaking(ADDRESSES[0]).or_else(|| breaking(ADDRESSES[1])).expect("one of them is of that shape");
        let checked = tiuv::kernel::check_cell(&context, Field::Email, &cell).expect("the rules load");
        assert_eq!(checked.verdict(0, tiuv::record::ColumnIndex(0)), Verdict::Review, "{name}: {cell:?}");
    }
}

#[test]
fn a_cell_of_a_megabyte_is_read_in_no_time() {
    let reader = EmailStandardizer::new(&RuleFiles::embedded()).expect("the shipped rules load");
    let many: String = (0..40_000).map(|number| format!("dana{number}@shop-{}.co.il; ", number % 977)).collect();
    let out = read(&reader, &many);
    assert_eq!(out.values().count(), 40_000);
    for part in [
        "@",
        "a@",
        "a@b ",
        "\"",
        "<",
        "<a@b.il>",
        ",",
        "a,@",
        "-",
        "mailto:?",
        "&amp;",
        "%40",
        "א@",
        "a@b.il ו-",
        ".",
        "@.",
    ] {
        // Were the work to grow with the square, this test would not end.
        read(&reader, &part.repeat((1 << 18) / part.len()));
    }
}

fn read(reader: &EmailStandardizer, raw: &str) -> CellOut {
    let mut out = CellOut::default();
    reader.standardize(raw, CellContext::default(), &mut out);
    out
}

fn on_domain(address: &str, change: impl Fn(&str) -> String) -> Option<String> {
    let (local, domain) = address.split_once('@')?;
    Some(format!("{local}@{}", change(domain)))
}

fn on_local(address: &str, change: impl Fn(&str) -> String) -> Option<String> {
    let (local, domain) = address.split_once('@')?;
    Some(format!("{}@{domain}", change(local)))
}

fn on_last_dot(address: &str, dot: &str) -> Option<String> {
    let (before, after) = address.rsplit_once('.')?;
    Some(format!("{before}{dot}{after}"))
}

fn at_gmail(address: &str) -> Option<&str> {
    address.ends_with("@gmail.com").then_some(address)
}

/// An address that begins with two letters: what stands before a sign or a single letter may be anything.
fn by_name(address: &str) -> Option<&str> {
    let is_name = address.bytes().take(2).all(|byte| byte.is_ascii_alphabetic());
    is_name.then_some(address)
}

fn comma_in_name(address: &str) -> Option<String> {
    let (local, domain) = address.split_once('@')?;
    local.contains('.').then(|| format!("{}@{domain}", local.replacen('.', ",", 1)))
}

fn spelt_out(address: &str) -> Option<String> {
    let (local, domain) = address.split_once('@')?;
    (!local.contains('.')).then(|| format!("{local} at {}", domain.replace('.', " dot ")))
}

fn wide(letter: char) -> char {
    if letter.is_ascii_graphic() { char::from_u32(letter as u32 + 0xFEE0).unwrap_or(letter) } else { letter }
}
