//! Text lists as few programs write them: odd delimiters, lines in quotes, old and mixed encodings.

use crate::support::program::{AS_OF, Place};

const LIST: &str = "\
key,name,phone,mail
1,Noa Gal,052-7318264,noa@example.com
2,\"Or, Tal\",054-8261937,tal@example.com
3,Gil Paz,050-3948271,gil@example.com
";

/// Key, name, phone and line of each row as `clean` writes them; `more` are further arguments.
fn phones(bytes: impl AsRef<[u8]>, more: &[&str]) -> (Vec<String>, String) {
    let place = Place::new();
    place.write("club.csv", bytes);
    let ran = place.tiuv(&[&["clean", "club.csv", "--out", "out", "--no-state"], &AS_OF[..], more].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let rows = std::fs::read(place.path("out/rows.csv")).expect("is written");
    let mut reader = csv::Reader::from_reader(&rows[..]);
    let at = reader.headers().expect("a header").iter().position(|name| name == "tiuv_phone").expect("is there");
    let of = |row: csv::StringRecord| format!("{}/{}/{}", &row[0], &row[1], &row[at]);
    (reader.records().map(|row| of(row.expect("a row"))).collect(), ran.stderr)
}

const READ: [&str; 3] = ["1/Noa Gal/+972527318264", "2/Or, Tal/+972548261937", "3/Gil Paz/+972503948271"];

#[test]
fn delimiters_that_few_programs_write_are_recognized() {
    let plain = LIST.replace("\"Or, Tal\"", "Or_ Tal");
    for sign in ["^", "~", "||", ";;", "\t\t", "^^", "#!#", "~|~", "%%", "*|*"] {
        let (rows, said) = phones(plain.replace(',', sign).replace('_', ","), &[]);
        assert_eq!(rows, READ, "{sign}: {said}");
    }
}

#[test]
fn cells_in_single_quotes_are_read_and_said() {
    let quote = |line: &str| line.split('|').map(|cell| format!("'{cell}'")).collect::<Vec<_>>().join(",") + "\n";
    let single: String =
        LIST.replace("\"Or, Tal\"", "Or_ Tal").replace(',', "|").replace('_', ",").lines().map(quote).collect();
    let (rows, said) = phones(&single, &[]);
    assert_eq!(rows, READ);
    assert!(said.contains("its cells stand in single quotes"), "{said}");
}

#[test]
fn a_text_that_was_encoded_twice_is_read_as_it_was_meant_and_as_it_stands_where_somebody_says_so() {
    let list = "מספר,שם מלא,טלפון\n1,נועה גל,052-7318264\n2,טל אור,054-8261937\n";
    let twice: String = list.bytes().map(char::from).collect();
    let (rows, said) = phones(&twice, &[]);
    assert_eq!(rows, ["1/נועה גל/+972527318264", "2/טל אור/+972548261937"]);
    assert!(said.contains("in UTF-8 twice over") && said.contains("--encoding utf-8"), "{said}");
    let place = Place::new();
    place.write("club.csv", twice.replace(",052", "  ,052"));
    let ran = place.tiuv(&["check", "club.csv", "--mx", "off", "--fix"]);
    assert!(ran.exit == Some(3) && ran.stderr.contains("can't be repaired in place"), "{}", ran.stderr);
}

#[test]
fn lines_that_stand_in_quotes_as_a_whole_are_read() {
    let wrapped: String = LIST.lines().map(|line| format!("\"{}\"\r\n", line.replace('"', "\"\""))).collect();
    let (rows, said) = phones(&wrapped, &[]);
    assert_eq!(rows, READ);
    assert!(said.contains("each of its lines is one cell in quotes"), "{said}");
}

#[test]
fn a_list_in_an_unusual_form_is_repaired_in_that_form() {
    let list = LIST.replace("1,Noa Gal", "1, Noa  Gal").replace("054-8261937", "548261937");
    let wrapped =
        |text: &str| -> String { text.lines().map(|line| format!("\"{}\"\r\n", line.replace('"', "\"\""))).collect() };
    let doubled = |text: &str| text.replace("\"Or, Tal\"", "Or_ \"T\"").replace(',', "||").replace('_', ",");
    let odd = |text: &str| text.replace("\"Or, Tal\"", "Or_ Tal").replace(',', "#!#").replace('_', ",");
    let single = |text: &str| -> String {
        let cells = |line: &str| line.split("#!#").map(|cell| format!("'{cell}'")).collect::<Vec<_>>().join(";");
        odd(text).lines().map(|line| cells(line) + "\r\n").collect()
    };
    let windows = |text: &str| encoding_rs::WINDOWS_1255.encode(&text.replace("Gil Paz", "גיל פז")).0.into_owned();
    let repaired = LIST.replace("054-8261937", "+972548261937");
    for (before, after) in [
        (wrapped(&list).into_bytes(), wrapped(&repaired).into_bytes()),
        (doubled(&list).into_bytes(), doubled(&repaired).into_bytes()),
        (format!("\u{feff}{}", doubled(&list)).into_bytes(), format!("\u{feff}{}", doubled(&repaired)).into_bytes()),
        (windows(&doubled(&list)), windows(&doubled(&repaired))),
        (odd(&list).into_bytes(), odd(&repaired).into_bytes()),
        (single(&list).into_bytes(), single(&repaired).into_bytes()),
    ] {
        let place = Place::new();
        place.write("club.csv", &before);
        let ran = place.tiuv(&["check", "club.csv", "--mx", "off", "--fix"]);
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        let written = std::fs::read(place.path("club.csv")).expect("is there");
        assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&after), "{}", ran.stderr);
        assert!(written == after);
    }
}

