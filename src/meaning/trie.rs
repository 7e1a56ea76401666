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

    /// What a word stands for: as a whole word, else by its longest stem.
    #[inline]
    pub(super) fn find(&self, word: &str) -> &[Symbol] {
        let (mut at, mut stem) = (&self.nodes[0], &[][..]);
        for letter in word.chars() {
            let Some(next) = self.step(at, letter) else { return stem };
            at = next;
            if !at.stem.is_empty() {
                stem = &at.stem;
            }
        }
        if at.whole.is_empty() { stem } else { &at.whole }
    }

    #[inline]
    fn step(&self, node: &Node, letter: char) -> Option<&Node> {
        let index = node.next.binary_search_by_key(&letter, |(own, _)| *own).ok()?;
        Some(&self.nodes[node.next[index].1 as usize])
    }

    /// Hears all that words stand for which one slip of the finger makes of this one: a letter wrong, missing, too much, or two
    /// of them swapped.
    pub(super) fn one_slip_away(&self, word: &[char], mut heard: impl FnMut(&[Symbol])) {
        let mut prefix = &self.nodes[0];
        for at in 0..=word.len() {
            let rest = &word[at..];
            // Too much.
            if !rest.is_empty() {
                self.end(prefix, &rest[1..], &mut heard);
            }
            // Swapped.
            if let [first, second, after @ ..] = rest
                && first != second
                && let Some(node) = self.step(prefix, *second).and_then(|node| self.step(node, *first))
            {
                self.end(node, after, &mut heard);
            }
            for (letter, next) in &prefix.next {
                let next = &self.nodes[*next as usize];
                // Missing.
                self.end(next, rest, &mut heard);
                // Wrong.
                if rest.first().is_some_and(|own| own != letter) {
                    self.end(next, &rest[1..], &mut heard);
                }
            }
            match rest.first().and_then(|letter| self.step(prefix, *letter)) {
                Some(node) => prefix = node,
                None => return,
            }
        }
    }

    fn end(&self, node: &Node, rest: &[char], heard: &mut impl FnMut(&[Symbol])) {
        let mut at = node;
        for letter in rest {
            match self.step(at, *letter) {
                Some(next) => at = next,
                None => return,
            }
            heard(&at.stem);
        }
        heard(&at.whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_word_comes_before_a_stem_and_a_long_stem_before_a_short_one() {
        let mut trie = Trie::default();
        trie.insert("stop", false, 1);
        trie.insert("sto", true, 2);
        trie.insert("stopp", true, 3);
        for (word, symbols) in [("stop", &[1][..]), ("stone", &[2]), ("stopping", &[3]), ("st", &[]), ("", &[])] {
            assert_eq!(trie.find(word), symbols, "{word}");
        }
    }

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        let mut trie = Trie::default();
        trie.insert("stop", false, 1);
        for (word, is_near) in [("stpp", true), ("stoop", true), ("sotp", true), ("top", true), ("shap", false)] {
            let mut heard = false;
            let letters: Vec<char> = word.chars().collect();
            trie.one_slip_away(&letters, |symbols| heard |= symbols.contains(&1));
            assert_eq!(heard, is_near, "{word}");
        }
    }
}
