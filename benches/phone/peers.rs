//! Who reads: tiuv, the Rust ports, and Google's C++ library.

use std::collections::HashMap;
use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use tiuv::finding::Mark;
use tiuv::record::{CellOut, Verdict};
use tiuv::standardize::numbering::{self, RegionId};
use tiuv::standardize::{CellContext, PhoneStandardizer, Standardizer};
use tiuv::validate::{PhoneValidator, StandardCell, Validator};

use crate::lists::{Cell, Cells};

/// A library or program that reads phone cells.
pub(crate) trait Peer {
    fn name(&self) -> String;
    /// CPU seconds for all cells: parse, validity, type, E.164.
    fn seconds(&mut self, cells: &Cells) -> anyhow::Result<f64>;
    /// E.164 where the cell is a valid number; none where this peer is not asked.
    fn answer(&self, cell: Cell<'_>) -> Option<Option<String>>;
}

/// All that are here; tiuv is the first.
pub(crate) fn peers() -> anyhow::Result<Vec<Box<dyn Peer>>> {
    let mut peers: Vec<Box<dyn Peer>> =
        vec![Box::new(Tiuv::new()?), Box::new(Engine), Box::new(Rust), Box::new(OldRust)];
    match Google::new() {
        Ok(google) => peers.push(Box::new(google)),
        Err(error) => {
            writeln!(std::io::stderr(), "without Google's library (apt install g++ libphonenumber-dev): {error:#}")?;
        }
    }
    Ok(peers)
}

/// The whole of tiuv's reading: cell, number, repairs, verdict and reasons.
pub(crate) struct Tiuv {
    reader: PhoneStandardizer,
    validator: PhoneValidator,
}

impl Tiuv {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let context = tiuv::rule::Context::shipped("IL", jiff::civil::date(2026, 11, 22));
        let reader = PhoneStandardizer::new(&context)?;
        Ok(Tiuv { reader, validator: PhoneValidator::new(&context)? })
    }

    /// Reads and judges all cells; how many are good.
    pub(crate) fn read_all<'a>(&self, cells: impl Iterator<Item = Cell<'a>>) -> usize {
        let mut out = CellOut::default();
        let mut marks: Vec<Mark> = Vec::new();
        let mut good = 0;
        for cell in cells {
            out.clear();
            marks.clear();
            self.reader.standardize(cell.raw, CellContext { country: cell.country }, &mut out);
            let read = StandardCell { display: &out.display, detail: out.detail, marks: &out.marks };
            good += usize::from(self.validator.validate(read, &mut marks) <= Verdict::Repaired);
            black_box((&out, &marks));
        }
        good
    }
}

impl Peer for Tiuv {
    fn name(&self) -> String {
        "tiuv: cell, number, verdict and reasons".to_owned()
    }

    fn seconds(&mut self, cells: &Cells) -> anyhow::Result<f64> {
        cpu_seconds(|| self.read_all(cells.iter()))
    }

    fn answer(&self, _: Cell<'_>) -> Option<Option<String>> {
        None
    }
}

/// tiuv's number engine alone.
struct Engine;

impl Peer for Engine {
    fn name(&self) -> String {
        format!("tiuv's number engine alone (metadata {})", numbering::metadata_version())
    }

    fn seconds(&mut self, cells: &Cells) -> anyhow::Result<f64> {
        let mut e164 = String::new();
        cpu_seconds(|| {
            for cell in cells.iter() {
                e164.clear();
                if let Ok(number) = numbering::parse(cell.raw, RegionId::of(cell.region)) {
                    number.write_e164(&mut e164);
                    black_box((number.is_valid(), number.kind, &e164));
                }
            }
        })
    }

    fn answer(&self, cell: Cell<'_>) -> Option<Option<String>> {
        let number = numbering::parse(cell.raw, RegionId::of(cell.region)).ok();
        Some(number.filter(|number| number.is_valid()).map(|number| number.e164()))
    }
}

/// `rlibphonenumber`, which reads what tiuv's tables leave open.
struct Rust;

impl Rust {
    fn read(cell: Cell<'_>) -> Option<String> {
        use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};
        let number = PHONE_NUMBER_UTIL.parse(cell.raw, Region::from_code(cell.region).ok()).ok()?;
        black_box(number.get_type());
        number.is_valid().then(|| number.format_as(PhoneNumberFormat::E164).into_owned())
    }
}

