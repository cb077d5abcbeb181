"""Everything that pytest calls: settings, markers, the fixture, the verdict and the report section.

This module is imported by every pytest run of an environment that has the plugin installed, so it imports nothing
beyond the standard library and pytest; the rest comes when a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from . import options

if TYPE_CHECKING:
    from .fixture import RekognitionCL

FIXTURE = "rekognition_cl"
#: The options of a configuration file, checked once.
INI = pytest.StashKey[dict[str, Any]]()
#: The fixture of the test that runs.
ACTIVE = pytest.StashKey["RekognitionCL"]()
#: What undoes the early mode.
EARLY = pytest.StashKey[Any]()

MARKERS = (
    "rekognition_cl(*, region=None, account='123456789012', passthrough=False, virtual_time=False, max_polls=5000, "
    "unused='fail', quotas={}, left_running='ignore'): options of the fixture rekognition_cl. Levels merge, the closest "
    "wins. Like all markers here, it makes the test use the fixture.",
    "rekognition_cl_project(name_or_arn, *, datasets=None, feature='CUSTOM_LABELS'): a project that exists.",
    "rekognition_cl_model(name_or_version_arn=None, *, project=None, status='TRAINING_COMPLETED', statuses=None, "
    "status_message=None, f1_score=None, **members): a project version that exists.",
    "rekognition_cl_training(*, status=None, statuses=None, seconds=None, f1_score=None, status_message=None, "
    "**members): how trainings will go. The closest one holds.",
    "rekognition_cl_transition(operation, *, status=None, statuses=None, seconds=None, status_message=None, **members): "
    "how what an operation begins (a start, a stop, a copy, a deletion) will go.",
    "rekognition_cl_error(operation, code, message=None, *, calls=1 | attempts=N, after=0): calls that are refused.",
    "rekognition_cl_exception(operation, exception, *, calls=1 | attempts=N, after=0): calls that break off.",
    "rekognition_cl_response(operation, response, *, calls=1, after=0): a canned answer.",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini settings: the options of the fixture with the prefix ``rekognition_cl_``, and ``early``."""
    for name in options.NAMES:
        kind = options.INI_TYPES[name]
        parser.addini(
            f"rekognition_cl_{name}", f"Rekognition Custom Labels: {options.ini_help(name)}", type=kind, default=None
        )
    parser.addini(
        "rekognition_cl_early",
        "Rekognition Custom Labels: give clients that are made at import a Region and spare them metadata look-ups",
        type="bool",
        default=False,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, check the ini settings, start the early mode if it is on."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)
    try:
        values = {name: config.getini(f"rekognition_cl_{name}") for name in options.NAMES}
        config.stash[INI] = options.from_ini(values)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"in the pytest settings, rekognition_cl_{error}") from None
    if config.getini("rekognition_cl_early"):
        from .doors.clients import Clients

        region = config.stash[INI].get("region") or "us-east-1"
        config.stash[EARLY] = Clients(lambda: region)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the early mode."""
    early = config.stash.get(EARLY, None)
    if early is not None:
        early.remove()
        del config.stash[EARLY]


def _marked(item: pytest.Item) -> bool:
    """Whether one of our markers, or one that looks like ours, is on *item*."""
    return any(mark.name.startswith(FIXTURE) for mark in item.iter_markers())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let our markers imply the fixture."""
    for item in items:
        names: list[str] | None = getattr(item, "fixturenames", None)
        if names is not None and FIXTURE not in names and _marked(item):
            names.append(FIXTURE)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """Set a marked test's fixture up before its other function-scoped fixtures, so that they may already call."""
    if fixturedef.scope == "function" and fixturedef.argname not in (FIXTURE, "request") and _marked(request.node):
        request.getfixturevalue(FIXTURE)


@pytest.fixture(name=FIXTURE)
def _rekognition_cl(request: pytest.FixtureRequest) -> Iterator[RekognitionCL]:
    """Amazon Rekognition Custom Labels in this process: any boto3 client, no network, no credentials, no waiting.

    Arrange with rekognition_cl.add_model(...) or the markers, run your code, then assert, e.g.
    rekognition_cl.create_project_version.assert_called_once_with(...).
    """
    from . import markers

    item = request.node
    fixture = markers.make_fixture(item, request.config.stash[INI])
    with fixture._opened():
        markers.arrange(item, fixture)
        item.stash[ACTIVE] = fixture
        yield fixture
    findings = fixture._findings(expectations=False)
    if findings:
        pytest.fail("\n\n".join(findings), pytrace=False)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Give the verdict on a test whose body has passed, as part of its call phase."""
    result = yield
    fixture = item.stash.get(ACTIVE, None)
    if fixture is not None:
        findings = fixture._findings()
        if findings:
            pytest.fail("\n\n".join(findings), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the calls to the report of a test that failed."""
    report = yield
    fixture = item.stash.get(ACTIVE, None)
    if fixture is None or report.passed:
        return report
    # What went wrong has been told, by this report: the tear-down must not tell it again.
    fixture._findings()
    if report.failed:
        from .messages import REPORT_TITLE

        text = fixture._report()
        if text:
            report.sections.append((REPORT_TITLE, text))
    return report
