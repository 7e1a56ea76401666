//! A phone number as services take it.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use crate::config::NumberForm;
use crate::record::{Field, mask};

/// A number in E.164: a plus, a country code, and a national number, 7 to 15 digits together.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number {
    e164: Box<str>,
    /// Digits of the country code.
    code: u8,
}

impl Number {
    /// Takes E.164 as the standardizer writes it; none for anything else, however near.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let is_e164 = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if !is_e164 {
            return None;
        }
        let number = PHONE_NUMBER_UTIL.parse(text, None).ok()?;
        // What the engine would write differently was not standardized.
        let code = number.country_code.to_string();
        let is_same = number.format_as(PhoneNumberFormat::E164) == text && digits.starts_with(&code);
        is_same.then(|| Number { e164: text.into(), code: code.len() as u8 })
    }

    /// The whole of it, with the plus.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// Written in one of the forms that templates know.
    pub fn form(&self, form: NumberForm) -> &str {
        let (code, national) = self.e164[1..].split_at(usize::from(self.code));
        match form {
            NumberForm::E164 => &self.e164,
            NumberForm::Digits => &self.e164[1..],
            NumberForm::CountryCode => code,
            NumberForm::National => national,
        }
    }
}

/// Masked: what is formatted may end in a log.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(Some(Field::Phone), &self.e164))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_falls_into_code_and_national_number() {
        let cases = [
            ("+972501234567", "972", "501234567"),
            ("+12025550123", "1", "2025550123"),
            ("+79161234567", "7", "9161234567"),
            ("+390612345678", "39", "0612345678"),
            ("+35312345678", "353", "12345678"),
        ];
        for (text, code, national) in cases {
            let number = Number::parse(text).expect(text);
            assert_eq!(number.form(NumberForm::CountryCode), code);
            assert_eq!(number.form(NumberForm::National), national);
            assert_eq!(number.form(NumberForm::Digits), &text[1..]);
            assert_eq!(number.form(NumberForm::E164), text);
        }
    }

    #[test]
    fn what_is_not_quite_e164_is_no_number() {
        let cases = [
            "",
            "+",
            "0501234567",
            "972501234567",
            "+9720501234567",
            "+972 50 123 4567",
            "+972501234567;ext=1",
            "+972501234567\r\nX: y",
            "+0972501234567",
            "+٩٧٢٥٠١٢٣٤٥٦٧",
            "+999123456789",
            "+1234567890123456",
            "*2345",
        ];
        for text in cases {
            assert!(Number::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_number_is_masked_when_it_is_debugged() {
        let number = Number::parse("+972501234567").expect("E.164");
        assert_eq!(format!("{number:?}"), "+97••••••••67");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in "\\PC*|[+]?[0-9]{0,17}") {
            if let Some(number) = Number::parse(&text) {
                let halves = [number.form(NumberForm::CountryCode), number.form(NumberForm::National)];
                assert_eq!(halves.concat(), number.form(NumberForm::Digits));
            }
        }
    }
}
