//! Things in groups, one group behind the other, and the groups that matter most: the rows of each customer.

use std::ops::Range;

use super::{CustomerIndex, RowIndex};

/// Members of all groups in one row, and where each group ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups<T> {
    members: Vec<T>,
    ends: Vec<u32>,
}

impl<T> Default for Groups<T> {
    fn default() -> Self {
        Groups { members: Vec::new(), ends: Vec::new() }
    }
}

impl<T> Groups<T> {
    /// With room for so many members and groups.
    pub fn with_capacity(members: usize, groups: usize) -> Self {
        Groups { members: Vec::with_capacity(members), ends: Vec::with_capacity(groups) }
    }

    /// From members in their order and the ends of groups among them.
    pub fn from_parts(members: Vec<T>, ends: Vec<u32>) -> Self {
        debug_assert_eq!(ends.last().map_or(0, |end| *end as usize), members.len());
        Groups { members, ends }
    }

    /// Adds a member to the group that is being made; [`Groups::close`] ends it.
    pub fn add(&mut self, member: T) {
        self.members.push(member);
    }

    /// Ends the group that is being made.
    pub fn close(&mut self) {
        self.ends.push(self.members.len() as u32);
    }

    /// Adds a group.
    pub fn push(&mut self, members: impl IntoIterator<Item = T>) {
        self.members.extend(members);
        self.close();
    }

    /// Adds the groups of another one behind these.
    pub fn append(&mut self, next: Groups<T>) {
        let offset = self.members.len() as u32;
        self.members.extend(next.members);
        self.ends.extend(next.ends.into_iter().map(|end| end + offset));
    }

    /// Number of groups.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Where a group's members stand among all.
    #[inline]
    pub fn range(&self, group: usize) -> Range<usize> {
        let start = if group == 0 { 0 } else { self.ends[group - 1] as usize };
        start..self.ends[group] as usize
    }

    /// The members of a group.
    #[inline]
    pub fn of(&self, group: usize) -> &[T] {
        &self.members[self.range(group)]
    }

    /// The members of all groups, those of one together.
    pub fn members(&self) -> &[T] {
        &self.members
    }

    /// The members of all groups, to be changed where they stand.
    pub fn members_mut(&mut self) -> &mut [T] {
        &mut self.members
    }

    /// Every group with its members.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[T]> + Clone {
        (0..self.len()).map(|group| self.of(group))
    }
}

/// Which rows are of which customer.
#[derive(Debug, Clone, Default)]
pub struct CustomerRows {
    rows: Groups<RowIndex>,
    customer_of: Vec<CustomerIndex>,
}

impl CustomerRows {
    /// From the rows of each customer; every row is one customer's.
    pub fn new(rows: Groups<RowIndex>) -> Self {
        let mut customer_of = vec![CustomerIndex::FIRST; rows.members().len()];
        for (customer, members) in rows.iter().enumerate() {
            members.iter().for_each(|row| customer_of[row.get()] = CustomerIndex::new(customer));
        }
        CustomerRows { rows, customer_of }
    }

    /// Every row a customer of its own.
    pub fn single(rows: usize) -> Self {
        let groups = Groups::from_parts(RowIndex::first(rows).collect(), (1..=rows as u32).collect());
        CustomerRows { rows: groups, customer_of: CustomerIndex::first(rows).collect() }
    }

    /// Number of customers.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no customer.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All customers in their order.
    pub fn customers(&self) -> impl DoubleEndedIterator<Item = CustomerIndex> + ExactSizeIterator {
        CustomerIndex::first(self.len())
    }

    /// The rows of a customer.
    #[inline]
    pub fn of(&self, customer: CustomerIndex) -> &[RowIndex] {
        self.rows.of(customer.get())
    }

    /// The customer of a row.
    #[inline]
    pub fn customer_of(&self, row: RowIndex) -> CustomerIndex {
        self.customer_of[row.get()]
    }

    /// The rows of a row's customer.
    #[inline]
    pub fn beside(&self, row: RowIndex) -> &[RowIndex] {
        self.of(self.customer_of(row))
    }

    /// Each customer's rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[RowIndex]> + Clone {
        self.rows.iter()
    }

    /// All rows, those of a customer together.
    pub fn members(&self) -> &[RowIndex] {
        self.rows.members()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_group_and_customers_by_row() {
        let mut groups = Groups::default();
        groups.push([2, 0].map(RowIndex::new));
        groups.push([]);
        groups.push([1].map(RowIndex::new));
        let mut all = Groups::default();
        all.append(groups.clone());
        assert_eq!(all, groups);
        assert_eq!(groups.of(0).len() + groups.of(1).len() + groups.of(2).len(), 3);
        let customers = CustomerRows::new(groups);
        assert_eq!(customers.customer_of(RowIndex::new(1)), CustomerIndex::new(2));
        assert_eq!(customers.beside(RowIndex::new(0)), [2, 0].map(RowIndex::new));
        let single = CustomerRows::single(2);
        assert_eq!(single.beside(RowIndex::new(1)), [RowIndex::new(1)]);
    }
}
