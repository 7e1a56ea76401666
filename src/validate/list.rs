//! What can be seen only across rows.

/// What batches contribute to the findings about the list.
#[derive(Debug, Default)]
pub struct ListFacts {}

/// Findings about the list.
#[derive(Debug, Default)]
pub struct ListFindings {}
