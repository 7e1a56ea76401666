"""The peer of `tiuv check`: the same five counts on the same list with DuckDB.

    pip install duckdb
    python benches/duckdb_check.py LIST.csv [--threads N]

Every column is read as text. Counted: keys that are empty; keys that are used again (rows beyond the first of each key,
and all rows that share a key); family names that are empty; e-mails and mobile numbers that are there but do not have
the plain form of the two patterns. Prints JSON with the counts, and the CPU seconds (user and system, all threads) and
wall seconds that reading and counting took, the import of duckdb left out. `--column id=NAME` names other headers.
"""

import argparse
import json
import resource
import sys
import time

EMAIL = r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$"
PHONE = r"^0(5[0-9]|[23489]|7[2-9])-?[0-9]{3}-?[0-9]{4}$"
COLUMNS = {"id": "מספר לקוח", "last_name": "שם משפחה", "email": 'דוא"ל', "mobile": "טלפון נייד"}

# One statement with one scan: of four ways tried (a table first, two scans, one grouping by key) the cheapest.
QUERY = """
with list as materialized (
    select {id} as id, {last_name} as last_name, {email} as email, {mobile} as mobile
    from read_csv($path, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')
),
counts as (
    select
        count(*) as rows,
        count(*) filter (where coalesce(id, '') = '') as id_null,
        count(*) filter (where coalesce(last_name, '') = '') as last_name_null,
        count(*) filter (where coalesce(email, '') <> '' and not regexp_matches(email, $email)) as email_pattern,
        count(*) filter (where coalesce(mobile, '') <> '' and not regexp_matches(mobile, $phone)) as mobile_pattern
    from list
),
repeats as (
    select coalesce(sum(n - 1), 0)::bigint as id_repeated, coalesce(sum(n), 0)::bigint as id_sharing
    from (select count(*) as n from list where coalesce(id, '') <> '' group by id having count(*) > 1)
)
select * from counts, repeats
"""


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def fetch_row(connection, query, parameters):
    cursor = connection.execute(query, parameters)
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone()))


def main():
    import duckdb  # here, so that the patterns can be taken from this file without it

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER")
    arguments = parser.parse_args()
    columns = COLUMNS | dict(column.split("=", 1) for column in arguments.column)
    quoted = {field: '"' + header.replace('"', '""') + '"' for field, header in columns.items()}

    cpu, wall = cpu_seconds(), time.perf_counter()
    connection = duckdb.connect()
    if arguments.threads:
        connection.execute(f"set threads = {arguments.threads}")
    given = {"path": arguments.path, "email": EMAIL, "phone": PHONE}
    result = fetch_row(connection, QUERY.format(**quoted), given)
    result["cpu_seconds"] = round(cpu_seconds() - cpu, 3)
    result["wall_seconds"] = round(time.perf_counter() - wall, 3)
    result["duckdb"] = duckdb.__version__
    json.dump(result, sys.stdout)
    print()


if __name__ == "__main__":
    main()
