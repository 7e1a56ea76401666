//! Why two rows are one customer or are not: field by field, in bits that add up.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::pipeline::PairEvidence;
use crate::record::Field;
use crate::resolve::Against;
use crate::text::isolated;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// The longest bar, one mark a bit.
const MOST_MARKS: i32 = 24;

/// The evidence of a pair; `value` gives what a row holds of a field.
pub fn pair_text(pair: &PairEvidence, value: &dyn Fn(usize, Field) -> String) -> String {
    let evidence = &pair.evidence;
    let mut text = String::new();
    let [left, right] = pair.rows;
    let _ = writeln!(text, "{BOLD}rows {left} and {right}{BOLD:#}\n");
    line(&mut text, "at first", "what is known before anything is compared", evidence.start);
    for (index, level, milli) in &evidence.fields {
        let of_field = &pair.weights.fields[*index];
        let name = of_field.field.as_str().replace('_', " ");
        line(&mut text, &name, &of_field.levels[*level].name, *milli);
        let [left, right] = [0, 1].map(|row| value(row, of_field.field));
        if !left.is_empty() || !right.is_empty() {
            let _ = writeln!(text, "  {DIM}{:<14} {} | {}{DIM:#}", "", isolated(&left), isolated(&right));
        }
    }
    if evidence.rest != 0 {
        line(&mut text, "otherwise", "what the less likely explanation takes away", evidence.rest);
    }
    if evidence.doubt != 0 {
        line(&mut text, "namesakes", "little but the name speaks for them", evidence.doubt);
    }
    let against = match evidence.against {
        Against::Household => "two people of one household",
        Against::Unrelated => "strangers",
    };
    line(&mut text, "together", &format!("one person, against {against}"), evidence.weight);
    let _ = writeln!(text, "\n{BOLD}{}{BOLD:#}", verdict(pair));
    text
}

fn line(text: &mut String, name: &str, what: &str, milli: i32) {
    let bits = f64::from(milli) / 1000.0;
    let marks = (milli.abs() + 500) / 1000;
    let bar = "█".repeat(marks.min(MOST_MARKS) as usize);
    let style = if milli < 0 { RED } else { GREEN };
    let more = if marks > MOST_MARKS { "…" } else { "" };
    let _ = writeln!(text, "  {name:<14} {what:<46} {bits:>+7.1}  {style}{bar}{more}{style:#}");
}

fn verdict(pair: &PairEvidence) -> &'static str {
    let likely = pair.evidence.weight > 0;
    match (pair.is_same, pair.is_one_household) {
        (true, _) if likely && !pair.is_vetoed => "one customer",
        (true, _) => "one customer, over other rows that are like both",
        _ if pair.is_vetoed => "two customers: something proves it, whatever agrees",
        (false, true) if likely => "two customers of one household, though this pair alone looks like one person",
        (false, true) => "two customers of one household",
        (false, false) if likely => "two customers, though this pair alone looks like one person; a person should look",
        (false, false) if pair.evidence.weight >= pair.review => "two customers; a person should look",
        (false, false) => "two customers",
    }
}
