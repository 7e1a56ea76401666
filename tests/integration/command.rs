//! What commands print, as written in `tests/cmd`; `TRYCMD=overwrite cargo test --test integration command` renews it.

#[test]
fn commands_print_what_their_pages_say() {
    let cases = trycmd::TestCases::new();
    cases.env("NO_COLOR", "1").env("COLUMNS", "100").case("tests/cmd/*.md");
    if std::path::Path::new("README.md").is_file() {
        cases.case("README.md");
    }
}
