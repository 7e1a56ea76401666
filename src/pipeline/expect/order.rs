//! Whether cells of a column stand in order, judged in parts that are put together in the order of input.

use jiff::civil::Date;

use crate::record::RowNumber;

/// What a cell is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rank {
    /// Where it is a plain number, in [`PARTS`].
    pub(super) number: Option<i128>,
    /// Where it is a date, with the seconds of its day where they are written.
    pub(super) date: Option<(Date, Option<u32>)>,
    pub(super) text: String,
}

/// Numbers are compared down to so many decimal places.
const PLACES: usize = 12;

/// A plain decimal number; none where it is anything else, or too long to be compared as a whole.
pub(super) fn number(cell: &str) -> Option<i128> {
    let (sign, digits) = match cell.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, cell.strip_prefix('+').unwrap_or(cell)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > PLACES {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    // What is longer has no room beside its decimal places.
    if whole.len() > 24 {
        return None;
    }
    format!("0{whole}{part:0<PLACES$}").parse::<i128>().ok().map(|number| sign * number)
}

impl Rank {
    /// Whether it is lower as a number, as a date and as a text; none where it or the other is none.
    fn is_below(&self, before: &Rank) -> [bool; 3] {
        let number = self.number.zip(before.number).is_some_and(|(own, before)| own < before);
        let date = self.date.zip(before.date).is_some_and(|((own, time), (before, time_before))| {
            own < before || own == before && time.zip(time_before).is_some_and(|(own, before)| own < before)
        });
        [number, date, self.text < before.text]
    }
}

/// The order of the cells of some rows.
#[derive(Debug, Default)]
pub(super) struct Order {
    first: Option<(RowNumber, Rank)>,
    last: Option<Rank>,
    /// Rows whose cell is lower than the one before: as numbers and as dates, while all cells are, and as texts.
    below: [Option<Vec<RowNumber>>; 3],
}

impl Order {
    pub(super) fn push(&mut self, row: RowNumber, rank: Rank) {
        let Some(before) = &self.last else {
            self.first = Some((row, rank.clone()));
            self.below = [rank.number.is_some(), rank.date.is_some(), true].map(|is_kept| is_kept.then(Vec::new));
            self.last = Some(rank);
            return;
        };
        if rank.number.is_none() {
            self.below[0] = None;
        }
        if rank.date.is_none() {
            self.below[1] = None;
        }
        for (rows, is_below) in self.below.iter_mut().zip(rank.is_below(before)) {
            rows.iter_mut().filter(|_| is_below).for_each(|rows| rows.push(row));
        }
        self.last = Some(rank);
    }

    /// Adds the rows that come next.
    pub(super) fn append(&mut self, next: Order) {
        let (Some((row, first)), Some(last)) = (next.first, next.last) else { return };
        let Some(before) = self.last.replace(last) else {
            *self = Order { first: Some((row, first)), last: self.last.take(), below: next.below };
            return;
        };
        let is_below = first.is_below(&before);
        for ((own, next), is_below) in self.below.iter_mut().zip(next.below).zip(is_below) {
            match (own.as_mut(), next) {
                (Some(own), Some(next)) => {
                    own.extend(is_below.then_some(row));
                    own.extend(next);
                }
                _ => *own = None,
            }
        }
    }

    /// The rows whose cell is lower than the one before, as what all cells are.
    pub(super) fn below(self) -> Vec<RowNumber> {
        self.below.into_iter().flatten().next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rank(cell: &str) -> Rank {
        Rank { number: number(cell), date: cell.parse().ok().map(|date| (date, None)), text: cell.to_owned() }
    }

    fn order(cells: &[String], from: usize) -> Order {
        let mut order = Order::default();
        for (at, cell) in cells.iter().enumerate() {
            order.push(RowNumber::from_index((from + at) as u32), rank(cell));
        }
        order
    }

    #[test]
    fn numbers_are_compared_exactly() {
        let less = |low: &str, high: &str| number(low).expect(low) < number(high).expect(high);
        assert!(less("9", "10") && less("-2", "-1") && less("0.1", "0.11") && less("-0.5", "0"));
        assert!(less("9007199254740992", "9007199254740993"));
        assert_eq!(number("007.50"), number("7.5"));
        for text in ["", "-", "1e3", "1,000", "1.", ".5", "١", "1.0000000000001", "1234567890123456789012345"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn where_batches_end_makes_no_difference(
            cells in proptest::collection::vec("[0-9]{1,2}|2024-0[1-9]-11|[ab]", 0..12),
            ends in proptest::collection::vec(0_usize..12, 0..4),
        ) {
            let whole = order(&cells, 0).below();
            let mut ends: Vec<usize> = ends.into_iter().map(|end| end.min(cells.len())).collect();
            ends.extend([0, cells.len()]);
            ends.sort_unstable();
            let mut parts = Order::default();
            for pair in ends.windows(2) {
                parts.append(order(&cells[pair[0]..pair[1]], pair[0]));
            }
            prop_assert_eq!(parts.below(), whole);
        }
    }
}
