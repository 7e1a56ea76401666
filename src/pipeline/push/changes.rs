//! Which cells of a table are to hold another value: the repairs of a run, and values that customers gave and that were accepted,
//! by the keys of its rows. Suggestions never are.

use std::collections::BTreeMap;

use csv::StringRecord;

use super::answers::{Answered, Answers, RULE};
use super::error::PushError;
use super::results::RunResults;
use crate::database::Change;
use crate::error::closest;
use crate::store::GivenValue;

/// What of a run's repairs is pushed.
#[derive(Debug, Clone, Copy)]
pub struct PushChoice<'c> {
    /// The columns by which a row is told from every other.
    pub key: &'c [String],
    /// The columns that are changed; all that have repairs or answers where it is empty.
    pub columns: &'c [String],
    /// Values that customers gave and that were accepted.
    pub answers: &'c [GivenValue],
}

impl PushChoice<'_> {
    /// Whether a column is one that is changed. A key never is: other tables refer to it.
    fn takes(&self, column: &str) -> bool {
        let is_chosen = self.columns.is_empty() || self.columns.iter().any(|own| own == column);
        is_chosen && self.key.iter().all(|own| own != column)
    }
}

/// A repair, as `changes.csv` has it.
struct Repair {
    column: String,
    before: String,
    after: String,
    codes: Vec<String>,
}

/// The repairs of a run, and accepted answers, as changes of its table, in the order of rows.
///
/// # Errors
/// When the results can't be read, or a column is not there.
pub fn changes_of(results: &RunResults, choice: PushChoice<'_>) -> Result<Vec<Change>, PushError> {
    if results.lists.len() != 1 {
        return Err(PushError::SeveralLists(results.lists.len()));
    }
    if choice.key.is_empty() {
        return Err(PushError::NoKey);
    }
    let Some(mut rows) = results.table("rows.csv")? else { return Ok(Vec::new()) };
    let header = rows.header()?;
    let column = |wanted: &str| {
        header.iter().position(|name| name == wanted).ok_or_else(|| PushError::NoColumn {
            column: wanted.to_owned(),
            closest: closest(wanted, header.iter().filter(|name| !name.starts_with("tiuv_"))).map(str::to_owned),
        })
    };
    let key: Vec<usize> = choice.key.iter().map(|name| column(name)).collect::<Result<_, _>>()?;
    choice.columns.iter().try_for_each(|name| column(name).map(drop))?;
    let number = column("tiuv_row")?;
    let repairs = repairs_of(results, choice)?;
    let answers = Answers::new(choice.answers, results, &header);
    let mut changes: Vec<Change> = Vec::new();
    let mut row = StringRecord::new();
    while rows.read(&mut row)? {
        let own = row.get(number).and_then(|number| number.parse::<u64>().ok());
        let own = own.and_then(|number| repairs.get(&number)).map_or(&[][..], Vec::as_slice);
        let answered: Vec<Answered<'_>> =
            answers.of_row(&row).into_iter().filter(|answer| choice.takes(answer.column)).collect();
        let key_values =
            || key.iter().map(|place| row.get(*place).unwrap_or_default().to_owned()).collect::<Vec<String>>();
        // What the customer said replaces what a rule made of the old value.
        for answer in &answered {
            changes.push(Change {
                key: key_values(),
                column: answer.column.to_owned(),
                before: row.get(answer.place).unwrap_or_default().to_owned(),
                after: answer.value.to_owned(),
                rule: RULE.to_owned(),
            });
        }
        for repair in own.iter().filter(|repair| answered.iter().all(|answer| answer.column != repair.column)) {
            // A column is changed as a whole; what was read of it stands in the row as it was.
            let raw = header.iter().position(|name| name == repair.column).and_then(|place| row.get(place));
            let Some(raw) = raw.filter(|raw| raw.trim() == repair.before.trim()) else { continue };
            changes.push(Change {
                key: key_values(),
                column: repair.column.clone(),
                before: raw.to_owned(),
                after: repair.after.clone(),
                rule: repair.codes.join(" "),
            });
        }
    }
    Ok(changes)
}

