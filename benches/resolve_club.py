#!/usr/bin/env python3
"""resolve_club.py TIUV GENERATE [SEED…]     runs `tiuv dedupe` on invented clubs whose truth is known, and says what it got wrong.
   resolve_club.py TIUV --hostile [ROWS]    times it on lists made to hang it.

TIUV      the program to run
GENERATE  the generator: `cargo build --profile quick --bench generate`, then target/quick/deps/generate-*
A pair is "of a kind" where one of its rows or both went through it; a cross-script pair has one row in Latin letters.
"""
import csv, json, os, random, resource, subprocess, sys, tempfile
from collections import Counter, defaultdict
from itertools import combinations

ID, ROWS = "מספר לקוח", 100_000


def run(tiuv, source, clusters, *more):
    command = [tiuv, "dedupe", source, "--out", clusters, "--format", "json", "--accept-mapping", *more]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss // 1024


def groups(rows, key):
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return [group for group in found.values() if len(group) > 1]


def contacts(row):
    digits = lambda text: "".join(filter(str.isdigit, text))[-8:]
    return {digits(row["טלפון נייד"]), digits(row["טלפון נוסף"]), row["דוא\"ל"].lower()} - {""}


def kinds(a, b):
    marks = [set(row["marks"].split(";")) - {""} for row in (a, b)]
    latin = ["latin" in own for own in marks]
    if latin[0] != latin[1]:
        yield "cross-script"
    elif latin[0]:
        yield "both latin"
    yield from (marks[0] | marks[1]) - {"latin"}
    if not contacts(a) & contacts(b):
        yield "no contact shared"
    if not (marks[0] | marks[1]) - {"phone changed", "email changed", "birth missing", "moved"} and latin[0] == latin[1]:
        yield "names as they were"


def club(tiuv, generate, seed, folder, show):
    source, truth, clusters = (os.path.join(folder, name) for name in ("club.csv", "truth.csv", "clusters.csv"))
    subprocess.run([generate, "--rows", str(ROWS), "--seed", str(seed), "--club", "yes", "--out", source, "--truth", truth],
                   check=True, stderr=subprocess.DEVNULL)
    done, cpu, _ = run(tiuv, source, clusters, "--id", ID)
    if done.returncode:
        sys.exit(done.stderr)
    read = lambda path: csv.DictReader(open(path, encoding="utf-8-sig", newline=""))
    found = {row["id"]: row["cluster"] for row in read(clusters)}
    rows = [cells | told | {"cluster": found[told["id"]]} for cells, told in zip(read(source), read(truth), strict=True)]
    total, got = Counter(), Counter()
    missed, wrong = [], []
    for group in groups(rows, lambda row: row["person"]):
        for a, b in combinations(group, 2):
            is_found = a["cluster"] == b["cluster"]
            for kind in ["all", *kinds(a, b)]:
                total[kind] += 1
                got[kind] += is_found
            if not is_found:
                missed.append((a, b))
    families, strangers, made = set(), 0, 0
    for group in groups(rows, lambda row: row["cluster"]):
        for a, b in combinations(group, 2):
            made += 1
            if a["person"] != b["person"]:
                wrong.append((a, b))
                if a["household"] == b["household"]:
                    families.add(a["household"])
                else:
                    strangers += 1
    account = json.loads(done.stderr)["account"]
    print(f"seed {seed}: precision {got['all'] / made:.4f}  recall {got['all'] / total['all']:.4f}  households wrongly merged "
          f"{len(families)}  pairs of strangers merged {strangers}  true pairs {total['all']}  CPU {cpu:.1f} s  "
          f"the model's own estimate {account.get('expected_precision', 0):.3f} / {account.get('expected_recall', 0):.3f}")
    for kind, count in total.most_common():
        print(f"    {kind:20} {count:6} {count / total['all']:6.1%}  recall {got[kind] / count:.3f}")
    dice = random.Random(seed)
    for title, pairs in ("wrongly merged", wrong), ("missed", missed):
        for pair in dice.sample(pairs, min(show, len(pairs))):
            print(title)
            for row in pair:
                print("   ", [row[name] for name in row if name not in ("cluster", "תאריך הצטרפות")])


def hostile_lists(rows):
    dice = random.Random(1)
    word = lambda: "".join(dice.choices("abcdefghijklmnoprstuvyz", k=7))
    base = [[str(i), word(), word(), f"05{dice.randrange(10**8):08}", f"{word()}@gmail.com",
             f"{dice.randrange(1950, 2005)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}", word(), word()] for i in range(rows)]
    change = lambda edit: [edit(i, list(row)) for i, row in enumerate(base)]
    put = lambda column, value, every=1: lambda i, row: row[:column] + [value] + row[column + 1:] if i % every == 0 else row
    yield "nothing alike", base
    yield "all rows identical", change(lambda i, row: [row[0], *base[0][1:]])
    yield "all phones identical", change(put(3, "0541234567"))
    yield "one e-mail in half the rows", change(put(4, "dana@gmail.com", 2))
    yield "one birth date in half the rows", change(put(5, "1984-03-05", 2))
    yield "one family name", change(put(2, "Cohen"))
    yield "one full name", change(lambda i, row: [row[0], "Dana", "Cohen", *row[3:]])
    yield "one name, birth date and city", change(lambda i, row: [row[0], "Dana", "Cohen", *row[3:5], "1984-03-05", row[6], "Haifa"])
    yield "ten names, one street", change(lambda i, row: [row[0], base[i % 10][1], base[i // 10 % 10][2], *row[3:6], "Herzl 1", "Haifa"])
    yield "a chain of phones", change(lambda i, row: [row[0], "Dana", "Cohen", f"054{i // 2:07}", base[(i + 1) // 2][4], *row[5:]])
    yield "groups of 11 identical but for the name", change(lambda i, row: [row[0], row[1], *base[i // 11][2:]])
    yield "ids twice", change(lambda i, row: [str(i // 2), *row[1:]])
    yield "ids missing", change(lambda i, row: ["", *row[1:]])
    yield "everything empty but the id", change(lambda i, row: [row[0]] + [""] * 7)


def hostile(tiuv, rows, folder):
    source, clusters = os.path.join(folder, "hostile.csv"), os.path.join(folder, "clusters.csv")
    for name, records in hostile_lists(rows):
        with open(source, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "first name", "last name", "phone", "email", "birth date", "street", "city"])
            writer.writerows(records)
        try:
            done, cpu, _ = run(tiuv, source, clusters, "--id", "id")
        except subprocess.TimeoutExpired:
            print(f"{name:42} NO END after 600 s")
            continue
        told = f"code {done.returncode} {done.stderr.strip()[:120]!r}"
        if done.returncode == 0:
            account = json.loads(done.stderr)["account"]
            sizes = Counter(row["cluster"] for row in csv.DictReader(open(clusters, encoding="utf-8", newline="")))
            told = (f"pairs {account['blocking']['pairs']:9} + {account['compared_while_merging']:9}  clusters {len(sizes):7}  "
                    f"largest {max(sizes.values())}")
        print(f"{name:42} {cpu:6.1f} CPU s  {told}", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[2] == "--hostile":
            hostile(sys.argv[1], int(sys.argv[3]) if len(sys.argv) > 3 else ROWS, folder)
            return
        for seed in sys.argv[3:] or ["1", "2", "3"]:
            club(sys.argv[1], sys.argv[2], int(seed), folder, int(os.environ.get("SHOW", "0")))


if __name__ == "__main__":
    main()
