"""Everything that pytest calls: settings, markers, the fixture, the verdict and the report section.

This module is imported by every pytest run of an environment that has the plugin installed, so it imports nothing
beyond the standard library and pytest; the rest comes when a test asks for the fixture.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from . import settings
from .originals import ORIGINALS as ORIGINALS  # to be taken before any test replaces them

if TYPE_CHECKING:
    from .fixture import RekognitionCL

FIXTURE = "rekognition_cl"


def __tracebackhide__(excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
    """Leave our frames out of every traceback; where there is to be none at all, pytest must not miss them."""
    return getattr(excinfo.value, "pytrace", True) is True


#: The options of a configuration file, checked once.
INI = pytest.StashKey[dict[str, Any]]()
#: The fixture of the test that runs.
ACTIVE = pytest.StashKey["RekognitionCL"]()
#: False while the test's body runs, True after it.
BODY_ENDED = pytest.StashKey[bool]()
#: The packages that lie between the user's call and our refusal.
_BETWEEN = frozenset({"boto3", "botocore", "aiobotocore", "aioboto3", "pytest_rekognition_cl", "contextlib"})
#: What undoes the early mode.
EARLY = pytest.StashKey[bool]()

MARKERS = (
    "rekognition_cl(*, region=None, account='123456789012', passthrough=False, virtual_sleep=True, virtual_time=False, "
    "max_polls=5000, unused='fail', quotas=None, left_running='ignore'): options of the fixture rekognition_cl. Levels "
    "merge, the closest wins. Like all markers here, it makes the test use the fixture.",
    "rekognition_cl_project(name_or_arn, *, datasets=None, feature='CUSTOM_LABELS'): a project that exists.",
    "rekognition_cl_model(name_or_version_arn=None, *, project=None, status='TRAINING_COMPLETED', statuses=None, "
    "status_message=None, f1_score=None, **members): a project version that exists.",
    "rekognition_cl_training(*, status=None, statuses=None, seconds=None, f1_score=None, status_message=None, "
    "**members): how trainings will go. The closest one holds.",
    "rekognition_cl_transition(operation, *, status=None, statuses=None, seconds=None, status_message=None, "
    "**members): how what an operation begins (a start, a stop, a copy, a deletion) will go.",
    "rekognition_cl_error(operation, code, message=None, *, calls=1 | attempts=N, after=0): calls that are refused.",
    "rekognition_cl_exception(operation, exception, *, calls=1 | attempts=N, after=0): calls that break off.",
    "rekognition_cl_response(operation, response, *, calls=1, after=0): a canned answer.",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini settings: the options of the fixture with the prefix ``rekognition_cl_``, and ``early``."""
    for name, (setting, text) in settings.SETTINGS.items():
        kind: Any = setting
        if kind == "int" and pytest.version_tuple < (8, 4):
            kind = "string"
        parser.addini(f"rekognition_cl_{name}", f"Rekognition Custom Labels: {text}", type=kind, default=None)
    parser.addini(
        "rekognition_cl_early",
        "Rekognition Custom Labels: give clients that are made at import a Region and spare them metadata look-ups",
        type="bool",
        default=False,
    )


def _setting(config: pytest.Config, name: str) -> Any:
    """Return an ini setting; raises UsageError with its name if pytest cannot read it."""
    try:
        return config.getini(f"rekognition_cl_{name}")
    except (TypeError, ValueError, pytest.UsageError) as error:
        raise pytest.UsageError(f"in the pytest settings, rekognition_cl_{name}: {error}") from None


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, check the ini settings, start the early mode if it is on."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)
    values = {name: _setting(config, name) for name in settings.SETTINGS}
    config.stash[INI] = {}
    try:
        if any(value not in (None, "", []) for value in values.values()):
            from .options import from_ini

            config.stash[INI] = from_ini(values)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"in the pytest settings, rekognition_cl_{error}") from None
    if _setting(config, "early"):
        _start_early(config)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the early mode before the conftest files, which may import the code under test."""
    if _setting(early_config, "early"):
        _start_early(early_config)


def _start_early(config: pytest.Config) -> None:
    """Give clients that are made before any fixture a Region, until the session ends."""
    if EARLY not in config.stash:
        from .intercept import patch_clients

        region = _setting(config, "region") or "us-east-1"
        config.stash[EARLY] = True
        patch_clients(lambda: region, config.add_cleanup)


def _marked(item: pytest.Item) -> bool:
    """Whether one of our markers, or one that looks like ours, is on *item*."""
    return any(mark.name.startswith(FIXTURE) for mark in item.iter_markers())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let our markers imply the fixture, also those that other plugins have added by now."""
    for item in items:
        names: list[str] | None = getattr(item, "fixturenames", None)
        if names is not None and FIXTURE not in names and _marked(item):
            # A list of its own: pytest shares one among all the parametrized variants of a function.
            item.fixturenames = [*names, FIXTURE]  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test whose markers nobody reads, since the fixture's name is taken by another one."""
    yield
    if ACTIVE not in item.stash and hasattr(item, "fixturenames") and _marked(item):
        pytest.fail(
            f"{item.nodeid}: it has markers of rekognition_cl, but another fixture of this name takes the place of the "
            "plugin's, and does not read them.\n"
            "Give the other one another name, or let it ask for the plugin's: def rekognition_cl(rekognition_cl): ...",
            pytrace=False,
        )


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """Set the fixture up before a test's other function-scoped ones: they may call in their set-up and tear-down."""
    if fixturedef.scope != "function" or fixturedef.argname in (FIXTURE, "request"):
        return
    if FIXTURE in getattr(request.node, "fixturenames", ()):
        request.getfixturevalue(FIXTURE)


