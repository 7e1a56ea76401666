#!/usr/bin/env python3
"""resolve_sets.py TIUV DATA [SET…]   runs `tiuv dedupe` on labelled lists and prints pairwise F1 beside what others reach.

TIUV  the program to run                DATA  a folder with SET.csv.gz: first column `id`, last column `entity` (the truth)
The same defaults for every list; the truth column is taken away before tiuv sees the list. `one_each` is syn20k with one row
an entity: every merge there is wrong, and is counted for each 100 rows.
Peers: Splink 5 with its defaults (best threshold found with the truth), GoldenMatch; measured on the same lists.
"""
import csv, gzip, io, json, os, resource, subprocess, sys, tempfile
from collections import Counter

SETS = {  # name: (columns whose headers say too little, peers, least F1)
    "febrl1": ([], "0.9990 (0.9990) / 0.996", .999),
    "febrl3": ([], "0.9996 (0.9996) / 0.991", .999),
    "fake_1000": ([], "0.774 (0.883) / 0.194", .96),
    "historical_50k": (["postcode=postcode_fake", "city=birth_place"], "0.823 (0.832) / 0.842", .91),
    "restaurants": (["occupation=type"], "0.861 (0.897) / 0.659", .96),
    "chicago_childcare": ([], "0.830 (0.842) / 0.778", .95),
    "syn20k": ([], "0.402 (0.508) / 0.358", .93),
}


def read(path):
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def dedupe(tiuv, header, rows, maps, folder):
    """cluster of each row by id, and the account"""
    source, clusters = os.path.join(folder, "list.csv"), os.path.join(folder, "clusters.csv")
    with open(source, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header[:-1])
        writer.writerows(row[:-1] for row in rows)
    command = [tiuv, "dedupe", source, "--id", "id", "--out", clusters, "--format", "json", "--accept-mapping"]
    for given in maps:
        command += ["--map", given]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    with open(clusters, encoding="utf-8", newline="") as file:
        return {row["id"]: row["cluster"] for row in csv.DictReader(file)}, json.loads(done.stderr)


def pairs(counts):
    return sum(n * (n - 1) // 2 for n in counts)


def score(truth, found):
    both = pairs(Counter((truth[i], found[i]) for i in truth).values())
    right, made = pairs(Counter(truth.values()).values()), pairs(Counter(found.values()).values())
    precision, recall = both / made if made else 1.0, both / right if right else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0, made


def main():
    tiuv, data, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]
    print(f"{'set':18} {'P':>7} {'R':>7} {'F1':>7}  {'least':>5}  {'CPU s':>6} {'pairs':>9} {'steps':>5}  Splink 5 (best) / GoldenMatch")
    before = 0.0
    for name in wanted or [*SETS, "one_each"]:
        maps, peers, least = SETS.get(name, ([], "", 0))
        header, rows = read(os.path.join(data, ("syn20k" if name == "one_each" else name) + ".csv.gz"))
        if name == "one_each":
            first = {}
            for row in rows:
                first.setdefault(row[-1], row)
            rows = list(first.values())
        with tempfile.TemporaryDirectory() as folder:
            found, told = dedupe(tiuv, header, rows, maps, folder)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime - before
        before += cpu
        precision, recall, f1, made = score({row[0]: row[-1] for row in rows}, found)
        account = told["account"]
        compared, steps = account["blocking"]["pairs"] + account["compared_while_merging"], account["learning_steps"]
        if name == "one_each":
            print(f"{name:18} {made * 100 / len(rows):.2f} false merges for each 100 rows; at most 0.2")
        else:
            mark = "" if f1 >= least else "  BELOW"
            print(f"{name:18} {precision:7.4f} {recall:7.4f} {f1:7.4f}  {least:5}  {cpu:6.2f} {compared:9} {steps:5}  {peers}{mark}")


if __name__ == "__main__":
    main()
