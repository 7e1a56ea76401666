#!/usr/bin/env python3
"""Promise: whatever ends a run, its results belong together, the workspace is usable, and nothing is left after the next start.

    python3 benches/kills.py [target/debug/tiuv] [--kills 1000] [--disks 200] [--read-only 100] [--seed 1]

Runs `clean` in turns over two lists of different length into one directory with one workspace, and ends each run in one of three
ways: the process dies at a named place (a build with debug assertions knows them), it is killed at a random moment, or the disk is
full (a tmpfs of a random size; needs to be root) or turns read-only. After each one, what stands there is looked at, `tiuv runs`
starts, and all is looked at again: results that belong together, a sound database, the refusal that is in it, the newest run
recorded being the one whose results stand there, and no temporary file. Prints where processes died and what was wrong; fails where
anything was."""
import argparse
import collections
import csv
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

POINTS = ["staged-file", "staged", "artefact-written", "run-written", "artefact-named", "committing", "committed", "publishing",
          "unnamed", "named", "published", "settled"]
GIVEN = ["Dana", "Noam", "Yossi", "Rina", "Omer", "Tali", "Gil", "Maya", "Ido", "Noa", "Amir"]
FAMILY = ["Levi", "Cohen", "Mizrahi", "Peretz", "Biton", "Dahan", "Avraham", "Friedman", "Katz", "Azulay", "Amar"]


class Club:
    def __init__(self, tiuv, place):
        self.tiuv, self.place = tiuv, pathlib.Path(place)
        for name, rows in (("short.csv", 7), ("long.csv", 11)):
            lines = [f"{row},{GIVEN[row]},{FAMILY[row]},050-23456{row:02},{GIVEN[row].lower()}@walla.co.il,Haifa" for row in range(rows)]
            (self.place / name).write_text("id,first name,last name,mobile,email,city\n" + "\n".join(lines) + "\n")
        (self.place / "tmp").mkdir()
        assert self.run("short.csv").wait() == 0
        assert subprocess.run([tiuv, "suppress", "add", "050-2345601"], cwd=place, capture_output=True).returncode == 0

    def run(self, name, **environment):
        return subprocess.Popen(
            [self.tiuv, "clean", name, "--out", "out", "--as-of", "2026-11-21"], cwd=self.place, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(self.place / "tmp"), **environment})

    def wrong_results(self):
        """What does not belong together, if run.json is there."""
        out = self.place / "out"
        if not (out / "run.json").is_file():
            return []
        run = json.loads((out / "run.json").read_text())
        rows = lambda name: sum(1 for _ in csv.reader((out / name).open(encoding="utf-8-sig"))) - 1
        wrong = []
        if rows("rows.csv") != run["rows_out"] or rows("customers.csv") != run["rows_out"]:
            wrong.append("results of several runs")
        wrong += [f"{name} is missing" for name in run["outputs"] if not (out / name).is_file()]
        return wrong

    def wrong_after_start(self):
        """What is wrong once another command has started."""
        ran = subprocess.run([self.tiuv, "runs", "--json"], cwd=self.place, capture_output=True, text=True)
        if ran.returncode != 0:
            return [f"the workspace is not usable: {ran.stderr}"]
        wrong = self.wrong_results()
        run = self.place / "out" / "run.json"
        if not run.is_file():
            wrong.append("no results")
        elif json.loads(run.read_text())["run"] != json.loads(ran.stdout)[0]["run"]:
            wrong.append("results of another run than the newest")
        database = sqlite3.connect(self.place / ".tiuv" / "state.db")
        if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            wrong.append("the database is damaged")
        if database.execute("SELECT count(*) FROM suppression WHERE lifted_at IS NULL").fetchone()[0] != 1:
            wrong.append("a refusal was lost")
        database.close()
        ran = subprocess.run([self.tiuv, "workspace", "repair", "--dry-run"], cwd=self.place, capture_output=True, text=True)
        if ran.stdout != "nothing is damaged\n":
            wrong.append(ran.stdout + ran.stderr)
        return wrong

    def left(self):
        names = [str(path.relative_to(self.place)) for path in self.place.rglob("*")]
        return [name for name in names if ".tiuv-" in name or ".part" in name or name.startswith("tmp/")]


