//! Scratch.
use super::*;
use crate::record::CellOut;
use crate::rule::RuleFiles;
use crate::standardize::{CellContext, Standardizer};
#[test]
fn explore() {
    let t = std::time::Instant::now();
    let _ = crate::rule::EmailRules::load(&RuleFiles::embedded());
    println!("RULES {:?}", t.elapsed());
    let rr = crate::rule::EmailRules::load(&RuleFiles::embedded()).unwrap();
    let t = std::time::Instant::now();
    let _ = super::class::Directory::new(&rr);
    println!("DIR {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let _ = super::suggest::Speller::new(&rr);
    println!("SPELL {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let r = EmailStandardizer::new(&RuleFiles::embedded()).unwrap();
    println!("NEW {:?}", t.elapsed());
    for line in std::fs::read_to_string("/tmp/em/cells.txt").unwrap().lines() {
        let raw: String = serde_json::from_str(line).unwrap();
        let mut o = CellOut::default();
        r.standardize(&raw, CellContext::default(), &mut o);
        let m: Vec<String> = o.marks.iter().map(|m| m.code.as_str().trim_start_matches("email.").to_owned()).collect();
        println!(
            "{raw:?}\t=> {:?}{} {} {:?}",
            o.display,
            if o.suggestion.is_empty() { String::new() } else { format!(" S[{}]", o.suggestion) },
            m.join(" "),
            o.detail.email().and_then(|d| d.broken).map(|c| c.as_str())
        );
    }
}
