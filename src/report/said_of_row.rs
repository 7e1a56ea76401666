//! The findings of each row of a block, row by row.

use crate::finding::Finding;
use crate::record::CheckedBlock;

/// Goes through a block's findings row by row.
pub(super) struct RowFindings<'a> {
    block: &'a CheckedBlock,
    row: usize,
    at: [usize; 2],
}

impl<'a> RowFindings<'a> {
    pub(super) fn new(block: &'a CheckedBlock) -> Self {
        RowFindings { block, row: 0, at: [0, 0] }
    }

    /// The next row's findings: those of standardizing, those of validating.
    pub(super) fn advance(&mut self) -> [&'a [Finding]; 2] {
        let number = Some(self.block.checked.standard().number(self.row));
        self.row += 1;
        let parts = [self.block.checked.standard().findings(), self.block.checked.judgements()];
        let mut said: [&[Finding]; 2] = [&[], &[]];
        for (part, (findings, at)) in parts.into_iter().zip(&mut self.at).enumerate() {
            let start = *at;
            while findings.get(*at).is_some_and(|finding| finding.row <= number) {
                *at += 1;
            }
            said[part] = &findings[start..*at];
        }
        said
    }
}
