//! A reader of HTML that is just strict enough to check what the report writes.

use std::collections::BTreeSet;

/// Elements that have no end (HTML Living Standard, section 13.1.2).
const VOID: [&str; 3] = ["input", "meta", "br"];
/// Elements that stand inside a line of text.
const INLINE: [&str; 9] = ["a", "b", "bdi", "code", "i", "span", "label", "td", "th"];

/// A page, taken apart.
pub(super) struct Markup {
    pieces: Vec<Piece>,
}

enum Piece {
    Start { name: String, attributes: Vec<(String, String)>, is_closed: bool },
    End(String),
    Text(String),
}

impl Markup {
    pub(super) fn parse(html: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            pieces.push(Piece::Text(decode(&rest[..start])));
            let end = start + rest[start..].find('>').expect("every tag is closed");
            let tag = &rest[start + 1..end];
            rest = &rest[end + 1..];
            if tag.starts_with('!') {
                continue;
            }
            match tag.strip_prefix('/') {
                Some(name) => pieces.push(Piece::End(name.to_owned())),
                None => pieces.push(start_of(tag)),
            }
            if tag == "style" {
                rest = &rest[rest.find("</style>").expect("the style is closed")..];
            }
        }
        pieces.push(Piece::Text(decode(rest)));
        Markup { pieces }
    }

    /// Element, attribute and value, in the order of the page.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.pieces.iter().flat_map(|piece| match piece {
            Piece::Start { name, attributes, .. } => attributes
                .iter()
                .map(|(attribute, value)| (name.as_str(), attribute.as_str(), value.as_str()))
                .collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    }

    /// Every element, and every attribute of each.
    pub(super) fn vocabulary(&self) -> BTreeSet<String> {
        let elements = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Start { name, .. } => Some(name.clone()),
            _ => None,
        });
        elements.chain(self.attributes().map(|(element, attribute, _)| format!("{element} {attribute}"))).collect()
    }

    pub(super) fn assert_nested(&self) {
        let mut open: Vec<&str> = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Start { name, is_closed, .. } if !is_closed && !VOID.contains(&name.as_str()) => open.push(name),
                Piece::End(name) => assert_eq!(open.pop(), Some(name.as_str()), "inside {open:?}"),
                _ => {}
            }
        }
        assert!(open.is_empty(), "left open: {open:?}");
    }

    /// Ids are unique, and what refers to one finds it.
    pub(super) fn assert_references(&self) {
        let mut ids = BTreeSet::new();
        for (_, attribute, value) in self.attributes() {
            assert!(attribute != "id" || ids.insert(value), "the id {value} stands twice");
        }
        for (_, attribute, value) in self.attributes() {
            match attribute {
                "href" => assert!(ids.contains(value.trim_start_matches('#')), "{value} leads nowhere"),
                "for" | "aria-labelledby" => assert!(ids.contains(value), "{value} is not there"),
                _ => {}
            }
        }
    }

    /// What a reader sees of the element with this id, a line a block.
    pub(super) fn text_of(&self, id: &str) -> String {
        let is_it = |piece: &Piece| match piece {
            Piece::Start { attributes, .. } => attributes.iter().any(|(name, value)| name == "id" && value == id),
            _ => false,
        };
        let first = self.pieces.iter().position(is_it).expect("the element is there");
        let mut text = String::new();
        for piece in &self.pieces[first..] {
            match piece {
                Piece::Text(part) => text.push_str(&part.replace('\n', " ")),
                Piece::End(name) if name == "main" => break,
                Piece::Start { name, .. } | Piece::End(name) if !INLINE.contains(&name.as_str()) => text.push('\n'),
                Piece::Start { name, .. } if name == "td" || name == "th" => text.push_str(" | "),
                _ => {}
            }
        }
        let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

fn start_of(tag: &str) -> Piece {
    let tag = tag.trim_end();
    let (tag, is_closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let (name, mut rest) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let attribute = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let close = quoted.find('"').expect("attribute values are quoted");
            value = decode(&quoted[..close]);
            rest = &quoted[close + 1..];
        } else {
            assert!(!rest.starts_with('='), "a value without quotes in <{tag}>");
        }
        attributes.push((attribute, value));
    }
    Piece::Start { name: name.to_owned(), attributes, is_closed }
}

fn decode(text: &str) -> String {
    let named = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}
