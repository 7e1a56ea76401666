//! The cells that are read.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};

use crate::generator::{self, Random, column};

/// A cell and the region in which it was written.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) region: String,
    /// What the row says of it: nothing in a list of one region.
    pub(crate) country: String,
    pub(crate) raw: String,
}

/// Both phone columns of a generated Israeli list, damaged as such lists are; empty cells left out.
pub(crate) fn israeli() -> Vec<Cell> {
    let rows = generator::list(generator::Options { rows: 60_000, ..Default::default() });
    rows.flat_map(|row| [row.cells[column::MOBILE].clone(), row.cells[column::PHONE].clone()])
        .filter(|raw| !raw.is_empty())
        .map(|raw| Cell { region: "IL".to_owned(), country: String::new(), raw })
        .collect()
}

/// Valid numbers of every region and kind of line, as people of the region, their friends abroad and machines write
/// them.
pub(crate) fn all_countries() -> Vec<Cell> {
    const KINDS: [PhoneNumberType; 4] =
        [PhoneNumberType::Mobile, PhoneNumberType::FixedLine, PhoneNumberType::TollFree, PhoneNumberType::VoIP];
    let mut random = Random::at(20_261_122, 0);
    let mut regions: Vec<_> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
    regions.sort_by_key(|region| region.as_region_str().to_string());
    let mut cells = Vec::new();
    while cells.len() < 60_000 {
        let region = *random.pick(&regions);
        let kind = *random.pick(&KINDS);
        let Ok(mut number) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind) else { continue };
        number.national_number = number.national_number / 1_000 * 1_000 + random.below(1_000);
        if !number.is_valid() {
            continue;
        }
        let form = match random.below(4) {
            0 => PhoneNumberFormat::International,
            1 => PhoneNumberFormat::E164,
            _ => PhoneNumberFormat::National,
        };
        let raw = number.format_as(form).into_owned();
        let region = region.as_region_str().to_string();
        cells.push(Cell { country: region.clone(), region, raw });
    }
    cells
}

/// The reference's cells, each with its E.164 where it is valid.
pub(crate) fn reference() -> Vec<(Cell, Option<String>)> {
    let text = include_str!("../../fixtures/phone/conformance.tsv");
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let cell = Cell { region: cells[2].to_owned(), country: cells[2].to_owned(), raw: cells[3].to_owned() };
        (cell, (cells[8] == "1").then(|| cells[12].to_owned()))
    })
    .collect()
}
