//! What the report promises of every run: whole, safe, self-contained, in every language.

mod markup;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::health::VERDICTS;
use super::*;
use crate::error::Explain;
use crate::finding::Severity;
use crate::pipeline::{ChangeExample, ReasonCount};
use crate::record::{CampaignFunnel, Field, Funnel, FunnelLine};
use markup::Markup;

const LANGUAGES: [&str; 2] = ["he", "en"];
const RUNS: [&str; 3] = ["club", "empty", "hostile"];

fn summary(name: &str) -> RunSummary {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/report/{name}.json"));
    let text = std::fs::read_to_string(path).expect("the fixture is there");
    serde_json::from_str(&text).expect("the fixture is a summary")
}

/// The shipped rules with titles of its own for every code of the fixtures.
fn files() -> RuleFiles {
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/report/words");
    RuleFiles::layered(&words).expect("the fixture holds words only")
}

fn rendered(name: &str, languages: &[&str]) -> Result<String, ReportError> {
    let files = files();
    render(&summary(name), &files, &Catalog::load(&files)?, languages)
}

fn report(name: &str) -> String {
    rendered(name, &LANGUAGES).expect("rendered")
}

fn words(language: &str) -> BTreeMap<String, String> {
    RuleFiles::embedded().parse(&format!("words/{language}/report.toml")).expect("a flat table")
}

#[test]
fn the_report_of_a_club_reads_as_it_should_in_both_languages() {
    let html = report("club");
    for language in LANGUAGES {
        insta::assert_snapshot!(format!("club_{language}"), Markup::parse(&html).text_of(&format!("in-{language}")));
    }
}

#[test]
fn an_empty_list_gets_a_report_that_says_what_to_do() {
    let html = report("empty");
    insta::assert_snapshot!("empty_en", Markup::parse(&html).text_of("in-en"));
    assert!(html.contains("אין שורות ברשימה"));
}

#[test]
fn hostile_values_are_shown_as_text() {
    let html = report("hostile");
    insta::assert_snapshot!("hostile_en", Markup::parse(&html).text_of("in-en"));
    let turning = ['\u{202A}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{0}', '\u{1b}'];
    assert!(!html.contains(turning), "what turns or hides text is named, not passed on");
    assert!(html.len() < 100_000, "a header of ten thousand characters is cut: {}", html.len());
}

#[test]
fn no_value_becomes_markup() {
    let known = Markup::parse(&report("club")).vocabulary();
    let hostile = Markup::parse(&report("hostile")).vocabulary();
    let foreign: Vec<_> = hostile.difference(&known).collect();
    assert!(foreign.is_empty(), "elements or attributes that only the hostile list brings: {foreign:?}");
}

#[test]
fn the_page_is_well_formed_and_its_references_lead_somewhere() {
    for run in RUNS {
        let markup = Markup::parse(&report(run));
        markup.assert_nested();
        markup.assert_references();
    }
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    for run in RUNS {
        let html = report(run);
        for loading in ["http:", "https:", "url(", "@import", "<script", "<link", "<img", "<iframe", "<object"] {
            assert!(!html.contains(loading), "{run}: {loading}");
        }
        for (element, attribute, value) in Markup::parse(&html).attributes() {
            assert!(
                !attribute.starts_with("on") && attribute != "src" && attribute != "style",
                "{element} {attribute}"
            );
            assert!(attribute != "href" || value.starts_with('#'), "a link leads away: {value}");
        }
        assert!(html.contains("default-src 'none'"));
    }
}

