#!/usr/bin/env python3
"""Writes first inputs of the targets that read files, from the fixtures, and dictionaries: tests/fuzz/file_seeds.py TIUV"""
import gzip
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures"
RULES = HERE.parent.parent / "rules"
SETTINGS = ["ingest", "layout", "vcard", "events", "status", "consent", "national_id", "list"]
BOOK = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]


def seed(target, content, count={}):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    count[target] = count.get(target, 0) + 1
    (folder / f"seed-{count[target]:04}").write_bytes(content)


def dictionary(target, words):
    escaped = ["".join(f"\\x{byte:02x}" for byte in word) for word in words]
    (HERE / "corpus" / f"{target}.dict").write_text("".join(f'"{word}"\n' for word in escaped))


def head(path, lines):
    return b"".join(path.read_bytes().splitlines(keepends=True)[:lines])


def lists(tiuv):
    small = head(FIXTURES / "customers" / "newsletter_en.csv", 12)
    for path in sorted((FIXTURES / "formats").iterdir()):
        seed("list", path.read_bytes())
    for name in ["club.csv", "newsletter_en.csv", "broken.csv", "shop_ru.csv", "leads.jsonl"]:
        seed("list", head(FIXTURES / "customers" / name, 12))
    seed("list", (FIXTURES / "customers" / "orders_utf16.csv").read_bytes()[:2000])
    seed("list", gzip.compress(small, mtime=0))
    seed("list", b'[{"id":1,"name":{"first":"a"},"tags":["x","y"]},{"id":2,"phones":[{"v":"1"},{"v":"2"}]}]')
    with tempfile.TemporaryDirectory() as place:
        (pathlib.Path(place) / "list.csv").write_bytes(small)
        args = [tiuv, "clean", "list.csv", "--no-state", "--accept-mapping", "--format", "parquet", "--out", "out", "--as-of", "2026-11-21"]
        subprocess.run(args, cwd=place, check=True, capture_output=True, env={"TIUV_MX": "off"})
        seed("list", (pathlib.Path(place) / "out" / "rows.parquet").read_bytes())
    dictionary("list", [b"BEGIN:VCARD\r\n", b"END:VCARD\r\n", b"PAR1", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b\x08",
                        b"\x28\xb5\x2f\xfd", b"{\"a\":", b"[{", b"}]", b"\"\"", b"\r\n", b";TYPE=", b"ENCODING=QUOTED-PRINTABLE:", b"sep=;\n"])


def workbooks():
    for name in ["formats/sheets.xlsx", "customers/crm.xlsx"]:
        with zipfile.ZipFile(FIXTURES / name) as book:
            parts = [book.read(part) if part in book.namelist() else b"" for part in BOOK]
        parts[0] = parts[0][:6000] + b"</row></sheetData></worksheet>" * (len(parts[0]) > 6000)
        seed("workbook", b"\0" + b"\xff".join(part[:8000] for part in parts))
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d"><v>1.5</v></c></row>' % (row, row, row) for row in range(1, 6))
    merged = b'<mergeCells><mergeCell ref="A2:A4"/></mergeCells>'
    seed("workbook", b"\0<worksheet><sheetData>" + rows + b"</sheetData>" + merged + b"</worksheet>\xff<sst><si><t>a</t></si></sst>")
    cell = b'<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    repeated = cell.replace(b"office", b'table:number-columns-repeated="3" office', 1)
    row = b"<table:table-row>" + cell * 3 + b"</table:table-row>"
    seed("workbook", b"\2<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet><table:table table:name=\"a\">"
         + row * 3 + row.replace(cell * 3, repeated) + b"</table:table></office:spreadsheet></office:body></office:document-content>")
    record = lambda kind, data: (bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])) + bytes([len(data)]) + data
    wide = lambda text: struct.pack("<I", len(text)) + text.encode("utf-16le")
    sheet = record(0x81, b"") + record(0x94, bytes(16)) + record(0x91, b"")
    for row in range(3):
        sheet += record(0, struct.pack("<I", row) + bytes(13)) + record(6, struct.pack("<I", 0) + bytes(4) + wide("name"))
        sheet += record(5, struct.pack("<I", 1) + bytes(4) + struct.pack("<d", 29657.0))
    book = record(0x83, b"") + record(0x99, bytes(8) + wide("")) + record(0x8F, b"")
    book += record(0x9C, bytes(4) + struct.pack("<I", 1) + wide("rId1") + wide("List")) + record(0x90, b"") + record(0x84, b"")
    seed("workbook", b"\1" + (sheet + record(0x92, b"")).replace(b"\xff", b"\xfe") + b"\xff" + book)
    dictionary("workbook", [b'<c r="', b' t="s"', b' t="inlineStr"', b"<is><t>", b"</t></is>", b"<v>", b"</v></c>", b'<row r="', b"</row>",
                            b'<mergeCell ref="', b"<f>", b"table:number-columns-repeated=\"", b"table:number-rows-repeated=\"",
                            b"<table:table-row>", b"</table:table-row>", b"<table:covered-table-cell/>", b"office:value-type=\"",
                            b"<text:p>", b"<text:s/>", b"uniqueCount=\"", b"1048576", b"XFD", b"&#1;", b"<![CDATA[", b"-->"])


