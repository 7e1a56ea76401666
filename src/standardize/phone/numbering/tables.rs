//! The shipped tables: their form, and walking them.

use crate::record::PhoneKind;

/// Everything that the tables hold, ready to be walked.
#[derive(Debug)]
pub(super) struct Tables {
    /// libphonenumber's release that they were made from.
    pub(super) version: String,
    pub(super) regions: Vec<Region>,
    pub(super) codes: Vec<CallingCode>,
    /// Place in `codes`, plus one, by the calling code itself.
    by_code: Vec<u16>,
    /// Place in `regions`, plus one, by the two letters.
    by_letters: Vec<u16>,
    /// All automata: ten places to go to and a label a state.
    states: Vec<u16>,
}

/// What reading a number in a region asks of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region {
    /// ISO 3166 code, or `001` for numbers of no country.
    pub(super) id: [u8; 3],
    /// Place of its calling code.
    pub(super) code: u16,
    general: u32,
    abroad: u32,
    trunk: u32,
    lengths: u32,
    local_lengths: u32,
    /// Bit `10 a + b`: a prefix for numbers abroad may begin with the digits `ab`.
    abroad_begins: u128,
    /// The national prefix is a zero, with which no number begins.
    has_plain_zero: bool,
}

/// The numbers of one calling code.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallingCode {
    /// As dialled.
    pub(super) code: u16,
    /// Place of the region that stands for it.
    pub(super) main: u16,
    /// A plus and the code in ASCII.
    pub(super) prefix: [u8; 4],
    pub(super) prefix_length: u8,
    numbers: u32,
}

/// What is said of a number: region, kind of line, and whether people write a zero before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(in super::super) struct Label(pub(super) u16);

/// Whether numbers of some length exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PossibleLength {
    /// There are.
    Possible,
    /// Only as written without their area code.
    LocalOnly,
    /// Shorter than all.
    TooShort,
    /// Longer than all.
    TooLong,
    /// Between the shortest and the longest.
    Between,
}

/// The first words of the file, the last of them the version of its form.
pub(super) const MAGIC: [u16; 4] = [0x6974, 0x7675, 0x6870, 1];
/// Words a state.
pub(super) const STATE: usize = 11;
/// Labels of a national prefix: it is left out of the number, or the number is rewritten.
pub(super) const WRITTEN_OFF: u16 = 1;
pub(super) const TRANSFORMED: u16 = 2;

impl Label {
    #[cfg(test)]
    pub(super) fn new(region: Option<usize>, kind: PhoneKind, zero: bool) -> Self {
        Label(kind as u16 | u16::from(zero) << 4 | region.map_or(0, |region| region as u16 + 1) << 5)
    }

    /// Unknown where the number is not valid.
    pub(super) fn kind(self) -> PhoneKind {
        PhoneKind::ALL.get(usize::from(self.0 & 0xf)).copied().unwrap_or(PhoneKind::Unknown)
    }

