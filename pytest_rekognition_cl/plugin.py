"""Everything that pytest calls: settings, markers, the fixture, the verdict and the report section.

This module is imported by every pytest run of an environment that has the plugin installed, so it imports nothing
beyond the standard library and pytest; the rest comes when a test asks for the fixture.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from . import contexts, settings
from .originals import ORIGINALS as ORIGINALS  # to be taken before any test replaces them

if TYPE_CHECKING:
    from .fixture import RekognitionCL

FIXTURE = "rekognition_cl"


def __tracebackhide__(excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
    """Leave our frames out of every traceback; where there is to be none at all, pytest must not miss them."""
    return getattr(excinfo.value, "pytrace", True) is True


#: The options of a configuration file, checked.
INI = pytest.StashKey[Mapping[str, Any]]()
#: Whether the early mode is on.
EARLY = pytest.StashKey[bool]()

SETTINGS = settings.SETTINGS | {
    "early": ("bool", "give clients that are made at import a Region and spare them metadata look-ups")
}

MARKERS = (
    "rekognition_cl(*, region=None, account='123456789012', passthrough=False, virtual_sleep=True, virtual_time=False, "
    "max_polls=5000, unused='fail', quotas=None, left_running='ignore', default_project=True): options of the fixture "
    "rekognition_cl. Levels merge, the closest wins. Like all markers here, it makes the test use the fixture.",
    "rekognition_cl_project(name_or_arn, *, datasets=None, feature='CUSTOM_LABELS'): a project that exists.",
    "rekognition_cl_model(name_or_version_arn=None, *, project=None, status='TRAINING_COMPLETED', statuses=None, "
    "status_message=None, f1_score=None, **members): a project version that exists.",
    "rekognition_cl_dataset(dataset_type, *, project=None, status='CREATE_COMPLETE', statuses=None, "
    "status_message=None, status_message_code=None, entries=None): a dataset that exists.",
    "rekognition_cl_manifest(uri, lines): what is in a manifest in S3.",
    "rekognition_cl_training(*, status=None, statuses=None, seconds=None, f1_score=None, label_f1_scores=None, "
    "status_message=None, **members): how trainings will go. The closest one holds.",
    "rekognition_cl_transition(operation, *, status=None, statuses=None, seconds=None, status_message=None, "
    "**members): how what an operation begins (a start, a stop, a copy, a deletion) will go.",
    "rekognition_cl_error(operation, code, message=None, *, calls=1 | attempts=N, after=0): calls that are refused.",
    "rekognition_cl_exception(operation, exception, *, calls=1 | attempts=N, after=0): calls that break off.",
    "rekognition_cl_response(operation, response, *, calls=1, after=0): a canned answer.",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini settings: the options of the fixture with the prefix ``rekognition_cl_``, and ``early``."""
    for name, (setting, text) in SETTINGS.items():
        kind: Any = "string" if setting == "int" and pytest.version_tuple < (8, 4) else setting
        parser.addini(f"rekognition_cl_{name}", f"Rekognition Custom Labels: {text}", type=kind, default=None)


def _setting(config: pytest.Config, name: str) -> Any:
    """Return an ini setting; raises UsageError with its name and what is allowed if pytest cannot read it."""
    try:
        return config.getini(f"rekognition_cl_{name}")
    except (TypeError, ValueError, pytest.UsageError) as error:
        text = f"in the pytest settings, rekognition_cl_{name} must be {settings.ALLOWED[SETTINGS[name][0]]} ({error})"
        raise pytest.UsageError(text) from None


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, check the ini settings, start the early mode if it is on."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)
    values = {name: value for name in settings.SETTINGS if (value := _setting(config, name)) not in (None, "", [])}
    config.stash[INI] = {}
    if values:
        from .options import from_ini

        try:
            config.stash[INI] = from_ini(values)
        except (TypeError, ValueError) as error:
            raise pytest.UsageError(f"in the pytest settings, rekognition_cl_{error}") from None
    _start_early(config)


def pytest_warning_recorded(warning_message: warnings.WarningMessage) -> None:
    """Make a misspelt setting of ours, of which pytest only warns, a usage error with the nearest name."""
    found = re.match(rf"Unknown config option: ({FIXTURE}\w*)", str(warning_message.message))
    if found is not None:
        from .names import did_you_mean

        known = [f"{FIXTURE}_{name}" for name in SETTINGS]
        what = f"there is no setting {found[1]!r}{did_you_mean(found[1], known)}"
        raise pytest.UsageError(f"{what} The settings are {', '.join(known)}.")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the early mode: conftest files import code that makes clients."""
    _start_early(early_config)


def _start_early(config: pytest.Config) -> None:
    """Give clients that are made before any fixture a Region, if that is set."""
    if _setting(config, "early") and EARLY not in config.stash:
        from .intercept.clients import REDIRECTIONS

        config.stash[EARLY] = True
        region = _setting(config, "region") or "us-east-1"
        REDIRECTIONS.open(lambda: region, config.add_cleanup)


def _marked(item: pytest.Item) -> bool:
    """Whether one of our markers, or one that looks like ours, is on *item*."""
    return any(mark.name.startswith(FIXTURE) for mark in item.iter_markers())


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Say what helps where a module makes a client at import and no Region resolves."""
    report = yield
    excinfo = getattr(getattr(report, "call", None), "excinfo", None)
    if excinfo is not None and type(excinfo.value).__name__ == "NoRegionError" and EARLY not in collector.config.stash:
        add_section = getattr(report.longrepr, "addsection", None)
        if add_section is not None:
            way = "gets a Region by the setting rekognition_cl_early = true"
            add_section("Rekognition Custom Labels", f"A Rekognition client that is made at import {way}.")
    return report


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let our markers imply the fixture, also those that other plugins have added by now."""
    for item in items:
        names: list[str] | None = getattr(item, "fixturenames", None)
        if names is not None and FIXTURE not in names and _marked(item):
            # A list of its own: pytest shares one among all the parametrized variants of a function.
            item.fixturenames = [*names, FIXTURE]  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Register the hooks of RuntestHooks where a test asks for the fixture, else once a RekognitionCL is opened."""
    manager, hooks = session.config.pluginmanager, RuntestHooks()

    def register() -> None:
        if not manager.is_registered(hooks):
            manager.register(hooks)

    outer = contexts.running
    contexts.running = contexts.Running(on_open=register)
    is_used = any(FIXTURE in getattr(item, "fixturenames", ()) for item in getattr(session, "items", ()))
    if is_used or contexts.OPEN:
        register()
    if is_used and not session.config.option.collectonly:
        _warm_up()
    try:
        return (yield)
    finally:
        contexts.running = outer


