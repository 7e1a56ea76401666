//! Places: localities, countries, and the words of addresses.

mod countries;
mod localities;
mod words;

pub use countries::Countries;
pub use localities::{Found, Localities, Locality};
pub use words::{AddressRules, PostcodeForm, SpoiltNumbers};