    pub(super) fn writes_zero(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// Place of the region, where the number belongs to one.
    pub(super) fn region(self) -> Option<u16> {
        (self.0 >> 5).checked_sub(1)
    }
}

impl Tables {
    /// Reads the file's bytes; none where they are not of its form.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut words = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let mut word = || words.next();
        for expected in MAGIC {
            if word()? != expected {
                return None;
            }
        }
        let mut stamp = Vec::new();
        for _ in 0..8 {
            stamp.extend(word()?.to_le_bytes());
        }
        let version = String::from_utf8(stamp).ok()?.trim_end_matches('\0').to_owned();
        let (region_count, code_count) = (word()?, word()?);
        let double = |word: &mut dyn FnMut() -> Option<u16>| Some(u32::from(word()?) | u32::from(word()?) << 16);
        let state_count = double(&mut word)?;
        let mut regions = Vec::new();
        for _ in 0..region_count {
            let [first, second] = word()?.to_le_bytes();
            let [third, _] = word()?.to_le_bytes();
            regions.push(Region {
                id: [first, second, third],
                code: word()?,
                general: double(&mut word)?,
                abroad: double(&mut word)?,
                trunk: double(&mut word)?,
                lengths: double(&mut word)?,
                local_lengths: double(&mut word)?,
                abroad_begins: 0,
                has_plain_zero: false,
            });
        }
        let mut codes = Vec::new();
        let mut by_code = vec![0; 1000];
        for place in 0..code_count {
            let (code, main) = (word()?, word()?);
            let text = format!("+{code}");
            let mut prefix = [0; 4];
            prefix.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
            let prefix_length = text.len() as u8;
            let code = CallingCode { code, main, prefix, prefix_length, numbers: double(&mut word)? };
            *by_code.get_mut(usize::from(code.code))? = place + 1;
            codes.push(code);
        }
        let mut by_letters = vec![0; 26 * 26];
        for (place, region) in regions.iter().enumerate() {
            if let Some(letters) = letters(&region.id[..2]).filter(|_| region.id[2] == 0) {
                by_letters[letters] = place as u16 + 1;
            }
        }
        let states: Vec<u16> = words.collect();
        if states.len() != state_count as usize {
            return None;
        }
        let mut tables = Tables { version, regions: Vec::new(), codes, by_code, by_letters, states };
        for region in &mut regions {
            let begins = (0..100_u8).filter(|begin| tables.may_lead_abroad(region, *begin));
            region.abroad_begins = begins.fold(0, |set, begin| set | 1 << begin);
            region.has_plain_zero = tables.has_plain_zero(region);
        }
        tables.regions = regions;
        Some(tables)
    }

    /// Whether some prefix for numbers abroad begins with these two digits.
    fn may_lead_abroad(&self, region: &Region, begin: u8) -> bool {
        let table = &self.states[region.abroad as usize..];
        let mut state = STATE;
        for digit in [begin / 10, begin % 10] {
            // A prefix that ends here is followed by anything.
            if table[state + STATE - 1] != 0 {
                return true;
            }
            state = usize::from(table[state + usize::from(digit)]);
        }
        state != 0
    }

    /// See [`Region::has_plain_zero`].
    fn has_plain_zero(&self, region: &Region) -> bool {
        const NOTHING_MORE: u16 = WRITTEN_OFF | WRITTEN_OFF << 8;
        let table = &self.states[region.trunk as usize..];
        let after = usize::from(table[STATE]);
        let is_zero_alone = table[STATE + 1..2 * STATE].iter().all(|word| *word == 0)
            && after != 0
            && table[after..after + STATE - 1].iter().all(|word| *word == 0)
            && table[after + STATE - 1] == NOTHING_MORE;
        is_zero_alone && self.states[region.general as usize + STATE] == 0
    }

    /// Bytes that the automata take.
    pub(super) fn size(&self) -> usize {
        self.states.len() * size_of::<u16>()
    }

    /// Place of the region with these two letters.
    pub(super) fn region(&self, code: &str) -> Option<u16> {
        self.by_letters[letters(code.as_bytes())?].checked_sub(1)
    }

    /// Place of the calling code with which these digits begin, and its length.
    #[inline]
    pub(super) fn calling_code(&self, digits: &[u8]) -> Option<(u16, usize)> {
        let mut code = 0;
        for (index, digit) in digits.iter().take(3).enumerate() {
            code = code * 10 + usize::from(digit - b'0');
            if code == 0 {
                return None;
            }
            if let Some(place) = self.by_code[code].checked_sub(1) {
                return Some((place, index + 1));
            }
        }
        None
    }

    /// The calling code with this number.
    pub(super) fn of_code(&self, code: u16) -> Option<&CallingCode> {
        let place = self.by_code.get(usize::from(code))?.checked_sub(1)?;
        self.codes.get(usize::from(place))
    }

