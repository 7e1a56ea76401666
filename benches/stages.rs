//! What each stage costs, and the whole job, beside a plain csv parse of the same file in the same run.
//!
//! All on one thread, so that time on the clock is work done. `cargo bench --bench stages`, then the table at the end.

mod baseline;
mod generator;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use generator::Language;
use jiff::civil::date;
use tempfile::NamedTempFile;
use tiuv::ingest::{IngestError, IngestOptions, List};
use tiuv::meaning::NoteReader;
use tiuv::pipeline::{MailStage, ResolveStage, RunError, Setup, clean};
use tiuv::record::{CheckedBatch, RawBatch, StandardBatch};
use tiuv::report::{TableFormat, TableOptions, Tables, write_changes, write_table};
use tiuv::rule::{ListRules, StandingWords};
use tiuv::standardize::Standardizers;
use tiuv::validate::{ListFacts, Validators};

const ROWS: u64 = 50_000;
const PLAIN: &str = "plain csv parse";

fn main() -> anyhow::Result<()> {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global()?;
    let file = generated_list()?;
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let seconds = measure(criterion.benchmark_group("stages"), file.path())?;
    criterion.final_summary();
    print_table(&seconds).context("failed to print the table")
}

/// A list on disk as customers have them; the same bytes each time.
fn generated_list() -> anyhow::Result<NamedTempFile> {
    let file = tempfile::Builder::new().suffix(".csv").tempfile()?;
    let mut out = BufWriter::new(File::create(file.path())?);
    let mut lines = String::new();
    generator::csv::push_record(&mut lines, &generator::headers(Language::Hebrew), ',', "\r\n");
    for row in generator::list(generator::Options { rows: ROWS, ..Default::default() }) {
        generator::csv::push_record(&mut lines, &row.cells, ',', "\r\n");
        out.write_all(lines.as_bytes())?;
        lines.clear();
    }
    out.flush()?;
    Ok(file)
}

/// Measures stage after stage, each with what the one before it gave.
fn measure(mut group: BenchmarkGroup<'_, WallTime>, path: &Path) -> anyhow::Result<Seconds> {
    group.throughput(Throughput::Elements(ROWS));
    let mut stages = Stages { group, seconds: RefCell::default() };
    let setup = Setup::new(tiuv::rule::Context::shipped("IL", date(2026, 1, 1)))?;
    let files = &setup.context.files;
    let options = IngestOptions { tld: "il".to_owned(), ..IngestOptions::default() };
    let open = || List::open(path, &options, files);

    ensure!(baseline::plain_csv_parse(path)? == ROWS, "the plain parse counts as many records as were generated");
    stages.bench("plain_csv_parse", PLAIN, || (), |()| baseline::plain_csv_parse(path));
    // Recognizes the file and its columns: much the same for a list of any size.
    stages.bench("open_he", "open", || (), |()| open());
    stages.bench("ingest_he", "open and read", || (), |()| open().and_then(|list| batches(&list)));

    let list = open()?;
    let raw = batches(&list)?;
    let standardizers = Standardizers::new(&setup.context, list.mapping(), list.samples(), |_| true)?;
    let standardize = || raw.iter().map(|batch| standardizers.standardize(batch)).collect::<Vec<StandardBatch>>();
    stages.bench("standardize_he", "standardize", || (), |()| standardize());

    let validators = Validators::new(&setup.context, |_| true)?;
    let validate = |batches: Vec<StandardBatch>| -> Vec<CheckedBatch> {
        batches.into_iter().map(|batch| validators.validate(batch)).collect()
    };
    let standard = standardize();
    stages.bench("validate_he", "validate", || standard.clone(), validate);

    let checked = validate(standard);
    let rules = ListRules::load(files)?;
    let words = StandingWords::load(files)?;
    let notes = NoteReader::load(files)?;
    let list_facts = || -> io::Result<_> {
        let mut facts = ListFacts::default();
        for (raw, checked) in raw.iter().zip(&checked) {
            let next = ListFacts::of_batch(raw, checked, list.mapping(), &rules, setup.keys.phones());
            facts.append(next, &rules)?;
        }
        facts.conclude(list.mapping(), &rules, &words, &notes)
    };
    stages.bench("list_facts_he", "list facts", || (), |()| list_facts());

    let lists = [list];
    let cleaned = clean(&lists, &setup, MailStage::off(&mut |_| {}), ResolveStage::Off, None, &|_| ())?;
    let table = TableOptions { format: TableFormat::Csv, bom: false, tables: Tables::of(&[]) };
    stages.bench("write_rows_he", "write rows", || (), |()| write_table(&cleaned, &setup, table, &mut io::sink()));
    stages.bench("write_changes_he", "write changes", || (), |()| write_changes(&cleaned, false, &mut io::sink()));

    // What `tiuv clean` does with a list, the files' own writing left out.
    let whole = || -> Result<(), RunError> {
        let lists = [open()?];
        let cleaned = clean(&lists, &setup, MailStage::off(&mut |_| {}), ResolveStage::Off, None, &|_| ())?;
        write_table(&cleaned, &setup, table, &mut io::sink())?;
        write_changes(&cleaned, false, &mut io::sink())
    };
    whole()?;
    stages.bench("clean_he", "clean, all of it", || (), |()| whole());
    stages.group.finish();
    Ok(stages.seconds.into_inner())
}

/// All rows of a list.
fn batches(list: &List) -> Result<Vec<RawBatch>, IngestError> {
    let mut batches = Vec::new();
    list.read(|wave| {
        batches.extend(wave.batches);
        Ok::<(), IngestError>(())
    })?;
    Ok(batches)
}

/// Measures stages, and remembers the seconds that one pass over the list took in each sample.
struct Stages<'a> {
    group: BenchmarkGroup<'a, WallTime>,
    seconds: RefCell<Seconds>,
}

/// By stage, in the order measured.
type Seconds = BTreeMap<(usize, &'static str), Vec<f64>>;

impl Stages<'_> {
    /// `work` is timed; making what it takes and dropping what it gives is not.
    fn bench<I, O>(&mut self, id: &str, stage: &'static str, input: impl Fn() -> I, work: impl Fn(I) -> O) {
        let key = (self.seconds.borrow().len(), stage);
        self.group.bench_function(format!("records_per_second_{id}"), |bencher| {
            bencher.iter_custom(|passes| {
                let took: Duration = (0..passes).map(|_| timed(&work, input())).sum();
                self.seconds.borrow_mut().entry(key).or_default().push(took.as_secs_f64() / passes as f64);
                took
            });
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring time is what a bench is for")]
fn timed<I, O>(work: impl Fn(I) -> O, input: I) -> Duration {
    let start = Instant::now();
    let output = black_box(work(black_box(input)));
    let took = start.elapsed();
    drop(output);
    took
}

fn print_table(seconds: &Seconds) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let plain = seconds.iter().find(|((_, stage), _)| *stage == PLAIN).map(|(_, samples)| median(samples));
    writeln!(out, "\n{:<18}{:>8}{:>14}{:>24}", "stage", "ms", "records/s", "times the plain parse")?;
    for ((_, stage), samples) in seconds {
        let median = median(samples);
        let ratio = plain.map_or("not measured".to_owned(), |plain| format!("{:.1}", median / plain));
        let (milliseconds, per_second) = (median * 1000.0, ROWS as f64 / median);
        writeln!(out, "{stage:<18}{milliseconds:>8.1}{per_second:>14.0}{ratio:>24}")?;
    }
    Ok(())
}

fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
