//! What columns are taken for, by header and by value.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::*;
use crate::error::{Exit, Explain};
use crate::rule::RuleFiles;

mod headers;
mod neighbours;

static RULES: LazyLock<Arc<ColumnRules>> =
    LazyLock::new(|| ColumnRules::load(&RuleFiles::embedded()).expect("the shipped rules load"));

fn header(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Columns of values, each repeated to be enough to judge by.
fn samples(columns: &[&[&str]]) -> Samples {
    let many = |values: &&[&str]| values.iter().cycle().take(values.len() * 10).map(|v| (*v).to_owned()).collect();
    Samples::new(columns.iter().map(many).collect())
}

fn fields(mapping: &Mapping) -> Vec<Option<Field>> {
    mapping.columns().iter().map(|column| column.field).collect()
}

fn map(texts: &[&str], values: &Samples) -> Mapping {
    map_columns(&header(texts), values, &RULES, &[]).expect("nothing given")
}

fn given(texts: &[&str], said: &[&str]) -> Result<Mapping, MappingError> {
    let said = said.iter().map(|text| Given::parse(text)).collect::<Result<Vec<_>, _>>()?;
    map_columns(&header(texts), &Samples::default(), &RULES, &said)
}

const EMAILS: &[&str] = &["dana@example.com", "noam.levi@example.co.il", "", "x@example.org"];
const MOBILES: &[&str] = &["050-1234567", "0521234567", "+972 54-123-4567", "972501234567"];
const LANDLINES: &[&str] = &["03-1234567", "(02) 123-4567", "+44 20 7946 0018", "08 1234567"];
const NINE_DIGITS: &[&str] = &["123456782", "000000018", "501234567", "031234567"];
const NAMES: &[&str] = &["דנה", "נועם", "Olga", "محمد"];
const FULL_NAMES: &[&str] = &["דנה כהן", "נועם בר לב", "Olga Ivanova"];
const DATES: &[&str] = &["01.02.1990", "12/11/1975", "1980-03-04", "05-06-2001"];

#[test]
fn unnamed_columns_are_taken_by_values_that_leave_no_doubt() {
    for name in ["", "x", "Column1", "עמודה3", "Unnamed: 4", "Field 7", "столбец 2", "7"] {
        for (values, field) in [
            (EMAILS, Some(Field::Email)),
            (MOBILES, Some(Field::Mobile)),
            (LANDLINES, Some(Field::Phone)),
            (NINE_DIGITS, None),
            (NAMES, None),
            (DATES, None),
            (&["", " "], None),
            (&["12", "7.5", "1,200"], None),
        ] {
            let mapping = map(&[name], &samples(&[values]));
            assert_eq!(fields(&mapping), [field], "{name:?} {values:?}");
            assert_eq!(mapping.columns()[0].basis, field.map(|_| MappingBasis::Values));
        }
    }
}

#[test]
fn few_values_decide_where_they_all_agree_and_it_is_said() {
    let few = |values: &[&str]| Samples::new(vec![header(values)]);
    for (name, values, field) in [
        ("x", EMAILS, Some(Field::Email)),
        ("SMS", MOBILES, Some(Field::Mobile)),
        ("Kontakt", &["dana@example.com"], Some(Field::Email)),
        ("x", &["dana@example.com", "by post"], None),
    ] {
        let mapping = map(&[name], &few(values));
        assert_eq!(fields(&mapping), [field], "{name} {values:?}");
    }
    let column = map(&["x"], &few(EMAILS)).columns()[0].clone();
    assert_eq!((column.confidence.as_percent(), column.hint), (65, Some(ColumnHint::Unsure)));
    let kept = map(&["phone"], &few(&["ask his wife"])).columns()[0].clone();
    assert_eq!(
        (kept.field, kept.hint),
        (Some(Field::Phone), Some(ColumnHint::Unsure)),
        "one strange value stops no run"
    );
}

#[test]
fn columns_left_alone_that_may_matter_are_told() {
    let emails = |name: &str| map(&[name, "email"], &samples(&[EMAILS, EMAILS])).columns()[0].hint;
    assert_eq!(emails("Account manager email"), Some(ColumnHint::SomebodyElse));
    assert_eq!(emails("קשקוש"), Some(ColumnHint::LooksLike(Field::Email)));
    assert_eq!(map(&["Quiz passed"], &samples(&[&["yes", "no"]])).columns()[0].hint, Some(ColumnHint::Answers));
    let towns = map(&["עיר", "city"], &Samples::default());
    assert_eq!(towns.columns()[1].hint, Some(ColumnHint::Second(Field::City)));
    let said = given(&["email"], &["none=email"]).expect("fits");
    assert_eq!((said.columns()[0].basis, said.columns()[0].hint), (Some(MappingBasis::Given), None));
}

#[test]
fn one_header_means_what_its_values_and_neighbours_say() {
    let keys: &[&str] = &["T60001", "T60002", "T60003"];
    for (name, values, field) in [
        ("Contact", FULL_NAMES, Field::FullName),
        ("Contact", EMAILS, Field::Email),
        ("Customer", keys, Field::Id),
        ("CUSTNAME", keys, Field::Id),
        ("CUSTNAME", FULL_NAMES, Field::FullName),
        ("SMS", MOBILES, Field::Mobile),
        ("SMS", &["yes", "no"], Field::ConsentSms),
        ("SMS", &["2024-03-01 10:00", "2023-11-30"], Field::ConsentSms),
        ("Kunde", &["Ofek GmbH", "Galim AG"], Field::Company),
    ] {
        assert_eq!(fields(&map(&[name], &samples(&[values]))), [Some(field)], "{name} {values:?}");
    }
    let pair = |names: [&str; 2]| fields(&map(&names, &samples(&[NAMES, NAMES])));
    assert_eq!(pair(["Nombre", "Apellidos"]), [Some(Field::FirstName), Some(Field::LastName)]);
    assert_eq!(pair(["Nom", "Prénom"]), [Some(Field::LastName), Some(Field::FirstName)]);
}

#[test]
fn mixed_mobile_and_fixed_lines_are_phones() {
    let mixed: Vec<&str> = MOBILES.iter().chain(LANDLINES).copied().collect();
    assert_eq!(fields(&map(&[""], &samples(&[&mixed]))), [Some(Field::Phone)]);
}

#[test]
fn values_that_plainly_contradict_the_header_win_with_less_confidence() {
    for (name, values, field) in [
        ("טלפון", EMAILS, Field::Email),
        ("ת.ז", EMAILS, Field::Email),
        ("שם פרטי", EMAILS, Field::Email),
        ("email", MOBILES, Field::Mobile),
        ("עיר", MOBILES, Field::Mobile),
        ("תאריך לידה", MOBILES, Field::Mobile),
    ] {
        let mapping = map(&[name], &samples(&[values]));
        let column = &mapping.columns()[0];
        assert_eq!((column.field, column.basis), (Some(field), Some(MappingBasis::Values)), "{name}");
        assert!(column.confidence.as_percent() < 70 && doubtful(&mapping, &RULES).is_empty(), "{name}");
    }
}

#[test]
fn values_that_agree_or_say_nothing_leave_the_header_alone() {
    for (name, values, field) in [
        ("טלפון", MOBILES, Field::Phone),
        ("נייד", LANDLINES, Field::Mobile),
        ("תאריך לידה", DATES, Field::BirthDate),
        ("תאריך לידה", &["29221", "30000.0", "19800304"], Field::BirthDate),
        ("ת.ז", NINE_DIGITS, Field::NationalId),
        ("שם פרטי", NAMES, Field::FirstName),
        ("full name", FULL_NAMES, Field::FullName),
        ("דיוור", &["כן", "לא", "1", "01/02/2024"], Field::Consent),
        ("phone", &["9.72501E+11", "", "אין", "050 123 4567; 03-1234567"], Field::Phone),
        ("מיקוד", &["9412301", "61000", "SW1A 1AA"], Field::Postcode),
        ("email", &["", ""], Field::Email),
    ] {
        let mapping = map(&[name], &samples(&[values]));
        assert_eq!(fields(&mapping), [Some(field)], "{name}");
        assert_eq!(mapping.columns()[0].confidence.as_percent(), 99, "{name}");
    }
}

#[test]
fn shortened_words_of_a_header_are_understood() {
    let keys = &["1101", "1102", "1107", "1109"];
    assert_eq!(fields(&map(&["Mitgl.-Nr."], &samples(&[keys]))), [Some(Field::Id)]);
    for name in ["Тел. конт. лица", "телефон контактных лиц"] {
        let mapping = map(&[name], &samples(&[LANDLINES]));
        assert_eq!((fields(&mapping), mapping.columns()[0].hint), (vec![Some(Field::Phone)], None), "{name}");
    }
    assert_eq!(fields(&map(&["Конт. лицо"], &samples(&[FULL_NAMES]))), [Some(Field::FullName)]);
}

#[test]
fn a_header_that_may_mean_much_means_what_its_values_are() {
    for (values, field) in [(FULL_NAMES, Field::FullName), (LANDLINES, Field::Phone)] {
        let mapping = map(&["name"], &samples(&[values]));
        let column = &mapping.columns()[0];
        assert_eq!((column.field, column.confidence.as_percent()), (Some(field), 80));
    }
}

#[test]
fn a_plain_header_over_values_of_no_known_kind_is_doubtful() {
    let mapping = map(&["phone", "email"], &samples(&[NAMES, EMAILS]));
    let doubtful = doubtful(&mapping, &RULES);
    assert_eq!(doubtful.iter().map(|column| column.header.as_str()).collect::<Vec<_>>(), ["phone"]);
    assert_eq!(doubtful[0].field, Some(Field::Phone));
}

#[test]
fn a_status_of_contact_that_is_told_by_codes_alone_is_not_understood() {
    let column = |cells: &[&str]| {
        let mapping = map(&["newsletter status"], &samples(&[cells]));
        let column = &mapping.columns()[0];
        (column.field, column.unread)
    };
    assert_eq!(column(&["1", "2", "", "3"]), (None, true));
    assert_eq!(column(&["A7", "B2"]), (None, true));
    assert_eq!(column(&["0", "1"]), (None, true), "nobody knows which of them refused");
    assert_eq!(column(&["1", "unsubscribed"]), (Some(Field::ContactStatus), false));
    assert_eq!(column(&["yes", "no"]), (Some(Field::ContactStatus), false));
    assert_eq!(column(&["", ""]), (Some(Field::ContactStatus), false));
}

#[test]
fn unknown_words_need_the_values_and_no_named_column_beside() {
    let mother = "טלפון אמא";
    assert_eq!(fields(&map(&[mother], &Samples::default())), [None]);
    assert_eq!(fields(&map(&[mother], &samples(&[MOBILES]))), [Some(Field::Phone)]);
    assert_eq!(fields(&map(&["קשקוש"], &samples(&[EMAILS]))), [Some(Field::Email)]);
    assert_eq!(fields(&map(&["קשקוש", "מייל"], &samples(&[EMAILS, EMAILS]))), [None, Some(Field::Email)]);
    assert_eq!(fields(&map(&["", "מייל"], &samples(&[EMAILS, EMAILS]))), [Some(Field::Email), Some(Field::Email)]);
    assert_eq!(fields(&map(&["שם נציג", "agent email"], &samples(&[EMAILS, EMAILS]))), [None, None]);
}

#[test]
fn a_field_found_twice_goes_to_the_surer_column_then_to_the_first() {
    let none = Samples::default();
    assert_eq!(fields(&map(&["עיר", "city"], &none)), [Some(Field::City), None]);
    assert_eq!(fields(&map(&["main city", "city"], &none)), [None, Some(Field::City)]);
    assert_eq!(fields(&map(&["Phone 1", "Phone 2"], &none)), [Some(Field::Phone), Some(Field::Phone)]);
    let loser = &map(&["עיר", "city"], &none).columns()[1].clone();
    assert_eq!((loser.basis, loser.confidence.as_percent()), (None, 0));
}

#[test]
fn a_plain_name_beside_a_family_name_is_the_given_name_unless_it_holds_both() {
    let none = Samples::default();
    assert_eq!(fields(&map(&["שם", "שם משפחה"], &none)), [Some(Field::FirstName), Some(Field::LastName)]);
    assert_eq!(fields(&map(&["Name", "surname"], &samples(&[NAMES, NAMES])))[0], Some(Field::FirstName));
    assert_eq!(fields(&map(&["Name", "surname"], &samples(&[FULL_NAMES, NAMES])))[0], Some(Field::FullName));
    let three = ["שם", "שם פרטי", "שם משפחה"];
    assert_eq!(fields(&map(&three, &none)), [Some(Field::FullName), Some(Field::FirstName), Some(Field::LastName)]);
}

#[test]
fn what_the_user_said_wins() {
    let texts = ["עיר", "טלפון", "", "city"];
    let mapping = given(&texts, &["city=city", "none=טלפון", "notes=column 3"]).expect("fits");
    assert_eq!(fields(&mapping), [None, None, Some(Field::Notes), Some(Field::City)]);
    assert_eq!(mapping.columns()[3].basis, Some(MappingBasis::Given));
    assert_eq!(mapping.columns()[3].confidence, Confidence::CERTAIN);
    assert_eq!(mapping.columns()[2].header, "column 3");
}

#[test]
fn a_given_header_is_found_by_its_fold_and_equal_headers_are_taken_in_turn() {
    let mapping = given(&["First-Name", "Tel", "Tel"], &["last_name=firstname", "mobile=Tel", "phone=Tel"]);
    let expected = [Some(Field::LastName), Some(Field::Mobile), Some(Field::Phone)];
    assert_eq!(fields(&mapping.expect("fits")), expected);
}

#[test]
fn a_header_that_only_folds_to_a_column_is_told_and_one_as_written_is_not() {
    let list = header(&["First-Name", "עיר"]);
    assert_eq!(meant_column(&list, "first name"), Some("First-Name"));
    assert_eq!(meant_column(&list, "First-Name"), None);
    assert_eq!(meant_column(&list, "street"), None);
}

#[test]
fn what_does_not_fit_is_refused_with_the_remedy() {
    let texts = ["שם פרטי", "first name", "עיר"];
    for (said, help) in [
        (&["city=עירר"][..], "did you mean `עיר`"),
        (&["city=zzz"], "שם פרטי, first name, עיר"),
        (&["fist_name=עיר"], "did you mean `first_name`"),
        (&["first_name=שם פרטי", "first_name=first name"], "another field"),
        (&["עיר"], "mobile="),
    ] {
        let error = given(&texts, said).expect_err("does not fit");
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.help().contains(help), "{said:?}: {}", error.help());
    }
}

