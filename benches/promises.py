#!/usr/bin/env python3
"""Measures what the README promises of tiuv's speed, and prints it as a Markdown table.

    python3 benches/promises.py                    # builds, generates 1 M rows, measures: some minutes
    python3 benches/promises.py --large            # also 5 M rows (needs 3 GB of temporary space)
    python3 benches/promises.py --whole            # also the whole job: duplicates, decay, workspace, 8 M events, a plan
    python3 benches/promises.py --list FILE        # a generated list that is there already
    python3 benches/promises.py --python VENV/bin/python    # where `duckdb` is installed

CPU seconds are user and system time of all threads, memory is the largest resident set (mapped input included), both
as the system counted them for the process when it ended; each figure is the median of three runs, which take turns so
that a busy moment of the machine hits all alike. Exits with 1 if a promise is not kept, or if tiuv and DuckDB count
differently. The standard library is enough, DuckDB apart; it runs wherever Python has `os.wait4`.
"""

import argparse
import importlib.util
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import Counter, namedtuple
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MB, MIB = 1_000_000, 1 << 20

# Who asks, and how many at most.
ASKS = """[outreach]
sender = "Club"
link_base = "https://c.example/"

[outreach.most]
sms = 20000
"""

Run = namedtuple("Run", "cpu peak output whole")
Row = namedtuple("Row", "what measured promised kept")


def main():
    arguments = parse_arguments()
    programs = build()
    duckdb = has_duckdb(arguments.python)
    with tempfile.TemporaryDirectory(prefix="tiuv-promises-", dir=arguments.temp) as folder:
        folder = Path(folder)
        small = arguments.list or generate(programs, folder, 1_000_000)
        large = arguments.large_list or (generate(programs, folder, 5_000_000) if arguments.large else None)
        bench = Bench(programs, folder, arguments.runs, arguments.python if duckdb else None)
        rows = table_rows(bench, small, large)
        if arguments.whole:
            rows += whole_rows(bench, small, large, generate_events(programs, folder, 1_000_000))
    print_table(rows, duckdb)
    return 0 if all(row.kept is not False for row in rows) else 1


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", type=Path, help="a generated list to measure with, instead of making one")
    parser.add_argument("--large", action="store_true", help="measure growth with a list of 5 M rows")
    parser.add_argument("--whole", action="store_true", help="measure the whole job")
    parser.add_argument("--large-list", type=Path, help="a generated list to measure growth with")
    parser.add_argument("--runs", type=int, default=3, help="runs a figure is the median of (default: 3)")
    parser.add_argument("--python", default=sys.executable, help="a Python that has `duckdb` (default: this one)")
    parser.add_argument("--temp", type=Path, help="where to put lists and results")
    arguments = parser.parse_args()
    for path in (arguments.list, arguments.large_list):
        if path and not path.is_file():
            parser.error(f"{path} is not there")
    return arguments


def build():
    """Builds the program and the two small ones that the measuring needs; returns where they are, by name."""
    cargo = os.environ.get("CARGO", "cargo")
    tell("building")
    programs = {}
    for what in (["bench", "--no-run", "--bench", "generate", "--bench", "plain_parse"], ["build", "--release"]):
        command = [cargo, *what, "--message-format=json-render-diagnostics"]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        for line in done.stdout.splitlines():
            message = json.loads(line)
            if message.get("executable"):
                programs[message["target"]["name"]] = message["executable"]
    return programs


def has_duckdb(python):
    return subprocess.run([python, "-c", "import duckdb"], stderr=subprocess.DEVNULL).returncode == 0


