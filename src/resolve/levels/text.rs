//! Other words (streets, localities, occupations): equal, alike, other.

use super::alike;

/// The level of two different texts in Latin letters.
pub(in crate::resolve) fn text_level(a: &[u8], b: &[u8]) -> u8 {
    if a == b || alike(a, b, 0.9).is_some() { 2 } else { 3 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_alike() {
        assert_eq!(text_level(b"pine lvd", b"pine blvd"), 2);
        assert_eq!(text_level(b"pine", b"bridge"), 3);
    }
}
