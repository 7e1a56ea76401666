//! Writes invented customer lists: `cargo bench --bench generate -- --rows 1000000 --seed 1 --out list.csv`.
//!
//! `--truth FILE` says which rows are the same customer and what was broken where; `--language en` writes English
//! headers; `--club yes` writes a club with households and near-twins instead, whose truth is about who is who;
//! `--decay yes` one whose contacts grow old, with `--events FILE` and `--dead-domains FILE` beside it;
//! `--fixtures fixtures/customers` makes the fixtures again; with nothing to write it tells its own speed.

mod generator;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};

use generator::{Language, Options, Row, club, csv, decay, fixtures, headers, list};

#[derive(Debug, Default)]
struct Arguments {
    options: Options,
    out: Option<PathBuf>,
    truth: Option<PathBuf>,
    fixtures: Option<PathBuf>,
    events: Option<PathBuf>,
    dead_domains: Option<PathBuf>,
    is_club: bool,
    is_decay: bool,
}

#[expect(clippy::disallowed_methods, reason = "it tells its own speed")]
fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    if let Some(folder) = &arguments.fixtures {
        return fixtures::write(folder).with_context(|| format!("failed to write into {}", folder.display()));
    }
    let rows = arguments.options.rows;
    let start = Instant::now();
    let mut out: Box<dyn Write> = match &arguments.out {
        Some(path) => Box::new(create(path)?),
        None => Box::new(io::sink()),
    };
    let mut truth = arguments.truth.as_ref().map(create).transpose()?;
    if arguments.is_decay {
        write_decay(&arguments, &mut out, truth.as_mut())?;
    } else if arguments.is_club {
        write_club(&arguments.options, &mut out, truth.as_mut())?;
    } else {
        write_list(arguments.options, &mut out, truth.as_mut())?;
    }
    let seconds = start.elapsed().as_secs_f64();
    writeln!(io::stderr(), "{rows} rows in {seconds:.2} s, {:.0} rows/s", rows as f64 / seconds)?;
    Ok(())
}

fn write_list(options: Options, out: &mut dyn Write, mut truth: Option<&mut BufWriter<File>>) -> io::Result<()> {
    let mut line = String::new();
    csv::push_record(&mut line, &headers(options.language), ',', "\r\n");
    out.write_all(line.as_bytes())?;
    if let Some(truth) = &mut truth {
        truth.write_all(b"row,person,faults\n")?;
    }
    for (index, row) in list(options).enumerate() {
        line.clear();
        csv::push_record(&mut line, &row.cells, ',', "\r\n");
        out.write_all(line.as_bytes())?;
        if let Some(truth) = &mut truth {
            writeln!(truth, "{},{},{}", index + 1, row.person + 1, faults(&row))?;
        }
    }
    if let Some(truth) = truth {
        truth.flush()?;
    }
    out.flush()
}

fn write_club(options: &Options, out: &mut dyn Write, mut truth: Option<&mut BufWriter<File>>) -> io::Result<()> {
    let mut line = String::new();
    csv::push_record(&mut line, &club::HEADER, ',', "\r\n");
    out.write_all(line.as_bytes())?;
    if let Some(truth) = &mut truth {
        truth.write_all(b"id,person,household,marks\n")?;
    }
    for row in club::club(options.rows as usize, options.seed) {
        line.clear();
        csv::push_record(&mut line, &row.cells, ',', "\r\n");
        out.write_all(line.as_bytes())?;
        if let Some(truth) = &mut truth {
            writeln!(truth, "{},{},{},{}", row.cells[0], row.person, row.household, row.marks.join(";"))?;
        }
    }
    if let Some(truth) = truth {
        truth.flush()?;
    }
    out.flush()
}

fn write_decay(arguments: &Arguments, out: &mut dyn Write, truth: Option<&mut BufWriter<File>>) -> anyhow::Result<()> {
    let seed = arguments.options.seed;
    let club = decay::club(arguments.options.rows as usize, seed);
    let mut line = String::new();
    csv::push_record(&mut line, &decay::HEADER, ',', "\r\n");
    out.write_all(line.as_bytes())?;
    for (index, row) in club.rows.iter().enumerate() {
        line.clear();
        csv::push_record(&mut line, &decay::cells(index, row, seed), ',', "\r\n");
        out.write_all(line.as_bytes())?;
    }
    out.flush()?;
    if let Some(truth) = truth {
        writeln!(truth, "{}", decay::TRUTH)?;
        for (index, row) in club.rows.iter().enumerate() {
            writeln!(truth, "{}", decay::truth(index, row))?;
        }
        truth.flush()?;
    }
    if let Some(path) = &arguments.events {
        let mut log = create(path)?;
        writeln!(log, "record,at,channel,event")?;
        for one in &club.log {
            let (key, day) = (decay::key(one.row as usize), decay::day(one.day));
            writeln!(log, "{key},{day},{},{}", one.channel, one.event)?;
        }
        log.flush()?;
    }
    if let Some(path) = &arguments.dead_domains {
        let mut domains = create(path)?;
        writeln!(domains, "domain")?;
        club.dead_domains.iter().try_for_each(|domain| writeln!(domains, "{domain}"))?;
        domains.flush()?;
    }
    Ok(())
}

/// `column:damage:code`, several joined with `;`; columns counted from 1.
fn faults(row: &Row) -> String {
    let faults = row.faults.iter().map(|fault| format!("{}:{}:{}", fault.column + 1, fault.kind, fault.code));
    faults.collect::<Vec<_>>().join(";")
}

fn create(path: &PathBuf) -> anyhow::Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("failed to create {}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

impl Arguments {
    fn parse(mut given: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut arguments =
            Arguments { options: Options { rows: 200_000, ..Options::default() }, ..Default::default() };
        while let Some(name) = given.next() {
            // `cargo bench` adds this one.
            if name == "--bench" {
                continue;
            }
            let value = given.next().with_context(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--rows" => arguments.options.rows = value.parse().context("--rows is a number")?,
                "--seed" => arguments.options.seed = value.parse().context("--seed is a number")?,
                "--damaged" => {
                    arguments.options.damaged = value.parse().context("--damaged is a number of a thousand")?
                }
                "--repeated" => {
                    arguments.options.repeated = value.parse().context("--repeated is a number of a thousand")?
                }
                "--language" => arguments.options.language = language(&value)?,
                "--club" => arguments.is_club = value == "yes",
                "--decay" => arguments.is_decay = value == "yes",
                "--events" => arguments.events = Some(value.into()),
                "--dead-domains" => arguments.dead_domains = Some(value.into()),
                "--out" => arguments.out = Some(value.into()),
                "--truth" => arguments.truth = Some(value.into()),
                "--fixtures" => arguments.fixtures = Some(value.into()),
                _ => bail!(
                    "unknown option {name}; there are --rows --seed --damaged --repeated --club --decay --events --dead-domains --language --out --truth --fixtures"
                ),
            }
        }
        Ok(arguments)
    }
}

fn language(value: &str) -> anyhow::Result<Language> {
    match value {
        "he" => Ok(Language::Hebrew),
        "en" => Ok(Language::English),
        _ => bail!("--language is he or en"),
    }
}
