//! Items that no short list brings about.

use tiuv::record::{
    CellShown, ContactKind, CustomerId, Field, ItemKind, NewItem, PairShown, PairSide, PairSign, Shown,
};

/// One of each kind that a list of guesses does not have, by its kind.
pub(super) fn of_each_kind() -> Vec<NewItem> {
    let cell = |value: &str, people: u64| {
        Shown::Cell(Box::new(CellShown {
            field: Field::Email,
            header: "דוא\"ל".to_owned(),
            row: "club.csv:#1".to_owned(),
            key: "K1".to_owned(),
            name: "דנה לוי".to_owned(),
            value: value.to_owned(),
            suggestion: String::new(),
            codes: vec!["hard_bounce".to_owned()],
            stale: (people == 0).then_some(731),
            people,
            contact: Some((ContactKind::Email, value.to_owned())),
        }))
    };
    let sources = |field: Field, values: [&str; 2]| Shown::Sources {
        key: "K1".to_owned(),
        name: "דנה לוי".to_owned(),
        values: vec![(field, values.map(|value| ("club.csv:#1".to_owned(), value.to_owned())).into())],
    };
    let message = Shown::Message {
        id: 1,
        body: "מי אתם?\nwho are you <script>alert(1)</script>".to_owned(),
        sender: "+972502345678".to_owned(),
        meaning: "reply".to_owned(),
        at: "2026-11-20T10:00:00Z".to_owned(),
    };
    let change = Shown::Change {
        id: 1,
        field: "email".to_owned(),
        old: "dana@old.example".to_owned(),
        new: "dana@new.example".to_owned(),
        source: "confirm".to_owned(),
        at: "2026-11-20T10:00:00Z".to_owned(),
    };
    let column = Shown::Column { header: "טלפון של הבעל".to_owned(), hint: "looks_like.mobile".to_owned() };
    vec![
        item(ItemKind::Duplicate, "unsure", Shown::Pair(Box::new(pair()))),
        item(ItemKind::Decayed, "hard_bounce", cell("dana@old.example", 0)),
        item(ItemKind::SharedValue, "email.class.shared", cell("office@shop.example", 12)),
        item(ItemKind::Conflict, "birth_date", sources(Field::BirthDate, ["1981-05-06", "1981-06-05"])),
        item(ItemKind::Consent, "consent", sources(Field::Consent, ["yes", "no"])),
        item(ItemKind::Column, "looks_like", column),
        item(ItemKind::Change, "email", change),
        item(ItemKind::Message, "reply", message),
    ]
}

fn item(kind: ItemKind, reason: &str, shown: Shown) -> NewItem {
    NewItem {
        kind,
        identity: "made".to_owned(),
        customer: Some(CustomerId(7)),
        other: None,
        shown,
        reason: reason.to_owned(),
        list: "other.csv".to_owned(),
        other_list: String::new(),
        segment: "high".to_owned(),
        language: "he".to_owned(),
        value: 1.0,
        risk: 0.001,
    }
}

fn pair() -> PairShown {
    let side = |row: u64, first: &str, email: &str| PairSide {
        row,
        name: format!("club.csv:#{row}"),
        compared: row,
        customer: format!("C{row}"),
        key: format!("K{row}"),
        values: vec![
            (Field::FirstName, vec![first.to_owned()]),
            (Field::LastName, vec!["לוי".to_owned()]),
            (Field::Email, vec![email.to_owned()]),
        ],
    };
    let sides = [side(1, "דנה", "dana.levi@walla.example"), side(2, "דינה", "dina.levi@walla.example")];
    let sign = |field, level: &str, milli| PairSign { field, level: level.to_owned(), milli };
    PairShown {
        golden: sides[0].values.clone(),
        sides,
        chance: 480,
        weight: -100,
        start: -17_200,
        signs: vec![sign(Field::LastName, "exact", 9_100), sign(Field::Email, "similar", 8_000)],
        rest: 0,
        doubt: 0,
        is_household: true,
        refused: true,
        rules: "0".to_owned(),
    }
}
