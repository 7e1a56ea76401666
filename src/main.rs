//! The `tiuv` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(tiuv::cli::run(std::env::args_os()).code())
}
