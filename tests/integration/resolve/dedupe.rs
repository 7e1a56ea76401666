//! Finding the rows of one customer: laws that hold for every list, and lists made to break it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tiuv::record::{BatchValues, Field, PeopleBatch, PeopleTable, RowNumber};
use tiuv::resolve::{Constraints, Resolution, Resolver};
use tiuv::rule::Context;

use crate::support::generator::{Language, Options, csv, headers, list};
use crate::support::program::{AS_OF, Place, Ran};

const FIELDS: [Field; 5] = [Field::FirstName, Field::LastName, Field::BirthDate, Field::Email, Field::Phone];

type Person = [String; FIELDS.len()];

fn person(cells: [&str; FIELDS.len()]) -> Person {
    cells.map(str::to_owned)
}

/// A table of these people; the key of each is its place in `numbers`.
fn table(people: &[(u32, Person)]) -> PeopleTable {
    let mut columns: Vec<BatchValues> = FIELDS.iter().map(|_| BatchValues::default()).collect();
    for (_, person) in people {
        columns.iter_mut().zip(person).for_each(|(column, cell)| column.push(cell));
    }
    let mut table = PeopleTable::default();
    table.append(PeopleBatch {
        numbers: people.iter().map(|(number, _)| RowNumber::from_index(*number)).collect(),
        keys: people.iter().map(|(number, _)| u64::from(*number)).collect(),
        columns: FIELDS.into_iter().zip(columns.into_iter().map(|column| vec![column])).collect(),
    });
    table
}

fn resolve(people: &[(u32, Person)], constraints: &Constraints) -> Resolution {
    let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
    let resolver = Resolver::new(&context).expect("the shipped rules load");
    resolver.resolve(table(people), constraints).expect("the shipped rules load")
}

/// The clusters as sets of record numbers.
fn partition(resolution: &Resolution) -> BTreeSet<BTreeSet<u32>> {
    resolution.clusters.iter().map(|rows| rows.iter().map(|row| row.number() - 1).collect()).collect()
}

fn some_person() -> impl Strategy<Value = Person> {
    let pick = |values: &'static [&'static str]| proptest::sample::select(values).prop_map(str::to_owned);
    (
        pick(&["dana", "dan", "דנה", "yossi", "יוסי", "d", "", "robert", "bob"]),
        pick(&["levi", "לוי", "cohen", "levy", "ben david", ""]),
        pick(&["19840804", "19840408", "19710829", "", "19500101"]),
        pick(&["dana@x.co", "dana81@x.co", "yossi@y.co", "", ""]),
        pick(&["501234567", "501234568", "521112222", "", ""]),
    )
        .prop_map(|(first, last, birth, email, phone)| [first, last, birth, email, phone])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_in_one_cluster_whatever_the_order(people in proptest::collection::vec(some_person(), 0..40)) {
        let people: Vec<(u32, Person)> = (0..).zip(people).collect();
        let mut turned = people.clone();
        turned.reverse();
        let (one, other) = (resolve(&people, &Constraints::default()), resolve(&turned, &Constraints::default()));
        let rows: Vec<u32> = partition(&one).into_iter().flatten().collect();
        prop_assert_eq!(rows.len(), people.len());
        prop_assert_eq!(rows.into_iter().collect::<BTreeSet<_>>().len(), people.len());
        prop_assert_eq!(partition(&one), partition(&other));
        prop_assert_eq!(one.households.len(), one.clusters.len());
    }
}

/// Twenty people with two records each, and one stranger.
fn couples() -> Vec<(u32, Person)> {
    let mut people = Vec::new();
    for index in 0..20 {
        let (first, last) =
            (["dana", "yossi", "noa", "avi"][index % 4], ["levi", "cohen", "mizrahi", "peretz", "dahan"][index % 5]);
        let birth = format!("19{:02}{:02}{:02}", 40 + index, 1 + index % 12, 1 + index);
        let email = format!("{first}.{last}{}@x.co", 11 + index);
        let phone = format!("5{:08}", 20_345_678 + index * 7_919_111);
        people.push([first.to_owned(), last.to_owned(), birth.clone(), email.clone(), String::new()]);
        people.push([first.to_owned(), last.to_owned(), birth, email, phone]);
    }
    people.push(person(["robert", "stern", "19660612", "stern66@y.co", "529998877"]));
    (0..).zip(people).collect()
}

