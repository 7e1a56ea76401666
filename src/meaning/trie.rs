//! Words and stems with what they stand for, found in one walk along a word.

/// What a word can stand for: a class, or a word of a pattern.
pub(super) type Symbol = u16;

/// Whole words, and stems that any ending may follow.
#[derive(Debug, Clone)]
pub(super) struct Trie {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// By letter, sorted.
    next: Vec<(char, u32)>,
    whole: Vec<Symbol>,
    stem: Vec<Symbol>,
}

impl Default for Trie {
    fn default() -> Self {
        Trie { nodes: vec![Node::default()] }
    }
}

impl Trie {
    /// Lets a word, or whatever begins with it, stand for a symbol.
    pub(super) fn insert(&mut self, word: &str, is_stem: bool, symbol: Symbol) {
        let mut at = 0;
        for letter in word.chars() {
            at = match self.nodes[at].next.binary_search_by_key(&letter, |(own, _)| *own) {
                Ok(index) => self.nodes[at].next[index].1 as usize,
                Err(index) => {
                    let made = self.nodes.len();
                    self.nodes[at].next.insert(index, (letter, made as u32));
                    self.nodes.push(Node::default());
                    made
                }
            };
        }
        let node = &mut self.nodes[at];
        let symbols = if is_stem { &mut node.stem } else { &mut node.whole };
        if !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
    }

    /// Writes what a word stands for behind `symbols`: as a whole word, and by every stem of it. Where `alone` stands among them
    /// as a whole word, nothing else does.
    #[inline]
    pub(super) fn find(&self, word: &str, alone: Symbol, symbols: &mut Vec<Symbol>) {
        let before = symbols.len();
        let mut at = &self.nodes[0];
        for letter in word.chars() {
            let Some(next) = self.step(at, letter) else { return };
            at = next;
            symbols.extend(&at.stem);
        }
        if at.whole.contains(&alone) {
            symbols.truncate(before);
            symbols.push(alone);
        } else {
            symbols.extend(&at.whole);
        }
    }

    #[inline]
    fn step(&self, node: &Node, letter: char) -> Option<&Node> {
        let index = node.next.binary_search_by_key(&letter, |(own, _)| *own).ok()?;
        Some(&self.nodes[node.next[index].1 as usize])
    }

    /// The first two letters of each word that stands for something that is wanted.
    pub(super) fn beginnings(&self, wanted: &dyn Fn(&Symbol) -> bool, mut heard: impl FnMut([Option<char>; 2])) {
        let is_wanted = |node: &Node| node.whole.iter().chain(&node.stem).any(wanted);
        for (first, node) in &self.nodes[0].next {
            let node = &self.nodes[*node as usize];
            if is_wanted(node) {
                heard([Some(*first), None]);
            }
            for (second, below) in &node.next {
                let mut open = vec![*below];
                while let Some(below) = open.pop() {
                    let below = &self.nodes[below as usize];
                    if is_wanted(below) {
                        heard([Some(*first), Some(*second)]);
                        break;
                    }
                    open.extend(below.next.iter().map(|(_, next)| *next));
                }
            }
        }
    }

    /// Hears all that words stand for which one slip of the finger makes of this one: a letter wrong, missing, too much, or two
    /// of them swapped. Stems of fewer letters than `shortest_stem` would be in too many words.
    pub(super) fn one_slip_away(&self, word: &[char], shortest_stem: usize, mut heard: impl FnMut(&[Symbol])) {
        let mut prefix = &self.nodes[0];
        for at in 0..=word.len() {
            let rest = &word[at..];
            let mut goes_on = |node, rest, length| self.end(node, rest, length, shortest_stem, &mut heard);
            // Too much.
            if !rest.is_empty() {
                goes_on(prefix, &rest[1..], at);
            }
            // Swapped.
            if let [first, second, after @ ..] = rest
                && first != second
                && let Some(node) = self.step(prefix, *second).and_then(|node| self.step(node, *first))
            {
                goes_on(node, after, at + 2);
            }
            for (letter, next) in &prefix.next {
                let next = &self.nodes[*next as usize];
                // Missing.
                goes_on(next, rest, at + 1);
                // Wrong.
                if rest.first().is_some_and(|own| own != letter) {
                    goes_on(next, &rest[1..], at + 1);
                }
            }
            match rest.first().and_then(|letter| self.step(prefix, *letter)) {
                Some(node) => prefix = node,
                None => return,
            }
        }
    }

    /// Walks the rest of a word from a node that `length` letters lead to.
    fn end(&self, node: &Node, rest: &[char], length: usize, shortest_stem: usize, heard: &mut impl FnMut(&[Symbol])) {
        let mut at = node;
        for (further, letter) in rest.iter().enumerate() {
            match self.step(at, *letter) {
                Some(next) => at = next,
                None => return,
            }
            if length + further + 1 >= shortest_stem {
                heard(&at.stem);
            }
        }
        heard(&at.whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_for_itself_and_for_its_stems_unless_it_stands_alone() {
        let mut trie = Trie::default();
        trie.insert("stop", false, 1);
        trie.insert("sto", true, 2);
        trie.insert("stopford", false, 9);
        for (word, symbols) in [("stop", &[2, 1][..]), ("stone", &[2]), ("stopford", &[9]), ("st", &[]), ("", &[])] {
            let mut found = Vec::new();
            trie.find(word, 9, &mut found);
            assert_eq!(found, symbols, "{word}");
        }
    }

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        let mut trie = Trie::default();
        trie.insert("stop", false, 1);
        for (word, is_near) in [("stpp", true), ("stoop", true), ("sotp", true), ("top", true), ("shap", false)] {
            let mut heard = false;
            let letters: Vec<char> = word.chars().collect();
            trie.one_slip_away(&letters, 5, |symbols| heard |= symbols.contains(&1));
            assert_eq!(heard, is_near, "{word}");
        }
    }
}
