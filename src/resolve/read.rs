//! `PeopleReader`: takes from batches what people are compared by.

use super::batch::Batch;
use super::whole_name::{FamilyLast, are_people};
use crate::record::{
    BatchValues, ColumnIndex, Detail, Field, Mapping, PeopleBatch, RawBatch, RowNumber, StandardBatch, StandardColumn,
    mix, text_hash,
};
use crate::rule::{EmailKeys, NameLists, PhoneKeys, ResolveRules, ResolveWords, RuleError, RuleFiles};
use crate::text::{plain_spelling, push_folded};

/// Reads batches of one list.
#[derive(Debug)]
pub struct PeopleReader {
    mapping: Mapping,
    phones: PhoneKeys,
    emails: EmailKeys,
    words: ResolveWords,
    family_last: FamilyLast,
    whole: WholeNames,
}

/// What the column of whole names is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WholeNames {
    /// There is none.
    Absent,
    /// Rows without given and family name take theirs from it.
    Beside,
    /// It holds people; their names are taken apart.
    Split,
    /// It holds shops, offices, places: kept whole.
    Kept,
}

impl PeopleReader {
    /// For a list with this mapping; `samples` are values of its column of whole names.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(
        files: &RuleFiles,
        rules: &ResolveRules,
        mapping: &Mapping,
        samples: &[String],
    ) -> Result<Self, RuleError> {
        let has = |field| mapping.column_of(field).is_some();
        let whole = match (has(Field::FullName), has(Field::FirstName) || has(Field::LastName)) {
            (false, _) => WholeNames::Absent,
            (true, true) => WholeNames::Beside,
            (true, false) if are_people(samples, &NameLists::load(files)?) => WholeNames::Split,
            (true, false) => WholeNames::Kept,
        };
        Ok(PeopleReader {
            mapping: mapping.clone(),
            phones: PhoneKeys::load(files)?,
            emails: EmailKeys::load(files)?,
            words: rules.words.clone(),
            family_last: FamilyLast::new(rules),
            whole,
        })
    }

    /// Whether standardizing this field is of use here.
    pub fn wants(field: Field) -> bool {
        !matches!(field, Field::Id | Field::Language | Field::Notes | Field::CreatedAt | Field::UpdatedAt)
            && !matches!(field, Field::LastPurchase | Field::Purchases | Field::TotalSpend)
            && !matches!(field, Field::ConsentWhatsapp | Field::PhoneLabel | Field::Company | Field::CompanyId)
            && !field.is_standing()
    }

    /// The comparable values of a batch. `key` is the column with the list's own keys.
    pub fn read(&self, raw: &RawBatch, standard: &StandardBatch, key: Option<ColumnIndex>) -> PeopleBatch {
        let rows = raw.len();
        let batch = Batch::new(raw, standard);
        let firms = self.firms(&batch);
        let mut columns = Vec::new();
        for (field, values) in [
            (Field::FullName, self.whole_names(&batch)),
            (Field::FirstName, self.part_of_name(&batch, Field::FirstName, &firms)),
            (Field::MiddleName, self.text(&batch, Field::MiddleName)),
            (Field::FatherName, self.text(&batch, Field::FatherName)),
            (Field::LastName, self.part_of_name(&batch, Field::LastName, &firms)),
            (Field::BirthDate, self.dates(&batch)),
            (Field::Email, self.emails(&batch)),
            (Field::Phone, self.phones(&batch)),
            (Field::NationalId, self.national_ids(&batch)),
            (Field::Postcode, self.postcodes(&batch)),
            (Field::City, self.cities(&batch)),
            (Field::Occupation, self.text(&batch, Field::Occupation)),
            (Field::Gender, self.text(&batch, Field::Gender)),
            (Field::Company, self.companies(&batch)),
        ] {
            if !values.is_empty() {
                columns.push((field, values));
            }
        }
        if let Some([streets, houses]) = self.streets(&batch) {
            columns.push((Field::Street, vec![streets]));
            columns.push((Field::HouseNumber, vec![houses]));
        }
        let numbers: Vec<RowNumber> = (0..rows).map(|row| raw.number(row)).collect();
        let hash = |row: usize| key.map_or(0, |key| text_hash(raw.cell(row, key)));
        PeopleBatch { numbers, keys: (0..rows).map(|row| mix(hash(row))).collect(), columns }
    }

    fn mapped(&self, field: Field) -> Option<ColumnIndex> {
        self.mapping.column_of(field)
    }

    /// Whole names as they stand: to be compared as such, or only to find rows by.
    fn whole_names(&self, batch: &Batch<'_>) -> Vec<BatchValues> {
        let Some(column) = self.mapped(Field::FullName) else { return Vec::new() };
        if self.whole == WholeNames::Split {
            return Vec::new();
        }
        batch.column(|row, text| {
            if !batch.is_placeholder(row, column) {
                push_folded(batch.raw.cell(row, column), text);
            }
        })
    }

    fn part_of_name(&self, batch: &Batch<'_>, field: Field, firms: &[Option<String>]) -> Vec<BatchValues> {
        let own = self.mapped(field).and_then(|column| batch.standard_column(field, column));
        let split = match self.whole {
            WholeNames::Split | WholeNames::Beside => {
                self.mapped(Field::FullName).and_then(|column| batch.standard_column(field, column))
            }
            _ => None,
        };
        if own.is_none() && split.is_none() {
            return Vec::new();
        }
        let others: Vec<&StandardColumn> = [Field::FirstName, Field::LastName]
            .into_iter()
            .filter_map(|field| batch.standard_column(field, self.mapped(field)?))
            .collect();
        batch.column(|row, text| {
            if let Some(firm) = &firms[row] {
                text.push_str(if field == Field::FirstName { firm } else { "" });
                return;
            }
            if let Some(own) = own.filter(|own| !batch.is_placeholder(row, own.column)) {
                push_folded(own.first(row), text);
            }
            // Only a row with neither name takes them from the whole one.
            let is_bare = || others.iter().all(|other| other.is_empty_at(row));
            if let Some(split) =
                split.filter(|split| text.is_empty() && is_bare() && !batch.is_placeholder(row, split.column))
            {
                push_folded(split.first(row), text);
                self.put_fathers_behind(batch, row, field, text);
            }
        })
    }

    /// The parts of a whole name whose family's name is the last of several words.
    fn put_fathers_behind(&self, batch: &Batch<'_>, row: usize, field: Field, text: &mut String) {
        if !self.family_last.is_written_so(text) {
            return;
        }
        let part = |field: Field| {
            let column = self.mapped(Field::FullName)?;
            Some(batch.standard_column(field, column)?.first(row))
        };
        let parts = || self.family_last.parts(part(Field::FirstName)?, part(Field::LastName)?, part(Field::FullName)?);
        if let Some((given, family)) = parts() {
            *text = if field == Field::FirstName { given } else { family };
        }
    }

    /// A row without a person's name is its firm, or a function of it ("Accounts payable, Ofek Metals"): that is what it is
    /// called. None for rows of persons.
    fn firms(&self, batch: &Batch<'_>) -> Vec<Option<String>> {
        let names = [Field::FullName, Field::FirstName, Field::LastName].into_iter().filter_map(|own| self.mapped(own));
        let (names, company): (Vec<ColumnIndex>, _) = (names.collect(), self.mapped(Field::Company));
        let mut name = String::new();
        let firm = |row: usize| {
            name.clear();
            for column in names.iter().filter(|column| !batch.is_placeholder(row, **column)) {
                let cell = batch.raw.cell(row, *column);
                if !name.is_empty() && !cell.is_empty() {
                    name.push(' ');
                }
                push_folded(cell, &mut name);
                // What begins with no word of a function is no function.
                if !name.is_empty() && !self.words.is_function_word(name.split(' ').next().unwrap_or_default()) {
                    return None;
                }
            }
            if !name.is_empty() && !self.words.is_function(&name) {
                return None;
            }
            let mut firm = String::new();
            if let Some(company) = company {
                firm.push_str(&name);
                self.push_company(batch.raw.cell(row, company), &mut firm);
            }
            Some(firm)
        };
        (0..batch.raw.len()).map(firm).collect()
    }

    /// The name of a company without the words for its legal form.
    fn push_company(&self, cell: &str, text: &mut String) {
        let mut name = String::new();
        push_folded(cell, &mut name);
        for word in name.split(' ').filter(|word| !word.is_empty() && !self.words.company.iter().any(|own| own == word))
        {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
    }

    fn text(&self, batch: &Batch<'_>, field: Field) -> Vec<BatchValues> {
        let Some(column) = self.mapped(field).and_then(|column| batch.standard_column(field, column)) else {
            return Vec::new();
        };
        batch.column(|row, text| {
            if !batch.is_placeholder(row, column.column) {
                push_folded(column.first(row), text);
            }
        })
    }

    /// Names of companies without the words for their legal forms.
    fn companies(&self, batch: &Batch<'_>) -> Vec<BatchValues> {
        let Some(column) = self.mapped(Field::Company) else { return Vec::new() };
        batch.column(|row, text| self.push_company(batch.raw.cell(row, column), text))
    }

    /// `YYYYMMDD`.
    fn dates(&self, batch: &Batch<'_>) -> Vec<BatchValues> {
        let field = Field::BirthDate;
        let Some(column) = self.mapped(field).and_then(|column| batch.standard_column(field, column)) else {
            return Vec::new();
        };
        batch.column(|row, text| {
            let date = column.first(row);
            let is_date = date.len() == 10 && date.bytes().filter(u8::is_ascii_digit).count() == 8;
            if batch.is_placeholder(row, column.column) {
                return;
            }
            // A day that does not exist still shows what it was meant to be.
            let date = if is_date { date } else { batch.raw.cell(row, column.column).trim() };
            if is_date || is_year_first(date) {
                text.extend(date.chars().filter(char::is_ascii_digit));
            }
        })
    }

    fn emails(&self, batch: &Batch<'_>) -> Vec<BatchValues> {
        batch.several(&[Field::Email], |address, _, text| self.emails.push_address(address, text))
    }

    /// The last nine digits: what is left of a number however its country code is written.
    fn phones(&self, batch: &Batch<'_>) -> Vec<BatchValues> {
        const DIGITS: usize = 9;
        const FEWEST: usize = 6;
        batch.several(&[Field::Mobile, Field::Phone], |number, raw, text| {
            let key = self.phones.key(number);
            let written = if key.is_empty() { raw } else { &key };
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            let digits = &digits[digits.len().saturating_sub(DIGITS)..];
            if digits.len() >= FEWEST {
                text.push_str(digits.trim_start_matches('0'));
            }
        })
    }

    /// Without leading zeros, which spreadsheets eat.
    fn national_ids(&self, batch: &Batch<'_>) -> Vec<BatchValues> {
        let field = Field::NationalId;
        let Some(column) = self.mapped(field).and_then(|column| batch.standard_column(field, column)) else {
            return Vec::new();
        };
        batch.column(|row, text| {
            if !batch.is_placeholder(row, column.column) {
                push_folded(column.first(row), text);
                text.retain(|letter| letter != ' ');
                text.drain(..text.len() - text.trim_start_matches('0').len());
            }
        })
    }

    fn postcodes(&self, batch: &Batch<'_>) -> Vec<BatchValues> {
        let columns = batch.with_parts(Field::Postcode, &[self.mapped(Field::Postcode), self.mapped(Field::Address)]);
        if columns.is_empty() {
            return Vec::new();
        }
        batch.column(|row, text| {
            let cell = columns.iter().map(|column| column.first(row)).find(|cell| !cell.is_empty());
            push_folded(cell.unwrap_or_default(), text);
            text.retain(|letter| letter != ' ');
        })
    }

    fn cities(&self, batch: &Batch<'_>) -> Vec<BatchValues> {
        let columns = batch.with_parts(Field::City, &[self.mapped(Field::City), self.mapped(Field::Address)]);
        if columns.is_empty() {
            return Vec::new();
        }
        batch.column(|row, text| {
            let Some(column) = columns.iter().find(|column| !column.is_empty_at(row)) else { return };
            match column.detail(row) {
                // A known place is one, in whatever language it is written, and like no other.
                Detail::Place(code) => push_place(u64::from(code), text),
                _ => push_folded(&plain_spelling(column.first(row)), text),
            }
        })
    }

    /// Streets without the words for kinds of streets, and house numbers.
    fn streets(&self, batch: &Batch<'_>) -> Option<[BatchValues; 2]> {
        let column = self.mapped(Field::Street).or(self.mapped(Field::Address))?;
        let standard = batch.standard_column(Field::Street, column);
        let houses = batch.with_parts(Field::HouseNumber, &[self.mapped(Field::HouseNumber), Some(column)]);
        let mut values = [BatchValues::default(), BatchValues::default()];
        let (mut text, mut house) = (String::new(), String::new());
        for row in 0..batch.raw.len() {
            text.clear();
            house.clear();
            let written = standard.map_or("", |standard| standard.first(row));
            if !batch.is_placeholder(row, column) {
                let street = if written.is_empty() { batch.raw.cell(row, column) } else { written };
                push_folded(&plain_spelling(street), &mut text);
            }
            let own = houses.iter().map(|column| column.first(row)).find(|cell| !cell.is_empty());
            push_folded(own.unwrap_or_default(), &mut house);
            let (street, number) = self.split_street(&text);
            values[0].push(&street);
            values[1].push(if house.is_empty() { number } else { house.split(' ').next().unwrap_or_default() });
        }
        Some(values)
    }

    /// The words of a street that tell it from others, and the first number in it.
    fn split_street<'a>(&self, text: &'a str) -> (String, &'a str) {
        let is_number = |word: &&str| word.as_bytes().first().is_some_and(u8::is_ascii_digit);
        let number = text.split(' ').find(is_number).unwrap_or_default();
        let is_kind = |word: &&str| self.words.street.iter().any(|kind| kind == word);
        let telling = |word: &&str| !is_number(word) && !is_kind(word);
        let words: Vec<&str> = text.split(' ').filter(telling).collect();
        let words = if words.is_empty() { text.split(' ').filter(|word| !is_number(word)).collect() } else { words };
        (words.join(" "), number)
    }
}

/// Whether a text has the form of `1984-02-31`, with any mark or none between the numbers.
fn is_year_first(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let numbers: Vec<usize> = text.split(|letter: char| !letter.is_ascii_digit()).map(str::len).collect();
    digits == 8 && (numbers == [8] || numbers == [4, 2, 2])
}

/// A place as a word that looks like no other place's.
fn push_place(code: u64, text: &mut String) {
    let mut letters = mix(code);
    for _ in 0..12 {
        text.push(char::from(b'a' + (letters % 26) as u8));
        letters /= 26;
    }
}
