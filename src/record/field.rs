//! What a column can mean.

use super::words::{joined, listed, words};

words! {
    /// The meaning of a column. The names are those used in `rules/columns.toml`, `--map` and `tiuv.toml`.
    Field {
        /// The list's own key of a record.
        Id = "id",
        /// Given name.
        FirstName = "first_name",
        /// Middle name or initial.
        MiddleName = "middle_name",
        /// Family name.
        LastName = "last_name",
        /// Given and family name in one cell.
        FullName = "full_name",
        /// E-mail address; a list may have several.
        Email = "email",
        /// Mobile number; preferred over `phone` where both are good.
        Mobile = "mobile",
        /// Any other telephone number; a list may have several.
        Phone = "phone",
        /// Date of birth.
        BirthDate = "birth_date",
        /// National identity number (for Israel: Teudat Zehut, nine digits with a check digit).
        NationalId = "national_id",
        /// Gender as the list says it; carried, not judged.
        Gender = "gender",
        /// What the customer does, or of a business its line; carried, not judged.
        Occupation = "occupation",
        /// A whole address in one cell.
        Address = "address",
        /// Street, with or without the house number.
        Street = "street",
        /// House number.
        HouseNumber = "house_number",
        /// Locality.
        City = "city",
        /// Postal code.
        Postcode = "postcode",
        /// Country, as a name or an ISO 3166 code.
        Country = "country",
        /// The customer's language, as a name or an ISO 639 code.
        Language = "language",
        /// Consent to any message.
        Consent = "consent",
        /// Consent to text messages.
        ConsentSms = "consent_sms",
        /// Consent to e-mail.
        ConsentEmail = "consent_email",
        /// Consent to calls.
        ConsentCall = "consent_call",
        /// The customer asked not to be contacted.
        DoNotContact = "do_not_contact",
        /// When the record was made.
        CreatedAt = "created_at",
        /// When the record was last changed.
        UpdatedAt = "updated_at",
        /// When the customer last bought something.
        LastPurchase = "last_purchase",
        /// How often the customer bought.
        Purchases = "purchases",
        /// What the customer spent in all, in whatever currency the list has.
        TotalSpend = "total_spend",
        /// The way in which the customer wants to be contacted.
        PreferredChannel = "preferred_channel",
        /// Where the customer stands, in the list's own words: active, closed, deceased.
        Status = "status",
        /// Free text about the customer; carried, never judged.
        Notes = "notes",
    }
}

impl Field {
    /// Names of fields as one text: `email;phone`.
    pub fn joined(fields: &[Field]) -> String {
        joined(fields.iter().map(|field| field.as_str()))
    }

    /// Reads what [`Field::joined`] writes; names that are none are passed over.
    pub fn listed(text: &str) -> Vec<Field> {
        listed(text, Field::parse)
    }

    /// A list may map several columns to this field.
    pub const fn may_repeat(self) -> bool {
        matches!(self, Field::Email | Field::Mobile | Field::Phone | Field::DoNotContact | Field::Notes)
    }

    /// Holds a telephone number.
    pub const fn is_phone(self) -> bool {
        matches!(self, Field::Mobile | Field::Phone)
    }

    /// Holds a person's name or part of one.
    pub const fn is_name(self) -> bool {
        matches!(self, Field::FirstName | Field::LastName | Field::FullName)
    }

    /// Holds a calendar date.
    pub const fn is_date(self) -> bool {
        matches!(self, Field::BirthDate | Field::CreatedAt | Field::UpdatedAt | Field::LastPurchase)
    }

    /// Says whether the customer may be contacted, in whatever words.
    pub const fn is_standing(self) -> bool {
        self.is_consent() || matches!(self, Field::Status)
    }

    /// Holds a yes or no about contacting the customer.
    pub const fn is_consent(self) -> bool {
        matches!(
            self,
            Field::Consent | Field::ConsentSms | Field::ConsentEmail | Field::ConsentCall | Field::DoNotContact
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serde_name_of_a_field_is_its_own_name() {
        for &field in Field::ALL {
            assert_eq!(serde_json::to_value(field).expect("serializes"), field.as_str());
            assert_eq!(Field::parse(field.as_str()), Some(field));
        }
    }
}
