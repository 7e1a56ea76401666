"""Makes rules/outreach/zones.tsv: in which time zones the numbers that begin with some digits are.

    pip install phonenumbers==9.0.43 && python3 benches/phone_zones.py

The data are libphonenumber's (resources/timezones, Apache-2.0) as PyPI phonenumbers ships them. Behind the calling code no more
than an area code of three digits is kept: an exchange says nothing any more of where its numbers are. A prefix whose zones are
those of the shorter one goes.
"""

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, __version__
from phonenumbers.tzdata import TIMEZONE_DATA

DEEPEST = 3

# Names that the tz database keeps for the sake of old files.
RENAMED = {"Africa/Asmera": "Africa/Asmara", "America/Godthab": "America/Nuuk", "Europe/Kiev": "Europe/Kyiv",
           "Asia/Calcutta": "Asia/Kolkata", "Asia/Saigon": "Asia/Ho_Chi_Minh", "Asia/Katmandu": "Asia/Kathmandu",
           "Asia/Rangoon": "Asia/Yangon", "Atlantic/Faeroe": "Atlantic/Faroe", "Pacific/Ponape": "Pacific/Pohnpei",
           "Pacific/Truk": "Pacific/Chuuk", "America/Buenos_Aires": "America/Argentina/Buenos_Aires"}

# Where libphonenumber has another capital with the same offset, which keeps another summer time or is plainly wrong.
PUT_RIGHT = {"218": "Africa/Tripoli", "370": "Europe/Vilnius", "371": "Europe/Riga", "372": "Europe/Tallinn",
             "740": None, "7840": "Europe/Moscow", "970": "Asia/Gaza Asia/Hebron"}


def calling_code(digits):
    return next(digits[:length] for length in (1, 2, 3) if int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE)


zones = {}
for digits, names in TIMEZONE_DATA.items():
    names = {RENAMED.get(name, name) for name in names if name not in ("Etc/Unknown", "Etc/UTC")}
    if names:
        zones.setdefault(digits[: len(calling_code(digits)) + DEEPEST], set()).update(names)

for digits, names in PUT_RIGHT.items():
    if names:
        zones[digits] = set(names.split())
    else:
        del zones[digits]

rows = []
for digits, names in sorted(zones.items()):
    shorter = next((zones[digits[:end]] for end in range(len(digits) - 1, 0, -1) if digits[:end] in zones), None)
    if names != shorter:
        rows.append(f"+{digits}\t{' '.join(sorted(names))}\n")

with open("rules/outreach/zones.tsv", "w", encoding="utf-8") as file:
    file.write("# Time zones of numbers by their first digits; the longest prefix counts.\n")
    file.write(f"# Source: libphonenumber, resources/timezones (Apache-2.0), by PyPI phonenumbers {__version__}.\n")
    file.write("# Made by benches/phone_zones.py.\n")
    file.write("prefix\tzones\n")
    file.writelines(rows)
