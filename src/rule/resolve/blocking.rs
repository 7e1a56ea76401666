//! `rules/resolve/blocking.toml`: which pairs of rows are compared at all.

use serde::Deserialize;

/// The keys and their limits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockingRules {
    /// Pairs compared for each row.
    pub pairs_a_row: u64,
    /// So many pairs at least, however short the list.
    pub least_pairs: u64,
    /// Most of the pairs that one key may bring, as a share.
    pub most_of_one_key: f64,
    /// Blocks of more rows are split.
    pub largest_block: usize,
    /// What they are split by, one after the other.
    pub refine: Vec<Part>,
    /// Neighbours that a row of a block that can't be split is compared with.
    pub neighbours: u32,
    /// Blocks of weak keys of more rows are left alone.
    pub largest_weak_block: usize,
    /// The keys, stronger ones first.
    pub key: Vec<BlockingKey>,
}

/// One key: rows with the same parts are compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockingKey {
    /// What rows must share.
    pub parts: Vec<Part>,
    /// Says little by itself: its big blocks are left to other keys.
    #[serde(default)]
    pub weak: bool,
}

/// Something of a row that a key can be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Part {
    NationalId,
    Email,
    /// What stands before the `@`, where it is long enough to be a person's.
    EmailLocal,
    /// Its first six characters.
    EmailStart,
    /// Its first eight letters.
    EmailLetters,
    Phone,
    #[serde(rename = "phone_last_4")]
    PhoneLast4,
    First,
    #[serde(rename = "first_1")]
    First1,
    #[serde(rename = "first_2")]
    First2,
    #[serde(rename = "first_3")]
    First3,
    Last,
    #[serde(rename = "last_1")]
    Last1,
    #[serde(rename = "last_2")]
    Last2,
    #[serde(rename = "last_3")]
    Last3,
    /// How both names sound, in either order.
    NamesSound,
    /// How one of the names sounds, whichever.
    NameSound,
    #[serde(rename = "name_sound_2")]
    NameSound2,
    BirthDate,
    BirthCentury,
    BirthDecade,
    BirthYear,
    /// Year and month.
    BirthMonth,
    /// Month and day.
    BirthDay,
    Street,
    HouseNumber,
    Postcode,
    City,
    Occupation,
    FullName,
    /// A name kept whole, without spaces.
    Whole,
    #[serde(rename = "whole_4")]
    Whole4,
    /// A word of a name kept whole, of more than three letters.
    Word,
    /// Two words of it that follow each other.
    TwoWords,
    /// Names are kept whole in this list.
    IsWhole,
    /// Names have parts in this list.
    IsPerson,
}
