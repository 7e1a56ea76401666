"""Makes the tables of holidays below rules/outreach, for the years given.

    pip install pyluach==2.3.0 holidays && python3 benches/quiet_days.py 2026 2036

Hebrew dates are pyluach's; a test holds them against calendrical_calculations, which shares no code with it. Federal
holidays and Easter are those of `holidays`.
"""

import datetime as dt
import sys

import holidays
from pyluach import dates

FIRST, LAST = int(sys.argv[1]), int(sys.argv[2])
DAY = dt.timedelta(days=1)


def hebrew(year, month, day):
    """A Hebrew date (months count from Nisan) as a Gregorian one."""
    return dates.HebrewDate(year, month, day).to_pydate()


def at(day, clock="00:00"):
    return f"{day.isoformat()}T{clock}"


def israel():
    for year in range(FIRST + 3760, LAST + 3762):
        # Work is forbidden from the evening before; as on Fridays nobody is disturbed from noon on.
        for name, month, day, days in [
            ("Rosh Hashana", 7, 1, 2),
            ("Yom Kippur", 7, 10, 1),
            ("Sukkot", 7, 15, 1),
            ("Shemini Atzeret", 7, 22, 1),
            ("Pesach", 1, 15, 1),
            ("Seventh day of Pesach", 1, 21, 1),
            ("Shavuot", 3, 6, 1),
        ]:
            first = hebrew(year, month, day)
            yield at(first - DAY, "12:00"), at(first + days * DAY), name
        # Days of mourning begin in the evening. Law 5719-1959: 27 Nisan, not beside the Sabbath.
        shoah = hebrew(year, 1, 27)
        shoah += {4: -DAY, 6: DAY}.get(shoah.weekday(), 0 * DAY)
        yield at(shoah - DAY, "18:00"), at(shoah + DAY), "Holocaust Remembrance Day"
        # Independence Day is 5 Iyar, moved so that neither it nor the Day of Remembrance before it touches the Sabbath
        # (Independence Day Law 5709-1949, as amended in 2004).
        independence = hebrew(year, 2, 5)
        independence += {4: -DAY, 5: -2 * DAY, 0: DAY}.get(independence.weekday(), 0 * DAY)
        yield at(independence - 2 * DAY, "18:00"), at(independence + DAY), "Day of Remembrance and Independence Day"
        av = hebrew(year, 5, 9)
        av += DAY if av.weekday() == 5 else 0 * DAY
        yield at(av - DAY, "18:00"), at(av + DAY), "Tisha B'Av"


def united_states():
    for day, name in holidays.country_holidays("US", years=range(FIRST, LAST + 1), observed=True).items():
        yield at(day), at(day + DAY), name


def europe():
    """Days that are free in nearly every member state."""
    for year in range(FIRST, LAST + 1):
        germany = holidays.country_holidays("DE", years=[year], language="en_US")
        easter_monday = next(day for day, name in germany.items() if name == "Easter Monday")
        yield at(dt.date(year, 1, 1)), at(dt.date(year, 1, 2)), "New Year's Day"
        yield at(easter_monday - 3 * DAY), at(easter_monday - 2 * DAY), "Good Friday"
        yield at(easter_monday), at(easter_monday + DAY), "Easter Monday"
        yield at(dt.date(year, 5, 1)), at(dt.date(year, 5, 2)), "Labour Day"
        yield at(dt.date(year, 12, 25)), at(dt.date(year, 12, 27)), "Christmas"


def all_of(code, parts):
    """Public holidays of a country that its parts keep, or all of it."""
    for part in parts:
        days = holidays.country_holidays(code, subdiv=part, years=range(FIRST, LAST + 1), observed=True, language="en_US")
        for day, name in days.items():
            yield at(day), at(day + DAY), name.split("; ")[0]


def britain():
    """Bank holidays of England and Wales, Scotland and Northern Ireland: a number tells of none of them."""
    return all_of("GB", ["ENG", "SCT", "NIR"])


def switzerland():
    """Days that are free in most cantons: Geneva, Zurich and Ticino stand for the three languages."""
    return all_of("CH", ["ZH", "GE", "TI"])


HEADS = {
    "il": (israel, "Israel: days on which nobody is asked, the hours before them included. Dates: PyPI pyluach 2.3.0 (MIT)."),
    "us": (united_states, "United States: federal holidays (5 U.S.C. 6103), observed days too. Dates: PyPI holidays (MIT)."),
    "eu": (europe, "European Union: days free in nearly every member state; their own are not here. Dates: PyPI holidays (MIT)."),
    "gb": (britain, "United Kingdom: bank holidays of all its parts. Dates: PyPI holidays (MIT)."),
    "ch": (switzerland, "Switzerland: holidays of Zurich, Geneva and Ticino. Dates: PyPI holidays (MIT)."),
}
for country, (days, head) in HEADS.items():
    rows = sorted({row for row in days() if str(FIRST) <= row[0][:4] <= str(LAST) or str(FIRST) <= row[1][:4] <= str(LAST)})
    with open(f"rules/outreach/{country}_holidays.tsv", "w", encoding="utf-8") as file:
        file.write(f"# {head}\n# Local times; the end is no longer part of it. Made by benches/quiet_days.py.\nfrom\tto\tname\n")
        file.writelines("\t".join(row) + "\n" for row in rows)
