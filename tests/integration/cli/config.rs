//! `tiuv config show` and `tiuv config schema`.

use std::path::Path;
use std::process::Command;

use crate::support::partner::partner;
use crate::support::program::Place;

#[test]
fn each_setting_is_shown_with_where_it_is_from_and_no_secret() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("a/lists")).expect("made");
    std::fs::write(place.path("a/lists/l.csv"), "id\n1\n").expect("written");
    let toml = "region = \"US\"\n\n[max]\nemail = \"3%\"\n\n[[expect]]\ncolumn = \"branch\"\none_of = [\n  \"haifa\",\n]\n\n\
        [[suppress]]\nrule = \"email\"\nkey = \"100017\"\nreason = \"x\"\n\n\
        [webhooks]\npublic_url = \"https://club.example.org\"\n\n[webhooks.gateway.texts.twilio]\nauth_token_env = \"CLUB_TOKEN\"\n";
    std::fs::write(place.path("a/tiuv.toml"), toml).expect("written");
    let show = |args: &[&str]| {
        let mut command = place.command(&[&["config", "show"][..], args].concat());
        let output = command.env("CLUB_TOKEN", "hush-hush").output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (exit, shown, _) = show(&["a/lists/l.csv", "--as-of", "2026-11-21"]);
    assert_eq!(exit, Some(0), "{shown}");
    let path = place.path("a/tiuv.toml").canonicalize().expect("there");
    let path = path.display();
    for line in [
        format!("config = \"{path}\"  # found"),
        format!("region = \"US\"  # {path}:1"),
        "as_of = \"2026-11-21\"  # --as-of".to_owned(),
        "threads = all cores  # usual".to_owned(),
        "workspace = \".tiuv\"  # usual".to_owned(),
        format!("max.email = \"3%\"  # {path}:4"),
        format!("expect[1].one_of = [ \"haifa\", ]  # {path}:8"),
        format!("suppress[1].key = set, not shown  # {path}:14"),
        format!("webhooks.gateway.texts.twilio.auth_token_env = \"CLUB_TOKEN\"  # {path}:21"),
        "environment CLUB_TOKEN = set, not shown  # environment".to_owned(),
        "environment TIUV_CHECK_KEY = not set  # environment".to_owned(),
    ] {
        assert!(shown.lines().any(|own| own == line), "{line}\n{shown}");
    }
    assert!(!shown.contains("hush-hush") && !shown.contains("100017"), "{shown}");
    let (_, shown, _) = show(&["a/lists/l.csv", "--region", "FR", "--workspace", "w"]);
    assert!(
        shown.contains("region = \"FR\"  # --region\n") && shown.contains("workspace = \"w\"  # --workspace\n"),
        "{shown}"
    );
    let (_, shown, _) = show(&[]);
    assert!(shown.starts_with("config = none  # usual") && shown.contains("region = \"IL\"  # usual\n"), "{shown}");
    place.write("tiuv.toml", "regoin = \"IL\"\n");
    let (exit, shown, said) = show(&[]);
    assert!(exit == Some(2) && shown.is_empty() && said.contains("did you mean `region`?"), "{said}");
}

/// What stands between the fences of TOML in the documentation, with where.
fn documented() -> Vec<(String, String)> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut found = Vec::new();
    for page in std::fs::read_dir(docs).expect("they are there") {
        let path = page.expect("an entry").path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("text");
        let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        found.extend(blocks.enumerate().map(|(at, block)| (format!("{name}-{at}.toml"), block.to_owned())));
    }
    found
}

#[test]
fn editors_are_told_what_the_program_takes_and_what_it_refuses() {
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-partners/venv/bin/check-jsonschema");
    let Some(validator) = partner(venv) else { return };
    let place = Place::new();
    let schema = place.tiuv(&["config", "schema"]);
    assert_eq!(schema.exit, Some(0), "{}", schema.stderr);
    place.write("schema.json", &schema.stdout);
    let takes = |names: &[String]| {
        let mut command = Command::new(&validator);
        command
            .args(["--schemafile".into(), place.path("schema.json")])
            .args(names.iter().map(|name| place.path(name)));
        let output = command.output().expect("check-jsonschema starts");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let mut names = vec!["example.toml".to_owned()];
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tiuv.toml");
    std::fs::copy(example, place.path("example.toml")).expect("copied");
    for (name, text) in documented() {
        place.write(&name, text);
        names.push(name);
    }
    assert!(names.len() > 8, "{names:?}");
    let (is_taken, said) = takes(&names);
    assert!(is_taken, "{said}");
    for wrong in [
        "regoin = \"IL\"",
        "region = 7",
        "[columns]\nmail = \"a\"",
        "[rules]\nemail = \"loud\"",
        "[max]\nemail = true",
        "[[expect]]\ncolumn = \"a\"\nuniqe = true",
        "[[expect]]\ncolumn = \"a\"\nlength = [1]",
        "[[suppress]]\nrule = \"email\"",
        "[outreach]\nworth = 20",
        "[outreach.most]\nfax = 1",
        "[outreach.gateway.g.http]\nurl = \"https://x.test\"\nmethod = \"get\"",
        "[webhooks.gateway.a.http]\nsecret_query = \"k\"",
        "[lookup.a]\nurl = \"https://x.test\"\nline_type = { at = \"/t\", map = { a = \"mobil\" } }",
    ] {
        place.write("wrong.toml", wrong);
        let ran = place.tiuv(&["config", "show", "--config", "wrong.toml"]);
        assert_eq!(ran.exit, Some(2), "{wrong}: {}{}", ran.stdout, ran.stderr);
        assert!(!takes(&["wrong.toml".to_owned()]).0, "{wrong}");
    }
}