impl Peer for Rust {
    fn name(&self) -> String {
        "rlibphonenumber".to_owned()
    }

    fn seconds(&mut self, cells: &Cells) -> anyhow::Result<f64> {
        cpu_seconds(|| cells.iter().filter(|cell| black_box(Self::read(*cell)).is_some()).count())
    }

    fn answer(&self, cell: Cell<'_>) -> Option<Option<String>> {
        Some(Self::read(cell))
    }
}

/// `phonenumber`, the crate that is found first.
struct OldRust;

impl OldRust {
    fn read(cell: Cell<'_>) -> Option<String> {
        let number = phonenumber::parse(cell.region.parse().ok(), cell.raw).ok()?;
        black_box(number.number_type(&phonenumber::metadata::DATABASE));
        phonenumber::is_valid(&number).then(|| number.format().mode(phonenumber::Mode::E164).to_string())
    }
}

impl Peer for OldRust {
    fn name(&self) -> String {
        "phonenumber".to_owned()
    }

    /// A part of the cells is enough: it takes a thousand times as long.
    fn seconds(&mut self, cells: &Cells) -> anyhow::Result<f64> {
        let part: Vec<Cell<'_>> = cells.iter().step_by(200).collect();
        let seconds = cpu_seconds(|| part.iter().filter(|cell| black_box(Self::read(**cell)).is_some()).count())?;
        Ok(seconds * cells.len() as f64 / part.len() as f64)
    }

    fn answer(&self, cell: Cell<'_>) -> Option<Option<String>> {
        Some(Self::read(cell))
    }
}

/// Google's library in C++, as Debian packages it, in a program of its own.
struct Google {
    program: tempfile::TempDir,
    version: String,
    lists: HashMap<usize, std::path::PathBuf>,
}

impl Google {
    fn new() -> anyhow::Result<Self> {
        let program = tempfile::tempdir()?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/phone/libphonenumber.cc");
        let built = Command::new("c++")
            .args(["-O2", "-o"])
            .arg(program.path().join("libphonenumber"))
            .arg(source)
            .arg("-lphonenumber")
            .output()
            .context("no C++ compiler")?;
        if !built.status.success() {
            bail!("it does not build: {}", String::from_utf8_lossy(&built.stderr).lines().next().unwrap_or(""));
        }
        let asked = Command::new("dpkg-query").args(["-W", "-f", "${Version}", "libphonenumber-dev"]).output();
        let version = asked.map_or(String::new(), |asked| String::from_utf8_lossy(&asked.stdout).into_owned());
        Ok(Google { program, version, lists: HashMap::new() })
    }
}

impl Peer for Google {
    fn name(&self) -> String {
        format!("Google's libphonenumber {} (C++)", self.version)
    }

    fn seconds(&mut self, cells: &Cells) -> anyhow::Result<f64> {
        let place = self.program.path().join(format!("{}.tsv", self.lists.len()));
        let list = match self.lists.get(&cells.len()) {
            Some(list) => list.clone(),
            None => {
                let lines: String =
                    cells.iter().map(|cell| format!("{}\t{}\n", cell.region, cell.raw.replace('\n', " "))).collect();
                fs::write(&place, lines)?;
                self.lists.insert(cells.len(), place.clone());
                place
            }
        };
        // The first round compiles the library's regexes.
        let run = Command::new(self.program.path().join("libphonenumber")).arg(list).arg("2").output()?;
        let text = String::from_utf8(run.stdout)?;
        let last = text.lines().last().and_then(|line| line.split('\t').next()).context("it printed nothing")?;
        Ok(last.parse()?)
    }

    /// Its metadata is years older than the reference's.
    fn answer(&self, _: Cell<'_>) -> Option<Option<String>> {
        None
    }
}

/// CPU seconds that this thread spends on it.
fn cpu_seconds<T>(work: impl FnOnce() -> T) -> anyhow::Result<f64> {
    let spent = || Duration::try_from(rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime));
    let start = spent()?;
    black_box(work());
    Ok((spent()? - start).as_secs_f64())
}
