//! A column of text as one byte arena and `u32` ends: no allocation per cell.

/// Text cells of one batch, in row order. An empty cell is an empty string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    bytes: String,
    ends: Vec<u32>,
}

impl TextColumn {
    /// Room for `rows` cells of about `bytes_per_cell` bytes.
    pub fn with_capacity(rows: usize, bytes_per_cell: usize) -> Self {
        TextColumn { bytes: String::with_capacity(rows * bytes_per_cell), ends: Vec::with_capacity(rows) }
    }

    /// Adds the next row's cell.
    pub fn push(&mut self, cell: &str) {
        self.bytes.push_str(cell);
        self.end_cell();
    }

    /// Adds the next row's cell as `write` writes it, which must only add text.
    pub(super) fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.bytes);
        self.end_cell();
    }

    fn end_cell(&mut self) {
        let end = u32::try_from(self.bytes.len()).expect("a batch's column stays far below 4 GiB");
        self.ends.push(end);
    }

    /// The cell of row `index`, counted from 0 in this batch.
    pub fn cell(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.bytes[start..self.ends[index] as usize]
    }

    /// Whether the cell of row `index` is empty.
    pub fn is_empty_at(&self, index: usize) -> bool {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        start == self.ends[index]
    }

    /// All cells' text, one behind the other.
    pub fn text(&self) -> &str {
        &self.bytes
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cells in row order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.cell(index))
    }

    /// Takes all cells out, keeping the memory.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// For how many more rows there is room.
    pub(super) fn room(&self) -> usize {
        self.ends.capacity() - self.ends.len()
    }

    /// Gives unused capacity back, for columns that stay until the end of the run.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_in_order_and_empty_cells_stay_empty() {
        let mut column = TextColumn::default();
        for cell in ["דנה", "", "x"] {
            column.push(cell);
        }
        assert_eq!(column.iter().collect::<Vec<_>>(), ["דנה", "", "x"]);
    }
}
