//! Localities, by the shipped lists.

use super::{AddressStandardizer, CellContext, push_spaced};
use crate::finding::Code;
use crate::record::{CellOut, Detail};
use crate::rule::{Found, Locality};
use crate::text::PlaceKey;
use crate::text::script::has_hebrew;

impl AddressStandardizer {
    pub(super) fn read_city(&self, text: &str, context: CellContext<'_>, out: &mut CellOut) {
        let Some(places) = self.places(context) else { return push_spaced(&mut out.display, text) };
        if let Some(found) = places.find(text) {
            out.detail = Detail::Place(found.locality.code);
            if found.is_official {
                return out.display.push_str(text);
            }
            if self.is_alias(found, text) {
                out.mark_with(Code::AddressRepairCityAlias, self.rules.alias_confidence);
            }
            return push_city(&mut out.display, found, text);
        }
        push_spaced(&mut out.display, text);
        match places.find_slip(text) {
            Some(locality) => {
                out.mark_with(Code::AddressSuggestCityTypo, self.rules.slip_confidence);
                out.suggestion.push_str(name_in_script_of(locality, text));
            }
            None => out.mark(Code::AddressUnknownCity),
        }
    }

    /// Whether the official name differs by more than spaces, hyphens, quotes and case.
    pub(super) fn is_alias(&self, found: Found<'_>, text: &str) -> bool {
        let official = name_in_script_of(found.locality, text);
        !found.is_part && PlaceKey::plain(official).as_bytes() != PlaceKey::plain(text).as_bytes()
    }
}

/// Writes the official name; a quarter's name says more than its town's and stays.
pub(super) fn push_city(target: &mut String, found: Found<'_>, text: &str) {
    if found.is_part {
        push_spaced(target, text);
    } else {
        target.push_str(name_in_script_of(found.locality, text));
    }
}

/// In the script that was written; what is written in neither is in that of the country.
fn name_in_script_of<'a>(locality: &'a Locality, text: &str) -> &'a str {
    let is_latin = !has_hebrew(text) && text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if is_latin { &locality.english } else { &locality.hebrew }
}
