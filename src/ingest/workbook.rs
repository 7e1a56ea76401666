//! Which sheet of a workbook is the list: the one whose table is most like one of customers.

use std::collections::HashSet;

use super::canonical::Converted;
use super::columns::map_columns;
use super::error::{IngestError, IngestProblem};
use super::list::InputFacts;
use super::options::{IngestOptions, SourceRules};
use super::sheet::{SheetKind, SheetTable, read_tables};
use super::source::Opened;
use super::text::Text;
use crate::record::OtherSheet;

impl Opened {
    /// Opens the sheet that was asked for, or the one most like a list of customers, and says what is left.
    pub(super) fn workbook(
        text: &Text,
        kind: SheetKind,
        facts: InputFacts,
        options: &IngestOptions,
        rules: &SourceRules,
    ) -> Result<Opened, IngestError> {
        let name = facts.name.clone();
        let tables = read_tables(text, kind, options.sheet.as_deref(), &name, &rules.ingest)?;
        let mut candidates: Vec<Candidate> =
            tables.sheets.into_iter().map(|sheet| Candidate::open(sheet, &facts, options, rules)).collect();
        // A pivot table beside a list is no reason to leave the list alone.
        let is_only_pivot = |candidate: &Candidate| candidate.is_pivot && candidate.fields < 2;
        if options.sheet.is_none() && candidates.iter().all(is_only_pivot) {
            return Err(IngestError::new(name, IngestProblem::NoTable { what: "a pivot table" }));
        }
        let best = (0..candidates.len()).max_by_key(|index| (candidates[*index].rank(), std::cmp::Reverse(*index)));
        let Some(best) = best else { return Err(IngestError::empty(&name)) };
        let chosen = candidates.remove(best);
        let mut opened = chosen.opened;
        opened.counts_from_1904 = tables.counts_from_1904;
        opened.facts.sheet = Some(chosen.name.clone());
        opened.facts.remarks = remarks(&chosen.name, &chosen.others, chosen.spread, &candidates);
        let other = |Candidate { name, titles, .. }| OtherSheet { name, titles };
        opened.facts.other_sheets = candidates.into_iter().map(other).collect();
        Ok(opened)
    }
}

/// A sheet that may be the list.
struct Candidate {
    name: String,
    is_visible: bool,
    is_pivot: bool,
    rows: u32,
    spread: u64,
    others: Vec<String>,
    opened: Opened,
    /// Different things of a customer that its columns hold.
    fields: usize,
    /// Titles above its header.
    titles: Vec<String>,
}

impl Candidate {
    fn open(sheet: SheetTable, facts: &InputFacts, options: &IngestOptions, rules: &SourceRules) -> Candidate {
        let SheetTable { name, is_visible, is_pivot, text, lines, rows, first_column, spread, others } = sheet;
        let converted = Converted { text, lines, quarantined: Vec::new() };
        let mut opened = Opened::canonical(converted, facts.clone(), &rules.ingest);
        // What stands in the first row of a sheet may be a title.
        opened.names_columns = false;
        opened.first_column = first_column;
        let (fields, titles) = opened.fields_and_titles(options, rules);
        Candidate { name, is_visible, is_pivot, rows, spread, others, opened, fields, titles }
    }

    /// How much it is like a list of customers: what its columns hold counts most, then how many rows it has, each time
    /// doubled. What is hidden is looked at only where nothing else has any field.
    fn rank(&self) -> (bool, u32, u32) {
        let doubled = u32::BITS - self.rows.leading_zeros();
        (self.is_visible && self.fields > 0, self.fields as u32 * doubled, self.rows)
    }
}