#[test]
fn two_records_of_one_person_become_one_customer() {
    let found = partition(&resolve(&couples(), &Constraints::default()));
    for index in 0..20 {
        assert!(found.contains(&BTreeSet::from([2 * index, 2 * index + 1])), "{index}: {found:?}");
    }
    assert_eq!(found.len(), 21);
}

#[test]
fn decisions_win_and_contradictions_are_told() {
    let row = RowNumber::from_index;
    let apart = Constraints { different: vec![(row(0), row(1))], ..Constraints::default() };
    assert!(!partition(&resolve(&couples(), &apart)).contains(&BTreeSet::from([0, 1])));
    let together = Constraints { same: vec![(row(0), row(40))], ..Constraints::default() };
    assert!(
        partition(&resolve(&couples(), &together)).iter().any(|cluster| cluster.contains(&0) && cluster.contains(&40))
    );
    let same = vec![(row(0), row(40)), (row(40), row(4))];
    let torn = Constraints { same, different: vec![(row(0), row(4))], ..Constraints::default() };
    let resolution = resolve(&couples(), &torn);
    assert_eq!(resolution.stats.contradictions, 1);
    assert!(!partition(&resolution).iter().any(|cluster| cluster.contains(&0) && cluster.contains(&4)));
}

#[test]
fn what_the_rules_leave_to_a_person_a_person_may_merge() {
    let row = RowNumber::from_index;
    let mut people = couples();
    people.push((41, person(["miriam", "stern", "", "stern66@y.co", "529998877"])));
    let alone = resolve(&people, &Constraints::default());
    assert!(partition(&alone).contains(&BTreeSet::from([40])), "one phone and one mailbox are a home's");
    assert!(alone.possible.iter().any(|link| [link.left, link.right] == [row(40), row(41)] || link.left == row(41)));
    let together = Constraints { same: vec![(row(40), row(41))], ..Constraints::default() };
    assert!(partition(&resolve(&people, &together)).contains(&BTreeSet::from([40, 41])));
}

#[test]
fn somebody_imported_many_times_is_one_customer_and_no_hot_value() {
    let mut people = couples();
    let again = people[40].1.clone();
    people.extend((41..70).map(|number| (number, again.clone())));
    let resolution = resolve(&people, &Constraints::default());
    assert_eq!(resolution.stats.hot_values, []);
    assert!(partition(&resolution).contains(&(40..70).collect()));
    let stats = &resolution.stats;
    assert_eq!((stats.copies, stats.copies_apart, stats.copies_left_out), (29, 0, 0));
}

#[test]
fn more_copies_than_a_customer_has_records_stay_apart_and_are_told() {
    let mut people = couples();
    let again = people[40].1.clone();
    people.extend((41..240).map(|number| (number, again.clone())));
    people.push((240, person(["robert", "stern", "19660612", "stern66@y.co", ""])));
    let resolution = resolve(&people, &Constraints::default());
    let stats = &resolution.stats;
    assert_eq!((stats.copies, stats.copies_apart, stats.copies_left_out), (199, 199, 199));
    assert_eq!(stats.largest_cluster, 2, "the first of them is still found as somebody's other record");
}

#[test]
fn the_evidence_of_every_link_adds_up_to_its_weight() {
    let resolution = resolve(&couples(), &Constraints::default());
    let weights = resolution.weights.expect("something was compared");
    assert!(resolution.links.len() >= 20);
    for link in &resolution.links {
        let evidence = weights.evidence(link.vector);
        let fields: i32 = evidence.fields.iter().map(|(_, _, bits)| bits).sum();
        assert_eq!((evidence.weight, evidence.start + fields + evidence.rest), (link.weight, link.weight));
    }
}

pub(super) fn dedupe(place: &Place, threads: &str) -> Ran {
    place.tiuv(
        &[
            &["dedupe", "list.csv", "--id", "id", "--format", "json", "--accept-mapping", "--threads", threads],
            &AS_OF[..],
        ]
        .concat(),
    )
}

