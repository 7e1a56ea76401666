//! The fit of the decay model agrees with one written independently in Python and minimized by SciPy.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tiuv::decay::{Coefficients, Label, Model};
use tiuv::evidence::{DatedSignal, History};
use tiuv::record::{ContactClass, ContactKind, Day, Signal};
use tiuv::rule::{DecayRules, RuleFiles};

use crate::support::generator::Random;

const TODAY: Day = Day::new(20_783);

const LABELS: u64 = 400;

/// An invented contact of a kind.
struct Drawn {
    class: ContactClass,
    age: Option<u8>,
    changes: u8,
    captured: Day,
    signals: Vec<DatedSignal>,
    dead_domain: bool,
    stale: bool,
}

fn draw(kind: ContactKind, random: &mut Random) -> Drawn {
    let classes: Vec<ContactClass> = ContactClass::ALL.iter().copied().filter(|one| one.kind() == kind).collect();
    let tenure = random.between(60, 2000) as i32;
    let captured = TODAY - tenure;
    let mut signals: Vec<DatedSignal> = (0..random.below(15))
        .map(|_| DatedSignal {
            // Some before the capture and some after today: those must not count.
            day: captured - 100 + random.below(tenure as u64 + 200) as i32,
            signal: *random.pick(Signal::ALL),
        })
        .collect();
    signals.sort_unstable();
    let signs = signals.iter().filter(|one| matches!(one.signal, Signal::HardBounce | Signal::NotMe)).count();
    let stale = random.permille((tenure as u32 / 5 + 200 * signs as u32).min(900));
    Drawn {
        class: *random.pick(&classes),
        age: random.permille(800).then(|| random.between(18, 90) as u8),
        changes: random.below(5) as u8,
        captured,
        signals,
        dead_domain: kind == ContactKind::Email && random.permille(40),
        stale,
    }
}

impl Drawn {
    fn label(&self, kind: ContactKind, customer: u64) -> Label<'_> {
        let history = History {
            kind,
            class: self.class,
            age: self.age,
            changes: self.changes,
            captured: Some(self.captured),
            signals: &self.signals,
            dead_domain: self.dead_domain,
            deceased: false,
        };
        Label { history, asked: TODAY, stale: self.stale, customer }
    }

    fn as_json(&self) -> Value {
        let signals: Vec<Value> = self.signals.iter().map(|one| json!([one.day, one.signal])).collect();
        json!({
            "class": self.class, "age": self.age, "changes": self.changes, "captured": self.captured,
            "signals": signals, "dead_domain": self.dead_domain, "stale": self.stale,
        })
    }
}

#[test]
fn the_fit_agrees_with_scipy() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peer/bin/python");
    let has_scipy = Command::new(&python).args(["-c", "import scipy"]).status().is_ok_and(|status| status.success());
    if !has_scipy {
        assert!(std::env::var_os("TIUV_ALL_TESTS").is_none(), "no SciPy in target/peer; tests/run installs it");
        return;
    }
    let rules = DecayRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
    let model = Model::new(&rules, Coefficients::prior(&rules));
    for kind in [ContactKind::Email, ContactKind::Phone] {
        let mut random = Random::at(5, kind as u64);
        let drawn: Vec<Drawn> = (0..LABELS).map(|_| draw(kind, &mut random)).collect();
        let labels: Vec<Label<'_>> = drawn.iter().zip(0..).map(|(one, customer)| one.label(kind, customer)).collect();
        let fit = model.fit(kind, &labels).expect("there are labels");
        let sd = rules.learn.sd.narrowed(fit.trust);
        let task = json!({
            "kind": kind, "today": TODAY,
            "start": model.coefficients().of(kind), "fitted": fit.coefficients,
            "sd": { "hazard": sd.hazard, "weight": sd.weight, "level": sd.level, "shape": sd.shape },
            "opens": { "rate": rules.opens.rate, "mails": rules.opens.mails, "wait_days": rules.opens.wait_days },
            "caps": { "last": rules.caps.last, "a_month": rules.caps.a_month },
            "labels": drawn.iter().map(Drawn::as_json).collect::<Vec<_>>(),
        });
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), task.to_string()).expect("written");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/decay/fit.py");
        let output = Command::new(&python).arg(script).arg(file.path()).output().expect("Python runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let away: f64 = said.lines().next().and_then(|line| line.parse().ok()).expect("the largest difference");
        assert!(away < 1e-4, "{kind:?}: coefficients differ by {away}\n{said}");
    }
}
