//! What an ordinary name cell costs, and what one costs that needs repair.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tiuv::finding::Mark;
use tiuv::record::{CellOut, Detail, Field};
use tiuv::rule::{NameLists, RuleFiles};
use tiuv::standardize::{CellContext, NamePart, NameStandardizer, Standardizer};
use tiuv::validate::{NameValidator, StandardCell, Validator};

const HEBREW: &[&str] = &["דנה", "יוסי", "אברהם", "רחל", "מוחמד", "נועה", "בת שבע", "ג'ורג'", "שלומית", "עידו"];
const LATIN: &[&str] =
    &["Dana", "Yossi", "Abraham", "Rachel", "Mohammad", "Noa", "Mary Ann", "O'Neil", "Alexander", "Li"];
const FULL: &[&str] =
    &["דנה כהן", "יוסי לוי", "משה בן דוד", "רחל מזרחי", "Dana Cohen", "John Smith", "כהן יעל", "עידו פרץ"];
const DAMAGED: &[&str] = &[" דנה ", "DANA", "ד״ר דנה", "דנה (אמא)", "×“× ×”", "akuo", "ג׳ורג׳", "דָּנָה"];

fn standardize(criterion: &mut Criterion) {
    let files = RuleFiles::embedded();
    let mut group = criterion.benchmark_group("standardize_name");
    let cases = [
        ("ordinary_hebrew", NamePart::First, HEBREW),
        ("ordinary_latin", NamePart::First, LATIN),
        ("ordinary_full", NamePart::Full, FULL),
        ("damaged", NamePart::First, DAMAGED),
    ];
    for (name, part, cells) in cases {
        let reader = NameStandardizer::new(&files, part).expect("the shipped rules load");
        let mut out = CellOut::default();
        group.throughput(Throughput::Elements(cells.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for cell in cells {
                    out.clear();
                    reader.standardize(black_box(cell), CellContext::default(), &mut out);
                    black_box(&out);
                }
            });
        });
    }
    group.finish();
}

fn validate(criterion: &mut Criterion) {
    let validator = NameValidator::new(&RuleFiles::embedded(), Field::FirstName).expect("the shipped rules load");
    let mut group = criterion.benchmark_group("validate_name");
    for (name, cells) in [("ordinary_hebrew", HEBREW), ("ordinary_latin", LATIN)] {
        let mut marks: Vec<Mark> = Vec::new();
        group.throughput(Throughput::Elements(cells.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for cell in cells {
                    marks.clear();
                    let cell = StandardCell { display: black_box(cell), detail: Detail::None, marks: &[] };
                    black_box(validator.validate(cell, &mut marks));
                }
            });
        });
    }
    group.finish();
}

fn load(criterion: &mut Criterion) {
    let files = RuleFiles::embedded();
    criterion.bench_function("load_name_lists", |bencher| {
        bencher.iter(|| NameLists::load(&files).expect("the shipped lists load"));
    });
}

criterion_group!(benches, standardize, validate, load);
criterion_main!(benches);
