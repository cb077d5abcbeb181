"""virtual_time: loops bounded by a clock end by their own deadline, in no time."""

import importlib
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from time import monotonic

import pytest
from freezegun import freeze_time
from rekognition import create, status

from pytest_rekognition_cl import EndlessPoll, RekognitionCL

TRAINING = "TRAINING_IN_PROGRESS"
HOUR = 3600
#: The process's own count of CPU seconds: nobody moves it.
GENUINE = time.perf_counter

CLOCKS = {
    "time.time": lambda: time.time(),
    "time.monotonic": lambda: time.monotonic(),
    "from time import monotonic": lambda: monotonic(),
    "datetime.now": lambda: datetime.now().timestamp(),
    "datetime.now(utc)": lambda: datetime.now(timezone.utc).timestamp(),
    "datetime.utcnow": lambda: datetime.utcnow().timestamp(),
}
if sys.version_info >= (3, 12):
    del CLOCKS["datetime.utcnow"]  # deprecated there: a warning, and warnings are errors


def poll_until_deadline(fake, clock, seconds=HOUR):
    """Poll a model that never completes until *clock* says that it has been long enough; return the polls."""
    fake.set_training(status=TRAINING)
    create(fake.project_arn)
    deadline = clock() + seconds
    while status(fake.project_arn) == TRAINING:
        if clock() >= deadline:
            return fake.describe_project_versions.call_count
        time.sleep(60)
    raise AssertionError("it never completes")


@pytest.mark.rekognition_cl(virtual_time=True)
@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_a_loop_ends_by_its_own_deadline(rekognition_cl, clock):
    assert 60 <= poll_until_deadline(rekognition_cl, clock) <= 61
    assert HOUR - 60 <= rekognition_cl.clock.slept <= HOUR


@pytest.mark.rekognition_cl(virtual_time=True)
def test_the_clocks_agree(rekognition_cl):
    before = time.time(), time.monotonic(), datetime.now(timezone.utc), rekognition_cl.clock.now()
    rekognition_cl.clock.advance(HOUR)
    after = time.time(), time.monotonic(), datetime.now(timezone.utc), rekognition_cl.clock.now()
    moved = [
        after[0] - before[0],
        after[1] - before[1],
        *((a - b).total_seconds() for a, b in zip(after[2:], before[2:], strict=True)),
    ]
    assert moved == pytest.approx([HOUR] * 4, abs=5)
    assert abs(after[3].timestamp() - after[0]) < 5


@pytest.mark.rekognition_cl(virtual_time=True)
def test_waits_of_threads_are_not_shortened(rekognition_cl):
    """queue, Event and Condition measure real time."""
    ready, gone_on = threading.Event(), threading.Event()

    def wait():
        ready.set()
        gone_on.wait(30)

    thread = threading.Thread(target=wait)
    thread.start()
    ready.wait(30)
    rekognition_cl.clock.advance(HOUR)
    thread.join(0.05)
    assert thread.is_alive()
    gone_on.set()
    thread.join()


@pytest.mark.rekognition_cl(virtual_time=True)
def test_a_module_imported_during_the_test(rekognition_cl, tmp_path, monkeypatch):
    (tmp_path / "imported_with_clock.py").write_text("from time import monotonic\n")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        module = importlib.import_module("imported_with_clock")
        before = module.monotonic()
        rekognition_cl.clock.advance(HOUR)
        assert module.monotonic() - before >= HOUR
    finally:
        sys.modules.pop("imported_with_clock", None)


def test_without_it_the_clocks_are_real_and_the_bound_ends_the_loop():
    with RekognitionCL(max_polls=100) as fake:
        with pytest.raises(EndlessPoll):
            poll_until_deadline(fake, time.time)
        fake._findings()


def test_afterwards_the_clocks_are_real():
    genuine, before = time.monotonic, (time.time(), time.monotonic())
    with RekognitionCL(virtual_time=True) as fake:
        fake.clock.advance(HOUR)
        assert time.time() - before[0] >= HOUR
        assert time.monotonic() - before[1] >= HOUR
    assert time.monotonic is genuine
    assert time.time() - before[0] < HOUR
    assert time.monotonic() - before[1] < HOUR


WHEN = datetime(2023, 7, 28, tzinfo=timezone.utc)


def test_the_first_test_with_it_was_frozen(run_process, tmp_path):
    """In a process of its own: what is redirected is kept for all later tests."""
    (tmp_path / "test_it.py").write_text(
        """
import time
from freezegun import freeze_time
from pytest_rekognition_cl import RekognitionCL

def test_frozen():
    with freeze_time("2023-07-28"), RekognitionCL(virtual_time=True) as fake:
        before = time.monotonic(), time.monotonic_ns()
        fake.clock.advance(100)
        assert (time.monotonic(), time.monotonic_ns()) == before

def test_after():
    with RekognitionCL(virtual_time=True) as fake:
        before = time.monotonic(), time.monotonic_ns()
        fake.clock.advance(3600)
        assert time.monotonic() - before[0] >= 3600
        assert time.monotonic_ns() - before[1] >= 3600e9
"""
    )
    run_process(tmp_path, "-p", "time_machine").assert_outcomes(passed=2)


@pytest.mark.parametrize("first", [True, False], ids=["frozen before", "frozen inside"])
def test_a_clock_that_the_user_froze_wins(first):
    fake = RekognitionCL(virtual_time=True, max_polls=50)
    outer, inner = (freeze_time(WHEN), fake) if first else (fake, freeze_time(WHEN))
    with outer, inner:
        with pytest.raises(EndlessPoll):
            poll_until_deadline(fake, time.time)
        assert datetime.now(timezone.utc) == WHEN
        assert fake.clock.now() >= WHEN + timedelta(seconds=fake.clock.slept)
        fake._findings()


@pytest.mark.parametrize("first", [True, False], ids=["frozen before", "frozen inside"])
def test_time_machine_wins_too(first):
    import time_machine

    fake = RekognitionCL(virtual_time=True)
    travel = time_machine.travel(WHEN, tick=False)
    outer, inner = (travel, fake) if first else (fake, travel)
    with outer, inner:
        fake.clock.advance(HOUR)
        assert datetime.now(timezone.utc) == WHEN
        assert fake.clock.now() == WHEN + timedelta(hours=1)


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("None", "which is not installed"),
        # Version 2 moves time.monotonic too.
        ("types.SimpleNamespace(coordinates_stack=[])", "version 3 or newer, but version 2 is installed"),
    ],
    ids=["none", "version 2"],
)
def test_without_the_extra_it_is_refused(pytester, module, found):
    pytester.makeconftest(f"import sys, types\nsys.modules['time_machine'] = {module}\n")
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.rekognition_cl(virtual_time=True)
        def test_it(rekognition_cl):
            pass
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [f"*virtual_time=True needs time-machine, {found}: pip install 'pytest-rekognition-cl[[]virtual-time[]]'"]
    )
    result.stdout.no_fnmatch_line("*virtualtime.py*")