#[test]
fn hebrew_of_dos_is_recognized_and_known_by_its_name() {
    // Code page 862: א is 0x80, ת 0x9A.
    let dos = |text: &str| -> Vec<u8> {
        text.chars().map(|c| if c.is_ascii() { c as u8 } else { (c as u32 - 0x5D0 + 0x80) as u8 }).collect()
    };
    let list = dos("קוד,שם מלא,טלפון\r\n1,נועה גל,052-7318264\r\n2,טל אור,054-8261937\r\n");
    for more in [&[][..], &["--encoding", "cp862"], &["--encoding", "IBM862"]] {
        let (rows, said) = phones(&list, more);
        assert_eq!(rows, ["1/נועה גל/+972527318264", "2/טל אור/+972548261937"], "{said}");
    }
    // As a screen shows it: from left to right.
    let shown = dos("דוק,אלמ םש,ןופלט\r\n1,לג העונ,052-7318264\r\n2,\"מ\"\"עב רוא לט\",054-8261937\r\n");
    for more in [&[][..], &["--encoding", "cp862"]] {
        let (rows, said) = phones(&shown, more);
        assert_eq!(rows, ["1/נועה גל/+972527318264", "2/טל אור בע\"מ/+972548261937"], "{said}");
        assert!(said.contains("as a screen shows it"), "{said}");
    }
    let place = Place::new();
    place.write("club.csv", dos("דוק,אלמ םש,ןופלט\r\n1, לג  העונ,052-7318264\r\n"));
    let ran = place.tiuv(&["check", "club.csv", "--mx", "off", "--fix"]);
    assert!(ran.exit == Some(3) && ran.stderr.contains("can't be repaired in place"), "{}", ran.stderr);
}

#[test]
fn a_line_in_another_encoding_is_read_or_told_and_never_guessed() {
    let windows = |text: &str| encoding_rs::WINDOWS_1255.encode(text).0.into_owned();
    let (header, first) = ("key,name,phone\n", "1,נועה גל,052-7318264\n");
    let (second, third) = ("2,טל אור,054-8261937\n", "3,גיל פז,050-3948271\n");
    let mostly_old = [header.as_bytes(), &windows(first), &windows(second), third.as_bytes()].concat();
    let (rows, said) = phones(mostly_old, &[]);
    assert_eq!(rows, ["1/נועה גל/+972527318264", "2/טל אור/+972548261937", "3/גיל פז/+972503948271"]);
    assert!(said.contains("1 line is in UTF-8"), "{said}");
    let place = Place::new();
    place.write("club.csv", [header.as_bytes(), first.as_bytes(), &windows(second), third.as_bytes()].concat());
    let ran = place.tiuv(&["check", "club.csv", "--mx", "off"]);
    assert!(ran.stdout.contains("club.csv:3: ") && ran.stdout.contains("row.undecodable"), "{}", ran.stdout);
}
