//! What stands in for the PostgreSQL client in a build without it.

use super::address::Address;
use super::error::Problem;
use super::sink::Sink;
use super::target::Target;

/// Nothing can be read.
pub(super) fn read(_: &Address, _: &mut dyn Sink) -> Result<(), Problem> {
    Err(Problem::NotBuilt("postgres"))
}

/// Nothing can be written.
pub(super) fn open(_: &Address) -> Result<Box<dyn Target>, Problem> {
    Err(Problem::NotBuilt("postgres"))
}
