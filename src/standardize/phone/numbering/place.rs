//! Where a number belongs.

use super::number::TABLES;
use super::read::parse;

/// ISO 3166 code of the country or territory that a number in E.164 belongs to: by its plan, else by its calling code where
/// that is one country's alone. None where nobody can say, and for numbers of no country.
pub fn region_of(e164: &str) -> Option<&'static str> {
    let number = parse(e164, None).ok()?;
    let region = number.region.or_else(|| TABLES.sole_region(number.code).map(super::RegionId))?;
    Some(region.as_str()).filter(|region| region.len() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_where_its_plan_says_and_a_shared_calling_code_says_nothing() {
        for (number, region) in [
            ("+12126041234", Some("US")),
            ("+14166041234", Some("CA")),
            ("+16716461234", Some("GU")),
            ("+18763051234", Some("JM")),
            ("+77012341234", Some("KZ")),
            ("+79123451234", Some("RU")),
            ("+447797712345", Some("JE")),
            ("+447624312345", Some("IM")),
            ("+447400123456", Some("GB")),
            ("+262692123456", Some("RE")),
            ("+972521234567", Some("IL")),
            ("+970599241234", Some("PS")),
            // Not in the plan: Israel's code is Israel's, +1 is of many.
            ("+972500", Some("IL")),
            ("+11", None),
            ("+12020000001", None),
            // Numbers of no country, and none.
            ("+80012345678", None),
            ("dana@example.org", None),
            ("", None),
        ] {
            assert_eq!(region_of(number), region, "{number}");
        }
    }
}
