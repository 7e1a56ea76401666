//! Two records side by side: what would become of them first, the letters in which they differ marked, and the evidence in words.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::shown::Masking;
use crate::page::Voice;
use crate::record::{Field, PairShown};
use crate::text::is_unseen;

/// A pair, as its page shows it.
pub(super) struct PairView {
    pub(super) names: [String; 2],
    pub(super) lines: Vec<PairLine>,
    pub(super) chance: String,
    pub(super) signs: Vec<Sign>,
    pub(super) sum: String,
    pub(super) is_household: bool,
    pub(super) refused: bool,
}

/// A field of both.
pub(super) struct PairLine {
    pub(super) field: String,
    pub(super) differs: bool,
    pub(super) golden: Vec<Marked>,
    pub(super) sides: [Vec<Marked>; 2],
}

/// A value in parts, each with whether the other record has other letters there.
pub(super) struct Marked(pub(super) Vec<(bool, String)>);

/// What one sign says.
pub(super) struct Sign {
    pub(super) what: String,
    pub(super) bits: String,
    /// Share of the widest bar in percent.
    pub(super) width: u32,
    pub(super) speaks_for: bool,
}

/// Letters of a value that are compared; a longer one is cut.
const MOST_LETTERS: usize = 200;

pub(super) fn pair(pair: &PairShown, voice: &Voice<'_>, masking: Masking, only_differences: bool) -> PairView {
    let of = |values: &[(Field, Vec<String>)], field: Field| {
        values.iter().find(|(own, _)| *own == field).map_or_else(Vec::new, |(_, all)| all.clone())
    };
    let mut fields: Vec<Field> = Vec::new();
    for (field, _) in pair.golden.iter().chain(&pair.sides[0].values).chain(&pair.sides[1].values) {
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
    fields.sort_by_key(|field| Field::ALL.iter().position(|own| own == field));
    let lines = fields.into_iter().map(|field| {
        let [left, right] = [0, 1].map(|side| of(&pair.sides[side].values, field));
        let shown = |own: &[String], other: &[String]| -> Vec<Marked> {
            let text = other.first().map_or("", String::as_str);
            own.iter()
                .map(|value| {
                    if other.contains(value) {
                        plain(field, value, masking)
                    } else {
                        marked(field, value, text, masking)
                    }
                })
                .collect()
        };
        PairLine {
            field: voice.field(field),
            differs: left != right,
            golden: of(&pair.golden, field).iter().map(|value| plain(field, value, masking)).collect(),
            sides: [shown(&left, &right), shown(&right, &left)],
        }
    });
    let widest = pair
        .signs
        .iter()
        .map(|sign| sign.milli.unsigned_abs())
        .chain([pair.start.unsigned_abs(), 1])
        .max()
        .unwrap_or(1);
    let sign = |what: String, milli: i32| Sign {
        what,
        bits: bits(milli),
        width: (u64::from(milli.unsigned_abs()) * 100 / u64::from(widest)).min(100) as u32,
        speaks_for: milli >= 0,
    };
    let mut signs = vec![sign(voice.say("steward.pair.start").to_owned(), pair.start)];
    signs.extend(pair.signs.iter().filter(|own| own.milli != 0).map(|own| {
        let level = voice.say_of("steward.level", &own.level);
        sign(format!("{}: {level}", voice.field(own.field)), own.milli)
    }));
    for (key, milli) in [("steward.pair.rest", pair.rest), ("steward.pair.doubt", pair.doubt)] {
        if milli != 0 {
            signs.push(sign(voice.say(key).to_owned(), milli));
        }
    }
    PairView {
        names: pair.sides.each_ref().map(|side| side.name.clone()),
        lines: lines.filter(|line| line.differs || !only_differences).collect(),
        chance: voice.phrase("steward.pair.chance", &[("share", &voice.share(pair.chance.into(), 1000))]),
        signs,
        sum: bits(pair.weight),
        is_household: pair.is_household,
        refused: pair.refused,
    }
}

/// Thousandths of a bit with a sign: `+9.1`.
fn bits(milli: i32) -> String {
    format!("{:+.1}", f64::from(milli) / 1000.0)
}

fn plain(field: Field, value: &str, masking: Masking) -> Marked {
    Marked(vec![(false, seen(&masking.text(Some(field), &cut(value))))])
}

/// A value with the letters marked that another has not. A mask has a letter for each letter, so that marks stand where they belong.
fn marked(field: Field, value: &str, other: &str, masking: Masking) -> Marked {
    let own: Vec<char> = cut(value).chars().collect();
    let theirs: Vec<char> = cut(other).chars().collect();
    let shown: Vec<char> = masking.text(Some(field), &own.iter().collect::<String>()).chars().collect();
    if other.is_empty() || shown.len() != own.len() {
        return Marked(vec![(false, seen(&shown.iter().collect::<String>()))]);
    }
    let mut parts: Vec<(bool, String)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &own, &theirs) {
        let (tag, range, _) = op.as_tag_tuple();
        if !range.is_empty() {
            parts.push((tag != DiffTag::Equal, seen(&shown[range].iter().collect::<String>())));
        }
    }
    Marked(parts)
}

fn cut(value: &str) -> String {
    value.chars().take(MOST_LETTERS).collect()
}

/// What the eye can't see, and what would turn the text around, by its number.
fn seen(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unseen(letter) {
            all.push_str(&format!("[U+{:04X}]", u32::from(letter)));
        } else {
            all.push(letter);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(own: &str, other: &str, is_revealed: bool) -> String {
        let Marked(parts) = marked(Field::Email, own, other, Masking { is_revealed });
        parts.into_iter().map(|(differs, text)| if differs { format!("<{text}>") } else { text }).collect()
    }

    #[test]
    fn letters_that_differ_are_marked_and_masks_keep_their_places() {
        assert_eq!(parts("dana@gmial.com", "dana@gmail.com", true).replace(['<', '>'], ""), "dana@gmial.com");
        assert_eq!(parts("dana1@x.com", "dana@x.com", true), "dana<1>@x.com");
        assert_eq!(parts("dana1@x.com", "dana@x.com", false), "da••<•>@x.com");
        assert_eq!(parts("a\u{202e}b@x.com", "", true), "a[U+202E]b@x.com");
    }
}
