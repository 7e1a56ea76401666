//! Parquet files whose few bytes announce pages of gigabytes, groups without end, lists and rows by the billion.

use super::refused;

/// A struct of Thrift's compact protocol, field by field.
#[derive(Default, Clone)]
struct Struct {
    bytes: Vec<u8>,
    last: u8,
}

impl Struct {
    fn field(mut self, id: u8, kind: u8, value: &[u8]) -> Self {
        self.bytes.push((id - self.last) << 4 | kind);
        self.bytes.extend(value);
        self.last = id;
        self
    }

    fn i32(self, id: u8, value: i64) -> Self {
        self.field(id, 5, &number(value))
    }

    fn i64(self, id: u8, value: i64) -> Self {
        self.field(id, 6, &number(value))
    }

    fn text(self, id: u8, value: &str) -> Self {
        self.field(id, 8, &binary(value))
    }

    fn list(self, id: u8, kind: u8, elements: &[Vec<u8>]) -> Self {
        self.field(id, 9, &list(kind, elements))
    }

    fn inner(self, id: u8, inner: Struct) -> Self {
        self.field(id, 12, &inner.end())
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7F {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn number(value: i64) -> Vec<u8> {
    varint((value << 1 ^ value >> 63) as u64)
}

fn binary(text: &str) -> Vec<u8> {
    [varint(text.len() as u64), text.as_bytes().to_vec()].concat()
}

fn list(kind: u8, elements: &[Vec<u8>]) -> Vec<u8> {
    [vec![0xF0 | kind], varint(elements.len() as u64), elements.concat()].concat()
}

/// A group of the schema.
fn group(name: &str, children: usize) -> Vec<u8> {
    Struct::default().i32(3, 0).text(4, name).i32(5, children as i64).end()
}

/// A column of texts: required (0), optional (1) or a list (2).
fn leaf(name: &str, repetition: i64) -> Vec<u8> {
    Struct::default().i32(1, 6).i32(3, repetition).text(4, name).end()
}

/// A file with such a schema and, behind its first four bytes, one row group of such a column.
fn file(schema: &[Vec<u8>], rows: i64, column: Option<(&[u8], i64, i64)>) -> Vec<u8> {
    let (pages, codec, values) = column.unwrap_or((&[], 0, 0));
    let meta = Struct::default()
        .i32(1, 6)
        .list(2, 5, &[number(0)])
        .list(3, 8, &[binary("name")])
        .i32(4, codec)
        .i64(5, values)
        .i64(6, pages.len() as i64)
        .i64(7, pages.len() as i64)
        .i64(9, 4);
    let chunk = Struct::default().i64(2, 4).inner(3, meta).end();
    let chunks = if column.is_some() { vec![chunk] } else { Vec::new() };
    let groups = Struct::default().list(1, 12, &chunks).i64(2, 100).i64(3, rows).end();
    let own = Struct::default().i32(1, 1).list(2, 12, schema).i64(3, rows).list(4, 12, &[groups]).end();
    [b"PAR1", pages, &own, &(own.len() as u32).to_le_bytes(), b"PAR1"].concat()
}

/// A page of so many values that says how long it is when it is unpacked.
fn page(packed: &[u8], unpacked: i64, values: i64, encoding: i64) -> Vec<u8> {
    let data = Struct::default().i32(1, values).i32(2, encoding).i32(3, 3).i32(4, 3);
    let head = Struct::default().i32(1, 0).i32(2, unpacked).i32(3, packed.len() as i64).inner(5, data).end();
    [head, packed.to_vec()].concat()
}

fn one_column(repetition: i64) -> Vec<Vec<u8>> {
    vec![group("schema", 1), leaf("name", repetition)]
}

#[test]
fn an_ordinary_file_of_this_form_is_read() {
    let text = [&4_u32.to_le_bytes()[..], b"Dana"].concat();
    let bytes = file(&one_column(0), 1, Some((&page(&text, text.len() as i64, 1, 0), 0, 1)));
    super::set_apart("list.parquet", &bytes, 1, 0, "");
}

#[test]
fn pages_that_announce_gigabytes_are_refused_before_there_is_room_for_them() {
    // Snappy (1) and zstd (6) make room for what is announced.
    for codec in [1, 6] {
        let bytes = file(&one_column(0), 1, Some((&page(b"\x01\x02\x03", i64::from(i32::MAX), 1, 0), codec, 1)));
        refused("page.parquet", &bytes, "unpacks to more than");
    }
    let blank = zstd::stream::encode_all(&vec![0_u8; 80 << 20][..], 3).expect("packed");
    let bytes = file(&one_column(0), 1, Some((&page(&blank, 80 << 20, 1, 0), 6, 1)));
    refused("blank.parquet", &bytes, "unpacks to more than");
}

#[test]
fn columns_within_columns_without_end_are_refused() {
    let mut deep: Vec<Vec<u8>> = (0..100_000).map(|_| group("g", 1)).collect();
    deep.push(leaf("name", 0));
    refused("deep.parquet", &file(&deep, 0, None), "nested deeper");
    refused(
        "children.parquet",
        &file(&[group("schema", i32::MAX as usize), leaf("name", 0)], 0, None),
        "nested deeper",
    );
    let many: Vec<Vec<u8>> =
        std::iter::once(group("schema", 20_000)).chain((0..20_000).map(|_| leaf("c", 1))).collect();
    refused("many.parquet", &file(&many, 0, None), "it has 20000 columns, more than 16384");
    let name = "x".repeat(1 << 20);
    let named: Vec<Vec<u8>> =
        [group("schema", 1), group(&name, 10_000)].into_iter().chain((0..10_000).map(|_| leaf("c", 1))).collect();
    refused("named.parquet", &file(&named, 0, None), "names of its columns");
}

/// Levels of one run, for so many values.
fn run_of(values: u64, level: u8) -> Vec<u8> {
    let run = [varint(values << 1), vec![level]].concat();
    [&(run.len() as u32).to_le_bytes()[..], &run].concat()
}

#[test]
fn rows_and_lists_by_the_billion_in_a_few_bytes_are_refused() {
    let most = i64::from(i32::MAX);
    let absent = run_of(most as u64, 0);
    let bytes = file(&one_column(1), most, Some((&page(&absent, absent.len() as i64, most, 0), 0, most)));
    refused("absent.parquet", &bytes, "unpacks to more than");
    let one_list = [run_of(most as u64, 1), run_of(most as u64, 0)].concat();
    let bytes = file(&one_column(2), 1, Some((&page(&one_list, one_list.len() as i64, most, 0), 0, most)));
    refused("list.parquet", &bytes, "more values than are read");
}

#[test]
fn files_that_end_anywhere_or_announce_a_description_that_is_not_there_are_refused() {
    let whole = file(&one_column(0), 0, None);
    let mut lying = whole.clone();
    let at = lying.len() - 8;
    lying[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    for bytes in [&lying[..], b"PAR1PAR1", b"PAR1\0\0\0\0PAR1", b"PAR1\x01\0\0\0PAR1PAR1"] {
        refused("cut.parquet", bytes, "damaged");
    }
}
