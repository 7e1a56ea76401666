//! What one ordinary cell of a date, id or address column costs.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tiuv::record::{CellOut, Field};
use tiuv::rule::Context;
use tiuv::standardize::{
    AddressPart, AddressStandardizer, CellContext, DateOrder, DateStandardizer, NationalIdStandardizer, Standardizer,
};

fn cells(bench: &mut Criterion, name: &str, reader: &dyn Standardizer, cells: &[&str]) {
    let mut out = CellOut::default();
    let mut turn = cells.iter().cycle();
    bench.bench_function(name, |bencher| {
        bencher.iter(|| {
            let cell = turn.next().copied().unwrap_or_default();
            out.clear();
            reader.standardize(black_box(cell), CellContext::default(), &mut out);
            black_box(&out);
        });
    });
}

fn standardize_places(bench: &mut Criterion) {
    let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
    let samples = ["25/12/1980".to_owned()];
    let order = DateOrder::infer(&context, "", &samples).expect("the shipped rules load");
    let date = DateStandardizer::new(&context, Field::BirthDate, order).expect("the shipped rules load");
    let address = |part| AddressStandardizer::new(&context, part).expect("the shipped rules load");
    let id = NationalIdStandardizer::new(&context).expect("the shipped rules load");
    let (city, street, whole) = (address(AddressPart::City), address(AddressPart::Street), address(AddressPart::Whole));

    cells(bench, "date_iso", &date, &["1985-03-12", "1990-11-30", "2001-07-04"]);
    cells(bench, "date_day_first", &date, &["12/03/1985", "30.11.1990", "04-07-2001"]);
    cells(bench, "date_written_month", &date, &["3 במרץ 1985", "12 Jan 1990"]);
    cells(bench, "national_id", &id, &["039337423", "311578421", "100000017"]);
    cells(bench, "city_official", &city, &["חיפה", "ראשון לציון", "באר שבע", "Haifa"]);
    cells(bench, "city_alias", &city, &["תל אביב", "פתח תקוה", "קרית גת", "Kiryat Gat"]);
    cells(bench, "city_unknown", &city, &["אטלנטיס", "שכונת הגפן", "Springfield"]);
    cells(bench, "street_with_number", &street, &["הרצל 12", "בן גוריון 7", "Herzl 12"]);
    cells(bench, "street_short_form", &street, &["רח' הרצל 12 דירה 3", "שד' רוטשילד 7"]);
    cells(bench, "address_whole", &whole, &["הרצל 12, תל אביב 6100000", "רח' הרצל 12, חיפה"]);
}

criterion_group!(benches, standardize_places);
criterion_main!(benches);
