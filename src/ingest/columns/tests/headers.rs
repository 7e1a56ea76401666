//! Headers of other people's lists in eight languages, each with three values and perhaps a column beside it.

use std::collections::BTreeMap;

use super::*;

const TABLE: &str = include_str!("../../../../fixtures/lists/headers.tsv");
/// So many rows each list has.
const ROWS: usize = 12;

/// One row of the table.
struct Case<'t> {
    header: &'t str,
    values: Vec<&'t str>,
    /// The right fields, the best first; `none` where the column is to be left alone.
    fields: Vec<&'t str>,
    language: &'t str,
    beside: Vec<(&'t str, Vec<&'t str>)>,
}

impl<'t> Case<'t> {
    fn all(table: &'t str) -> Vec<Case<'t>> {
        table.lines().skip(1).filter(|line| !line.is_empty()).map(Case::read).collect()
    }

    fn read(line: &'t str) -> Case<'t> {
        let mut cells = line.split('\t').chain(std::iter::repeat(""));
        let mut next = || cells.next().unwrap_or_default();
        let (header, samples, fields, language, _, beside) = (next(), next(), next(), next(), next(), next());
        let beside = beside.split_once(": ").map(|(header, values)| (header, values.split(";;").collect()));
        Case {
            header,
            values: samples.split('|').map(str::trim).collect(),
            fields: fields.split('|').map(|field| field.trim().trim_start_matches("new: ")).collect(),
            language,
            beside: beside.into_iter().collect(),
        }
    }

    fn map(&self, rules: &ColumnRules) -> ColumnMapping {
        let rows = |values: &[&str]| values.iter().cycle().take(ROWS).map(|value| (*value).to_owned()).collect();
        let mut header = vec![self.header.to_owned()];
        let mut columns: Vec<Vec<String>> = vec![rows(&self.values)];
        for (beside, values) in &self.beside {
            header.push((*beside).to_owned());
            columns.push(rows(values));
        }
        map_columns(&header, &Samples::new(columns), rules, &[]).expect("nothing given").columns()[0].clone()
    }

    /// Whether this is about contact, a key or a contact: taken wrongly without a word, it does harm.
    fn matters(&self) -> bool {
        self.fields.iter().filter_map(|field| Field::parse(field)).any(harms)
    }
}

fn harms(field: Field) -> bool {
    field.is_standing() || field.is_phone() || matches!(field, Field::Email | Field::Id)
}

/// How many of each language were right, and how many there are.
type ByLanguage = BTreeMap<String, (usize, usize)>;

/// What was taken wrongly, a line each; those of it that nobody was told of; and the counts.
fn wrong(table: &str, rules: &ColumnRules) -> (Vec<String>, Vec<String>, ByLanguage) {
    let (mut wrong, mut silent) = (Vec::new(), Vec::new());
    let mut by_language = ByLanguage::new();
    for case in Case::all(table) {
        let mapped = case.map(rules);
        let field = mapped.field.map_or("none", Field::as_str);
        let is_right = case.fields.contains(&field);
        let count = by_language.entry(case.language.to_owned()).or_default();
        *count = (count.0 + usize::from(is_right), count.1 + 1);
        if is_right {
            continue;
        }
        let is_told = mapped.unread
            || mapped.hint.is_some()
            || mapped.field.is_some() && mapped.confidence.as_percent() < rules.stop_below;
        let line = format!(
            "{:<34} {:<22} not {:<30} {} % {:?} {}",
            case.header,
            field,
            case.fields.join("|"),
            mapped.confidence.as_percent(),
            mapped.hint,
            case.values.join(" | "),
        );
        if !is_told && (case.matters() || mapped.field.is_some_and(harms)) {
            silent.push(line.clone());
        }
        wrong.push(line);
    }
    (wrong, silent, by_language)
}

#[test]
fn headers_of_other_peoples_lists_are_understood_and_none_that_matters_is_mistaken_without_a_word() {
    let (wrong, silent, counts) = wrong(TABLE, &RULES);
    let all: usize = counts.values().map(|(_, all)| all).sum();
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    assert!(wrong.len() * 100 <= all * 2, "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
}

/// `TIUV_HEADERS=FILE cargo test --lib columns::tests::headers::score -- --ignored` scores another table of this form and names
/// what was taken wrongly; `TIUV_RULES=DIR` tries other rules.
#[test]
#[ignore = "needs a table"]
fn score() {
    let rules = ColumnRules::load(&RuleFiles::on_trial()).unwrap_or_else(|error| panic!("{error}"));
    let path = std::env::var("TIUV_HEADERS").expect("TIUV_HEADERS names a table");
    let table = std::fs::read_to_string(&path).expect("a readable table");
    let (wrong, silent, counts) = wrong(&table, &rules);
    let (right, all) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let said =
        format!("wrong:\n{}\nwithout a word:\n{}\n{right} of {all}, {counts:?}", wrong.join("\n"), silent.join("\n"));
    assert!(wrong.is_empty(), "{said}");
}
