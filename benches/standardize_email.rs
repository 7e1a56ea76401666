//! Addresses per second through the e-mail standardizer.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tiuv::record::CellOut;
use tiuv::rule::RuleFiles;
use tiuv::standardize::{CellContext, EmailStandardizer, Standardizer};

fn addresses_per_second_standardize(criterion: &mut Criterion) {
    let reader = EmailStandardizer::new(&RuleFiles::embedded()).expect("the shipped rules load");
    let clean_at_providers: Vec<String> = (0..1000)
        .map(|number| {
            let domain = ["gmail.com", "walla.co.il", "hotmail.com", "netvision.net.il"][number % 4];
            format!("dana.levi{number}@{domain}")
        })
        .collect();
    let clean_at_companies: Vec<String> =
        (0..1000).map(|number| format!("dana{number}@shop-{}.co.il", number % 97)).collect();
    let repaired: Vec<String> = (0..1000)
        .map(|number| {
            let around = [(" ", ""), ("Dana Levi <", ">"), ("mailto:", ""), ("\u{200f}", ".")][number % 4];
            format!("{}dana{number}@gmail.com{}", around.0, around.1)
        })
        .collect();
    let sets = [
        ("clean_at_providers", clean_at_providers),
        ("clean_at_companies", clean_at_companies),
        ("repaired", repaired),
    ];
    let mut group = criterion.benchmark_group("addresses_per_second_standardize");
    for (name, cells) in sets {
        group.throughput(Throughput::Elements(cells.len() as u64));
        group.bench_function(name, |bencher| {
            let mut out = CellOut::default();
            bencher.iter(|| {
                for cell in &cells {
                    out.clear();
                    reader.standardize(black_box(cell), CellContext::default(), &mut out);
                    black_box(&out);
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, addresses_per_second_standardize);
criterion_main!(benches);
