//! Characters, and the forms in which texts are compared: one table for all fields.
//!
//! Knows no fields, rules or findings: what a change is called and when it is made is said where the field is read.

pub mod character;
pub mod digit;
pub mod hebrew;
pub mod mark;
pub mod number;
pub mod script;

mod bare;
mod compose;
mod formula;
mod header_fold;
mod key;
mod mojibake;
mod name_fold;
mod place_key;
mod shown;
mod step;
mod tidy;
mod visual;
mod word_fold;

pub use bare::{bare, plain_digits};
pub use character::{BYTE_ORDER_MARK, LEFT_TO_RIGHT_MARK, RIGHT_TO_LEFT_MARK, is_unseen};
pub use formula::{is_formula, without_guard};
pub use header_fold::{FoldedHeader, without_brackets};
pub use hebrew::with_finals;
pub use key::{bare_key, plain_key, unguarded};
pub use mark::{in_one_form, without_vowel_points};
pub use mojibake::{read_twice, repair_mojibake};
pub use name_fold::{folded, name_words, plain_spelling, push_folded};
pub use place_key::{PlaceKey, is_one_slip_away, is_one_swap_away};

pub use shown::{Escape, Shield, isolated, on_one_line, visible};
pub use step::Step;
pub use tidy::tidy;
pub use visual::{from_visual, order_of_final_letters};
pub use word_fold::{fold_word, is_word_mark};
