//! What golden records promise of all members.

use proptest::prelude::*;

use super::*;
use crate::record::{
    CellOut, CheckedBatch, ColumnIndex, Consent, Day, Detail, RowNumber, StandardBatchBuilder, StandardColumn,
    Standing, Verdict,
};

const FIELDS: [Field; 12] = [
    Field::FirstName,
    Field::LastName,
    Field::Email,
    Field::Mobile,
    Field::Phone,
    Field::BirthDate,
    Field::Street,
    Field::HouseNumber,
    Field::City,
    Field::ConsentSms,
    Field::DoNotContact,
    Field::UpdatedAt,
];

/// Stands between the values of a cell.
const AND: &str = " and ";

fn survivorship(region: &str) -> Survivorship<'static> {
    let context = Context::shipped(region, jiff::civil::date(2026, 11, 21));
    let catalog = Box::leak(Box::new(Catalog::load(&context.files).expect("the shipped rules load")));
    Survivorship::new(&context, catalog, Box::leak(Box::default())).expect("the shipped rules load")
}

/// A batch of one row; `verdict` is that of its contacts.
fn batch(cells: &[String], verdict: Verdict) -> CheckedBatch {
    let mut builder = StandardBatchBuilder::new(vec![RowNumber::from_index(0)]);
    let mut verdicts = Vec::new();
    for (index, (field, cell)) in FIELDS.iter().zip(cells).enumerate() {
        let column = ColumnIndex(index as u16);
        let consent = match cell.as_str() {
            "?" => Some(Consent::Unknown),
            "no" if *field == Field::ConsentSms => Some(Consent::No),
            "yes" if *field == Field::DoNotContact => Some(Consent::No),
            "yes" => Some(Consent::Yes),
            _ => None,
        };
        let detail = match (field.is_consent(), field.is_date() && !cell.is_empty()) {
            (true, _) => consent.map_or(Detail::None, |consent| Standing::of_any(consent).into()),
            (_, true) => Detail::Date(Day::new(cell[8..].parse().expect("a day"))),
            _ => Detail::None,
        };
        if *field == Field::Email || field.is_phone() {
            verdicts.push((column, vec![if cell.is_empty() { Verdict::Empty } else { verdict }]));
        }
        let mut out = CellOut::default();
        out.push_value(detail, |_| {});
        for value in cell.split(AND).filter(|value| !["", "?"].contains(value)) {
            out.push_value(detail, |text| text.push_str(value));
        }
        let mut standard = StandardColumn::with_capacity(*field, column, 1, 0);
        standard.push(&out);
        builder.push_column(standard);
    }
    CheckedBatch::new(builder.finish(), verdicts, Vec::new())
}

fn row() -> impl Strategy<Value = (Vec<String>, Verdict)> {
    let one_of = |values: &'static [&'static str]| prop::sample::select(values).prop_map(str::to_owned);
    let cells = vec![
        one_of(&["", "דנה", "Dana", "D", "נועה"]).boxed(),
        one_of(&["", "לוי", "Levi"]).boxed(),
        one_of(&["", "a@x.co", "A@x.co", "b@x.co and c@x.co", "c@x.co"]).boxed(),
        one_of(&["", "+97250", "+97252 and +97250"]).boxed(),
        one_of(&["", "+97250", "+9724"]).boxed(),
        one_of(&["", "1984-03-07", "1984-03-08"]).boxed(),
        one_of(&["", "הרצל", "ביאליק"]).boxed(),
        one_of(&["", "1", "2"]).boxed(),
        one_of(&["", "חיפה", "לוד"]).boxed(),
        one_of(&["", "yes", "no", "?"]).boxed(),
        one_of(&["", "yes", "no", "?"]).boxed(),
        one_of(&["", "2020-01-01", "2020-01-02", "2020-01-03"]).boxed(),
    ];
    (cells, prop::sample::select(&[Verdict::Ok, Verdict::Review, Verdict::Invalid][..]))
}

fn members(batches: &[CheckedBatch]) -> Vec<Member<'_>> {
    batches
        .iter()
        .enumerate()
        .map(|(index, batch)| Member { batch, row: 0, list: index as u32 / 2, is_answer: false })
        .collect()
}

/// All values of a member for a field of golden records.
fn values_of(survivorship: &Survivorship, batch: &CheckedBatch, field: Field) -> Vec<String> {
    let columns = batch.standard().columns().iter().filter(|column| survivorship.filled_by(column.field) == field);
    columns.flat_map(|column| column.values(0)).map(str::to_owned).collect()
}

