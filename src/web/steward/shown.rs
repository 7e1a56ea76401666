//! An item as its page shows it: facts with their values, masked unless they are revealed.

use super::frame::Notice;
use crate::page::{Value, Voice};
use crate::record::{CellShown, Field, Item, ItemState, Shown, Verb, mask};
use crate::store::{ActLine, ActState};

/// Letters of a message; a longer one is cut.
const MOST_LETTERS: usize = 4000;

/// Values of a customer on a page.
#[derive(Clone, Copy)]
pub(super) struct Masking {
    pub(super) is_revealed: bool,
}

impl Masking {
    /// A value as it may be seen.
    pub(super) fn text(self, field: Option<Field>, text: &str) -> String {
        if self.is_revealed { text.to_owned() } else { mask(field, text) }
    }

    /// The same, ready for the page.
    pub(super) fn value(self, field: Option<Field>, text: &str) -> Value {
        Value::new(&self.text(field, text))
    }
}

/// What is shown under one name.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) values: Vec<Value>,
}

/// A line of the queue.
pub(super) struct ItemLine {
    pub(super) id: i64,
    pub(super) kind: String,
    pub(super) reason: String,
    pub(super) about: Value,
    pub(super) list: String,
    pub(super) due: String,
    pub(super) is_overdue: bool,
    pub(super) order: String,
}

/// A line of the queue.
pub(super) fn line(item: &Item, voice: &Voice<'_>, today: &str) -> ItemLine {
    let new = &item.new;
    let masking = Masking { is_revealed: false };
    let about = match &new.shown {
        Shown::Pair(pair) => {
            let names = pair.sides.iter().map(|side| side.key.as_str()).collect::<Vec<_>>();
            Value::new(&names.join(" · "))
        }
        Shown::Cell(cell) => masking.value(Some(cell.field), &cell.value),
        Shown::Sources { key, .. } => Value::new(key),
        Shown::Column { header, .. } => Value::new(header),
        Shown::Change { field, new, .. } => masking.value(field_of(field), new),
        Shown::Message { at, .. } => Value::new(&moment(voice, at)),
    };
    let numbers = [new.value, new.risk, age(item), item.score].map(figure);
    let [value, risk, age, score] = numbers.each_ref().map(String::as_str);
    let parts = [("value", value), ("risk", risk), ("age", age), ("score", score)];
    ItemLine {
        id: item.id,
        kind: voice.say_of("steward.kind", new.kind.as_str()),
        reason: reason(voice, &new.reason),
        about,
        list: new.list.clone(),
        due: voice.phrase("steward.queue.due", &[("day", &voice.day(&item.due_on))]),
        is_overdue: *item.due_on < *today,
        order: voice.phrase("steward.queue.score", &parts),
    }
}

/// Why an item is asked, in words.
pub(super) fn reason(voice: &Voice<'_>, reason: &str) -> String {
    for family in ["steward.reason", "field", "decay"] {
        let said = voice.say_of(family, reason);
        if said != reason {
            return said;
        }
    }
    voice.title(reason)
}

/// Why an item stands where it does.
pub(super) fn order(item: &Item, voice: &Voice<'_>) -> String {
    let numbers = [item.new.value, item.new.risk, age(item), item.score].map(figure);
    let days = [&item.opened_on, &item.due_on].map(|day| voice.day(day));
    let parts = [
        ("value", numbers[0].as_str()),
        ("risk", &numbers[1]),
        ("age", &numbers[2]),
        ("score", &numbers[3]),
        ("opened", &days[0]),
        ("due", &days[1]),
    ];
    voice.phrase("steward.item.order", &parts)
}

fn age(item: &Item) -> f64 {
    let without = item.new.value * item.new.risk;
    if without > 0.0 { item.score / without } else { 1.0 }
}

fn figure(number: f64) -> String {
    format!("{number:.2}")
}

/// Why an item no longer waits; empty while it does.
pub(super) fn closed(item: &Item, voice: &Voice<'_>) -> String {
    let what = match Verb::parse(&item.closed_why) {
        Some(verb) => voice.say_of("steward.verb", verb.as_str()),
        None => voice.say_of("steward.closed", &item.closed_why),
    };
    let key = match item.state {
        ItemState::Open => return String::new(),
        ItemState::Held => "steward.item.closed.held",
        ItemState::Done => "steward.item.closed.done",
        ItemState::Closed => "steward.item.closed.closed",
    };
    let day = voice.day(&item.closed_on);
    voice.phrase(key, &[("what", &what), ("why", &what), ("day", &day)])
}

