//! The cells that are read.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};

use crate::generator::{self, Random, column};

/// Cells one behind the other in one text, as a column of a list is held.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    text: String,
    cells: Vec<(u32, u32, [u8; 2])>,
    /// The region is that of the list, which its rows do not name.
    of_one_region: bool,
}

/// A cell and the region in which it was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'a> {
    /// ISO 3166; `ZZ` for none.
    pub(crate) region: &'a str,
    /// What the row says of it: nothing in a list of one region.
    pub(crate) country: &'a str,
    pub(crate) raw: &'a str,
}

impl Cells {
    fn push(&mut self, region: &str, raw: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(raw);
        let mut letters = [b'Z'; 2];
        letters.copy_from_slice(region.as_bytes());
        self.cells.push((start, self.text.len() as u32, letters));
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Cell<'_>> {
        self.range(0, self.len())
    }

    pub(crate) fn range(&self, from: usize, to: usize) -> impl Iterator<Item = Cell<'_>> {
        self.cells[from..to].iter().map(|(start, end, region)| {
            let region = std::str::from_utf8(region).unwrap_or("ZZ");
            let country = if self.of_one_region { "" } else { region };
            Cell { region, country, raw: &self.text[*start as usize..*end as usize] }
        })
    }
}

/// Both phone columns of a generated Israeli list, damaged as such lists are; empty cells left out.
pub(crate) fn israeli() -> Cells {
    let mut cells = Cells { of_one_region: true, ..Cells::default() };
    for row in generator::list(generator::Options { rows: 60_000, ..Default::default() }) {
        for raw in [&row.cells[column::MOBILE], &row.cells[column::PHONE]] {
            if !raw.is_empty() {
                cells.push("IL", raw);
            }
        }
    }
    cells
}

/// Valid numbers of every region and kind of line, as people of the region, their friends abroad and machines write
/// them.
pub(crate) fn all_countries() -> Cells {
    const KINDS: [PhoneNumberType; 4] =
        [PhoneNumberType::Mobile, PhoneNumberType::FixedLine, PhoneNumberType::TollFree, PhoneNumberType::VoIP];
    let mut random = Random::at(20_261_122, 0);
    let mut regions: Vec<_> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
    regions.sort_by_key(|region| region.as_region_str().to_string());
    let mut cells = Cells::default();
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
        cells.push(&region.as_region_str(), &number.format_as(form));
    }
    cells
}

/// The reference's cells, each with its E.164 where it is valid.
pub(crate) fn reference() -> (Cells, Vec<Option<&'static str>>) {
    let text = include_str!("../../fixtures/phone/conformance.tsv");
    let mut cells = Cells::default();
    let mut answers = Vec::new();
    for row in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        cells.push(columns[2], columns[3]);
        answers.push((columns[8] == "1").then_some(columns[12]));
    }
    (cells, answers)
}
