//! Where a name stands within a mailbox name in some spelling: approximate matching by dynamic programming (Sellers 1980).

/// Forms of a name of more letters are not looked for.
pub(super) const LONGEST_FORM: usize = 24;
/// A full letter of difference, in the unit of costs; letters that stand for one sound cost a unit.
const LETTER: u16 = 4;
/// What no match can bear: a sign within a mailbox name.
const NEVER: u16 = 99;

/// Letters of Latin, and whatever else stands in a form.
const LETTERS: usize = 27;

/// What it costs that one letter stands for another.
static SUBSTITUTIONS: [[u16; LETTERS]; LETTERS] = substitutions();

const fn substitutions() -> [[u16; LETTERS]; LETTERS] {
    const CLASSES: [&[u8]; 8] = [b"aeiouywh", b"ouwv", b"ckqgh", b"bvwfp", b"szct", b"dt", b"jgyi", b"hx"];
    let mut costs = [[LETTER; LETTERS]; LETTERS];
    let mut class = 0;
    while class < CLASSES.len() {
        let letters = CLASSES[class];
        let mut one = 0;
        while one < letters.len() {
            let mut other = 0;
            while other < letters.len() {
                costs[(letters[one] - b'a') as usize][(letters[other] - b'a') as usize] = 1;
                other += 1;
            }
            one += 1;
        }
        class += 1;
    }
    let mut letter = 0;
    while letter < LETTERS - 1 {
        costs[letter][letter] = 0;
        letter += 1;
    }
    costs
}

const fn place_of(letter: u8) -> usize {
    if letter.is_ascii_lowercase() { (letter - b'a') as usize } else { LETTERS - 1 }
}

/// What it costs that one letter stands for another.
pub(super) fn substitution(a: u8, b: u8) -> u16 {
    if a == b { 0 } else { SUBSTITUTIONS[place_of(a)][place_of(b)] }
}

/// What a letter too many costs: a vowel or a breath little, a doubled one nothing.
const fn extra(letter: u8, before: Option<u8>) -> u16 {
    match (letter, before) {
        (_, Some(before)) if before == letter => 0,
        (b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w' | b'h', _) => 1,
        _ => LETTER,
    }
}

/// Where a form of a name stands within a text in some spelling, and what that costs: the cheapest place, where one costs no
/// more than `most`.
///
/// # Panics
/// For forms of more than [`LONGEST_FORM`] letters.
pub(super) fn found_in(text: &[u8], form: &[u8], most: u16) -> Option<(u16, usize, usize)> {
    let length = form.len();
    // One column a letter of the text: the cost of each begin of the form that ends here, and below it where that began, so that
    // the cheapest is the least number.
    let cost = |cost: u16| u32::from(cost) << 16;
    let (mut column, mut left_out) = ([0u32; LONGEST_FORM + 1], [0u32; LONGEST_FORM]);
    for index in 0..length {
        left_out[index] = cost(extra(form[index], index.checked_sub(1).map(|before| form[before])));
        column[index + 1] = column[index] + left_out[index];
    }
    let mut best: Option<(u16, usize, usize)> = None;
    let mut before = None;
    for (end, letter) in text.iter().enumerate() {
        let is_letter = letter.is_ascii_lowercase();
        let costs = &SUBSTITUTIONS[place_of(*letter)];
        let too_many = cost(if is_letter { extra(*letter, before) } else { NEVER });
        before = Some(*letter);
        let mut diagonal = column[0];
        column[0] = end as u32 + 1;
        for index in 0..length {
            let replaced = diagonal + cost(if is_letter { costs[place_of(form[index])] } else { NEVER });
            let inserted = column[index + 1] + too_many;
            let left_out = column[index] + left_out[index];
            diagonal = column[index + 1];
            column[index + 1] = replaced.min(inserted).min(left_out);
        }
        let (cost, start) = ((column[length] >> 16) as u16, (column[length] & 0xFFFF) as usize);
        let is_better = best.is_none_or(|(least, ..)| cost < least);
        // What is left of a short form without most of its letters stands in every text.
        let has_letters = 3 * (end + 1).saturating_sub(start) >= 2 * length;
        if cost <= most && has_letters && is_better {
            best = Some((cost, start, end + 1));
        }
    }
    // A name of two letters is found in everything but as it stands.
    best.filter(|(cost, ..)| length > 2 || *cost == 0)
}

/// Whether a form of a name begins with this, in some spelling.
pub(super) fn begins(form: &[u8], run: &[u8]) -> bool {
    form.len() >= run.len()
        && run.len() <= LONGEST_FORM
        && form.first().is_some_and(|first| substitution(*first, run[0]) <= 1)
        && found_in(&form[..form.len().min(run.len() + 1)], run, 2).is_some_and(|(_, start, _)| start <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_the_spelling_that_costs_least() {
        for (text, form, found) in [
            ("david.cohen", "cohen", Some((0, 6, 11))),
            ("dawidkohen", "david", Some((1, 0, 5))),
            ("xxcohhenxx", "cohen", Some((0, 2, 8))),
            ("kiwi", "cohen", None),
            ("le", "li", None),
            ("ali", "li", Some((0, 1, 3))),
        ] {
            assert_eq!(found_in(text.as_bytes(), form.as_bytes(), form.len() as u16 / 2), found, "{form} in {text}");
        }
    }

    #[test]
    fn letters_of_one_sound_stand_for_each_other_at_a_price() {
        for (one, other, cost) in [(b'a', b'a', 0), (b'c', b'k', 1), (b'v', b'w', 1), (b'm', b'z', 4), (b'?', b'?', 0)]
        {
            assert_eq!((substitution(one, other), substitution(other, one)), (cost, cost));
        }
        assert_eq!(substitution(b'?', b'a'), 4);
        assert!(begins(b"shoshana", b"shosh") && !begins(b"dana", b"shosh"));
    }
}
