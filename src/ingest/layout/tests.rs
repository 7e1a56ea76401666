//! Tables are found as people see them.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::*;
use crate::rule::RuleFiles;

static COLUMNS: LazyLock<Arc<ColumnRules>> =
    LazyLock::new(|| ColumnRules::load(&RuleFiles::embedded()).expect("the shipped rules"));
static RULES: LazyLock<LayoutRules> =
    LazyLock::new(|| LayoutRules::load(&RuleFiles::embedded()).expect("the shipped rules"));

/// Finds the table of a comma-separated text.
fn found(text: &str, at: HeaderAt) -> Result<Layout, NoTable> {
    LayoutFinder { dialect: Dialect::CANONICAL, columns: &COLUMNS, rules: &RULES }.find(text.as_bytes(), false, at)
}

fn names(text: &str) -> Vec<String> {
    found(text, HeaderAt::Found).expect("a table").names
}

const ROWS: &str = "K1,Adam,Abel,adam@lakemail.com,052-7318264\nK2,Bella,Bond,bella@lakemail.com,054-8261937\n";

#[test]
fn what_stands_above_the_header_is_passed_over() {
    for above in [
        "",
        "Customers\n\n",
        "Customers,,,,\nof:,2026,,,\n,,,,\n",
        "Acme Ltd.,,,,\nPhone:,03-6417382,,,\n",
        ",Name,,Contact,\n",
        "Report of 01/11/2026\n\"with a note, and\nanother line\"\n",
    ] {
        let layout =
            found(&format!("{above}Id,First Name,Last Name,Email,Phone\n{ROWS}"), HeaderAt::Found).expect("a table");
        assert_eq!(layout.names, ["Id", "First Name", "Last Name", "Email", "Phone"], "{above:?}");
        assert_eq!(layout.header, above.len(), "{above:?}");
    }
}

#[test]
fn a_header_of_two_lines_is_put_together() {
    let groups = format!(
        "Billing,,Shipping,,\nStreet,City,Street,City,Phone\n{}",
        "Main St 1,Acre,Dan 2,Lod,052-7318264\n".repeat(3)
    );
    assert_eq!(names(&groups), ["Billing Street", "Billing City", "Shipping Street", "Shipping City", "Phone"]);
    let broken = format!("Customer,First,Last,E-mail,Phone\nID,Name,Name,Address,Number\n{ROWS}");
    assert_eq!(names(&broken)[1..3], ["First Name", "Last Name"]);
    let merged = format!("Id,Name,,Contact,\n,First,Last,Email,Phone\n{ROWS}");
    assert_eq!(names(&merged)[0], "Id");
}

#[test]
fn titles_of_groups_say_what_the_names_below_them_do_not() {
    let row = "Gil Paz,053-5482737,Noa Paz,2016-04-05\n".repeat(3);
    let children = format!("Parent,,Child,\nName,Phone,Name,Birth date\n{row}");
    assert_eq!(names(&children), ["Parent Name", "Parent Phone", "Child Name", "Child Birth date"]);
    let consents = format!("Person,,Permission,\nName,Phone,SMS,Email\n{}", "Noa Paz,053-5482737,yes,no\n".repeat(3));
    assert_eq!(names(&consents)[2..], ["Permission SMS", "Permission Email"]);
    let blank = format!("Member,Contact,\n,Phone,Email\n{}", "Noa Paz,053-5482737,noa@example.com\n".repeat(3));
    assert_eq!(names(&blank), ["Member", "Phone", "Email"]);
    // Two words side by side above a header are said of the list, and a title is one of all of it.
    for above in ["Branch,Lod,,,\n", "Members,,,,\n", "Branch:,,Lod,,\n"] {
        let plain = format!("{above}Id,First Name,Last Name,Email,Phone\n{ROWS}");
        let layout = found(&plain, HeaderAt::Found).expect("a table");
        assert_eq!((layout.header, &layout.names[0][..]), (above.len(), "Id"), "{above}");
    }
}

#[test]
fn lines_that_describe_columns_are_known_and_customers_are_not() {
    let known = |below: &str| {
        let text = format!("Id,First Name,Last Name,Email,Phone\n{below}{ROWS}");
        found(&text, HeaderAt::Found).expect("a table").shape.known.len()
    };
    for below in [
        "1,2,3,4,5\n",
        "---,---,---,---,---\n",
        "(text),(text),(text),(text),(number)\n",
        "id,first_name,last_name,email,phone\n",
        "varchar(8),varchar(40),varchar(40),varchar(80),text\n",
    ] {
        assert_eq!(known(below), 1, "{below:?}");
    }
    for below in ["", "K0,Zoe,Adler,,\n", "K0,Zoe,Adler,none,none\n", ",,,zoe@lakemail.com,\n"] {
        assert_eq!(known(below), 0, "{below:?}");
    }
}

#[test]
fn rows_without_a_header_are_refused_unless_that_was_said() {
    assert_eq!(found(ROWS, HeaderAt::Found).expect_err("no header"), NoTable::NoHeader(None));
    let titled = format!("Customers\n\n{ROWS}");
    assert_eq!(found(&titled, HeaderAt::Found).expect_err("no header"), NoTable::NoHeader(Some(11)));
    let layout = found(&titled, HeaderAt::Nowhere).expect("rows");
    assert_eq!((layout.body, layout.names.len()), (11, 5));
}

#[test]
fn names_that_the_header_lacks_are_added_where_the_values_say() {
    let behind = "Id,Email,Phone\nK1,adam@lakemail.com,052-7318264,x\nK2,bella@lakemail.com,054-8261937,y\n";
    assert_eq!(names(behind), ["Id", "Email", "Phone", "tiuv_extra"]);
    let before: String = (1..9).map(|row| format!("{row},K{row},a{row}@lakemail.com,052-731826{row}\n")).collect();
    assert_eq!(names(&format!("Id,Email,Phone\n{before}")), ["column 1", "Id", "Email", "Phone"]);
}

proptest! {
    #[test]
    fn any_text_is_looked_at_without_a_panic_and_places_are_in_it(text in "([a-z0-9א-ת@. ]{0,8}[,\n\"]){0,40}") {
        for at in [HeaderAt::Found, HeaderAt::First, HeaderAt::Nowhere] {
            if let Ok(layout) = found(&text, at) {
                prop_assert!(layout.header <= layout.body && layout.body <= text.len());
                prop_assert_eq!(layout.names.len(), layout.shape.width);
                prop_assert!(layout.shape.named <= layout.shape.width);
            }
        }
    }
}
