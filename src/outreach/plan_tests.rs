//! What a plan promises, over a workspace.

use super::fixture::{card, email, fill, phone, rules, settings};
use super::*;
