//! Who is whom, from one list and from run to run.

mod customers;
mod deciding;
mod dedupe;
mod other_lists;
mod remembering;
mod short_lists;