proptest! {
    #[test]
    fn every_value_is_of_the_member_named_and_none_is_lost(rows in prop::collection::vec(row(), 1..6)) {
        let survivorship = survivorship("IL");
        let batches: Vec<_> = rows.iter().map(|(cells, verdict)| batch(cells, *verdict)).collect();
        let golden = survivorship.golden(&members(&batches));
        let fields: Vec<Field> = survivorship.fields().map(|(field, _)| field).collect();
        for value in &golden.values {
            let all = std::iter::once((value.value, value.member)).chain(value.alternates.iter().map(|a| (a.value, a.member)));
            for (text, member) in all.filter(|(text, _)| !text.is_empty()) {
                prop_assert!(values_of(&survivorship, &batches[member], value.field).contains(&text.to_owned()));
            }
        }
        for field in fields {
            let golden = golden.value(field);
            let kept: Vec<String> = golden
                .into_iter()
                .flat_map(|value| std::iter::once(value.value).chain(value.alternates.iter().map(|a| a.value)))
                .map(str::to_lowercase)
                .collect();
            for value in batches.iter().flat_map(|batch| values_of(&survivorship, batch, field)) {
                prop_assert_eq!(kept.iter().filter(|kept| **kept == value.to_lowercase()).count(), 1, "{} {}", field, value);
            }
        }
    }

    #[test]
    fn a_refusal_always_survives(rows in prop::collection::vec(row(), 1..6)) {
        let survivorship = survivorship("IL");
        let batches: Vec<_> = rows.iter().map(|(cells, verdict)| batch(cells, *verdict)).collect();
        let golden = survivorship.golden(&members(&batches));
        for (place, field, refusal) in [(9, Field::ConsentSms, "no"), (10, Field::DoNotContact, "yes")] {
            if rows.iter().any(|(cells, _)| cells[place] == refusal) {
                prop_assert_eq!(golden.value(field).map(|value| value.value), Some(refusal));
            }
        }
    }

    #[test]
    fn an_unusable_contact_stands_only_where_there_is_no_other(rows in prop::collection::vec(row(), 1..6)) {
        let survivorship = survivorship("IL");
        let batches: Vec<_> = rows.iter().map(|(cells, verdict)| batch(cells, *verdict)).collect();
        let golden = survivorship.golden(&members(&batches));
        for (field, places) in [(Field::Email, &[2][..]), (Field::Phone, &[3, 4][..])] {
            let has = |cells: &[String]| places.iter().any(|place| !cells[*place].is_empty());
            let usable = rows.iter().any(|(cells, verdict)| *verdict == Verdict::Ok && has(cells));
            if let Some(value) = golden.value(field).filter(|_| usable) {
                prop_assert_eq!(rows[value.member].1, Verdict::Ok);
            }
        }
    }

    #[test]
    fn what_a_step_decides_does_not_depend_on_the_order_of_rows(rows in prop::collection::vec(row(), 1..6)) {
        let survivorship = survivorship("GB");
        let batches: Vec<_> = rows.iter().map(|(cells, verdict)| batch(cells, *verdict)).collect();
        let there: Vec<Member<'_>> = batches.iter().map(|batch| Member { batch, row: 0, list: 0, is_answer: false }).collect();
        let back: Vec<Member<'_>> = there.iter().rev().copied().collect();
        let (there, back) = (survivorship.golden(&there), survivorship.golden(&back));
        prop_assert_eq!(&there.conflicts, &back.conflicts);
        for value in there.values.iter().filter(|value| matches!(value.by, ChosenBy::Preference(_))) {
            let other = back.value(value.field).map(|other| other.value.to_lowercase());
            prop_assert_eq!(Some(value.value.to_lowercase()), other, "{} by {:?}", value.field, value.by);
        }
    }

    #[test]
    fn fields_of_an_address_come_from_one_row_or_from_rows_that_agree(rows in prop::collection::vec(row(), 1..6)) {
        let survivorship = survivorship("IL");
        let batches: Vec<_> = rows.iter().map(|(cells, verdict)| batch(cells, *verdict)).collect();
        let golden = survivorship.golden(&members(&batches));
        let parts: Vec<_> = [Field::Street, Field::HouseNumber, Field::City]
            .iter()
            .filter_map(|field| golden.value(*field))
            .collect();
        let chosen: Vec<usize> = parts.iter().filter(|part| part.by != ChosenBy::Filled).map(|part| part.member).collect();
        prop_assert!(chosen.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", parts);
        for filled in parts.iter().filter(|part| part.by == ChosenBy::Filled) {
            let own = &batches[filled.member];
            let agrees = parts.iter().filter(|part| {
                let value = own.standard().cell(0, part.field);
                part.field != filled.field && value == part.value
            });
            prop_assert!(agrees.count() > 0, "{:?}", parts);
        }
    }
}

#[test]
fn of_nobody_there_is_no_record() {
    assert_eq!(survivorship("IL").golden(&[]), GoldenRecord::default());
}
