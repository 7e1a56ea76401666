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
        /// What the father is called: tells namesakes apart; carried, not judged.
        FatherName = "father_name",
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
        /// The company that the customer is or belongs to; carried, not judged.
        Company = "company",
        /// The company's number in a register; carried, not judged.
        CompanyId = "company_id",
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
        /// Consent to WhatsApp messages; read and carried, and no permission of anything else, as nobody is asked that way.
        ConsentWhatsapp = "consent_whatsapp",
        /// The customer asked for no text messages.
        DoNotSms = "do_not_sms",
        /// The customer asked for no e-mail.
        DoNotEmail = "do_not_email",
        /// The customer asked for no calls.
        DoNotCall = "do_not_call",
        /// When the customer asked not to be contacted; an empty cell is none, anything else a refusal.
        OptedOutAt = "opted_out_at",
        /// Whether the customer may be contacted, in the list's own words: subscribed, unsubscribed, bounced, blocked.
        ContactStatus = "contact_status",
        /// Labels of the customer; those that say something of contacting it count.
        Tags = "tags",
        /// The customer died: a yes, or the day.
        Deceased = "deceased",
        /// The customer is barred, or asked to be forgotten: a yes, or a reason.
        Blocked = "blocked",
        /// Whether the customer is of age: a yes for those who are not, an age, or a year of birth.
        Minor = "minor",
        /// The row's addresses reach nobody.
        EmailInvalid = "email_invalid",
        /// The row's numbers reach nobody.
        PhoneInvalid = "phone_invalid",
        /// Of which kind the number beside it is: mobile, home, fax.
        PhoneLabel = "phone_label",
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
        matches!(self, Field::Email | Field::Mobile | Field::Phone | Field::PhoneLabel | Field::Notes)
            || self.is_standing()
    }

    /// The same rules judge both.
    pub fn is_judged_as(self, other: Field) -> bool {
        self == other
            || self.is_phone() && other.is_phone()
            || self.is_name() && other.is_name()
            || self.is_date() && other.is_date()
            || self.may_tell_standing() && other.may_tell_standing()
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
        self.is_consent()
            || matches!(self, Field::Status | Field::ContactStatus | Field::Tags | Field::PreferredChannel)
            || matches!(
                self,
                Field::Deceased | Field::Blocked | Field::Minor | Field::EmailInvalid | Field::PhoneInvalid
            )
    }

    /// Says whether the customer may be contacted, in a column of its own or in a note.
    pub const fn may_tell_standing(self) -> bool {
        self.is_standing() || matches!(self, Field::Notes)
    }

    /// Holds an answer about contacting the customer.
    pub const fn is_consent(self) -> bool {
        matches!(self, Field::Consent | Field::ConsentSms | Field::ConsentEmail | Field::ConsentCall)
            || self.is_refusal()
    }

    /// Holds a refusal to be contacted.
    pub const fn is_refusal(self) -> bool {
        matches!(self, Field::DoNotContact | Field::DoNotSms | Field::DoNotEmail | Field::DoNotCall | Field::OptedOutAt)
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
