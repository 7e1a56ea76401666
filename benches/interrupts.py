#!/usr/bin/env python3
"""Promise: Ctrl-C ends a run within a second, whatever it is doing, and leaves nothing behind.

    python3 benches/interrupts.py [target/quick/tiuv] [--times 50] [--rows 100000] [--seed 1]

Runs `clean` on an invented list again and again into one directory with one workspace, each time with the list changed by a row, and
sends SIGINT at a random moment of its usual time. Prints, by tenths of that time, how long runs took to end, and what was left; fails
where an end took more than a second, a run ended in another way, results of two runs were mixed, or anything was left behind."""
import argparse
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time

GIVEN = "Dana Noam Yossi Rina Omer Tali Gil Maya Ido Noa Amir Lior Shira Eitan Yael Nir Hila Ron Adi Tom דנה נועם יוסי רינה עומר".split()
FAMILY = "Levi Cohen Mizrahi Peretz Biton Dahan Avraham Friedman Katz Azulay Amar Malka Gabay Ohana Segal לוי כהן מזרחי פרץ ביטון".split()
CITIES = ["Haifa", "Tel Aviv", "ירושלים", "Holon", "באר שבע", "Netanya"]


def lines(rows, chance):
    yield "id,first name,last name,mobile,email,city,street,joined\n"
    for row in range(rows):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        mobile = f"05{chance.choice('02345')}-{chance.randrange(2_000_000, 9_999_999)}"
        mail = f"customer{chance.randrange(rows)}@{chance.choice(['walla.co.il', 'gmail.com', 'example.co.il'])}"
        joined = f"{chance.randrange(1, 29):02}/{chance.randrange(1, 13):02}/{chance.randrange(2012, 2026)}"
        yield f"{row},{given},{family},{mobile},{mail},{chance.choice(CITIES)},Herzl {chance.randrange(1, 200)},{joined}\n"


class Runs:
    def __init__(self, tiuv, place, rows, chance):
        self.tiuv, self.place = tiuv, pathlib.Path(place)
        self.body = "".join(lines(rows, chance))
        (self.place / "tmp").mkdir()
        self.number = 0

    def start(self):
        """A run of a list that no earlier run had."""
        self.number += 1
        (self.place / "list.csv").write_text(self.body + f"x{self.number},Dana,Levi,,,,,\n")
        return subprocess.Popen(
            [self.tiuv, "clean", "list.csv", "--out", "out", "--mx", "off", "--as-of", "2026-11-21"], cwd=self.place,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(self.place / "tmp")})

    def wrong(self):
        """What is wrong now that the run has ended."""
        run = json.loads((self.place / "out" / "run.json").read_text())
        ran = subprocess.run([self.tiuv, "runs", "--json"], cwd=self.place, capture_output=True, text=True)
        wrong = [] if ran.returncode == 0 else [f"the workspace is not usable: {ran.stderr}"]
        if not wrong and json.loads(ran.stdout)[0]["run"] != run["run"]:
            wrong.append("results of another run than the newest")
        with (self.place / "out" / "rows.csv").open(encoding="utf-8-sig") as rows:
            if sum(1 for _ in rows) - 1 != run["rows_out"]:
                wrong.append("results of several runs")
        return wrong

    def left(self):
        names = [str(path.relative_to(self.place)) for path in self.place.rglob("*")]
        return [f"left: {name}" for name in names if ".tiuv-" in name or ".part" in name or name.startswith("tmp/")]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("tiuv", nargs="?", default="target/quick/tiuv")
    options.add_argument("--times", type=int, default=50)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()
    chance, took, wrong = random.Random(args.seed), {}, []
    with tempfile.TemporaryDirectory() as place:
        runs = Runs(os.path.abspath(args.tiuv), place, args.rows, chance)
        started = time.monotonic()
        if runs.start().wait() != 0:
            sys.exit("the run without a signal fails")
        usual = time.monotonic() - started
        print(f"{args.rows:,} rows in {usual:.1f} s", file=sys.stderr)
        for _ in range(args.times):
            part = chance.random()
            run = runs.start()
            time.sleep(part * usual)
            ended_before = run.poll() is not None
            sent = time.monotonic()
            run.send_signal(signal.SIGINT)
            code = run.wait()
            seconds = time.monotonic() - sent
            if not ended_before:
                took.setdefault(int(part * 10), []).append(seconds)
            # The system's own end of a process that has not begun to listen is as good.
            if code not in (0, 130, -signal.SIGINT):
                wrong.append(f"at {part:.0%}: exit {code}")
            if seconds > 1:
                wrong.append(f"at {part:.0%}: {seconds:.2f} s to end")
            wrong += [f"at {part:.0%}: {what}" for what in runs.left() + runs.wrong()]
    for tenth, seconds in sorted(took.items()):
        print(f"  at {tenth * 10:2} to {tenth * 10 + 10:3} %: {len(seconds):3} interrupted, {max(seconds):.2f} s at most")
    every = sorted(second for seconds in took.values() for second in seconds)
    print(f"{len(every)} interrupted: median {statistics.median(every):.2f} s, 99 % within {every[int(len(every) * 0.99)]:.2f} s, "
          f"at most {every[-1]:.2f} s; {len(wrong)} wrong")
    for one in wrong[:20]:
        print(f"  wrong: {one}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
