#!/usr/bin/env python3
"""accept.py FOLDER    reads what `tiuv check` wrote as those who receive it do: report.json, junit.xml, page.md, quality.json,
checkstyle.xml. Ends with 1, and says why, where one of them would not take it or would show something else."""
import json
import pathlib
import sys
import xml.etree.ElementTree

import junitparser
import markdown_it


def main(folder):
    report = json.loads((folder / "report.json").read_text())
    groups = report["groups"]

    suites = junitparser.JUnitXml.fromfile(str(folder / "junit.xml"))
    cases = [case for suite in suites for case in suite]
    failed = [case for case in cases if any(isinstance(result, junitparser.Failure) for result in case.result)]
    assert bool(failed) != report["passed"], f"{len(failed)} failed tests of a list that passed: {report['passed']}"
    gates = [case for case in cases if case.classname == "gate"]
    assert len(gates) == len(report["gates"])
    assert sum(case in gates for case in failed) == sum(not gate["passed"] for gate in report["gates"])
    told = [(case.classname, case.name) for case in cases]
    assert len(told) == len(set(told)) or len({group["header"] for group in groups}) < len(groups), "test cases of one name"
    for group in groups:
        place = "column " if group["header"] else "list"
        assert any(case.name == group["code"] and case.classname.startswith(place) for case in cases), group["code"]

    entries = json.loads((folder / "quality.json").read_text())
    assert len(entries) == len(groups)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries), "entries of one fingerprint"
    for entry in entries:
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker"), entry
        assert entry["description"] and entry["check_name"] and entry["location"]["path"], entry
        assert entry["location"]["lines"]["begin"] >= 1, entry

    root = xml.etree.ElementTree.parse(folder / "checkstyle.xml").getroot()
    assert root.tag == "checkstyle" and len(root.findall("./file/error")) == len(groups)

    tokens = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse((folder / "page.md").read_text())
    rows = sum(token.type == "tr_open" for token in tokens)
    tables = sum(token.type == "table_open" for token in tokens)
    assert rows - tables == len(groups) + len(report["gates"]), f"{rows} rows of {tables} tables"
    inner = [child for token in tokens if token.children for child in token.children]
    html = {child.content for child in inner if child.type == "html_inline"} | {t.content for t in tokens if t.type == "html_block"}
    assert html <= {"<br>"}, f"HTML on the page: {html}"
    assert not any(child.type in ("link_open", "image") for child in inner), "a link on the page"


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
