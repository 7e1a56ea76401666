//! What commands print, as written in `tests/cmd`; `TRYCMD=overwrite cargo test --test integration command` renews it.

#[test]
fn commands_print_what_their_pages_say() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("TIUV_MX", "off")
        // What somebody cleaned here before is none of theirs.
        .env("TIUV_WORKSPACE", "target/tmp/nobody-cleaned-here")
        .case("tests/cmd/*.md")
        .case("README.md");
}
