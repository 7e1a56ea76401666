//! Words in one cell of an output, each once, joined with `;`.

use crate::record::VALUE_SEPARATOR;

/// Words that are being joined, with what each of them stands for.
#[derive(Debug)]
pub(super) struct Joined<T> {
    text: String,
    items: Vec<T>,
}

impl<T> Default for Joined<T> {
    fn default() -> Self {
        Joined { text: String::new(), items: Vec::new() }
    }
}

impl<T: PartialEq> Joined<T> {
    /// Starts the next cell, keeping the memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.items.clear();
    }

    /// Adds the word of an item, unless it is there.
    pub(super) fn push(&mut self, item: T, word: &str) {
        if self.items.contains(&item) {
            return;
        }
        if !self.items.is_empty() {
            self.text.push_str(VALUE_SEPARATOR);
        }
        self.text.push_str(word);
        self.items.push(item);
    }

    /// The cell.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_stands_there_once() {
        let mut joined = Joined::default();
        [3, 1, 3].into_iter().for_each(|number| joined.push(number, &number.to_string()));
        assert_eq!(joined.as_str(), "3;1");
        joined.clear();
        assert_eq!(joined.as_str(), "");
    }
}
