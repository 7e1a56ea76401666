//! The encodings that lists come in: those of the WHATWG's standard, and Hebrew as DOS wrote it, which it lacks.

use std::borrow::Cow;

use encoding_rs::{Encoding, REPLACEMENT, UTF_8};

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    /// One of <https://encoding.spec.whatwg.org>.
    Standard(&'static Encoding),
    /// Code page 862.
    Ibm862,
}

impl Charset {
    pub(crate) const UTF_8: Charset = Charset::Standard(UTF_8);

    /// By any of its names.
    pub(crate) fn for_label(label: &str) -> Option<Charset> {
        let label = label.trim();
        if IBM862_LABELS.iter().any(|own| own.eq_ignore_ascii_case(label)) {
            return Some(Charset::Ibm862);
        }
        // The standard maps labels of encodings that are unsafe to decode to "replacement".
        let standard = Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != REPLACEMENT);
        standard.map(Charset::Standard)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Charset::Standard(encoding) => encoding.name(),
            Charset::Ibm862 => IBM862_LABELS[0],
        }
    }

    /// Whether every byte is a letter, whatever stands beside it.
    pub(super) fn is_single_byte(self) -> bool {
        match self {
            Charset::Standard(encoding) => encoding.is_single_byte(),
            Charset::Ibm862 => true,
        }
    }

    /// Bytes as text, and how many sequences of them mean nothing; those became U+FFFD.
    pub(super) fn decoded<'b>(self, bytes: &'b [u8]) -> (Cow<'b, str>, u64) {
        match self {
            Charset::Standard(encoding) => {
                let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
                let errors = if has_errors { text.matches('\u{FFFD}').count() as u64 } else { 0 };
                (text, errors)
            }
            Charset::Ibm862 => (bytes.iter().map(|byte| letter_of_862(*byte)).collect::<String>().into(), 0),
        }
    }

    /// Text in this encoding; none where it lacks a character. UTF-16 is not written here.
    pub(crate) fn encoded(self, text: &str) -> Option<Cow<'_, [u8]>> {
        match self {
            Charset::Standard(encoding) => {
                let (bytes, _, has_unmappable) = encoding.encode(text);
                (!has_unmappable).then_some(bytes)
            }
            Charset::Ibm862 => text.chars().map(byte_of_862).collect::<Option<Vec<u8>>>().map(Cow::Owned),
        }
    }
}

/// Its names: IANA's registry of character sets, and what Python and iconv call it.
const IBM862_LABELS: [&str; 5] = ["IBM862", "cp862", "862", "csPC862LatinHebrew", "dos-862"];

/// Its Hebrew letters, in the order of the alphabet as Unicode has it from U+05D0 on.
const HEBREW_OF_862: std::ops::RangeInclusive<u8> = 0x80..=0x9A;
const ALEF: u32 = 0x5D0;

/// What stands behind them, from 0x9B on.
///
/// Source: CP862.TXT of the Unicode Consortium (Public/MAPPINGS/VENDORS/MICSFT/PC).
#[rustfmt::skip]
const SIGNS_OF_862: [char; 101] = [
    '¢', '£', '¥', '₧', 'ƒ', 'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '⌐', '¬',
    '½', '¼', '¡', '«', '»', '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║',
    '╗', '╝', '╜', '╛', '┐', '└', '┴', '┬', '├', '─', '┼', '╞', '╟', '╚', '╔', '╩',
    '╦', '╠', '═', '╬', '╧', '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌',
    '█', '▄', '▌', '▐', '▀', 'α', 'ß', 'Γ', 'π', 'Σ', 'σ', 'µ', 'τ', 'Φ', 'Θ', 'Ω',
    'δ', '∞', 'φ', 'ε', '∩', '≡', '±', '≥', '≤', '⌠', '⌡', '÷', '≈', '°', '∙', '·',
    '√', 'ⁿ', '²', '■', '\u{a0}',
];

fn letter_of_862(byte: u8) -> char {
    let place = u32::from(byte.wrapping_sub(*HEBREW_OF_862.start()));
    match byte {
        0..0x80 => char::from(byte),
        _ if HEBREW_OF_862.contains(&byte) => char::from_u32(ALEF + place).expect("a letter of the alphabet"),
        _ => SIGNS_OF_862[place as usize - HEBREW_OF_862.len()],
    }
}

fn byte_of_862(letter: char) -> Option<u8> {
    (0..=255).find(|byte| letter_of_862(*byte) == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_code_page_862_is_a_letter_of_its_own_and_is_written_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        let (text, errors) = Charset::Ibm862.decoded(&bytes);
        assert_eq!((Charset::Ibm862.encoded(&text).as_deref(), errors), (Some(&bytes[..]), 0));
        assert_eq!(Charset::Ibm862.decoded(b"\x80\x81\x9a").0, "אבת");
        assert_eq!(Charset::Ibm862.encoded("Дана"), None);
    }

    #[test]
    fn it_is_known_by_each_of_its_names() {
        for label in ["cp862", "IBM862", " Cp862 "] {
            assert_eq!(Charset::for_label(label), Some(Charset::Ibm862), "{label}");
        }
        assert_eq!(Charset::for_label("cp866").map(Charset::name), Some("IBM866"));
        assert_eq!(Charset::for_label("cp0"), None);
    }
}