/// What was decided just now, with the way to take it back.
pub(super) fn decided_notice(voice: &Voice<'_>, act: &ActLine) -> Notice {
    let what = voice.say_of("steward.verb", act.verb.as_str());
    let parts = [("what", what.as_str())];
    let text = match (act.state, act.items) {
        (ActState::Held, _) => voice.phrase("steward.done.held", &parts),
        (ActState::Done, 1) => voice.phrase("steward.done.text", &parts),
        (ActState::Done, count) => voice.counted("steward.done.many", count, &parts),
    };
    Notice { text, undo: (act.state == ActState::Done).then_some(act.id) }
}

/// What is to be known of an item beside pairs and sources.
pub(super) fn facts(item: &Item, voice: &Voice<'_>, masking: Masking) -> Vec<Fact> {
    let mut facts = Facts { voice, masking, all: Vec::new() };
    match &item.new.shown {
        Shown::Pair(_) | Shown::Sources { .. } => {}
        Shown::Cell(cell) => facts.of_cell(cell),
        Shown::Column { header, hint } => {
            facts.plain("header", header);
            let field = hint.strip_prefix("looks_like.").map(|field| voice.say_of("field", field));
            facts.plain("hint", &field.unwrap_or_else(|| reason(voice, hint)));
        }
        Shown::Change { field, old, new, source, at, .. } => {
            facts.plain("field", &voice.say_of("field", field));
            facts.value("old", field_of(field), old);
            facts.value("new", field_of(field), new);
            facts.plain("source", source);
            facts.plain("at", &moment(voice, at));
        }
        Shown::Message { body, sender, meaning, at, .. } => {
            facts.plain("found", &reason(voice, meaning));
            facts.value("sender", None, sender);
            facts.plain("at", &moment(voice, at));
            let says = Value::up_to(MOST_LETTERS, &masking.text(None, body));
            facts.push("says", says);
        }
    }
    facts.plain("list", &item.new.list);
    if let Some(customer) = item.new.customer {
        facts.plain("customer", &customer.to_string());
    }
    facts.all
}

struct Facts<'f> {
    voice: &'f Voice<'f>,
    masking: Masking,
    all: Vec<Fact>,
}

impl Facts<'_> {
    fn of_cell(&mut self, cell: &CellShown) {
        let voice = self.voice;
        self.plain("field", &voice.field(cell.field));
        self.value("value", Some(cell.field), &cell.value);
        self.value("suggestion", Some(cell.field), &cell.suggestion);
        let found: Vec<String> = cell.codes.iter().map(|code| reason(voice, code)).collect();
        self.plain("found", &found.join("; "));
        if let Some(stale) = cell.stale {
            self.plain("stale", &voice.share(stale.into(), 1000));
        }
        if cell.people > 0 {
            self.plain("people", &voice.count(cell.people));
        }
        self.value("name", Some(Field::FullName), &cell.name);
        self.plain("row", &cell.row);
        self.plain("key", &cell.key);
    }

    fn plain(&mut self, name: &str, text: &str) {
        self.push(name, Value::new(text));
    }

    fn value(&mut self, name: &str, field: Option<Field>, text: &str) {
        let value = self.masking.value(field, text);
        self.push(name, value);
    }

    fn push(&mut self, name: &str, value: Value) {
        if !value.is_empty() {
            self.all.push(Fact { name: self.voice.say_of("steward.item", name), values: vec![value] });
        }
    }
}

/// What the sources of a customer say of a field.
pub(super) struct SourceView {
    pub(super) field: Field,
    pub(super) name: String,
    /// Each row with its value.
    pub(super) rows: Vec<(String, Value)>,
}

/// What the sources of a customer say, field by field.
pub(super) fn sources(
    values: &[(Field, Vec<(String, String)>)],
    voice: &Voice<'_>,
    masking: Masking,
) -> Vec<SourceView> {
    let of = |(field, rows): &(Field, Vec<(String, String)>)| SourceView {
        field: *field,
        name: voice.field(*field),
        rows: rows.iter().map(|(row, text)| (row.clone(), masking.value(Some(*field), text))).collect(),
    };
    values.iter().map(of).collect()
}

fn field_of(word: &str) -> Option<Field> {
    Field::ALL.iter().copied().find(|field| field.as_str() == word)
}

/// A moment as it is read: the day and the minute, in UTC.
pub(super) fn moment(voice: &Voice<'_>, at: &str) -> String {
    let (day, time) = at.split_at_checked(10).unwrap_or((at, ""));
    let time = time.get(1..6).unwrap_or_default();
    format!("{} {time}", voice.day(day)).trim_end().to_owned()
}