impl Opened {
    /// How many different fields its columns are taken for, and the titles above its header, which is left to be read again.
    fn fields_and_titles(&mut self, options: &IngestOptions, rules: &SourceRules) -> (usize, Vec<String>) {
        let body = self.body;
        let found = self.find_table(options, rules).ok();
        let mapped = found.as_ref().and_then(|found| {
            let samples = self.sample(&found.shape, rules.columns.sample_rows);
            map_columns(&found.names, &samples, &rules.columns, &[]).ok()
        });
        self.body = body;
        let fields = mapped.iter().flat_map(|mapping| mapping.columns()).filter_map(|column| column.field);
        let titles = found.into_iter().flat_map(|found| found.shape.lines.titles).collect();
        (fields.collect::<HashSet<_>>().len(), titles)
    }
}

fn remarks(sheet: &str, others: &[String], spread: u64, left: &[Candidate]) -> Vec<String> {
    const NAMED: usize = 5;
    let mut remarks = Vec::new();
    if !left.is_empty() {
        let named: Vec<String> = left
            .iter()
            .take(NAMED)
            .map(|other| {
                format!("\"{}\" ({} rows{})", other.name, other.rows, if other.is_visible { "" } else { ", hidden" })
            })
            .collect();
        let more = if left.len() > NAMED { ", …" } else { "" };
        remarks.push(format!("sheet \"{sheet}\" is read; not read: {}{more}; --sheet names another", named.join(", ")));
    }
    if let Some(first) = others.first() {
        remarks.push(format!(
            "sheet \"{sheet}\" has other tables at {}, which are not read; read one with --sheet '{sheet}!{first}'",
            others.join(", ")
        ));
    }
    if spread > 0 {
        remarks.push(format!("sheet \"{sheet}\": {spread} cells stand merged with the one above and are read as it"));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::List;
    use crate::ingest::archive::zip;
    use crate::rule::RuleFiles;

    /// A workbook of sheets with rows of texts; the second one is hidden, and a pivot table may stand on the first.
    fn workbook(sheets: &[(&str, &[&[&str]])], has_pivot: bool) -> Vec<u8> {
        let mut names = String::new();
        let mut relations = String::new();
        let mut parts: Vec<(String, String)> = Vec::new();
        for (number, (name, rows)) in (1..).zip(sheets) {
            let state = if number == 2 { " state=\"hidden\"" } else { "" };
            names.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>"));
            relations.push_str(&format!(
                "<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
                 Target=\"worksheets/sheet{number}.xml\"/>"
            ));
            let cell = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
            let row = |cells: &&[&str]| format!("<row>{}</row>", cells.iter().map(cell).collect::<String>());
            let rows: String = rows.iter().map(row).collect();
            let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
            parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
        }
        parts.insert(0, ("[Content_Types].xml".to_owned(), "<Types></Types>".to_owned()));
        let package = "<Relationships><Relationship Id=\"rId1\" \
            Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
            Target=\"xl/workbook.xml\"/></Relationships>";
        parts.push(("_rels/.rels".to_owned(), package.to_owned()));
        parts.push(("xl/workbook.xml".to_owned(), format!("<workbook><sheets>{names}</sheets></workbook>")));
        parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{relations}</Relationships>")));
        if has_pivot {
            parts.push(("xl/pivotTables/pivotTable1.xml".to_owned(), "<pivotTableDefinition/>".to_owned()));
            let relations = "<Relationships><Relationship Id=\"rId1\" \
                Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotTable\" \
                Target=\"../pivotTables/pivotTable1.xml\"/></Relationships>";
            parts.push(("xl/worksheets/_rels/sheet1.xml.rels".to_owned(), relations.to_owned()));
        }
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
        zip(&parts)
    }

    fn open(bytes: Vec<u8>) -> Result<List, IngestError> {
        List::from_bytes("book.xlsx", bytes, &IngestOptions::default(), &RuleFiles::embedded())
    }

    const PIVOT: &[&[&str]] =
        &[&["Row Labels", "Count of key"], &["Haifa", "3"], &["Acre", "2"], &["Grand Total", "5"]];
    const RAIN: &[&[&str]] =
        &[&["quarter", "rainfall"], &["1", "10"], &["2", "20"], &["3", "30"], &["4", "40"], &["5", "50"], &["6", "60"]];
    const CUSTOMERS: &[&[&str]] =
        &[&["id", "first name", "last name", "mobile"], &["1", "Dana", "Cohen", "050-2345678"]];
    const LONGER: &[&[&str]] = &[
        &["id", "first name", "last name", "mobile"],
        &["1", "Dana", "Cohen", "050-2345678"],
        &["2", "Noa", "Levi", "052-3456789"],
    ];

    #[test]
    fn the_sheet_most_like_a_list_of_customers_is_read() {
        for (sheets, chosen) in [
            (vec![("A", RAIN), ("B", LONGER), ("C", CUSTOMERS)], "C"),
            (vec![("A", CUSTOMERS), ("B", RAIN), ("C", LONGER)], "C"),
            (vec![("A", CUSTOMERS), ("B", RAIN), ("C", CUSTOMERS)], "A"),
            (vec![("A", RAIN), ("B", CUSTOMERS)], "B"),
        ] {
            let list = open(workbook(&sheets, false)).expect("a list");
            assert_eq!(list.facts().sheet.as_deref(), Some(chosen), "{:?}", list.facts().remarks);
            assert!(list.facts().remarks[0].contains(&format!("sheet \"{chosen}\" is read")));
        }
    }

    #[test]
    fn titles_of_sheets_that_are_not_read_are_known() {
        let below: Vec<&[&str]> =
            std::iter::once(&["Left us, do not contact"] as &[&str]).chain(CUSTOMERS.iter().copied()).collect();
        let list = open(workbook(&[("Members", LONGER), ("2024", &below), ("2025", RAIN)], false)).expect("a list");
        let of = |name: &str, titles: &[&str]| OtherSheet {
            name: name.to_owned(),
            titles: titles.iter().map(|title| (*title).to_owned()).collect(),
        };
        assert_eq!(list.facts().other_sheets, [of("2024", &["Left us, do not contact"]), of("2025", &[])]);
    }

    #[test]
    fn nobody_gets_the_number_of_a_table_beside_the_list() {
        let rows: &[&[&str]] = &[
            &["id", "name", "mobile", "mail", "", "courier", "phone", "contact"],
            &["1", "Noa Gal", "050-2345678", "noa@example.com", "", "Swift Bikes", "04-6938271", "Rami Paz"],
            &["2", "Tal Or", "052-3456789", "tal@example.com", "", "Red Vans", "03-5482736", "Sima Dan"],
            &["3", "Gil Paz", "", "gil@example.com", "", "Blue Cars", "03-5482737", "Orly Gal"],
            &["4", "Adi Dan", "", "adi@example.com"],
            &["5", "Ron Lev", "", "ron@example.com"],
        ];
        let list = open(workbook(&[("L", rows)], false)).expect("a list");
        let mapping = list.mapping();
        let phones = mapping.columns().iter().filter(|column| column.field.is_some_and(crate::record::Field::is_phone));
        let phones: Vec<&str> = phones.map(|column| column.header.as_str()).collect();
        let told = mapping.columns().iter().any(|column| column.hint == Some(crate::record::ColumnHint::OtherTable))
            || list.facts().remarks.iter().any(|remark| remark.contains("other tables at"));
        assert!(phones == ["mobile"] && told, "{phones:?} {:?}", list.facts().remarks);
    }

    #[test]
    fn a_pivot_table_alone_is_no_list_and_beside_one_it_is_left_alone() {
        let error = open(workbook(&[("P", PIVOT)], true)).expect_err("no list");
        assert!(error.to_string().contains("only a pivot table"), "{error}");
        for sheets in [vec![("L", CUSTOMERS), ("P", PIVOT)], vec![("P", PIVOT), ("X", PIVOT), ("L", CUSTOMERS)]] {
            let list = open(workbook(&sheets, true)).expect("a list");
            assert_eq!(list.facts().sheet.as_deref(), Some("L"));
        }
    }
}