@pytest.fixture(name=FIXTURE)
def _rekognition_cl(request: pytest.FixtureRequest) -> Iterator[RekognitionCL]:
    """Amazon Rekognition Custom Labels in this process: any boto3 client, no network, no credentials, no waiting.

    Arrange with rekognition_cl.add_model(...) or the markers, run your code, then assert, e.g.
    rekognition_cl.create_project_version.assert_called_once_with(...).
    """
    from . import markers

    item = request.node
    ini = request.config.stash[INI]
    fixture = markers.make_fixture(item, ini)
    with fixture._opened():
        markers.arrange(item, fixture)
        item.stash[ACTIVE] = fixture
        yield fixture


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Give the verdict on a test whose body has passed, as part of its call phase."""
    fixture = item.stash.get(ACTIVE, None)
    if fixture is None:
        return (yield)
    item.stash[BODY_ENDED] = False
    try:
        result = yield
    finally:
        item.stash[BODY_ENDED] = True
    findings = fixture._findings(keep=True)
    if findings:
        # A TestCase that skipped itself or failed has kept that for its report, which replaces this one.
        pytest.fail("\n\n".join(findings), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the calls to the report of a test that failed, and report nothing twice."""
    fixture = item.stash.get(ACTIVE, None)
    if fixture is None:
        return (yield)
    troubles: list[str] = []
    if call.excinfo is not None:
        for do in (fixture._mark_reported, _show_users_line, _name_the_nearest):
            _safely(troubles, do, call.excinfo.value)
    report = yield
    _safely(troubles, _complete, report, call, item, fixture)
    report.sections.extend(("pytest-rekognition-cl", trouble) for trouble in troubles)
    return report


def _safely(troubles: list[str], do: Callable[..., object], *args: Any) -> None:
    """Call what belongs to a hook of ours; what goes wrong there is noted: raised, it would end the whole run."""
    try:
        do(*args)
    except Exception as error:
        troubles.append(f"The calls cannot be shown: {type(error).__name__}: {str(error)!a}")


def _complete(
    report: pytest.TestReport, call: pytest.CallInfo[None], item: pytest.Item, fixture: RekognitionCL
) -> None:
    if call.when == "teardown":
        del item.stash[ACTIVE]
    if report.skipped and not hasattr(report, "wasxfail") and item.stash.get(BODY_ENDED, True):
        # A test that skips itself need not do what is expected; unexpected calls still count.
        findings = fixture._findings(expectations=False)
        if findings:
            report.outcome, report.longrepr = "failed", "\n\n".join(findings)
    if report.failed:
        from .messages.reports import REPORT_TITLE

        text = fixture._report()
        if text:
            report.sections.append((REPORT_TITLE, text))
    if not report.passed and item.stash.get(BODY_ENDED, True):
        # The report and its section show what went wrong: the tear-down must not report it again.
        fixture._findings()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Judge what was called in the tear-down.

    And clear away what other fixtures, torn down after ours, have put back in the place of what they found.
    """
    try:
        result = yield
    finally:
        patching = sys.modules.get(f"{__package__}.intercept.patching")
        if patching is not None:
            patching.settle()
    fixture = item.stash.get(ACTIVE, None)
    findings = fixture._findings(expectations=False) if fixture is not None else []
    if findings:
        pytest.fail("\n\n".join(findings), pytrace=False)
    return result


def _show_users_line(error: BaseException) -> None:
    """Let the traceback of a refusal of ours end where the user's code called, not ten frames deep in botocore."""
    from .errors import RekognitionCLError

    if isinstance(error, RekognitionCLError):
        last = entry = error.__traceback__
        while entry is not None:
            if entry.tb_frame.f_globals.get("__name__", "").partition(".")[0] not in _BETWEEN:
                last = entry
            entry = entry.tb_next
        if last is not None:
            last.tb_next = None


def _name_the_nearest(error: BaseException) -> None:
    """Let an AttributeError of ours name the nearest real name; from 3.12 on Python itself does."""
    if sys.version_info < (3, 12) and isinstance(error, AttributeError):
        ours = type(error.obj).__module__.startswith("pytest_rekognition_cl")
        from .messages.text import did_you_mean

        near = did_you_mean(error.name, [name for name in dir(error.obj) if not name.startswith("_")])
        if ours and near != ".":
            error.args = (f"{error}{near}",)
