//! Masked values: enough to recognize a kind of fault, not enough to reach a person.

use super::Field;

/// What stands for each letter and digit that is not shown.
pub const MASKED: char = '•';

/// A customer's value with most of its letters and digits replaced by `•`; punctuation, spaces and the shape stay.
///
/// Of an e-mail address the domain stays, since faults are mostly there; of anything else the first two and the last
/// two letters or digits. Short values are masked whole.
pub fn mask(field: Option<Field>, value: &str) -> String {
    let mut masked = String::with_capacity(value.len() * 2);
    mask_into(field, value, &mut masked);
    masked
}

/// The same, behind what `masked` holds already.
pub fn mask_into(field: Option<Field>, value: &str, masked: &mut String) {
    match field {
        Some(Field::Email) => match value.rsplit_once('@') {
            Some((local, domain)) if !domain.is_empty() => {
                mask_inner(local, 2, 0, masked);
                masked.push('@');
                masked.push_str(domain);
            }
            _ => mask_inner(value, 2, 2, masked),
        },
        Some(field) if field.is_name() => mask_inner(value, 1, 0, masked),
        Some(
            Field::City
            | Field::Country
            | Field::Language
            | Field::Gender
            | Field::PreferredChannel
            | Field::Status
            | Field::ContactStatus,
        ) => masked.push_str(value),
        // What people write into such a column may be anything; a plain answer tells nothing of anybody.
        Some(field) if field.is_consent() && matches!(value, "yes" | "no") => masked.push_str(value),
        _ => mask_inner(value, 2, 2, masked),
    }
}

fn mask_inner(value: &str, first: usize, last: usize, masked: &mut String) {
    let total = if value.is_ascii() {
        value.bytes().filter(u8::is_ascii_alphanumeric).count()
    } else {
        value.chars().filter(|letter| letter.is_alphanumeric()).count()
    };
    // What stays must be the smaller part.
    let (first, last) = if total <= (first + last) * 2 { (first.min(total / 3), 0) } else { (first, last) };
    let mut seen = 0;
    for letter in value.chars() {
        if !letter.is_alphanumeric() {
            masked.push(letter);
            continue;
        }
        seen += 1;
        masked.push(if seen <= first || seen > total - last { letter } else { MASKED });
    }
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
