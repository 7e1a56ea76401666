//! Names kept whole, of shops and offices: equal, same words, most words, some words, other. Rare words count more.

use super::alike;

/// The words of a whole name, in its order, with what each weighs.
#[derive(Debug, Clone, Copy)]
pub(in crate::resolve) struct Words<'a> {
    /// The words, in Latin letters with spaces between.
    pub(in crate::resolve) text: &'a [u8],
    /// One number a word: the logarithm of how rare it is.
    pub(in crate::resolve) weights: &'a [f32],
}

impl<'a> Words<'a> {
    fn words(self) -> impl Iterator<Item = (&'a [u8], f32)> + Clone {
        self.text.split(|letter| *letter == b' ').zip(self.weights.iter().copied())
    }
}

/// Words of a longer name are not looked at.
const MOST_WORDS: usize = 24;

/// The level of two different whole names.
pub(in crate::resolve) fn whole_level(a: Words<'_>, b: Words<'_>) -> u8 {
    let squeezed = |words: Words<'_>| words.text.iter().copied().filter(|letter| *letter != b' ').collect::<Vec<u8>>();
    if squeezed(a) == squeezed(b) {
        return 1;
    }
    let (a, b) = if a.text <= b.text { (a, b) } else { (b, a) };
    let mut left: Vec<(&[u8], f32)> = b.words().take(MOST_WORDS).collect();
    let (all_a, all_b): (f32, f32) = (a.weights.iter().sum(), b.weights.iter().sum());
    let mut common = 0.0;
    for (word, weight) in a.words().take(MOST_WORDS) {
        if left.is_empty() {
            break;
        }
        let equal = left.iter().position(|(other, _)| *other == word);
        let found = equal.or_else(|| {
            let alike = |other: &[u8]| if word.len() > 3 { alike(word, other, 0.92) } else { None };
            let close = left.iter().enumerate().filter_map(|(index, (other, _))| Some((alike(other)?, index)));
            close.max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1))).map(|(_, index)| index)
        });
        if let Some(index) = found {
            let (_, other) = left.swap_remove(index);
            common += (weight + other) / 2.0;
        }
    }
    let contained = common / all_a.min(all_b).max(1e-9);
    let shared = common / (all_a + all_b - common).max(1e-9);
    if shared >= 0.8 {
        2
    } else if contained >= 0.9 || shared >= 0.5 {
        3
    } else if contained >= 0.4 || alike(a.text, b.text, 0.85).is_some() {
        4
    } else {
        5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_decide() {
        let words = |text: &'static str, weights: &'static [f32]| Words { text: text.as_bytes(), weights };
        let deli = words("arts deli", &[5.0, 2.0]);
        let delicatessen = words("arts delicatessen", &[5.0, 3.0]);
        let grill = words("grill on the alley", &[2.0, 1.0, 0.2, 5.0]);
        assert_eq!(whole_level(words("bel air", &[3.0, 3.0]), words("belair", &[6.0])), 1);
        assert_eq!(whole_level(deli, delicatessen), 3);
        assert_eq!(whole_level(deli, grill), 5);
        assert_eq!(whole_level(words("the grill on the alley", &[0.2, 2.0, 1.0, 0.2, 5.0]), grill), 2);
    }
}
