//! Customers and duplicates: how many, why, how sure, and what the model goes by.

use super::error::ReportError;
use crate::page::{Bar, Value, Voice};
use crate::pipeline::{PairSummary, ResolveSummary, RunSummary};
use crate::record::Field;

/// The section.
pub(super) struct Customers {
    pub(super) lead: String,
    /// Why nothing was compared.
    pub(super) warning: Option<String>,
    /// Whether there is more to say than that.
    pub(super) is_known: bool,
    pub(super) tiles: Vec<Figure>,
    pub(super) estimate: String,
    /// What was set aside, what was cut short, what would help.
    pub(super) notes: Vec<String>,
    pub(super) reasons: Vec<Agreed>,
    pub(super) biggest: Vec<Big>,
    pub(super) strongest: Vec<Waterfall>,
    pub(super) weakest: Vec<Waterfall>,
    pub(super) weights: Vec<WeightRow>,
}

/// A figure with its name.
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) figure: String,
}

/// Fields that spoke for merges together.
pub(super) struct Agreed {
    pub(super) fields: String,
    pub(super) count: String,
    pub(super) bar: Bar,
}

/// A customer of many records.
pub(super) struct Big {
    pub(super) customer: Value,
    pub(super) name: Value,
    pub(super) records: String,
    pub(super) rows: Value,
    pub(super) more: Option<String>,
}

/// Why two rows are one customer, field by field.
pub(super) struct Waterfall {
    pub(super) title: String,
    pub(super) customer: Value,
    pub(super) rows: [Value; 2],
    pub(super) steps: Vec<Step>,
}

/// One step of it.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) values: Option<[Value; 2]>,
    pub(super) bits: String,
    pub(super) bar: Bar,
}

/// One level of one field.
pub(super) struct WeightRow {
    /// The field, on its first line.
    pub(super) field: Option<String>,
    pub(super) level: String,
    pub(super) shares: [String; 3],
    pub(super) bits: String,
}

pub(super) fn customers(summary: &RunSummary, voice: &Voice<'_>) -> Result<Option<Customers>, ReportError> {
    let Some(resolve) = summary.resolve.as_ref().filter(|resolve| resolve.rows > 0) else { return Ok(None) };
    let is_refused = resolve.stats.refused.is_some();
    let waterfalls = |pairs: &[PairSummary]| -> Result<Vec<Waterfall>, ReportError> {
        pairs.iter().map(|pair| waterfall(pair, voice)).collect()
    };
    Ok(Some(Customers {
        lead: voice.counted("customers.lead", resolve.rows, &[("customers", &voice.count(resolve.customers))]),
        warning: is_refused
            .then(|| voice.phrase("customers.refused", &[("fields", &listed(&resolve.stats.missing, voice))])),
        is_known: !is_refused,
        tiles: tiles(resolve, voice),
        estimate: estimate(resolve, voice),
        notes: notes(resolve, voice),
        reasons: reasons(resolve, voice)?,
        biggest: resolve.biggest.iter().map(|big| one_big(big, voice)).collect(),
        strongest: waterfalls(&resolve.strongest)?,
        weakest: waterfalls(&resolve.weakest)?,
        weights: weights(resolve, voice),
    }))
}

fn tiles(resolve: &ResolveSummary, voice: &Voice<'_>) -> Vec<Figure> {
    let figure = |key: &str, count: u64| Figure { name: voice.say(key).to_owned(), figure: voice.count(count) };
    vec![
        figure("customers.customers", resolve.customers),
        figure("customers.duplicates", resolve.duplicates),
        figure("customers.possible", resolve.possible),
        figure("customers.households", resolve.households),
    ]
}

fn estimate(resolve: &ResolveSummary, voice: &Voice<'_>) -> String {
    let percent = |share: f64| voice.share((share.clamp(0.0, 1.0) * 10_000.0).round() as u64, 10_000);
    let stats = &resolve.stats;
    let (precision, recall) = (percent(stats.expected_precision), percent(stats.expected_recall));
    voice.phrase("customers.estimate", &[("precision", &precision), ("recall", &recall)])
}

fn notes(resolve: &ResolveSummary, voice: &Voice<'_>) -> Vec<String> {
    let stats = &resolve.stats;
    let hot = stats
        .hot_values
        .iter()
        .map(|(field, count)| voice.counted("customers.hot", *count, &[("field", &voice.field(*field))]));
    let mut notes: Vec<String> = hot.collect();
    let cut = stats.blocking.truncated.iter().map(|key| key.neighbours_only + key.beyond_budget).sum();
    if cut > 0 {
        notes.push(voice.counted("customers.truncated", cut, &[("pairs", &voice.count(stats.blocking.pairs))]));
    }
    if stats.vetoed > 0 {
        notes.push(voice.counted("customers.vetoed", stats.vetoed, &[]));
    }
    if stats.possible_left_out > 0 {
        notes.push(voice.counted("customers.possible_left_out", stats.possible_left_out, &[]));
    }
    if stats.copies_apart > 0 {
        notes.push(voice.counted("customers.copies_apart", stats.copies_apart, &[]));
    }
    if !stats.missing.is_empty() && stats.refused.is_none() {
        notes.push(voice.phrase("customers.missing", &[("fields", &listed(&stats.missing, voice))]));
    }
    notes
}

