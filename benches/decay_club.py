#!/usr/bin/env python3
"""decay_club.py TIUV GENERATE [SEED...]     runs `tiuv clean --events` on simulated clubs and measures its probabilities.

TIUV      the program to run
GENERATE  the generator: `cargo build --profile quick --bench generate`, then target/quick/deps/generate-*
"Oldest first" ranks by the last dated change of the row. DNS is not asked, so no dead domain is known.
"""
import csv, os, re, resource, statistics, subprocess, sys, tempfile

ROWS, TODAY = 100_000, "2026-11-01"


def day(text):
    """Year, month and day of the forms that the generator writes."""
    numbers = [int(number) for number in re.findall(r"\d+", text)[:3]]
    return tuple(numbers) if not numbers or numbers[0] > 31 else tuple(reversed(numbers))


def auc(pairs):
    pairs, won, below = sorted(pairs), 0.0, 0
    stale = sum(found for _, found in pairs)
    at = 0
    while at < len(pairs):
        end = at
        while end < len(pairs) and pairs[end][0] == pairs[at][0]:
            end += 1
        here = sum(found for _, found in pairs[at:end])
        won += here * (below + (end - at - here) / 2)
        below += end - at - here
        at = end
    return won / max(1, below) / max(1, stale)


def recall(pairs):
    top = sorted(pairs, key=lambda pair: -pair[0])[: len(pairs) // 5]
    return sum(found for _, found in top) / max(1, sum(found for _, found in pairs))


def ece(pairs):
    bins = [[] for _ in range(10)]
    for p, found in pairs:
        bins[min(9, int(p * 10))].append(p - found)
    return sum(abs(sum(gaps)) for gaps in bins) / len(pairs)


def run(tiuv, generate, seed, folder):
    path = lambda name: os.path.join(folder, name)
    made = [generate, "--decay", "yes", "--rows", str(ROWS), "--seed", str(seed), "--out", path("club.csv")]
    made += ["--truth", path("truth.csv"), "--events", path("events.csv"), "--dead-domains", path("dead.csv")]
    subprocess.run(made, check=True, capture_output=True)
    command = [tiuv, "clean", path("club.csv"), "--events", path("events.csv"), "--as-of", TODAY, "--mx", "off"]
    command += ["--no-state", "--accept-mapping", "--out", path("out")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(done.stderr)
    rows = list(csv.DictReader(open(path("out/rows.csv"), encoding="utf-8-sig")))
    truth = list(csv.DictReader(open(path("truth.csv"), encoding="utf-8")))
    assert len(rows) == len(truth)
    figures = {}
    for kind in ("email", "phone"):
        judged, oldest, missing = [], [], 0
        for row, true in zip(rows, truth):
            if true[f"{kind}_stale"] == "":
                continue
            if row[f"tiuv_{kind}_stale"] == "":
                missing += 1
                continue
            found = int(true[f"{kind}_stale"])
            judged.append((float(row[f"tiuv_{kind}_stale"]), found))
            year, month, number = day(row["תאריך עדכון"] or row["תאריך הצטרפות"])
            oldest.append((-(year * 372 + month * 31 + number), found))
        figures[kind] = (auc(judged), auc(oldest), recall(judged), ece(judged), missing)
        mean = sum(p for p, _ in judged) / len(judged)
        share = sum(found for _, found in judged) / len(judged)
        print(f"draw {seed} {kind}: stale {share:.3f}, mean {mean:.3f}, AUC {figures[kind][0]:.3f} (oldest first "
              f"{figures[kind][1]:.3f}), recall at 20 % {figures[kind][2]:.3f}, ECE {figures[kind][3]:.3f}, no score {missing}")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"draw {seed}: {seconds:.1f} CPU s for all of clean", flush=True)
    return figures


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tiuv, generate, seeds = sys.argv[1], sys.argv[2], [int(seed) for seed in sys.argv[3:]] or range(1, 11)
    draws = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            draws.append(run(tiuv, generate, seed, folder))
    gain = min(draw["email"][0] - draw["email"][1] for draw in draws)
    level = statistics.median(draw["email"][3] for draw in draws)
    print(f"AUC above oldest first, worst draw {gain:.3f} (>= 0.06); median ECE of addresses {level:.3f} (<= 0.045)")
    sys.exit(0 if gain >= 0.06 and level <= 0.045 else 1)


main()
