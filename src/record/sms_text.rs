//! How many parts a text message takes on the air: GSM 7-bit or UCS-2 (3GPP TS 23.038, 23.040).

/// The letters of the GSM default alphabet: one septet each (TS 23.038, 6.2.1).
const DEFAULT: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                       ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Those of its extension table: an escape and a septet, never torn apart (6.2.1.1).
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How a text goes over the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum SmsCoding {
    Gsm7,
    Ucs2,
}

/// The length of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmsLength {
    /// Its coding: one letter outside the GSM alphabet makes all of it UCS-2.
    pub coding: SmsCoding,
    /// Septets, or UTF-16 units.
    pub units: u32,
    /// Messages that are sent, and paid.
    pub parts: u32,
}

impl SmsLength {
    /// Of this text.
    pub fn of(text: &str) -> Self {
        match text.chars().map(septets).collect::<Option<Vec<u32>>>() {
            // 140 bytes hold 160 septets, or 153 beside the header that joins parts.
            Some(lengths) => SmsLength::split(SmsCoding::Gsm7, &lengths, 160, 153),
            None => {
                let lengths: Vec<u32> = text.chars().map(|letter| letter.len_utf16() as u32).collect();
                SmsLength::split(SmsCoding::Ucs2, &lengths, 70, 67)
            }
        }
    }

    /// What so many parts hold, none of their letters being torn.
    pub const fn most_in(self, parts: u32) -> u32 {
        match (self.coding, parts) {
            (SmsCoding::Gsm7, 0 | 1) => 160,
            (SmsCoding::Ucs2, 0 | 1) => 70,
            (SmsCoding::Gsm7, parts) => parts * 153,
            (SmsCoding::Ucs2, parts) => parts * 67,
        }
    }

    /// Fills parts letter by letter: none is torn, so a part may stay one unit short.
    fn split(coding: SmsCoding, lengths: &[u32], alone: u32, joined: u32) -> Self {
        let units = lengths.iter().sum();
        if units <= alone {
            return SmsLength { coding, units, parts: 1 };
        }
        let (mut parts, mut filled) = (1, 0);
        for length in lengths {
            if filled + length > joined {
                parts += 1;
                filled = 0;
            }
            filled += length;
        }
        SmsLength { coding, units, parts }
    }
}

fn septets(letter: char) -> Option<u32> {
    if letter.is_ascii_alphanumeric() || DEFAULT.contains(letter) {
        Some(1)
    } else {
        EXTENSION.contains(letter).then_some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(letter: &str, count: usize) -> u32 {
        SmsLength::of(&letter.repeat(count)).parts
    }

    #[test]
    fn parts_begin_where_the_standard_says() {
        let latin = [(0, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)];
        assert!(latin.iter().all(|&(count, expected)| parts("a", count) == expected));
        let hebrew = [(70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)];
        assert!(hebrew.iter().all(|&(count, expected)| parts("א", count) == expected));
    }

    #[test]
    fn a_letter_of_the_extension_table_counts_twice_and_is_not_torn() {
        assert_eq!(SmsLength::of("€[]"), SmsLength { coding: SmsCoding::Gsm7, units: 6, parts: 1 });
        assert_eq!((parts("€", 80), parts("€", 81)), (1, 2));
        // 76 pairs fill 152 of 153 septets; the 77th pair begins the next part.
        assert_eq!((parts("€", 152), parts("€", 153)), (2, 3));
    }

    #[test]
    fn a_surrogate_pair_is_not_torn() {
        assert_eq!((parts("🙂", 35), parts("🙂", 36)), (1, 2));
        assert_eq!((parts("🙂", 66), parts("🙂", 67)), (2, 3));
    }

    #[test]
    fn one_foreign_letter_or_mark_changes_the_coding_of_all() {
        assert_eq!(SmsLength::of("Hello, äöü @ Ω").coding, SmsCoding::Gsm7);
        for text in ["Hello, Dana ש", "Hello\u{200e}", "Здравствуйте", "ç", "`", "\t"] {
            assert_eq!(SmsLength::of(text).coding, SmsCoding::Ucs2, "{text:?}");
        }
    }

    #[test]
    fn the_alphabet_is_complete() {
        assert_eq!(DEFAULT.chars().count(), 127, "128 places, one of them the escape");
        assert_eq!(EXTENSION.chars().count(), 10);
    }
}
