"""The peer of `cargo bench --bench email`: addresses through PyPI's email-validator.

    pip install email-validator

Reads JSON strings from its input, one a line, and prints the CPU seconds (user and system) that validating and
normalizing all of them took. Nothing is asked of DNS.
"""

import json
import resource
import sys

from email_validator import EmailNotValidError, validate_email


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    cells = [json.loads(line) for line in sys.stdin]
    good = 0
    start = cpu_seconds()
    for cell in cells:
        try:
            good += bool(validate_email(cell, check_deliverability=False).normalized)
        except EmailNotValidError:
            pass
    print(cpu_seconds() - start)


if __name__ == "__main__":
    main()
