//! What a phone cell costs: ordinary Israeli cells, lists with damage, and the complete engine alone as a yardstick.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};
use tiuv::record::CellOut;
use tiuv::rule::RuleFiles;
use tiuv::standardize::{CellContext, PhoneStandardizer, Standardizer};

/// Invented numbers in the ways in which lists write them.
fn ordinary_cells() -> Vec<String> {
    (0..10_000_u32)
        .map(|index| {
            let number = 2_000_000 + index.wrapping_mul(7_919) % 7_000_000;
            let lead = ["50", "52", "53", "54", "50"][index as usize % 5];
            match index % 6 {
                0 | 1 => format!("0{lead}-{number}"),
                2 => format!("0{lead}{number}"),
                3 => format!("+972{lead}{number}"),
                4 => format!("972{lead}{number}"),
                _ => format!("03-{number}"),
            }
        })
        .collect()
}

fn phone_cells(criterion: &mut Criterion) {
    let reader = PhoneStandardizer::new(&RuleFiles::embedded(), "IL").expect("the shipped rules load");
    let ordinary = ordinary_cells();
    let labelled: Vec<String> = ordinary.iter().map(|cell| format!("נייד: {cell}")).collect();
    let lost_zero: Vec<String> = ordinary.iter().map(|cell| cell.trim_start_matches('0').replace('-', "")).collect();
    let mut group = criterion.benchmark_group("standardize_phone");
    group.throughput(Throughput::Elements(ordinary.len() as u64));
    for (name, cells) in [("ordinary_il", &ordinary), ("lost_zero_il", &lost_zero), ("labelled_il", &labelled)] {
        let mut out = CellOut::default();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for cell in cells {
                    out.clear();
                    reader.standardize(black_box(cell), CellContext::default(), &mut out);
                    black_box(&out.display);
                }
            });
        });
    }
    group.bench_function("complete_engine_alone", |bencher| {
        bencher.iter(|| {
            for cell in &ordinary {
                let number = PHONE_NUMBER_UTIL.parse(black_box(cell), Some(Region::IL)).expect("an ordinary number");
                black_box((number.is_valid(), number.get_type(), number.format_as(PhoneNumberFormat::E164)));
            }
        });
    });
    group.bench_function("build_reader", |bencher| {
        bencher.iter(|| black_box(PhoneStandardizer::new(&RuleFiles::embedded(), "IL").is_ok()));
    });
    group.finish();
}

criterion_group!(benches, phone_cells);
criterion_main!(benches);