def old_workbooks():
    for name in ["old.xls", "old-1904.xls"]:
        whole = (FIXTURES / "formats" / name).read_bytes()
        start = whole.find(b"\x09\x08")
        seed("old_workbook", whole[start:start + 4096])
    dictionary("old_workbook", [struct.pack("<H", kind) for kind in
                                [0x809, 0x0A, 0x85, 0x200, 0xBD, 0xBE, 0x203, 0x204, 0xD6, 0x205, 0x207, 0x27E, 0xFD, 0x06, 0xFC, 0x3C, 0x22, 0xE5, 0x2F]])


def others():
    for place, name in enumerate(SETTINGS):
        seed("settings", chr(place).encode() + (RULES / f"{name}.toml").read_bytes())
    seed("settings", chr(len(SETTINGS)).encode() + (FIXTURES / "tiuv.toml").read_bytes())
    dictionary("settings", [b"[[", b"]]", b" = ", b"'''", b'"""', b"true", b"inf", b"nan", b"-1", b"99999999999999999999", b"1979-05-27"])
    for kind, body in [(0, b'{"id":"1","a":{"b":{"c":"x"}},"text":"stop","list":[1,null]}'), (2, b"id=1&text=%d7%94%d7%a1%d7%a8&unicode=1"),
                       (3, b"text=%05%d4%05%e1"), (5, b'--b\r\nContent-Disposition: form-data; name="text"\r\nContent-Type: text/plain; charset=windows-1255\r\n\r\n\xe4\xf1\xf8\r\n--b--\r\n')]:
        seed("webhook", bytes([kind]) + body)
    dictionary("webhook", [b"--b\r\n", b"--b--", b"Content-Disposition: form-data; name=\"", b"; charset=", b"utf-16", b"iso-8859-8", b"%u05D4", b"\\u05d4", b"&", b"="])
    seed("answers", b"\0record,at,channel,event,value,code\n1,2026-01-02,email,bounced,a@b.example,5.1.1\n2,2026-02-03T04:05:06Z,sms,delivered,,\n")
    seed("answers", b"\0{\"record\":\"1\",\"at\":\"2026-01-02\",\"channel\":\"email\",\"event\":\"opened\"}\n")
    seed("answers", b"\1record,field,outcome,at\n1,email,stale,2026-01-02\n2,phone,alive,2026-02-03\n")


if __name__ == "__main__":
    lists(str(pathlib.Path(sys.argv[1]).resolve()))
    workbooks()
    old_workbooks()
    others()