def kills(tiuv, many, chance):
    died, wrong = collections.Counter(), []
    with tempfile.TemporaryDirectory() as place:
        club = Club(tiuv, place)
        started = time.monotonic()
        club.run("long.csv").wait()
        usual = time.monotonic() - started
        for number in range(many):
            name = ("long.csv", "short.csv")[number % 2]
            if number % 2 or chance.random() < 0.3:
                point = chance.choice(POINTS)
                times = chance.randint(1, {"named": 9, "staged-file": 9, "artefact-written": 4, "artefact-named": 4}.get(point, 1))
                run, where = club.run(name, TIUV_CRASH_AT=f"{point}:{times}"), point
                killed = run.wait() not in (0,)
            else:
                run, moment = club.run(name), chance.random() * usual
                time.sleep(moment)
                run.send_signal(signal.SIGKILL)
                where, killed = f"at {int(moment / usual * 10) * 10} % of its time", run.wait() != 0
            died[where] += killed
            found = club.wrong_results() + club.wrong_after_start()
            if club.run(name).wait() != 0:
                found.append("the next run fails")
            found += [f"left: {name}" for name in club.left()]
            wrong += [f"{where}: {what}" for what in found]
            if number % 50 == 49:
                print(f"{number + 1} kills, {len(wrong)} wrong", file=sys.stderr, flush=True)
    return died, wrong


def disks(tiuv, many, chance, read_only):
    failed, wrong = collections.Counter(), []
    for number in range(many):
        with tempfile.TemporaryDirectory() as mount:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount], check=True)
            try:
                club = Club(tiuv, mount)
                if read_only:
                    run = club.run("long.csv")
                    time.sleep(chance.random() * 1.5)
                    changed = False
                    # The system refuses as long as a file is open to be written.
                    while not changed and run.poll() is None:
                        changed = subprocess.run(["mount", "-o", "remount,ro", mount], capture_output=True).returncode == 0
                    code = run.wait()
                    looked = club.wrong_results()
                    if changed:
                        subprocess.run(["mount", "-o", "remount,rw", mount], check=True)
                    failed["turned read-only" if changed else "was being written"] += code != 0
                else:
                    used = shutil.disk_usage(mount).used
                    subprocess.run(["mount", "-o", f"remount,size={used + chance.randrange(4096, 900_000)}", mount], check=True)
                    code = club.run("long.csv").wait()
                    looked = club.wrong_results()
                    failed["full"] += code != 0
                    subprocess.run(["mount", "-o", "remount,size=8m", mount], check=True)
                    if code not in (0, 3):
                        wrong.append(f"exit {code}")
                found = looked + club.wrong_after_start() + [f"left: {name}" for name in club.left()]
                if club.run("short.csv").wait() != 0:
                    found.append("the next run fails")
                wrong += [f"disk {number}: {what}" for what in found]
            finally:
                subprocess.run(["umount", "-l", mount], check=True)
    return failed, wrong


def main():
    options = argparse.ArgumentParser()
    options.add_argument("tiuv", nargs="?", default="target/debug/tiuv")
    options.add_argument("--kills", type=int, default=1000)
    options.add_argument("--disks", type=int, default=200)
    options.add_argument("--read-only", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()
    tiuv, chance, bad = os.path.abspath(args.tiuv), random.Random(args.seed), 0
    for what, (ended, wrong) in (
        ("kills", kills(tiuv, args.kills, chance) if args.kills else ({}, [])),
        ("full disks", disks(tiuv, args.disks, chance, False) if args.disks else ({}, [])),
        ("read-only disks", disks(tiuv, args.read_only, chance, True) if args.read_only else ({}, [])),
    ):
        print(f"{what}: {sum(ended.values())} ended runs, {len(wrong)} wrong")
        for where, times in sorted(ended.items()):
            print(f"  {times:5}  {where}")
        for one in wrong[:20]:
            print(f"  wrong: {one}")
        bad += len(wrong)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