/// The repairs by the numbers of their rows; several rules of one cell are one repair.
fn repairs_of(results: &RunResults, choice: PushChoice<'_>) -> Result<BTreeMap<u64, Vec<Repair>>, PushError> {
    let mut repairs: BTreeMap<u64, Vec<Repair>> = BTreeMap::new();
    let Some(mut changes) = results.table("changes.csv")? else { return Ok(repairs) };
    let header = changes.header()?;
    let place = |name: &str| header.iter().position(|own| own == name);
    let names = ["row", "column", "kind", "code", "before", "after"];
    let mut places = [0; 6];
    for (place_of, name) in places.iter_mut().zip(names) {
        *place_of = place(name).ok_or_else(|| PushError::NoColumn { column: name.to_owned(), closest: None })?;
    }
    let mut row = StringRecord::new();
    while changes.read(&mut row)? {
        let [number, column, kind, code, before, after] = places.map(|place| row.get(place).unwrap_or_default());
        if kind != "repair" || !choice.takes(column) {
            continue;
        }
        let Ok(number) = number.parse::<u64>() else { continue };
        let own = repairs.entry(number).or_default();
        match own.iter_mut().find(|repair| repair.column == column) {
            Some(repair) => repair.codes.push(code.to_owned()),
            None => own.push(Repair {
                column: column.to_owned(),
                before: before.to_owned(),
                after: after.to_owned(),
                codes: vec![code.to_owned()],
            }),
        }
    }
    Ok(repairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CustomerId, GivenState};

    fn given(id: i64, customer: u64, field: &str, old: &str, new: &str) -> GivenValue {
        GivenValue {
            id,
            customer: CustomerId(customer),
            field: field.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
            source: "confirm".to_owned(),
            at: format!("2026-11-0{id}T10:00:00Z"),
            state: GivenState::Accepted,
            verified_at: None,
            decided_by: "person".to_owned(),
            note: String::new(),
            handed_over_at: None,
            list: String::new(),
            row_key: String::new(),
        }
    }

    /// A run of three rows: the second has a repair, the third a second number.
    fn results() -> (tempfile::TempDir, RunResults) {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).expect("written");
        let id = |number: u64| CustomerId(number).to_string();
        write(
            "rows.csv",
            &format!(
                "id,mobile,phone,email,tiuv_row,tiuv_customer\n1,050-2345601,,Dana@old.example,1,{}\n\
                 2,522345602,,,2,{}\n3,050-2345603,0502345603,,3,{}\n",
                id(1),
                id(2),
                id(3)
            ),
        );
        write(
            "changes.csv",
            "source,row,column,field,kind,code,confidence,before,after\n\
             a,2,mobile,mobile,repair,phone.repair.zero_restored,97,522345602,+972522345602\n\
             a,2,mobile,mobile,repair,phone.repair.other,97,522345602,+972522345602\n\
             a,1,email,email,suggestion,email.suggest.domain_typo,100,Dana@old.example,dana@odl.example\n",
        );
        let column = |(at, header, field)| format!(r#"{{"column":{at},"header":"{header}","field":"{field}"}}"#);
        let columns =
            [(0, "id", "id"), (1, "mobile", "mobile"), (2, "phone", "phone"), (3, "email", "email")].map(column);
        write(
            "run.json",
            &format!(r#"{{"run":"r","inputs":[{{"name":"a","mapping":{{"columns":[{}]}}}}]}}"#, columns.join(",")),
        );
        let results = RunResults::open(directory.path()).expect("opens");
        (directory, results)
    }

    fn changed(columns: &[&str], answers: &[GivenValue]) -> Vec<String> {
        let (_directory, results) = results();
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        let choice = PushChoice { key: &["id".to_owned()], columns: &columns, answers };
        let changes = changes_of(&results, choice).expect("read");
        let line = |change: &Change| {
            format!("{} {} {} {} {}", change.key[0], change.column, change.before, change.after, change.rule)
        };
        changes.iter().map(line).collect()
    }

    const REPAIR: &str = "2 mobile 522345602 +972522345602 phone.repair.zero_restored phone.repair.other";

    #[test]
    fn repairs_are_pushed_once_a_cell_and_suggestions_never() {
        assert_eq!(changed(&[], &[]), [REPAIR]);
        assert!(changed(&["email"], &[]).is_empty());
    }

    #[test]
    fn the_last_accepted_answer_goes_where_the_old_value_still_stands_and_before_a_repair() {
        let answers = [
            given(1, 1, "email", "dana@old.example", "dana@new.example"),
            given(2, 1, "email", "dana@old.example", "dana@newest.example"),
            given(3, 2, "phone", "+972522345602", "+972522345699"),
        ];
        assert_eq!(
            changed(&[], &answers),
            ["1 email Dana@old.example dana@newest.example answer", "2 mobile 522345602 +972522345699 answer",]
        );
        assert_eq!(changed(&["mobile"], &answers[..2]), [REPAIR]);
    }

    #[test]
    fn an_answer_about_a_value_that_is_gone_or_stands_twice_waits_for_a_person() {
        let gone = given(1, 1, "email", "other@old.example", "dana@new.example");
        let twice = given(2, 3, "phone", "+972502345603", "+972502345699");
        assert_eq!(changed(&[], &[gone, twice]), [REPAIR]);
    }
}
