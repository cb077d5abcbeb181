"""The facts' askers, and the table. ``--aws`` asks the real service too, and is there for this folder alone."""

import json
import os
import subprocess
import sys

import boto3
import facts
import pytest
from fact_table import NOT_ASKED, table

from pytest_rekognition_cl import RekognitionCL


def pytest_addoption(parser):
    parser.addoption(
        "--aws", action="store_true", help="ask the real service too, with your credentials; costs nothing"
    )


def pytest_configure(config):
    if config.getoption("aws", False):
        session = boto3.Session()
        if session.get_credentials() is None or session.region_name is None:
            raise pytest.UsageError("--aws needs AWS credentials and a Region: one of them is missing")


@pytest.fixture(scope="session")
def in_process():
    with RekognitionCL():
        return facts.ask_all()


@pytest.fixture(scope="session")
def over_http():
    with RekognitionCL() as fake:
        fake.set_transition("delete_project", seconds=0)  # the other process really waits
        environ = {**os.environ, **fake.environ}
        return json.loads(subprocess.check_output([sys.executable, facts.__file__], env=environ, timeout=120))


@pytest.fixture(params=["in_process", "over_http"])
def fake(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def service(request):
    return facts.ask_all() if request.config.getoption("aws", False) else dict.fromkeys(facts.FACTS, NOT_ASKED)


def pytest_terminal_summary(terminalreporter):
    # In reports, since pytest-xdist's workers send nothing else.
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    rows = [
        row for report in reports if report.when == "call" for name, row in report.user_properties if name == "fact"
    ]
    if rows:
        terminalreporter.section("conformance")
        for line in table(rows):
            terminalreporter.write_line(line)