def generate(programs, folder, rows):
    path = folder / f"customers_{rows}.csv"
    tell(f"generating {rows:,} rows")
    command = [programs["generate"], "--rows", str(rows), "--seed", "1", "--out", str(path)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return path


def generate_events(programs, folder, rows):
    """A list with what is known of its contacts: who answered, what bounced, who bought."""
    path, events = folder / f"club_{rows}.csv", folder / f"events_{rows}.csv"
    tell(f"generating {rows:,} rows with events")
    told = ["--decay", "yes", "--truth", folder / "truth.csv", "--events", events, "--dead-domains", folder / "dead.csv"]
    command = [programs["generate"], "--rows", str(rows), "--seed", "1", "--out", path, *told]
    subprocess.run([str(part) for part in command], check=True, stderr=subprocess.DEVNULL)
    return path, events


class Bench:
    """The jobs that are measured. A job takes a list and returns a Run."""

    def __init__(self, programs, folder, runs, duckdb_python):
        self.programs, self.folder, self.runs, self.duckdb_python = programs, folder, runs, duckdb_python
        self.peer = load_peer()
        self.five = folder / "five.toml"
        self.five.write_text(five_expectations(self.peer), encoding="utf-8")
        # So that a tiuv.toml where this is run changes nothing.
        self.nothing = folder / "nothing.toml"
        self.nothing.touch()
        self.findings = folder / "findings.jsonl"

    def parse(self, path):
        return measure([self.programs["plain_parse"], path])

    def clean(self, path):
        with tempfile.TemporaryDirectory(dir=self.folder) as out:
            return self.measure_clean(path, out, "--no-state")

    def clean_with_state(self, path):
        # A workspace that knows the run already would have nothing to do, so each gets a new one.
        with tempfile.TemporaryDirectory(dir=self.folder) as out:
            return self.measure_clean(path, out, "--workspace", f"{out}/state")

    def measure_clean(self, path, out, *state):
        return self.measure_whole(path, out, "--no-resolve", "--no-decay", *state)

    def measure_whole(self, path, out, *options):
        tiuv = [self.programs["tiuv"], "--quiet", "--config", self.nothing]
        return measure([*tiuv, "clean", path, "--out", f"{out}/out", "--mx", "off", *options])

    def whole(self, path):
        with tempfile.TemporaryDirectory(dir=self.folder) as out:
            return self.measure_whole(path, out, "--no-state")

    def whole_with_state(self, path):
        with tempfile.TemporaryDirectory(dir=self.folder) as out:
            run = self.measure_whole(path, out, "--workspace", f"{out}/state")
            return run._replace(output=[size_of(Path(out, part)) for part in ("out", "state")])

    def dedupe(self, path):
        with tempfile.TemporaryDirectory(dir=self.folder) as out:
            tiuv = [self.programs["tiuv"], "--quiet", "--config", self.nothing]
            return measure([*tiuv, "dedupe", path, "--out", f"{out}/out.csv"])

    def plan(self, path):
        asks = self.folder / "asks.toml"
        asks.write_text(ASKS, encoding="utf-8")
        with tempfile.TemporaryDirectory(dir=self.folder) as out:
            state = ["--workspace", f"{out}/state"]
            self.measure_whole(path, out, *state)
            return measure([self.programs["tiuv"], "--quiet", "--config", asks, "outreach", "plan", *state])

    def check(self, path):
        check = [self.programs["tiuv"], "--config", self.five, "check", path, "--expectations-only"]
        # 1: the list failed, as it must with these expectations.
        return measure([*check, "--format", "jsonl"], output=self.findings, accept=(0, 1))

    def duckdb(self, path):
        run = measure([self.duckdb_python, HERE / "duckdb_check.py", path])
        # Its own figure: starting Python and loading the library are not held against it.
        return run._replace(cpu=json.loads(run.output)["cpu_seconds"])

    def medians(self, path, *jobs):
        """Median CPU seconds and peaks by job, and the output of each job's last run."""
        done = {job: [] for job in jobs}
        for turn in range(self.runs):
            for job in jobs:
                run = job(path)
                done[job].append(run)
                name = job.__name__.replace("_", " ")
                tell(f"{path.name}, run {turn + 1} of {self.runs}, {name}: {run.cpu:.2f} CPU s, {megabytes(run.peak)}")
        return [median(runs) for runs in done.values()]


def median(runs):
    cpu, peak, whole = (statistics.median(getattr(run, name) for run in runs) for name in ("cpu", "peak", "whole"))
    return Run(cpu, peak, runs[-1].output, whole)


def size_of(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def measure(command, output=None, accept=(0,)):
    """Runs a command to its end; what it prints goes to a file, or into the Run."""
    with open(output, "wb") if output else tempfile.TemporaryFile() as printed:
        child = subprocess.Popen([str(part) for part in command], stdout=printed)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in accept:
            sys.exit(f"promises: {command[0]} ended with {child.returncode}")
        text = None
        if not output:
            printed.seek(0)
            text = printed.read().decode()
    # Linux counts in KiB, macOS in bytes.
    peak = usage.ru_maxrss * (1 if platform.system() == "Darwin" else 1024)
    cpu = usage.ru_utime + usage.ru_stime
    return Run(cpu, peak, text, whole=cpu)


def load_peer():
    """`duckdb_check.py` as a module, for its patterns and column names."""
    spec = importlib.util.spec_from_file_location("duckdb_check", HERE / "duckdb_check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def five_expectations(peer):
    """The five rules that DuckDB counts, as a configuration of `tiuv check`; the mobile number's is the fifth."""
    names = peer.COLUMNS
    # tiuv matches whole cells by itself; single quotes stand in the e-mail pattern, hence three of them.
    rules = [
        (names["id"], "not_null = true\nunique = true"),
        (names["last_name"], "not_null = true"),
        (names["email"], f"pattern = '''{peer.EMAIL}'''"),
        (names["mobile"], f"pattern = '''{peer.PHONE}'''"),
    ]
    return "\n".join(f"[[expect]]\ncolumn = '{column}'\n{rule}\n" for column, rule in rules)


def counts_of_tiuv(findings, peer):
    """The five counts, from the findings as they were written, one a line."""
    field = {header: name for name, header in peer.COLUMNS.items()}
    kinds = {"expect.not_null": "null", "expect.unique": "repeated", "expect.pattern": "pattern"}
    counts = Counter()
    with open(findings, encoding="utf-8") as lines:
        for line in lines:
            finding = json.loads(line)
            if finding["type"] == "finding" and finding["code"] in kinds:
                counts[f"{field[finding['column']]}_{kinds[finding['code']]}"] += 1
    return dict(counts)


def table_rows(bench, small, large):
    jobs = [bench.parse, bench.clean, bench.clean_with_state, bench.check]
    peer = [bench.duckdb] if bench.duckdb_python else []
    parse, clean, state, check, *peer = bench.medians(small, *jobs, *peer)
    count = int(parse.output)
    counts = counts_of_tiuv(bench.findings, bench.peer)
    million = max(1, count / 1_000_000)
    added = state.cpu - clean.cpu
    rows = [
        Row(f"plain csv parse of {count:,} rows × 15 columns", seconds(parse.cpu), "–", None),
        bar("`tiuv clean --no-state`", clean.cpu, 3 * million, seconds),
        bar("memory of that", clean.peak, 400 * MB, megabytes),
        Row("times the plain parse", f"{clean.cpu / parse.cpu:.1f}", "–", None),
        bar("what a workspace adds", added, clean.cpu, seconds),
        Row("memory with a workspace", megabytes(state.peak), "–", None),
        bar(f"`tiuv check`, five rules, {sum(counts.values()):,} findings written", check.cpu, 0.9 * million, seconds),
        bar("memory of that", check.peak, 256 * MIB, mebibytes),
    ]
    for duckdb in peer:
        answer = json.loads(duckdb.output)
        wanted = ["id_null", "id_repeated", "last_name_null", "email_pattern", "mobile_pattern"]
        different = [name for name in wanted if counts.get(name, 0) != answer[name]]
        for name in different:
            tell(f"{name}: tiuv counts {counts.get(name, 0)}, DuckDB {answer[name]}")
        times = duckdb.cpu / check.cpu
        rows += [
            Row(f"DuckDB {answer['duckdb']}, the same five counts", seconds(duckdb.cpu), "–", None),
            Row("the same with starting Python and loading DuckDB", seconds(duckdb.whole), "–", None),
            Row("DuckDB's CPU time (without its start) to that of `tiuv check`", f"{times:.1f} ×", "≥ 2 ×", times >= 2),
            Row("counts that differ", str(len(different)), "0", not different),
        ]
    if large:
        more, clean_large, check_large = bench.medians(large, bench.parse, bench.clean, bench.check)
        growth = math.log(int(more.output) / count)
        exponent = math.log(clean_large.cpu / clean.cpu) / growth
        rows += [
            Row(f"`tiuv clean --no-state` of {int(more.output):,} rows", seconds(clean_large.cpu), "–", None),
            Row("memory of that", megabytes(clean_large.peak), "–", None),
            Row("growth exponent from the one to the other", f"{exponent:.2f}", "≤ 1.10", exponent <= 1.1),
            bar(f"memory of `tiuv check` of {int(more.output):,} rows", check_large.peak, 256 * MIB, mebibytes),
        ]
    return rows


def whole_rows(bench, small, large, club):
    """The whole yearly job; its promises are aims that are not kept yet."""
    peer = [bench.duckdb] if bench.duckdb_python else []
    parse, whole, state, dedupe, plan, *peer = bench.medians(
        small, bench.parse, bench.whole, bench.whole_with_state, bench.dedupe, bench.plan, *peer
    )
    million = max(1, int(parse.output) / 1_000_000)
    path, events = club

    def whole_with_events(path):
        with tempfile.TemporaryDirectory(dir=bench.folder) as out:
            return bench.measure_whole(path, out, "--events", events, "--workspace", f"{out}/state")

    (told,) = bench.medians(path, whole_with_events)
    rows = [
        bar("`tiuv clean --no-state`, everything", whole.cpu, 7.5 * million, seconds),
        bar("memory of that", whole.peak, 700 * MB, megabytes),
        bar("the same with a new workspace", state.cpu, 11 * million, seconds),
        Row("memory of that", megabytes(state.peak), "–", None),
        bar("results and workspace written by it", sum(state.output), 700 * MB * million, megabytes),
        bar("of these the workspace", state.output[1], 200 * MB * million, megabytes),
        bar("the same with the generator's events", told.cpu, 18, seconds),
        bar("`tiuv dedupe`", dedupe.cpu, 4.5 * million, seconds),
        bar("`tiuv outreach plan`, 20,000 text messages", plan.cpu, 4 * million, seconds),
        *(Row("times DuckDB's reading and counting", f"{state.cpu / duckdb.cpu:.1f}", "–", None) for duckdb in peer),
    ]
    if large:
        more, whole_large = bench.medians(large, bench.parse, bench.whole_with_state)
        exponent = math.log(whole_large.cpu / state.cpu) / math.log(int(more.output) / int(parse.output))
        rows += [
            bar(f"the whole job of {int(more.output):,} rows", whole_large.cpu, 60, seconds),
            bar("memory of that", whole_large.peak, 3000 * MB, megabytes),
            Row("growth exponent of the whole job", f"{exponent:.2f}", "≤ 1.08", exponent <= 1.08),
        ]
    return rows


def bar(what, measured, most, form):
    return Row(what, form(measured), f"≤ {form(most)}", measured <= most)


def seconds(value):
    return f"{value:.2f} CPU s"


def megabytes(value):
    return f"{value / MB:.0f} MB"


def mebibytes(value):
    return f"{value / MIB:.0f} MiB"


def print_table(rows, duckdb):
    print(f"\n| on {os.cpu_count()} × {processor()} | measured | promised | |\n|---|---:|---:|---|")
    for row in rows:
        kept = {True: "kept", False: "**broken**", None: ""}[row.kept]
        print(f"| {row.what} | {row.measured} | {row.promised} | {kept} |")
    if not duckdb:
        print("\nDuckDB was not compared: `pip install duckdb`, or name a Python that has it with --python.")


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def tell(text):
    print(f"promises: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
