//! What a source file names, read off its tokens: its items, what it brings in with `use`, the paths in its code.
//!
//! Comments, strings, attributes and what stands under `#[cfg(test)]` do not count.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The names of one file.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) items: Vec<String>,
    pub(super) uses: Vec<Use>,
    /// Paths outside `use`, many of a single word.
    pub(super) paths: Vec<Vec<String>>,
    /// Modules in files of their own that only tests have.
    pub(super) test_modules: Vec<String>,
}

/// One name that a `use` brings in.
#[derive(Debug)]
pub(super) struct Use {
    /// What it is called here; `*` for all that a module has.
    pub(super) name: String,
    pub(super) path: Vec<String>,
    /// It hands the name on: `pub use`, for whomever.
    pub(super) hands_on: bool,
}

impl Names {
    pub(super) fn of(text: &str) -> Names {
        let mut tokens = Vec::new();
        flatten(text.parse().expect("a source is made of tokens"), &mut tokens);
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let mut names = Names::default();
        let (mut at, mut depth) = (0, 0);
        while at < tokens.len() {
            let before = if at > 0 { tokens[at - 1] } else { "" };
            let next = tokens.get(at + 1).copied().unwrap_or_default();
            match tokens[at] {
                "#" => {
                    let end = closing(&tokens, at);
                    let for_tests = tokens[at..end].contains(&"cfg") && tokens[at..end].contains(&"test");
                    at = if for_tests { names.skip_item(&tokens, end + 1) } else { end };
                }
                "use" if next != "<" => {
                    let start = |token: &&&str| matches!(**token, ";" | "}" | "]" | "{");
                    let hands_on =
                        tokens[..at].iter().rev().take_while(|token| !start(token)).any(|token| *token == "pub");
                    at = names.use_tree(&tokens, at + 1, Vec::new(), hands_on);
                }
                "mod" => at += 1,
                "{" => depth += 1,
                "}" => depth -= 1,
                // A macro may hold a type; functions and constants deeper down are a type's own.
                "struct" | "enum" | "trait" => names.items.push(next.to_owned()),
                "fn" | "type" | "const" | "static" if depth == 0 => names.items.push(next.to_owned()),
                // `words! { /// Doc. Name { …`
                "!" if depth == 0 && next == "{" => {
                    let name = tokens[at..].iter().position(|token| is_word(token) && *token != "doc");
                    names.items.extend(name.map(|name| tokens[at + name].to_owned()));
                }
                "macro_rules" if depth == 0 => names.items.push(tokens[at + 2].to_owned()),
                word if is_word(word) && !matches!(before, "." | "'" | "::") => {
                    let mut path = vec![word.to_owned()];
                    while tokens[at + 1..].first() == Some(&"::")
                        && tokens.get(at + 2).is_some_and(|word| is_word(word))
                    {
                        path.push(tokens[at + 2].to_owned());
                        at += 2;
                    }
                    names.paths.push(path);
                }
                _ => {}
            }
            at += 1;
        }
        names
    }

    /// Reads what follows `use` or a `::` in it; answers where it ends.
    fn use_tree(&mut self, tokens: &[&str], mut at: usize, mut path: Vec<String>, hands_on: bool) -> usize {
        let mut name = String::new();
        loop {
            match tokens[at] {
                "::" => {}
                "{" => {
                    while tokens[at] != "}" {
                        // Behind the brace, and behind each comma.
                        at = self.use_tree(tokens, at + 1, path.clone(), hands_on);
                    }
                    return at + 1;
                }
                "as" => {
                    at += 1;
                    name = tokens[at].to_owned();
                }
                "*" => name = "*".to_owned(),
                "self" if !path.is_empty() => {}
                word if is_word(word) => {
                    path.push(word.to_owned());
                    name = word.to_owned();
                }
                _ => break,
            }
            at += 1;
        }
        if !name.is_empty() || tokens[at - 1] == "self" {
            let name = if name.is_empty() { path.last().cloned().unwrap_or_default() } else { name };
            self.uses.push(Use { name, path, hands_on });
        }
        at
    }

    /// Goes behind an item that is for tests alone.
    fn skip_item(&mut self, tokens: &[&str], mut at: usize) -> usize {
        while !matches!(tokens[at], ";" | "{") {
            if tokens[at] == "mod" && tokens[at + 2] == ";" {
                self.test_modules.push(tokens[at + 1].to_owned());
            }
            at += 1;
        }
        if tokens[at] == "{" { closing(tokens, at) } else { at }
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Where the group that opens at `from` or soon behind it closes.
fn closing(tokens: &[&str], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth == 1 => return at,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len() - 1
}

/// All tokens in a row, with `::` and `..` whole, and literals left out.
fn flatten(stream: TokenStream, tokens: &mut Vec<String>) {
    let mut is_joint = false;
    for tree in stream {
        let was_joint = std::mem::take(&mut is_joint);
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                tokens.push(open.to_owned());
                flatten(group.stream(), tokens);
                tokens.push(close.to_owned());
            }
            TokenTree::Ident(word) => tokens.push(word.to_string()),
            TokenTree::Punct(sign) => {
                let sign_text = sign.to_string();
                match tokens.last_mut() {
                    Some(last) if was_joint && *last == sign_text && matches!(sign.as_char(), ':' | '.') => {
                        last.push(sign.as_char())
                    }
                    _ => tokens.push(sign_text),
                }
                is_joint = sign.spacing() == Spacing::Joint;
            }
            TokenTree::Literal(_) => tokens.push("0".to_owned()),
        }
    }
}
