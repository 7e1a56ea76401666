//! What the columns beside a column say of it, and what their headers hold of other words.

use super::*;
use crate::record::ColumnHint;

const LABELS: &[&str] = &["fax", "home", "mobile", "work"];

#[test]
fn labels_under_a_general_header_are_known_by_their_values_beside_a_telephone() {
    for name in ["Type", "Kind", "סוג", "Вид", "نوع", "Art", "Label"] {
        let mapping = map(&["phone", name], &samples(&[LANDLINES, LABELS]));
        assert_eq!(fields(&mapping), [Some(Field::Phone), Some(Field::PhoneLabel)], "{name}");
        assert_eq!(mapping.label_of(ColumnIndex(0)), Some(ColumnIndex(1)), "{name}");
    }
    for (name, values) in [
        ("type", &["private", "business", "private", "company"]),
        ("kind", &["gold", "silver", "gold", "gold"]),
        ("type", &["Haifa", "mobile", "Lod", "Acre"]),
    ] {
        let mapping = map(&["phone", name], &samples(&[LANDLINES, values]));
        assert_eq!(fields(&mapping), [Some(Field::Phone), None], "{values:?}");
    }
    let apart = map(&["phone", "city", "type"], &samples(&[LANDLINES, NAMES, LABELS]));
    assert_eq!(fields(&apart)[2], None, "no telephone stands beside it");
}

#[test]
fn letters_for_answers_are_answers_and_what_they_say_is_asked_where_nobody_knows() {
    let asked = |name: &str, values: &[&str]| {
        let mapping = map(&[name], &samples(&[values]));
        (mapping.columns()[0].field, mapping.columns()[0].unread)
    };
    assert_eq!(asked("Werbung", &["J", "N", "N", "J", "J"]), (Some(Field::Consent), false));
    assert_eq!(asked("Publicité", &["O", "N", "O", "O"]), (None, true));
    assert_eq!(asked("Werbung", &["Google", "Freunde", "Radio", "Messe"]), (None, false));
}

#[test]
fn a_parent_is_not_the_child_that_a_row_is_about_and_stands_in_for_it_where_nothing_else_does() {
    let of = |names: &[&str], values: &[&[&str]]| {
        let mapping = map(names, &samples(values));
        mapping.columns().iter().map(|column| (column.field, column.hint)).collect::<Vec<_>>()
    };
    let (own, other) = (None, (None, Some(ColumnHint::SomebodyElse)));
    for (pupil, parent, phone) in [
        ("שם התלמיד", "שם ההורה", "טלפון"),
        ("שם החניך", "שמות ההורים", "נייד"),
        ("Pupil's name", "Name of guardian", "Mobile"),
        ("ФИО ученика", "ФИО родителя", "Телефон"),
        ("Name des Schülers", "Name der Erziehungsberechtigten", "Handy"),
    ] {
        let found = of(&[pupil, parent, phone], &[FULL_NAMES, FULL_NAMES, MOBILES]);
        assert_eq!(found[..2], [(Some(Field::FullName), own), other], "{pupil}");
        assert!(found[2].0.is_some_and(Field::is_phone), "{phone}");
    }
    let parts =
        of(&["שם התלמיד", "שם פרטי הורה", "שם משפחה של ההורה", "נייד הורה"], &[FULL_NAMES, NAMES, NAMES, MOBILES]);
    assert_eq!(parts[1..3], [other, other], "its parts are no parts of the child's name");
    assert_eq!(parts[3], (Some(Field::Mobile), Some(ColumnHint::Unsure)), "nobody else is reached");
    let both = of(&["שם התלמיד", "נייד", "נייד הורה"], &[FULL_NAMES, MOBILES, MOBILES]);
    assert_eq!(both[1..], [(Some(Field::Mobile), own), other]);
    let alone = of(&["Parent name", "phone"], &[FULL_NAMES, MOBILES]);
    assert_eq!(alone[0], (Some(Field::FullName), Some(ColumnHint::Unsure)));
}

#[test]
fn counts_under_a_way_to_reach_somebody_are_no_answers() {
    let asked = |name: &str, values: &[&str]| {
        let mapping = map(&[name], &samples(&[values]));
        (mapping.columns()[0].field, mapping.columns()[0].unread)
    };
    for name in ["Calls logged", "Mails opened", "SMS credit", "שיחות שנענו", "Отправлено SMS"] {
        assert_eq!(asked(name, &["0", "1", "0", "3", "1", "8", "2", "1"]), (None, false), "{name}");
    }
    for name in ["Digital receipts by email", "Phone app installed", "Email receipts", "Payslips by mail"] {
        assert_eq!(asked(name, &["yes", "no", "yes"]), (None, false), "{name}");
    }
    assert_eq!(asked("Email?", &["yes", "no", "yes"]), (None, true), "nobody knows to what");
    for values in [&["0", "1", "1", "0"][..], &["1", "2", "3", "2"]] {
        assert_eq!(asked("Mails zorba", values), (None, true), "{values:?}: codes of answers nobody knows");
    }
}