def _warm_up() -> None:
    """Import and read what a fixture needs: that is not the first test's to wait for."""
    with suppress(Exception):  # the test that asks for it will tell
        from . import markers as markers
        from .fixture import RekognitionCL

        with RekognitionCL()._opened():
            pass


@pytest.fixture(name=FIXTURE)
def _rekognition_cl(request: pytest.FixtureRequest) -> Iterator[RekognitionCL]:
    """Amazon Rekognition Custom Labels in this process: any boto3 client, no network, no credentials, no waiting.

    Arrange with rekognition_cl.add_model(...) or the markers, run your code, then assert, e.g.
    rekognition_cl.create_project_version.assert_called_once_with(...).
    """
    from . import markers

    fixture = markers.make_fixture(request.node, request.config.stash[INI])
    with fixture._opened():
        markers.arrange(request.node, fixture)
        contexts.running.fixture = fixture
        yield fixture


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """Give the verdict on a test whose body has passed, as part of its call phase.

    A test whose markers nobody has read fails before its body: the fixture's name is taken by another one.
    """
    running = contexts.running
    if running.marked and running.fixture is None:
        what = "it has markers of rekognition_cl, but another fixture of this name takes the place of the plugin's"
        way = "Give the other one another name, or let it ask for the plugin's: def rekognition_cl(rekognition_cl): ..."
        _fail_for([f"{running.marked}: {what}, and does not read them.\n{way}"])
    running.in_body = True
    try:
        result = yield
    finally:
        running.in_body = False
    if running.fixture is not None:
        # A TestCase that skipped itself or failed has kept that for its report, which replaces this one.
        _fail_for(running.fixture._findings(keep=True))
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the calls to the report of a test that failed, and report nothing twice; the last report ends the test."""
    running = contexts.running
    if running.fixture is None and not contexts.OPEN and not running.left:
        return (yield)
    from . import reporting

    if call.excinfo is not None:
        reporting.show_users_line(call.excinfo.value)
    report = yield
    try:
        reporting.complete(report, running, call.excinfo.value if call.excinfo is not None else None)
    except Exception as error:  # raised, it would end the whole run
        text = f"The calls cannot be shown: {type(error).__name__}: {str(error)!a}"
        report.sections.append(("pytest-rekognition-cl", text))
    if call.when == "teardown":
        contexts.running = contexts.Running()
    return report


def _fail_for(findings: list[str]) -> None:
    if findings:
        pytest.fail("\n\n".join(findings), pytrace=False)


class RuntestHooks:
    """The hooks that pytest calls for each test and that do nothing for a test that does not use the plugin.

    Those above that are called for each test too have to lie below those of the conftest files, so they are registered
    from the start.
    """

    def __init__(self) -> None:
        self._open_before = {*contexts.OPEN}

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Fail a test whose markers are wrong; one that is skipped has been so by now.

        The markers are tried out here, before any fixture: pytest cannot use a fixture again in whose set-up another
        one has failed, as ours would in that of the first function-scoped one.
        """
        marked = hasattr(item, "fixturenames") and _marked(item) and not item.config.getoption("setupplan", False)
        contexts.running.marked = item.nodeid if marked else None
        if marked:
            from . import markers

            markers.arrange(item, markers.make_fixture(item, item.config.stash[INI]))

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
        """Set the fixture up before a test's other function-scoped ones: they may call in set-up and tear-down."""
        is_other = fixturedef.scope == "function" and fixturedef.argname not in (FIXTURE, "request")
        if is_other and FIXTURE in getattr(request.node, "fixturenames", ()):
            request.getfixturevalue(FIXTURE)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
        """Judge what was called in the tear-down, and after the last test whether every context was left.

        And clear away what other fixtures, torn down after ours, have put back in the place of what they found.
        """
        from .intercept.patching import settle
        from .messages.reports import never_left

        try:
            result = yield
        finally:
            settle()
        fixture = contexts.running.fixture
        findings = fixture._findings(expectations=False) if fixture is not None else []
        for context in [one for one in contexts.OPEN if nextitem is None and one not in self._open_before]:
            findings.append(never_left(context._owner))
            context._close()
        _fail_for(findings)
        return result
