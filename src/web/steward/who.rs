//! Somebody who is signed in.

use crate::page::Voice;
use crate::store::SignedIn;

/// Somebody who is signed in.
pub(super) struct Who<'a> {
    pub(super) session: SignedIn,
    /// By which the session is known.
    pub(super) token: String,
    /// The language of the pages.
    pub(super) voice: Voice<'a>,
}