#[test]
fn nobody_and_no_place_is_called_yes_and_no() {
    for name in ["First name", "שם משפחה", "Name", "Nachname", "Город"] {
        let column = map(&[name], &samples(&[&["yes", "no", "", "yes"]])).columns()[0].clone();
        assert_eq!((column.field, column.hint), (None, Some(ColumnHint::Answers)), "{name}");
    }
    // One is somebody's name.
    assert_eq!(fields(&map(&["Last name"], &samples(&[&["No", "Kim", "Park"]]))), [Some(Field::LastName)]);
}

#[test]
fn columns_behind_a_blank_one_are_of_another_table_unless_they_hold_the_same() {
    let (names, others) = (&["Noa Gal", "Tal Or", "Adi Paz"], &["Rami Dan", "Sima Lev", "Orly Gil"]);
    let (phones, more) =
        (&["050-2345678", "052-3456789", "054-3456789"], &["053-2345678", "053-3456789", "053-4567890"]);
    let hints = |values: &[&[&str]], names: &[&str]| -> Vec<(Option<ColumnHint>, bool)> {
        map(names, &samples(values)).columns().iter().map(|column| (column.hint, column.unread)).collect()
    };
    let header = ["id", "mail", "name", "phone", "column 5", "name 2", "phone 2", "do not call"];
    let (keys, mails) = (&["K1", "K2", "K3"], &["noa@example.com", "tal@example.com", "adi@example.com"]);
    let (blank, answers) = (&["", "", ""], &["yes", "no", "no"]);
    let apart = hints(&[keys, mails, names, phones, blank, others, more, answers], &header);
    assert_eq!(apart[5..7], [(Some(ColumnHint::OtherTable), false); 2]);
    assert_eq!(apart[7], (Some(ColumnHint::OtherTable), true), "nobody is asked until somebody says whose it is");
    for (between, numbers) in [(blank, phones), (&["x", "", "y"], more)] {
        let one = hints(&[keys, mails, names, phones, between, others, numbers, answers], &header);
        assert!(one.iter().all(|(hint, _)| *hint != Some(ColumnHint::OtherTable)), "{one:?}");
    }
    let given = Given { header: header[7].to_owned(), field: None };
    let header: Vec<String> = header.map(str::to_owned).into();
    let values = samples(&[keys, mails, names, phones, blank, others, more, answers]);
    let mapping = map_columns(&header, &values, &RULES, &[given]).expect("fits");
    let said = &mapping.columns()[7];
    assert_eq!((said.field, said.basis, said.unread), (None, Some(MappingBasis::Given), false), "as somebody said");
    assert_eq!(said.hint, Some(ColumnHint::OtherTable));
}

#[test]
fn each_of_several_telephones_has_the_label_right_beside_it() {
    let columns = samples(&[MOBILES, LABELS, LANDLINES, LABELS]);
    let mapping = map(&["phone", "type", "phone 2", "kind"], &columns);
    let labels = [0, 2].map(|column| mapping.label_of(ColumnIndex(column)));
    assert_eq!(labels, [Some(ColumnIndex(1)), Some(ColumnIndex(3))]);
}

#[test]
fn a_word_that_begins_like_another_is_not_that_one() {
    for name in ["Phonetic Given Name", "phonetic last name", "Phonetischer Vorname", "Фонетическое имя", "Yomi Name"]
    {
        for values in [&[][..], NAMES] {
            assert_eq!(fields(&map(&[name], &samples(&[values]))), [None], "{name} {values:?}");
        }
    }
    for name in ["Cellophane", "Emailleware", "Mobilesque"] {
        assert_eq!(fields(&map(&[name], &samples(&[&["", ""]]))), [None], "{name}");
    }
    assert_eq!(fields(&map(&["Cell phones"], &samples(&[&["", ""]]))), [Some(Field::Mobile)]);
    let quarters: &[&str] = &["الشرقي", "وادي النسناس", "الحليصة", "الكروم"];
    for (name, values) in [("الحي", quarters), ("الحي", &[]), ("Living", &["north wing", "garden", "roof", "attic"])]
    {
        assert_eq!(fields(&map(&[name], &samples(&[values]))), [None], "{name} {values:?}");
    }
    assert_eq!(fields(&map(&["alive"], &samples(&[&["yes", "no", "yes", "yes"]]))), [Some(Field::Deceased)]);
}

#[test]
fn a_column_of_surnames_or_firms_is_one_of_names_and_told_as_unsure() {
    for (name, field) in [
        ("שם משפחה / שם חברה", Field::LastName),
        ("שם או חברה", Field::FullName),
        ("Surname or business name", Field::LastName),
        ("Nachname/Firma", Field::LastName),
        ("Nom ou société", Field::FullName),
        ("Фамилия или компания", Field::LastName),
        ("الاسم أو الشركة", Field::FullName),
        ("ФАМИЛИЯ ИЛИ КОМПАНИЯ", Field::LastName),
    ] {
        let mapping = map(&[name], &samples(&[FULL_NAMES]));
        assert_eq!(
            (fields(&mapping), mapping.columns()[0].hint),
            (vec![Some(field)], Some(ColumnHint::Unsure)),
            "{name}"
        );
    }
    for name in ["Company name", "Firmenname", "שם חברה", "company / organization"] {
        assert_eq!(fields(&map(&[name], &samples(&[FULL_NAMES]))), [Some(Field::Company)], "{name}");
    }
}
