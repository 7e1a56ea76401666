"""The MAP fit of the decay model, written from its definition and minimized by SciPy.

    python decay_fit.py TASK.json

prints the largest difference between its coefficients and those of the task, then each. Nothing here is shared with
tiuv's own fit: the filter goes month by month, slopes come from complex steps, and the search is L-BFGS-B.
"""

import json
import math
import sys

import numpy as np
from scipy.optimize import minimize

MONTH_DAYS = 30.4375
BANDS = [24, 34, 54]


def counted(label, task):
    """The signals that count, as (month of tenure, signal or None, factor)."""
    day_of_capture, today = label["captured"], task["today"]
    seen = sorted({(day, name) for day, name in label["signals"]}, key=lambda one: (one[0], ORDER.index(one[1])))
    seen = [(day, name) for day, name in seen if day_of_capture <= day < today]
    month = lambda day: math.floor((day - day_of_capture) / MONTH_DAYS) + 1
    opens = task["opens"]
    steps, in_month, mails, opened = [], {}, 0, 0
    for at, (day, name) in enumerate(seen):
        cap = task["caps"]["last"].get(name)
        if cap is not None and sum(1 for _, other in seen[at:] if other == name) > cap:
            continue
        cap = task["caps"]["a_month"].get(name)
        if cap is not None:
            key = (name, month(day))
            in_month[key] = in_month.get(key, 0) + 1
            if in_month[key] > cap:
                continue
        steps.append((month(day), name, 1.0))
        if name != "mail_delivered" or task["kind"] != "email":
            continue
        following = [other for _, other in seen[at + 1 :] if other in ("open", "mail_delivered")]
        rate = (opens["rate"] * opens["mails"] + opened) / (opens["mails"] + mails)
        if following[:1] == ["open"]:
            mails, opened = mails + 1, opened + 1
        elif today - day > opens["wait_days"]:
            mails += 1
            steps.append((month(day), None, 1.0 / (1.0 - rate)))
    last = min(math.floor((today - day_of_capture) / MONTH_DAYS) + 1, 600)
    return last, steps


ORDER = [
    "hard_bounce", "soft_bounce", "mail_delivered", "open", "click", "login", "purchase", "sms_undelivered",
    "sms_delivered", "answered", "not_me", "silent_on_ask", "recaptured", "superseded",
]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    start, sd = task["start"], task["sd"]
    classes = sorted(start["class"])
    names, means, sds, bounds = [], [], [], []

    def learn(name, mean, sd, bound=(None, None)):
        names.append(name)
        means.append(mean)
        sds.append(sd)
        bounds.append(bound)

    keeps_sign = lambda value: (0, None) if value > 0 else (None, 0)
    learn("level", start["level"], sd["level"])
    learn("shape", start["shape"], sd["shape"])
    learn("change", start["change"], sd["hazard"])
    for name in classes:
        learn(("class", name), start["class"][name], sd["hazard"])
    for band in range(4):
        learn(("age", band), start["age"][band], sd["hazard"])
    for name, weights in start["signal"].items():
        for side in range(2):
            if weights[side] != 0:
                learn(("signal", name, side), weights[side], sd["weight"], keeps_sign(weights[side]))
    if start["dead_domain"] != 0:
        learn("dead_domain", start["dead_domain"], sd["weight"], keeps_sign(start["dead_domain"]))
    place = {name: at for at, name in enumerate(names)}
    means, sds = np.array(means), np.array(sds)

    labels = task["labels"]
    count = len(labels)
    lasts, steps = zip(*(counted(label, task) for label in labels))
    lasts = np.array(lasts)
    months = int(lasts.max())
    # How often each signal happens in each month of each label, and the log factor of unopened mails.
    times = {name: np.zeros((count, months + 1)) for name in start["signal"]}
    unopened = np.zeros((count, months + 1))
    for row, of_label in enumerate(steps):
        for month, name, factor in of_label:
            if name is None:
                unopened[row, month] += math.log(factor)
            elif name in times:
                times[name][row, month] += 1
    of_class = np.array([classes.index(label["class"]) for label in labels])
    of_band = np.array([4 if label["age"] is None else sum(label["age"] > top for top in BANDS) for label in labels])
    changes = np.array([min(label["changes"], 3) for label in labels])
    dead = np.array([label["dead_domain"] for label in labels], dtype=float)
    stale = np.array([label["stale"] for label in labels], dtype=float)
    share = start["share_telling"]
    falls = 1 - math.exp(-start["handed_on"] / 12)

    def objective(theta):
        age = np.append(theta[[place["age", band] for band in range(4)]], 0)
        by_class = theta[[place["class", name] for name in classes]]
        log_hazard = theta[0] + by_class[of_class] + age[of_band] + theta[2] * changes
        power = np.exp(theta[1])
        cumulated = lambda month: np.exp(log_hazard) * np.exp(power * math.log(month / 12)) if month else 0 * log_hazard
        weight = lambda name, side: theta[place["signal", name, side]] if ("signal", name, side) in place else 0.0
        telling, silent = 0 * log_hazard, 0 * log_hazard
        before = cumulated(0)
        for month in range(1, months + 1):
            now = cumulated(month)
            gone = np.exp(now - before) - 1
            before = now
            moved = telling * falls
            new_telling = (telling - moved) * (1 + gone) + gone * share
            new_silent = (silent + moved) * (1 + gone) + gone * (1 - share)
            for side in range(2):
                log_factor = unopened[:, month] + sum(weight(name, side) * times[name][:, month] for name in times)
                if side == 0:
                    new_telling = new_telling * np.exp(log_factor)
                else:
                    new_silent = new_silent * np.exp(log_factor)
            lives = lasts >= month
            telling = np.where(lives, new_telling, telling)
            silent = np.where(lives, new_silent, silent)
        log_odds = np.log(telling + silent) + (theta[place["dead_domain"]] * dead if "dead_domain" in place else 0)
        losses = np.log(1 + np.exp(log_odds)) - stale * log_odds
        return losses.sum() + (((theta - means) / sds) ** 2).sum() / 2

    def with_slopes(theta):
        # The objective is analytic, so a complex step gives slopes to the last digit.
        slopes = np.empty(len(theta))
        for at in range(len(theta)):
            moved = theta.astype(complex)
            moved[at] += 1e-30j
            value = objective(moved)
            slopes[at] = value.imag / 1e-30
        return value.real, slopes

    options = {"ftol": 1e-16, "gtol": 1e-8, "maxiter": 2000, "maxfun": 4000, "maxcor": 40}
    found = minimize(with_slopes, means, jac=True, method="L-BFGS-B", bounds=bounds, options=options)

    def of_task(name):
        if isinstance(name, str):
            return task["fitted"][name]
        value = task["fitted"]
        for part in name:
            value = value[part]
        return value

    theirs = np.array([of_task(name) for name in names])
    print(np.abs(found.x - theirs).max())
    print(f"objective {objective(found.x):.9f} here, {objective(theirs):.9f} there; {found.nit} steps")
    for name, one, other in zip(names, found.x, theirs):
        print(f"{name}: {one:.6f} {other:.6f}")


main()
