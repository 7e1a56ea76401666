//! Masked values: enough to recognize a kind of fault, not enough to reach a person.

use super::Field;

const DOT: char = '•';

/// A customer's value with most of its letters and digits replaced by `•`; punctuation, spaces and the shape stay.
///
/// Of an e-mail address the domain stays, since faults are mostly there; of anything else the first two and the last
/// two letters or digits. Short values are masked whole.
pub fn mask(field: Option<Field>, value: &str) -> String {
    match field {
        Some(Field::Email) => match value.rsplit_once('@') {
            Some((local, domain)) if !domain.is_empty() => format!("{}@{domain}", mask_inner(local, 2, 0)),
            _ => mask_inner(value, 2, 2),
        },
        Some(field) if field.is_name() => mask_inner(value, 1, 0),
        Some(Field::City | Field::Country | Field::Language | Field::Gender) => value.to_owned(),
        Some(field) if field.is_consent() => value.to_owned(),
        _ => mask_inner(value, 2, 2),
    }
}

fn mask_inner(value: &str, first: usize, last: usize) -> String {
    let total = value.chars().filter(|letter| letter.is_alphanumeric()).count();
    // What stays must be the smaller part.
    let (first, last) = if total <= (first + last) * 2 { (first.min(total / 3), 0) } else { (first, last) };
    let mut seen = 0;
    let masked = value.chars().map(|letter| {
        if !letter.is_alphanumeric() {
            return letter;
        }
        seen += 1;
        if seen <= first || seen > total - last { letter } else { DOT }
    });
    masked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_stays_and_the_person_goes() {
        let cases = [
            (Some(Field::Mobile), "050-2345678", "05•-•••••78"),
            (Some(Field::Email), "dana.levi@gmial.com", "da••.••••@gmial.com"),
            (Some(Field::Email), "d@x.co", "•@x.co"),
            (Some(Field::FirstName), "דנה", "ד••"),
            (Some(Field::NationalId), "123456782", "12•••••82"),
            (None, "12", "••"),
            (None, "", ""),
        ];
        for (field, value, masked) in cases {
            assert_eq!(mask(field, value), masked, "{value}");
        }
    }
}
