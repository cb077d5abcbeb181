"""Whole runs of pytest: suites of 200 tests, the plugin where nobody uses it, the first test, and our own suite."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measure import FULL_BODY, in_turn

from pytest_rekognition_cl import RekognitionCL

Rows = Iterator[tuple[str, str, str]]
ROOT = Path(__file__).parents[2]

HEAD = f"""
import boto3, pytest
from unittest.mock import MagicMock
NEW = lambda: boto3.client("rekognition", region_name="us-east-1")
ARN = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/1579597815000"
VERSION = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/version/v/1579597815000"
DESCRIPTION = {{"ProjectVersionArn": VERSION, "Status": "TRAINING_IN_PROGRESS"}}
BODY = {FULL_BODY!r}

def use(client, arn=ARN):
    client.create_project_version(ProjectArn=arn, VersionName="v", **BODY)
    answer = client.describe_project_versions(ProjectArn=arn)
    assert answer["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_IN_PROGRESS"
"""
EACH = '\n@pytest.mark.parametrize("n", range(200))\n'
OURS = EACH + "def test(n, rekognition_cl):\n    use({client}, rekognition_cl.project_arn)\n"
STUBBER = f"""
from botocore.stub import Stubber
{EACH}
def test(n):
    client = {{client}}
    with Stubber(client) as stubber:
        stubber.add_response("create_project_version", {{{{"ProjectVersionArn": VERSION}}}})
        stubber.add_response("describe_project_versions", {{{{"ProjectVersionDescriptions": [DESCRIPTION]}}}})
        use(client)
"""
MOTO = f"""
from moto import mock_aws
KEYS = {{"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}}
CLIENT = boto3.client("rekognition", region_name="us-east-1", **KEYS)
{EACH}
def test(n):
    with mock_aws():
        for _ in range(2):
            answer = CLIENT.detect_custom_labels(ProjectVersionArn=VERSION, Image={{"Bytes": b"x"}})
        assert answer["CustomLabels"]
"""
MOCK = f"""
{EACH}
def test(n):
    client = MagicMock()
    client.describe_project_versions.return_value = {{"ProjectVersionDescriptions": [DESCRIPTION]}}
    use(client)
"""
SUITES = {
    "ours_new": OURS.format(client="NEW()"),
    "stubber_new": STUBBER.format(client="NEW()"),
    "ours_global": "CLIENT = NEW()\n" + OURS.format(client="CLIENT"),
    "stubber_global": "CLIENT = NEW()\n" + STUBBER.format(client="CLIENT"),
    "moto_global": MOTO,
    "magicmock": MOCK,
}
#: The conftest.py of what is measured: the processor time of each test, set-up and tear-down included, into a file.
TIMES = """
import json, time
import pytest
TIMES = []

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    started = time.process_time()
    try:
        return (yield)
    finally:
        TIMES.append(time.process_time() - started)

def pytest_unconfigure(config):
    with open(config.rootpath / "times.json", "w") as file:
        json.dump(TIMES, file)
"""
#: Without the plugins that this environment happens to have.
ENVIRON = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
}
PLUGIN = ("-p", "pytest_rekognition_cl.plugin")


def children() -> float:
    """Return the processor time of the child processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def run(folder: Path, *arguments: str) -> tuple[float, list[float]]:
    """Run pytest in a process of its own; return its processor time, and that of each test."""
    started = children()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=ENVIRON)
    return children() - started, json.loads((folder / "times.json").read_text())


def in_folder(**files: str) -> tempfile.TemporaryDirectory[str]:
    """Make a temporary folder with test files and the conftest.py above."""
    folder = tempfile.TemporaryDirectory()
    for name, text in {"conftest.py": TIMES, "pytest.ini": "[pytest]\n", **files}.items():
        Path(folder.name, name if "." in name else f"test_{name}.py").write_text(text)
    return folder


def suites() -> Rows:
    """Suites of 200 tests, each one process: create with a full body, then describe."""
    with in_folder(**{name: HEAD + text for name, text in SUITES.items()}) as folder:
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in SUITES}
        for _ in range(7):
            for name in SUITES:
                options = PLUGIN if name.startswith("ours") else ()
                whole, tests = run(Path(folder), *options, f"test_{name}.py")
                taken[name].append((whole, sum(tests)))

    def ratio(ours: str, theirs: str) -> str:
        (a, b), (c, d) = (
            [statistics.median(values) for values in zip(*taken[name], strict=True)] for name in (ours, theirs)
        )
        return f"{a / c:.2f} (the tests alone {b / d:.2f}, {b * 5:.2f} : {d * 5:.2f} ms each)"

    yield "200 tests, full body, a new client each : Stubber", ratio("ours_new", "stubber_new"), "1.25"
    yield "200 tests, full body, a global client : Stubber", ratio("ours_global", "stubber_global"), "1.5"
    yield "the same : moto's nearest operation", ratio("ours_global", "moto_global"), "0.4"
    yield "the same : MagicMock (which checks nothing)", ratio("ours_global", "magicmock"), "-"


def set_up() -> Rows:
    """The fixture's set-up and tear-down, beside moto's."""
    from moto import mock_aws

    def ours() -> None:
        with RekognitionCL():
            pass

    def moto() -> None:
        with mock_aws():
            pass

    a, b = in_turn(ours, moto, rounds=50)
    yield "set-up and tear-down of the fixture, ms (moto's start and stop)", f"{a * 1e3:.2f} ({b * 1e3:.1f})", "0.2"


def unused() -> Rows:
    """The plugin where nobody uses it: at pytest's start, and in each trivial test."""
    code = (
        "import time, sys; z = time.process_time(); import pytest; a = time.process_time(); "
        "import pytest_rekognition_cl.plugin; b = time.process_time(); "
        "assert not {'botocore', 'jsonschema'} & set(sys.modules); print(b - a, a - z)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=ENVIRON).stdout
        for _ in range(10)
    ][1:]  # the first one may have had to compile
    ours, pytests = (
        statistics.median(times) * 1e3 for times in zip(*(map(float, r.split()) for r in runs), strict=True)
    )
    what = "plugin installed, unused: added to pytest's start, ms (importing pytest)"
    yield what, f"{ours:.1f} ({pytests:.0f})", "3"
    trivial = 'import pytest\n@pytest.mark.parametrize("n", range(1000))\ndef test(n):\n    pass\n'
    with in_folder(trivial=trivial) as folder:
        taken: list[list[float]] = [[], []]
        for _ in range(8):
            for options, times in zip((PLUGIN, ()), taken, strict=True):
                times.append(statistics.median(run(Path(folder), *options)[1]))
    a, b = (statistics.median(times) for times in taken)
    yield "the same: a trivial test : without the plugin", f"{100 * (a / b - 1):+.1f} % of {b * 1e6:.0f} µs", "2 %"


def first_test() -> Rows:
    """How much longer the first test of a process takes than the next ones; the client is made at import."""
    few = {name: (HEAD + SUITES[name]).replace("range(200)", "range(12)") for name in ("ours_global", "stubber_global")}
    with in_folder(**few) as folder:
        more = {
            name: statistics.median(
                times[0] - statistics.median(times[1:])
                for _ in range(7)
                for _, times in [run(Path(folder), *PLUGIN, f"test_{name}.py")]
            )
            * 1e3
            for name in few
        }
    measured = f"{more['ours_global']:.0f} ({more['stubber_global']:.0f})"
    yield "the first test of a process, ms more than the next (Stubber's)", measured, "50"


def flow() -> Rows:
    """How many lines the create -> wait -> evaluate -> start -> wait test takes in the examples."""
    text = (ROOT / "tests" / "examples" / "test_twelve_lines.py").read_text()
    lines = [line for line in text.partition("def test_")[2].splitlines() if line.strip()]
    yield "lines of the create, wait, evaluate, start, wait test", f"{len(lines)}", "12"


def own_suite() -> Rows:
    """Our own tests by the README's command."""
    before, started = os.times(), time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=ROOT, check=False, capture_output=True, text=True)
    real, after = time.perf_counter() - started, os.times()
    user = after.children_user - before.children_user
    last = done.stdout.strip().splitlines()[-1]
    yield "our own suite, s of real time (processor time; what pytest says)", f"{real:.0f} ({user:.0f}; {last})", "60"
