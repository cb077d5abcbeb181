"""Measure what the package costs, in one run: ``python tests/bench/run.py``; ``--only describe`` for some rows.

Prints one Markdown table. Each row stands beside a peer that is named in it and measured in turn, so that it holds on a
machine that others use too: "a : b" is a ratio of medians, a figure in brackets the peer's. All but what is called real
time is processor time. Needs the extra ``test`` (boto3 and moto).
"""

from __future__ import annotations

import argparse
import sys
import time

import calls
import suites

#: What can be asked for by --only -> what measures it.
ROWS = {
    "first-create first-describe": calls.first_calls,
    "later-describe later-create": calls.later_calls,
    "suites stubber moto": suites.suites,
    "set-up": suites.set_up,
    "unused plugin start": suites.unused,
    "pages": calls.pages,
    "memory": calls.memory,
    "first-test": suites.first_test,
    "waiters threads": calls.waiters,
    "lines flow": suites.flow,
    "own-suite": suites.own_suite,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", metavar="WORD", help=f"of: {' '.join(ROWS)}")
    parser.add_argument("--without", action="append", default=[], metavar="WORD")
    options = parser.parse_args()
    print("| what | measured | reach, at most |\n|---|---|---|")
    for words, measure in ROWS.items():
        if (options.only is None or any(word in words for word in options.only)) and not any(
            word in words for word in options.without
        ):
            started = time.perf_counter()
            for row in measure():
                print(f"| {' | '.join(row)} |", flush=True)
            print(f"{words}: {time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
