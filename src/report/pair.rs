//! Why two rows are one customer or are not: field by field, in bits that add up.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::pipeline::PairEvidence;
use crate::record::{Field, Relation};
use crate::resolve::{Against, KeptApart};
use crate::text::isolated;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// The longest bar, one mark a bit.
const MOST_MARKS: i32 = 24;

/// The evidence of a pair; `value` gives what a row holds of a field, `workspace` what the workspace is called.
pub fn pair_text(pair: &PairEvidence, workspace: &str, value: &dyn Fn(usize, Field) -> String) -> String {
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
    if let (false, None, Some(reason)) = (pair.is_same, pair.decided, why_apart(pair)) {
        let _ = writeln!(text, "  because {reason}");
    }
    let _ = writeln!(text, "{DIM}{}{DIM:#}", basis(pair, workspace));
    text
}

/// What the weights and the verdict rest on.
fn basis(pair: &PairEvidence, workspace: &str) -> String {
    let Some(rows) = pair.known_rows else {
        return "weights are learnt from this list alone, and no decision is known: there is no workspace".to_owned();
    };
    let count = |count: u64, one: &str, several: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
    };
    let others = count(rows as u64, "row", "rows");
    let decisions = count(pair.decisions.obeyed, "decision is", "decisions are");
    format!(
        "weights are learnt from this list, beside which {others} of other lists stand that {workspace} knows; {decisions} obeyed, \
         as the next `tiuv clean` will"
    )
}

/// Why two rows are two customers, though much agrees.
fn why_apart(pair: &PairEvidence) -> Option<&'static str> {
    let otherwise = || match pair.evidence.weight {
        ..=0 => None,
        weight if weight <= pair.merged_above => Some("in this list too few of such pairs are one person"),
        _ => Some("other rows of these customers are likelier theirs, or speak against it"),
    };
    pair.kept_apart.map(why).or_else(otherwise)
}

/// Why two rows stay two customers, in words.
const fn why(reason: KeptApart) -> &'static str {
    match reason {
        KeptApart::OtherId => "they have two national ids, both with a right check digit",
        KeptApart::OtherGeneration => "their names tell of two generations",
        KeptApart::Twins => "one family and one birth date have two given names: twins",
        KeptApart::ParentAndChild => "people of one name who were born a generation apart are parent and child",
        KeptApart::OtherFather => "people of one name whose fathers are called otherwise are two people",
        KeptApart::Relatives => "two given names in one family are two people",
        KeptApart::Namesakes => "little but the name speaks for one person: likely namesakes",
        KeptApart::Conflict => "something is the same that one person has alone, and the rest speaks against it",
    }
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
    match (pair.decided, pair.is_same, pair.is_one_household) {
        (Some(Relation::Same), ..) => "one customer: a person decided it",
        (Some(Relation::Different), ..) => "two customers: a person decided it",
        (Some(Relation::Household), ..) => "two customers of one household: a person decided it",
        (None, true, _) if likely && !pair.is_vetoed => "one customer",
        (None, true, _) => "one customer, over other rows that are like both",
        _ if pair.is_vetoed => "two customers: something proves it, whatever agrees",
        (None, false, true) if likely => {
            "two customers of one household, though this pair alone looks like one person; a person should look"
        }
        (None, false, true) => "two customers of one household",
        (None, false, false) if likely => {
            "two customers, though this pair alone looks like one person; a person should look"
        }
        (None, false, false) if pair.is_offered => "two customers; a person should look",
        (None, false, false) => "two customers",
    }
}
