#!/usr/bin/env python3
"""no_is_no.py TIUV GENERATE [SEED...]     cleans simulated clubs, plans all of their customers, and counts who must not be in it.

TIUV      the program to run
GENERATE  the generator: `cargo build --profile quick --bench generate`, then target/quick/deps/generate-*
A row refuses where it asks not to be contacted, says no to messages, or says that its customer died; a no to text messages refuses
those. A contact is wrong where a row of the same customer (tiuv_customer: the known duplicates) refuses its channel. Besides: contacts
to persons of whom a row that was not recognized refuses, and what the rules cost: customers of whom some row by itself, with a
permission and a contact, might be asked, and who may not. Ends with 1 where a contact is wrong.
"""
import csv, os, subprocess, sys, tempfile
from collections import Counter, defaultdict

ROWS, TODAY = 20_000, "2026-11-01"
CONFIG = '[outreach]\nsender = "Kalanit Club"\nlink_base = "https://kalanit.example/c/"\n'
CHANNELS = ("sms", "call", "email")
MAIL, PHONES = 'דוא"ל', ("טלפון נייד", "טלפון בבית")


def read(path):
    return list(csv.DictReader(open(path, encoding="utf-8-sig")))


def refused(row):
    """The channels that a row closes."""
    if row["לא לפנות"] == "כן" or row["אישור דיוור"] == "לא" or "נפטר" in row["הערות"]:
        return set(CHANNELS)
    return {"sms"} if row["אישור SMS"] == "לא" else set()


def allowed(row):
    """The channels by which a row by itself might be asked: a permission, and something to ask at."""
    has = {"sms": bool(row[PHONES[0]]), "call": any(row[name] for name in PHONES), "email": bool(row[MAIL])}
    permits = {"sms": "כן" in (row["אישור SMS"], row["אישור דיוור"]), "call": row["אישור דיוור"] == "כן"}
    permits["email"] = permits["call"]
    return {channel for channel in CHANNELS if has[channel] and permits[channel]} - refused(row)


def run(tiuv, generate, seed, folder):
    path = lambda name: os.path.join(folder, name)
    made = [generate, "--decay", "yes", "--rows", str(ROWS), "--seed", str(seed), "--out", path("club.csv")]
    made += ["--truth", path("truth.csv"), "--events", path("events.csv"), "--dead-domains", path("dead.csv")]
    subprocess.run(made, check=True, capture_output=True)
    open(path("tiuv.toml"), "w").write(CONFIG)
    day = ["--as-of", TODAY]
    clean = ["clean", "club.csv", "--events", "events.csv", "--mx", "off", "--accept-mapping", "--out", "out", *day]
    limits = [word for channel in ("sms", "email", "calls") for word in (f"--max-{channel}", str(ROWS))]
    for command in (clean, ["outreach", "plan", *limits, "--out", "plan", *day]):
        done = subprocess.run([tiuv, *command], cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
    rows, truth, planned = read(path("out/rows.csv")), read(path("truth.csv")), read(path("plan/outbox.csv"))
    assert len(rows) == len(truth)
    of_customer, of_person, persons = defaultdict(set), defaultdict(set), defaultdict(set)
    naive, may, why = set(), set(), defaultdict(Counter)
    for row, true in zip(rows, truth):
        customer = row["tiuv_customer"]
        of_customer[customer] |= refused(row)
        of_person[true["person"]] |= refused(row)
        persons[customer].add(true["person"])
        naive |= {customer} if allowed(row) else set()
        may |= {customer} if "yes" in (row[f"tiuv_may_{channel}"] for channel in CHANNELS) else set()
        why[customer][row["tiuv_contact_why"].split(";")[0].split(".")[-1]] += 1
    wrong = [one for one in planned if one["channel"] in of_customer[one["customer"]]]
    unknown = [one for one in planned
               if one not in wrong and any(one["channel"] in of_person[person] for person in persons[one["customer"]])]
    lost = naive - may
    reasons = Counter(why[customer].most_common(1)[0][0] for customer in lost)
    print(f"club {seed}: {len(of_customer)} customers, {len(planned)} contacts planned, {len(wrong)} of them against a refusal, "
          f"{len(unknown)} against one in a row that was not recognized; {len(lost)} of {len(naive)} whom a row by itself lets "
          f"ask are held ({100 * len(lost) / max(1, len(naive)):.1f} %: "
          + ", ".join(f"{reason} {count}" for reason, count in reasons.most_common(4)) + ")", flush=True)
    return len(wrong), len(planned), len(unknown), len(lost), len(naive)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tiuv, generate = map(os.path.abspath, sys.argv[1:3])
    figures = []
    for seed in [int(seed) for seed in sys.argv[3:]] or range(1, 11):
        with tempfile.TemporaryDirectory() as folder:
            figures.append(run(tiuv, generate, seed, folder))
    wrong, planned, unknown, lost, naive = map(sum, zip(*figures))
    print(f"{wrong} of {planned} contacts against a refusal (0), {unknown} against one that was not recognized; "
          f"{100 * lost / naive:.1f} % of those whom a row by itself lets ask are held")
    sys.exit(1 if wrong else 0)


main()
