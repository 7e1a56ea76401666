//! `tiuv config show`.

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