/// The partition that `tiuv dedupe` writes, by the rows' own keys.
pub(super) fn written(ran: &Ran) -> BTreeSet<BTreeSet<String>> {
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let mut clusters: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for line in ran.stdout.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        clusters.entry(cells[1]).or_default().insert(cells[0].to_owned());
    }
    clusters.into_values().collect()
}

#[test]
fn the_order_of_rows_and_the_number_of_threads_change_nothing() {
    let options = Options { rows: 1500, seed: 7, language: Language::English, repeated: 250, ..Options::default() };
    let mut lines: Vec<String> = list(options)
        .map(|row| {
            let mut line = String::new();
            csv::push_record(&mut line, &row.cells, ',', "\n");
            line
        })
        .filter(|line| !line.trim_end().contains('\n'))
        .collect();
    let mut header = String::new();
    csv::push_record(&mut header, &headers(Language::English), ',', "\n");
    let key = header.split(',').next().unwrap_or_default().to_owned();
    let header = header.replacen(&key, "id", 1);
    let place = Place::new();
    place.write("list.csv", header.clone() + &lines.concat());
    let first = written(&dedupe(&place, "1"));
    assert!(first.iter().any(|cluster| cluster.len() > 1));
    for threads in ["2", "8"] {
        assert_eq!(written(&dedupe(&place, threads)), first, "{threads} threads");
    }
    lines.reverse();
    let middle = lines.len() / 3;
    lines.rotate_left(middle);
    place.write("list.csv", header + &lines.concat());
    assert_eq!(written(&dedupe(&place, "2")), first, "another order");
}

#[test]
fn lists_made_to_break_it_end_soon_and_without_giant_clusters() {
    let header = "id,first_name,last_name,email,phone,birth_date,city\n";
    let rows = |count: usize, row: &dyn Fn(usize) -> String| -> String { (0..count).map(row).collect() };
    let cases: [(&str, String); 8] = [
        ("one row", "1,Dana,Levi,dana81@walla.co.il,0502345678,1984-08-04,Haifa\n".to_owned()),
        (
            "two rows",
            "1,Dana,Levi,dana81@walla.co.il,0502345678,1984-08-04,Haifa\n2,Dana,Levi,,0502345678,1984-08-04,\n"
                .to_owned(),
        ),
        ("all alike", rows(3000, &|row| format!("{row},Dana,Levi,dana81@walla.co.il,0502345678,1984-08-04,Haifa\n"))),
        ("one phone", rows(3000, &|row| format!("{row},F{row},L{row},,0502345678,,Haifa\n"))),
        ("one surname", rows(3000, &|row| format!("{row},F{},Cohen,,,,C{}\n", row % 300, row % 7))),
        ("one key", rows(300, &|row| format!("1,F{row},L{row},f{row}@x.co,,,\n"))),
        ("no key", rows(300, &|row| format!(",F{row},L{row},f{row}@x.co,,,\n"))),
        ("nothing but keys", rows(300, &|row| format!("{row},,,,,,\n"))),
    ];
    let place = Place::new();
    place.write("list.csv", header);
    let ran = dedupe(&place, "2");
    assert!(ran.exit == Some(3) && ran.stderr.contains("no rows"), "no row: {}", ran.stderr);
    for (what, body) in cases {
        let place = Place::new();
        place.write("list.csv", format!("{header}{body}"));
        let ran = dedupe(&place, "2");
        assert_eq!(ran.exit, Some(0), "{what}: {}", ran.stderr);
        assert_eq!(ran.stdout.lines().count(), body.lines().count() + 1, "{what}");
        let stats: serde_json::Value = serde_json::from_str(&ran.stderr).expect("an account");
        let largest = stats["account"]["largest_cluster"].as_u64().expect("a number");
        assert!(largest <= 100, "{what}: {largest}");
        let compared = stats["account"]["blocking"]["pairs"].as_u64().expect("a number");
        assert!(compared <= 2_250_000, "{what}: {compared}");
    }
}