    /// Place of the region that has a calling code to itself.
    pub(super) fn sole_region(&self, code: u16) -> Option<u16> {
        let place = self.by_code.get(usize::from(code))?.checked_sub(1)?;
        let mut regions = (0_u16..).zip(&self.regions).filter(|(_, region)| region.code == place);
        regions.next().filter(|_| regions.next().is_none()).map(|(at, _)| at)
    }

    /// One word of a state in a calling code's table.
    pub(super) fn word(&self, code: &CallingCode, state: u16, slot: usize) -> u16 {
        self.states[code.numbers as usize + usize::from(state) + slot]
    }

    /// Whether a region's general pattern matches.
    #[inline]
    pub(super) fn is_general(&self, region: &Region, digits: &[u8]) -> bool {
        self.whole(region.general, digits) != 0
    }

    /// What is said of a national number.
    #[inline]
    pub(super) fn label(&self, code: &CallingCode, digits: &[u8]) -> Label {
        Label(self.whole(code.numbers, digits))
    }

    /// Where the prefix for numbers abroad ends, if the digits begin with it.
    #[inline]
    pub(super) fn abroad(&self, region: &Region, digits: &[u8]) -> Option<usize> {
        let [first, second, ..] = digits else { return None };
        let begin = (first - b'0') * 10 + (second - b'0');
        if region.abroad_begins >> begin & 1 == 0 {
            return None;
        }
        self.prefix(region.abroad, digits).map(|(end, _)| end)
    }

    /// Where the national prefix ends, and whether it is written off or rewritten.
    #[inline]
    pub(super) fn trunk(&self, region: &Region, digits: &[u8]) -> Option<(usize, u16)> {
        self.prefix(region.trunk, digits)
    }

    #[inline]
    fn whole(&self, table: u32, digits: &[u8]) -> u16 {
        let table = &self.states[table as usize..];
        let mut state = STATE;
        for digit in digits {
            state = usize::from(table[state + usize::from(digit - b'0')]);
            if state == 0 {
                return 0;
            }
        }
        table[state + STATE - 1]
    }

    /// The longest prefix that a regex would find; see `automaton::prefix_label`.
    #[inline]
    fn prefix(&self, table: u32, digits: &[u8]) -> Option<(usize, u16)> {
        let table = &self.states[table as usize..];
        let mut state = STATE;
        let mut found = None;
        for (index, digit) in digits.iter().enumerate() {
            let label = table[state + STATE - 1] & 0xff;
            if label != 0 {
                found = Some((index, label));
            }
            state = usize::from(table[state + usize::from(digit - b'0')]);
            if state == 0 {
                return found;
            }
        }
        let label = table[state + STATE - 1] >> 8;
        if label == 0 { found } else { Some((digits.len(), label)) }
    }
}

impl Region {
    /// Whether people dial a zero before each number and no number begins with one.
    #[inline]
    pub(super) fn has_plain_zero(&self) -> bool {
        self.has_plain_zero
    }

    /// Whether numbers of so many digits exist.
    #[inline]
    pub(super) fn length(&self, digits: usize) -> PossibleLength {
        let bit = if digits < 32 { 1_u32 << digits } else { 0 };
        if self.local_lengths & bit != 0 {
            PossibleLength::LocalOnly
        } else if self.lengths & bit != 0 {
            PossibleLength::Possible
        } else if self.lengths == 0 {
            PossibleLength::Between
        } else if bit != 0 && bit < self.lengths & self.lengths.wrapping_neg() {
            PossibleLength::TooShort
        } else if bit == 0 || bit > self.lengths {
            PossibleLength::TooLong
        } else {
            PossibleLength::Between
        }
    }
}

fn letters(code: &[u8]) -> Option<usize> {
    let [first, second] = code else { return None };
    let letter = |byte: &u8| byte.is_ascii_uppercase().then(|| usize::from(byte - b'A'));
    Some(letter(first)? * 26 + letter(second)?)
}
