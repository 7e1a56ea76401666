//! Whose laws and customs hold when somebody is asked, and by which clocks: the customer's own country, else the one in which
//! the number really is. A calling code is no country: +1 is of twenty, +44 of four.

use jiff::tz::TimeZone;

use crate::record::{ContactKind, ContactPoint};
use crate::rule::{Area, Etiquette, OutreachRules};
use crate::standardize::numbering::region_of;

/// The laws and customs that hold for one contact, and the clocks by which its hours must be right.
#[derive(Debug, Clone, Copy)]
pub struct Law<'a> {
    /// Laws and customs.
    pub etiquette: &'a Etiquette,
    /// ISO 3166: whose they are.
    pub country: &'a str,
    /// ISO 3166: where the contact is, as far as it tells.
    pub place: &'a str,
    /// Where a number is.
    area: Option<&'a Area>,
}

/// What hours depend on: a country, and the first digits of a number that is of another one.
pub type Clocks<'a> = (&'a str, &'a str);

impl PartialEq for Law<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.clocks() == other.clocks() && self.place == other.place
    }
}

impl<'a> Law<'a> {
    /// By a customer's country (empty where nobody knows it, and then `region`) and a contact; none where no rules tell of that
    /// country.
    pub fn of(rules: &'a OutreachRules, home: &str, region: &str, kind: ContactKind, value: &str) -> Option<Self> {
        let of_number = if kind == ContactKind::Phone { country_of_number(rules, value) } else { None };
        let (etiquette, country) = match (kind, home) {
            // A number that nobody can place may be anywhere.
            (ContactKind::Phone, "") => rules.country(of_number?)?,
            (ContactKind::Email, "") => rules.country(region)?,
            (_, home) => rules.country(home)?,
        };
        let law = Law { etiquette, country, place: country, area: None };
        Some(match kind {
            ContactKind::Email => law,
            ContactKind::Phone => Law { place: of_number.unwrap_or(country), area: rules.areas.of(value), ..law },
        })
    }

    /// The law of a row of the outbox, which keeps whose rules held when it was planned.
    pub fn of_row(rules: &'a OutreachRules, country: &str, kind: ContactKind, value: &str) -> Option<Self> {
        if country.is_empty() { None } else { Law::of(rules, country, country, kind, value) }
    }

    /// The law of a country, whatever the contact.
    pub fn of_country(rules: &'a OutreachRules, country: &str) -> Option<Self> {
        Law::of(rules, country, country, ContactKind::Email, "")
    }

    /// The zones in which an hour must be right: all of the country, as a mobile number says nothing of where in it its owner
    /// lives, and those of the number where it is of another country.
    pub fn zones(&self) -> impl Iterator<Item = &'a TimeZone> + use<'a> {
        let abroad = self.area_abroad().map_or(&[][..], Area::zones);
        self.etiquette.zones(self.country).iter().chain(abroad)
    }

    /// The zone whose time is shown: the number's own where its first digits tell one, else the country's first.
    pub fn shown_zone(&self) -> Option<&'a TimeZone> {
        match self.area.map(Area::zones) {
            Some([zone]) => Some(zone),
            _ => self.etiquette.zones(self.country).first(),
        }
    }

    /// Equal for equal hours.
    pub fn clocks(&self) -> Clocks<'a> {
        (self.country, self.area_abroad().map_or("", Area::prefix))
    }

    fn area_abroad(&self) -> Option<&'a Area> {
        self.area.filter(|_| self.place != self.country)
    }
}

/// A customer's country as far as anything tells of it: what its list says, else where its first number is; empty where it has
/// none.
pub fn home<'p>(rules: &'p OutreachRules, country: &'p str, contacts: &[ContactPoint]) -> &'p str {
    if !country.is_empty() {
        return country;
    }
    let number = contacts.iter().find(|contact| contact.kind == ContactKind::Phone);
    number.map_or("", |number| country_of_number(rules, &number.value).unwrap_or(NOWHERE))
}

/// ISO 3166: leaves it to users, who take it for "not known".
pub const NOWHERE: &str = "ZZ";

/// The country in which a number is, by the ranges of its plan.
fn country_of_number<'r>(rules: &'r OutreachRules, e164: &str) -> Option<&'r str> {
    let listed = rules.policy.numbers_of.iter().find(|(prefix, _)| e164.starts_with(prefix.as_str()));
    listed.map(|(_, country)| country.as_str()).or_else(|| region_of(e164))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn rules() -> OutreachRules {
        OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form")
    }

    #[test]
    fn the_customers_country_comes_before_that_of_the_number_and_both_clocks_count() {
        let rules = rules();
        for (home, value, country, place, clocks, shown) in [
            ("", "+972502345678", "IL", "IL", "", "Asia/Jerusalem"),
            ("IL", "+12126041234", "IL", "US", "+1212", "America/New_York"),
            ("US", "+16716461234", "US", "GU", "+1671", "Pacific/Guam"),
            ("", "+16716461234", "GU", "GU", "", "Pacific/Guam"),
            ("US", "+18086041234", "US", "US", "", "Pacific/Honolulu"),
            ("US", "+19076041234", "US", "US", "", "America/New_York"),
            ("FR", "+262692123456", "FR", "RE", "+26269", "Indian/Reunion"),
            ("DE", "dana@example.org", "DE", "DE", "", "Europe/Berlin"),
            ("", "dana@example.org", "IL", "IL", "", "Asia/Jerusalem"),
        ] {
            let law = Law::of(&rules, home, "IL", ContactKind::of_text(value), value).expect("rules ship");
            assert_eq!((law.country, law.place, law.clocks().1), (country, place, clocks), "{home} {value}");
            assert_eq!(law.shown_zone().and_then(TimeZone::iana_name), Some(shown), "{home} {value}");
        }
        let held = [
            ("CA", "+12126041234"),
            ("", "+14166041234"),
            ("", "+972592345678"),
            (NOWHERE, "+972502345678"),
            ("", "+1"),
        ];
        for (home, number) in held {
            assert!(Law::of(&rules, home, "IL", ContactKind::Phone, number).is_none(), "{home} {number}");
        }
    }

    #[test]
    fn a_customer_without_a_country_is_where_its_first_number_is() {
        let rules = rules();
        let [mail, canada, israel] = ["dana@example.org", "+14166041234", "+972502345678"].map(ContactPoint::plain);
        assert_eq!(home(&rules, "", &[mail.clone(), canada.clone(), israel.clone()]), "CA");
        assert_eq!(home(&rules, "IL", std::slice::from_ref(&canada)), "IL");
        assert_eq!(home(&rules, "", std::slice::from_ref(&mail)), "");
        assert_eq!(home(&rules, "", &[ContactPoint::plain("+12020000001")]), NOWHERE, "+1 is of many");
    }
}
