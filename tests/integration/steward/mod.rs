//! What stewards do: the queue that runs fill, accounts and the audit log at the terminal, and the pages in a browser.

mod browser;
mod items;
mod queue;
mod terminal;