#[test]
fn a_stronger_layer_overrules_the_column_and_the_field_of_a_weaker_one() {
    let parse = |texts: &[&str]| texts.iter().map(|text| Given::parse(text).expect("of the form")).collect::<Vec<_>>();
    let (command, saved) = (parse(&["city=b"]), parse(&["city=a", "notes=B", "phone=c", "phone=d"]));
    assert_eq!(layer_given(&[&command, &saved]), parse(&["city=b", "phone=c", "phone=d"]));
}

#[test]
fn a_fingerprint_knows_the_header_in_any_dress_and_tells_others_apart() {
    let of = |texts: &[&str]| header_fingerprint(&header(texts));
    assert_eq!(of(&["First Name", "ת״ז", "Tel 1"]), of(&["\u{feff}FIRST_NAME", "ת\"ז ", "tel1"]));
    assert_ne!(of(&["a", "b"]), of(&["b", "a"]));
    assert_ne!(of(&["ab", ""]), of(&["a", "b"]));
    assert_ne!(of(&["tel 1"]), of(&["tel 2"]));
    assert_eq!(
        of(&["שם", "טלפון"]),
        8_986_184_883_344_734_325,
        "saved mappings are found by this number: it may not change"
    );
}

#[test]
fn a_list_too_wide_to_count_is_refused_without_a_panic() {
    let wide = vec![String::new(); 70_000];
    let error = map_columns(&wide, &Samples::default(), &RULES, &[]).expect_err("too wide");
    assert_eq!(error, MappingError::TooManyColumns(70_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_header_and_values_are_mapped_without_a_panic_and_always_alike(
        header in proptest::collection::vec("\\PC{0,24}|[a-zA-Z _.'\"0-9א-תء-ي]{0,40}", 0..8),
        values in proptest::collection::vec(proptest::collection::vec("\\PC{0,20}|[0-9@.+-]{0,14}", 0..12), 0..8),
    ) {
        let samples = Samples::new(values);
        let mapping = map_columns(&header, &samples, &RULES, &[]).expect("nothing given");
        prop_assert_eq!(mapping.width(), header.len());
        prop_assert_eq!(&map_columns(&header, &samples, &RULES, &[]).expect("nothing given"), &mapping);
        for field in Field::ALL.iter().filter(|field| !field.may_repeat()) {
            prop_assert!(mapping.columns_of(*field).count() <= 1);
        }
        header_fingerprint(&header);
    }
}
