//! Which line each of many ascending numbers stands in, kept as the jumps alone.

use crate::finding::LineNumber;

/// Lines beside ascending numbers: records, or lines of a converted text. Mostly the next number stands in the next line, so
/// only the places where it does not are kept: one for a list of one line a record, 8 bytes for each jump of another.
#[derive(Debug, Clone, Default)]
pub struct LineTable {
    jumps: Vec<(u32, LineNumber)>,
}

impl LineTable {
    /// Says where a number stands that is more than all before it.
    pub fn push(&mut self, number: u32, line: LineNumber) {
        if self.line(number) != Some(line) {
            self.jumps.push((number, line));
        }
    }

    /// Where a number stands; one that was not said follows its predecessor line by line. None before the first.
    pub fn line(&self, number: u32) -> Option<LineNumber> {
        let after = self.jumps.partition_point(|(first, _)| *first <= number);
        let (first, line) = self.jumps.get(after.checked_sub(1)?)?;
        Some(line.below(number - first))
    }

    /// Which number stands in a line; none where none does.
    pub fn number_in(&self, line: LineNumber) -> Option<u32> {
        let after = self.jumps.partition_point(|(_, first)| *first <= line);
        let (number, first) = self.jumps.get(after.checked_sub(1)?)?;
        let found = number + (line.number() - first.number());
        self.jumps.get(after).is_none_or(|(next, _)| found < *next).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_the_lines_that_were_said_and_only_jumps_are_kept() {
        let mut table = LineTable::default();
        for (number, line) in [(2, 4), (3, 5), (4, 9), (6, 11), (7, 30)] {
            table.push(number, LineNumber::from_index(line));
        }
        assert_eq!(table.jumps.len(), 3);
        let lines: Vec<_> = (1..9).map(|number| table.line(number).map(LineNumber::number)).collect();
        assert_eq!(lines, [None, Some(5), Some(6), Some(10), Some(11), Some(12), Some(31), Some(32)]);
        let numbers = [5, 6, 7, 10, 12, 31].map(|line| table.number_in(LineNumber::from_index(line - 1)));
        assert_eq!(numbers, [Some(2), Some(3), None, Some(4), Some(6), Some(7)]);
    }
}