#[test]
fn every_chart_has_a_name_or_stands_beside_its_figures() {
    let html = report("club");
    let markup = Markup::parse(&html);
    let named = markup.attributes().filter(|(_, name, value)| *name == "aria-label" && value.contains(':')).count();
    let images = markup.attributes().filter(|(_, name, value)| *name == "role" && *value == "img").count();
    let hidden = html.matches(r#"class="bar thin" aria-hidden="true">"#).count();
    let charts = html.matches("<svg").count();
    assert!(charts > 50 && images > 10 && named >= images, "{charts} charts, {images} of them images, {named} names");
    assert_eq!(images + hidden, charts);
}

#[test]
fn each_language_stands_in_its_own_direction_and_the_first_one_is_shown() {
    let html = report("club");
    assert!(html.contains(r#"<html lang="he" dir="rtl">"#));
    assert!(html.contains(r#"id="in-he" lang="he" dir="rtl""#) && html.contains(r#"id="in-en" lang="en" dir="ltr""#));
    let checked: Vec<&str> = html.lines().filter(|line| line.contains(" checked>")).collect();
    assert!(checked.len() == 1 && checked[0].contains("show-he"), "{checked:?}");
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    assert_eq!(report("club"), report("club"));
}

#[test]
fn one_language_alone_needs_no_switch_and_a_repeated_one_is_shown_once() {
    let html = rendered("club", &["en", "en"]).expect("rendered");
    assert!(!html.contains("class=\"switch\"") && html.matches("<main").count() == 1);
}

#[test]
fn a_language_without_words_is_refused_with_a_remedy() {
    let error = rendered("empty", &["tlh"]).expect_err("there are no such words");
    assert_eq!(error.to_string(), "no words for a report in `tlh`");
    assert!(!error.help().is_empty());
    assert!(rendered("empty", &[]).is_err());
}

#[test]
fn the_languages_say_the_same_things_with_the_same_figures() {
    let english = words("en");
    for language in LANGUAGES {
        let other = words(language);
        assert_eq!(other.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{language}");
        for (key, text) in &other {
            assert!(!text.trim().is_empty(), "{language}: {key} says nothing");
            assert_eq!(placeholders(text), placeholders(&english[key]), "{language}: {key}");
        }
    }
}

#[test]
fn the_words_of_a_campaign_are_there_in_both_languages() {
    let of = |language: &str| -> BTreeMap<String, String> {
        RuleFiles::embedded().parse(&format!("words/{language}/campaign.toml")).expect("a flat table")
    };
    let (hebrew, english) = (of("he"), of("en"));
    assert_eq!(hebrew.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
    for (key, text) in &hebrew {
        assert_eq!(placeholders(text), placeholders(&english[key]), "{key}");
    }
}

#[test]
fn a_campaign_is_shown_with_its_funnel_and_without_one_nothing_is_said_of_it() {
    let mut club = summary("club");
    let files = files();
    let shown = |summary: &RunSummary| {
        let html = render(summary, &files, &Catalog::load(&files).expect("loads"), &LANGUAGES).expect("rendered");
        Markup::parse(&html).assert_references();
        Markup::parse(&html).text_of("in-en")
    };
    assert!(!shown(&club).contains("The campaign"));
    let first =
        Funnel { planned: 100, sent: 90, delivered: 80, answered: 30, confirmed: 20, updated: 10, ..Funnel::default() };
    let first = Funnel { silent: 60, waiting: 10, repaired: 8, cost_millionths: 5_400_000, ..first };
    let line = |channel: &str, rung, language: &str, funnel| FunnelLine {
        channel: channel.to_owned(),
        rung,
        language: language.to_owned(),
        funnel,
    };
    let call = Funnel { planned: 2, sent: 2, failed: 2, cost_millionths: 6_000_000, ..Funnel::default() };
    let mut all = first;
    all.add(&call);
    club.campaign = Some(CampaignFunnel {
        campaign: "<spring>".to_owned(),
        window: "2026-11-22".to_owned(),
        currency: "ILS".to_owned(),
        all,
        cost_a_repaired_millionths: all.cost_a_repaired(),
        lines: vec![line("sms", 1, "he", first), line("call", 4, "am", call)],
    });
    let text = shown(&club);
    for part in
        ["campaign <spring>", "answers, 32.6% of those that left", "1.43 ILS", "text message", "step 4", "Hebrew", "am"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_says_nothing_is_left_out() {
    let files = files();
    let shown = |summary: &RunSummary| {
        let html = render(summary, &files, &Catalog::load(&files).expect("loads"), &LANGUAGES).expect("rendered");
        Markup::parse(&html).assert_references();
        Markup::parse(&html).text_of("in-en")
    };
    let mut club = summary("club");
    let masked =
        |before: &str, after: &str| ChangeExample { row: 7, before: before.to_owned(), after: after.to_owned() };
    club.repairs[0].examples = vec![masked("16/••/••••", "19••-••-••"), masked("05•-•••••78", "+9•••••••78")];
    club.reasons.push(ReasonCount {
        code: "email.dns.temporary".to_owned(),
        header: String::new(),
        field: Some(Field::Email),
        severity: Severity::Warning,
        count: 8_000,
    });
    let text = shown(&club);
    assert!(!text.contains("16/••/••••") && text.contains("05•-•••••78"), "a masked date to a masked date: {text}");
    assert!(text.contains("run with --show-values to see them"));
    assert!(!text.contains("8,000"), "what DNS did not say is a line of the section about mail: {text}");
    assert!(text.contains("In quarantine") && text.contains("Customers by status and value"));
    club.quarantine_reasons.clear();
    club.repairs.clear();
    club.shows_values = true;
    let reach = club.reachable.as_mut().expect("is there");
    reach.statuses.retain(|part| part.name == "unknown");
    reach.segments.clear();
    let text = shown(&club);
    for gone in ["In quarantine", "Repairs", "Customers by status and value", "--show-values to see"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
}

#[test]
fn every_word_asked_for_is_there_and_none_is_left_over() {
    let words = words("en");
    let families: BTreeSet<&str> =
        words.keys().filter_map(|key| key.split_once('.')).map(|(family, _)| family).collect();
    let asked: BTreeSet<&str> = SOURCES
        .iter()
        .flat_map(|text| text.split("mod tests").next().unwrap_or_default().split('"'))
        .filter(|text| text.split_once('.').is_some_and(|(family, rest)| families.contains(family) && !rest.is_empty()))
        .filter(|text| text.chars().all(|character| character.is_ascii_lowercase() || "._".contains(character)))
        .filter(|text| !text.ends_with(".html") && !text.ends_with(".css") && !text.ends_with(".csv"))
        .collect();
    let missing: Vec<_> = asked.iter().filter(|key| !words.contains_key(**key)).collect();
    assert!(missing.is_empty(), "asked for, but no words: {missing:?}");

    // Keys that are put together while the report is written.
    let made = [
        "field",
        "verdict",
        "severity",
        "reach",
        "format",
        "compression",
        "encoding",
        "evidence",
        "stopped",
        "group",
        "level",
        "who",
        "currency",
        "status_by",
        "segment",
        "year",
        "next",
    ];
    let left: Vec<_> = words
        .keys()
        .filter(|key| !asked.contains(key.as_str()) && !made.contains(&key.split('.').next().unwrap_or_default()))
        .filter(|key| !key.ends_with(".one") && !key.ends_with(".note") && *key != "direction")
        .collect();
    assert!(left.is_empty(), "words that nothing asks for: {left:?}");

    let tasks = include_str!("../next_tasks.rs");
    let named = |key: &str| key.split('.').nth(1).is_some_and(|task| tasks.contains(&format!("\"{task}\"")));
    let left: Vec<_> =
        words.keys().filter(|key| key.starts_with("next.") && *key != "next.title" && !named(key)).collect();
    assert!(left.is_empty(), "nothing to do is called so: {left:?}");

    let fields = Field::ALL.iter().map(|field| format!("field.{}", field.as_str()));
    let verdicts =
        VERDICTS.iter().flat_map(|verdict| [format!("verdict.{verdict}"), format!("verdict.{verdict}.means")]);
    for key in fields.chain(verdicts) {
        assert!(words.contains_key(&key), "{key}");
    }
}

/// WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text.
#[test]
fn text_stands_out_from_its_ground_by_day_and_by_night() {
    let style = include_str!("../../page/style.css");
    let pairs = [
        ("ink", "ground"),
        ("ink", "paper"),
        ("quiet", "ground"),
        ("quiet", "paper"),
        ("ink", "code"),
        ("error-ink", "error-wash"),
        ("warning-ink", "warning-wash"),
        ("warning-ink", "paper"),
        ("info-ink", "info-wash"),
    ];
    let palettes: Vec<&str> = style.split(":root {").skip(1).filter_map(|rest| rest.split('}').next()).collect();
    assert_eq!(palettes.len(), 3, "day, night, and paper");
    for palette in palettes {
        for (text, ground) in pairs {
            let ratio = contrast(luminance(palette, text), luminance(palette, ground));
            assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
        }
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn contrast(left: f64, right: f64) -> f64 {
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

/// Relative luminance as WCAG 2.2 defines it.
fn luminance(palette: &str, name: &str) -> f64 {
    let (_, rest) = palette.split_once(&format!("--{name}: #")).unwrap_or_else(|| panic!("{name} is in the palette"));
    let hex: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    let hex = if hex.len() == 3 { hex.chars().flat_map(|digit| [digit, digit]).collect() } else { hex };
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal")) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

/// Everything that asks for words.
const SOURCES: [&str; 25] = [
    include_str!("customers.rs"),
    include_str!("findings.rs"),
    include_str!("headline.rs"),
    include_str!("health.rs"),
    include_str!("mail.rs"),
    include_str!("page.rs"),
    include_str!("source.rs"),
    include_str!("status.rs"),
    include_str!("year.rs"),
    include_str!("../story.rs"),
    include_str!("../table.rs"),
    include_str!("../../page/voice.rs"),
    include_str!("change.html"),
    include_str!("page_customers.html"),
    include_str!("page_findings.html"),
    include_str!("page_headline.html"),
    include_str!("page_health.html"),
    include_str!("page_mail.html"),
    include_str!("page_source.html"),
    include_str!("page_status.html"),
    include_str!("page_year.html"),
    include_str!("reason.html"),
    include_str!("waterfall.html"),
    include_str!("report.html"),
    include_str!("head.html"),
];