fn listed(fields: &[Field], voice: &Voice<'_>) -> String {
    fields.iter().map(|field| voice.field(*field)).collect::<Vec<_>>().join(", ")
}

fn reasons(resolve: &ResolveSummary, voice: &Voice<'_>) -> Result<Vec<Agreed>, ReportError> {
    let most = resolve.agreed.iter().map(|agreed| agreed.pairs).max().unwrap_or(0);
    let one = |agreed: &crate::pipeline::AgreedFields| {
        Ok(Agreed {
            fields: listed(&agreed.fields, voice),
            count: voice.count(agreed.pairs),
            bar: Bar::single("ok", agreed.pairs, most)?,
        })
    };
    resolve.agreed.iter().map(one).collect()
}

fn one_big(big: &crate::pipeline::BigCustomer, voice: &Voice<'_>) -> Big {
    let others = big.records.saturating_sub(big.rows.len() as u64);
    Big {
        customer: Value::new(&big.customer),
        name: Value::new(&big.name),
        records: voice.count(big.records),
        rows: Value::new(&big.rows.join(", ")),
        more: (others > 0).then(|| voice.counted("list.and_more", others, &[])),
    }
}

fn waterfall(pair: &PairSummary, voice: &Voice<'_>) -> Result<Waterfall, ReportError> {
    let against = if pair.against_household { "customers.start_household" } else { "customers.start" };
    let mut parts = vec![(voice.say(against).to_owned(), None, pair.start)];
    for field in &pair.fields {
        let values = [Value::new(&field.left), Value::new(&field.right)];
        let name = format!("{}: {}", voice.field(field.field), level(&field.level, voice));
        parts.push((name, Some(values), field.milli_bits));
    }
    if pair.rest != 0 {
        parts.push((voice.say("customers.rest").to_owned(), None, pair.rest));
    }
    // Sums on the way, and how far they reach to either side of nothing.
    let mut sums = vec![0i64];
    for (_, _, milli) in &parts {
        sums.push(sums[sums.len() - 1] + i64::from(*milli));
    }
    let (least, most) = (sums.iter().min().copied().unwrap_or(0), sums.iter().max().copied().unwrap_or(0));
    let whole = most.abs_diff(least);
    let bar = |from: i64, to: i64| {
        let class = if to >= from { "ok" } else { "invalid" };
        Bar::span(class, from.min(to).abs_diff(least), from.abs_diff(to), whole)
    };
    let mut steps = Vec::with_capacity(parts.len() + 1);
    for (index, (name, values, milli)) in parts.into_iter().enumerate() {
        steps.push(Step { name, values, bits: bits(milli, voice), bar: bar(sums[index], sums[index + 1])? });
    }
    let total = i64::from(pair.weight);
    steps.push(Step {
        name: voice.say("customers.sum").to_owned(),
        values: None,
        bits: bits(pair.weight, voice),
        bar: bar(0, total.clamp(least, most))?,
    });
    Ok(Waterfall {
        title: voice.phrase("customers.pair", &[("bits", &bits(pair.weight, voice))]),
        customer: Value::new(&pair.customer),
        rows: [Value::new(&pair.left), Value::new(&pair.right)],
        steps,
    })
}

fn weights(resolve: &ResolveSummary, voice: &Voice<'_>) -> Vec<WeightRow> {
    let share = |share: f64| voice.share((share.clamp(0.0, 1.0) * 100_000.0).round() as u64, 100_000);
    let mut rows = Vec::new();
    for field in &resolve.weights {
        for (index, own) in field.levels.iter().enumerate() {
            rows.push(WeightRow {
                field: (index == 0).then(|| voice.field(field.field)),
                level: level(&own.name, voice),
                shares: [own.m, own.h, own.u].map(share),
                bits: bits((own.bits * 1000.0).round() as i32, voice),
            });
        }
    }
    rows
}

/// The name of a level; those of common values have a number behind.
fn level(name: &str, voice: &Voice<'_>) -> String {
    let (base, common) = match name.split_once(", common ") {
        Some((base, number)) => (base, Some(number)),
        None => (name, None),
    };
    let base = voice.say_of("level", &base.replace(' ', "_")).replace('_', " ");
    match common {
        Some(number) => voice.phrase("customers.common", &[("level", &base), ("number", number)]),
        None => base,
    }
}

/// Thousandths of a bit as bits with a sign and one decimal.
fn bits(milli: i32, voice: &Voice<'_>) -> String {
    let tenths = (u64::from(milli.unsigned_abs()) + 50) / 100;
    let sign = if milli < 0 && tenths > 0 { "−" } else { "+" };
    format!("{sign}{}{}{}", tenths / 10, voice.say("number.decimal"), tenths % 10)
}
