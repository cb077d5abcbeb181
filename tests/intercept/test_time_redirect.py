"""The sleep functions as objects: every reference follows, nobody else's object is looked at, all is given back."""

import asyncio
import dataclasses
import functools
import gc
import importlib.util
import inspect
import pickle
import runpy
import subprocess
import sys
import threading
import time
import types
from collections import namedtuple
from time import sleep
from unittest import mock

import pytest
from rekognition import CLIENT, create, describe

from pytest_rekognition_cl import RekognitionCL, sleep_rule
from pytest_rekognition_cl.intercept import redirect, sleeps

SECONDS = 60


@dataclasses.dataclass
class Slots:
    __slots__ = ("wait",)
    wait: object


class Method:
    wait = functools.partialmethod(lambda self, sleep, seconds: sleep(seconds), time.sleep)


def closure(wait):
    return lambda seconds: wait(seconds)


def by_default(seconds, wait=time.sleep):
    wait(seconds)


#: Where code keeps its sleep -> a function that sleeps.
PLACES = {
    "a from-import": lambda seconds: sleep(seconds),
    "a dataclass with slots": Slots(time.sleep).wait,
    "a namedtuple": namedtuple("Named", "wait")(time.sleep).wait,
    "a list": [time.sleep][0],
    "a tuple": (time.sleep,)[0],
    "three nested dicts": {"a": {"b": {"c": time.sleep}}}["a"]["b"]["c"],
    "a partial": functools.partial(time.sleep),
    "a partial's argument": functools.partial(lambda wait, seconds: wait(seconds), time.sleep),
    "a partialmethod": Method().wait,
    "a default": by_default,
    "a default of a lambda in a dict": {"wait": lambda seconds, wait=time.sleep: wait(seconds)}["wait"],
    "a closure": closure(time.sleep),
}


@pytest.fixture
def arn(rekognition_cl):
    """A project with a model that shows TRAINING_IN_PROGRESS twice."""
    rekognition_cl.add_model("v1", statuses=["TRAINING_IN_PROGRESS"] * 2 + ["TRAINING_COMPLETED"])
    return rekognition_cl.project_arn


def is_training(arn):
    return describe(arn)[0]["Status"] == "TRAINING_IN_PROGRESS"


@pytest.mark.parametrize("wait", PLACES.values(), ids=PLACES)
def test_every_reference_follows(rekognition_cl, arn, wait):
    while is_training(arn):
        wait(SECONDS)
    assert rekognition_cl.clock.slept == 2 * SECONDS


SOURCE = "from time import sleep as nap\ndef handler(is_training, arn):\n    while is_training(arn):\n        nap(60)\n"


@pytest.mark.parametrize("how", ["spec", "exec", "runpy"])
def test_a_file_that_is_no_module_of_the_process(rekognition_cl, arn, tmp_path, how):
    file = tmp_path / "lambda_function.py"
    file.write_text(SOURCE)
    if how == "spec":
        spec = importlib.util.spec_from_file_location("lambda_function", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        names = vars(module)
    elif how == "exec":
        exec(compile(SOURCE, file, "exec"), names := {})
    else:
        names = runpy.run_path(str(file))
    names["handler"](is_training, arn)
    assert rekognition_cl.clock.slept == 2 * SECONDS


def test_asyncio_by_another_name(rekognition_cl, arn):
    source = "from asyncio import sleep\nasync def handler(is_training, arn):\n    while is_training(arn):\n"
    exec(source + "        await sleep(60)\n", names := {})
    asyncio.run(names["handler"](is_training, arn))
    assert rekognition_cl.clock.slept == 2 * SECONDS


class Lazy:
    """As Django's SimpleLazyObject, werkzeug's LocalProxy, Celery's Proxy: whoever asks it for anything evaluates it."""

    def __getattribute__(self, name):
        raise RuntimeError(f"somebody asked for {name}")

    __eq__ = __hash__ = __bool__ = __len__ = __call__ = None


def test_nobody_elses_object_is_evaluated(rekognition_cl, monkeypatch):
    lazy = Lazy()
    held = {"lazy": lazy, "nested": [lazy]}
    monkeypatch.setitem(sys.modules, "lazy_module", lazy)
    monkeypatch.setitem(globals(), "settings", lazy)
    create(rekognition_cl.project_arn)
    time.sleep(SECONDS)
    describe(rekognition_cl.project_arn)
    assert held["lazy"] is lazy


@pytest.mark.parametrize("name", ["sleep", "time"])
def test_a_lazy_object_under_the_name_of_a_sleep(rekognition_cl, monkeypatch, name):
    create(rekognition_cl.project_arn)
    monkeypatch.setitem(globals(), name, Lazy())
    for _ in range(5):
        describe(rekognition_cl.project_arn)
    assert rekognition_cl.describe_project_versions.call_count == 5


# --- the object -----------------------------------------------------------------------------------------------------


def test_the_object_stays_a_builtin_of_its_module(rekognition_cl):
    assert pickle.loads(pickle.dumps(sleep)) is sleep is time.sleep
    assert repr(sleep) == "<built-in function sleep>"
    assert (sleep.__module__, sleep.__name__, sleep.__doc__[:5]) == ("time", "sleep", "sleep")
    assert inspect.iscoroutinefunction(asyncio.sleep)


def test_many_openings_under_sleeping_threads():
    done = threading.Event()

    def work():
        while not done.is_set():
            sleep(0.0001)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    with RekognitionCL():
        pass
    target = sleeps.REDIRECTIONS.kept[time, "sleep"]._target
    gc.collect()
    before = sys.getrefcount(time), sys.getrefcount(target)
    for _ in range(100):
        with RekognitionCL():
            assert sleep.__self__ is target
        assert sleep.__self__ is time
    after = sys.getrefcount(time), sys.getrefcount(target)
    done.set()
    for thread in threads:
        thread.join()
    assert all(abs(now - then) < 20 for now, then in zip(after, before, strict=True))


def test_a_layout_that_does_not_fit_is_never_written_to(monkeypatch):
    fits = redirect.BuiltinRedirection.fits
    assert fits(time, "sleep", time.sleep)
    assert not fits(time, "nap", time.sleep)
    assert not fits(sys, "sleep", time.sleep)
    assert not fits(time, "sleep", lambda seconds: None)
    assert not fits(time, "sleep", [].append)
    monkeypatch.setattr(sys.implementation, "name", "pypy")
    assert not fits(time, "sleep", time.sleep)


def test_without_ctypes_the_modules_attribute_is_patched(monkeypatch):
    monkeypatch.setattr(redirect, "ctypes", None)
    monkeypatch.setattr(sleeps.REDIRECTIONS, "kept", {})
    genuine = time.sleep
    with RekognitionCL() as fake:
        create(fake.project_arn)
        time.sleep(SECONDS)
        assert fake.clock.slept == SECONDS
        assert time.sleep is not genuine
    assert time.sleep is genuine


CANARY = """
import sys, time, threading
from pytest_rekognition_cl.intercept.redirect import BuiltinRedirection
for name in ("sleep", "monotonic", "monotonic_ns", "clock_gettime"):
    function = getattr(time, name)
    assert BuiltinRedirection.fits(time, name, function), name
    made = BuiltinRedirection(time, name, function, lambda original, *args: ("ours", args))
    made.open()
    args = {"sleep": (60,), "clock_gettime": (time.CLOCK_MONOTONIC,)}.get(name, ())
    assert function(*args) == ("ours", args), name
    assert getattr(time, name) is function
    made.close()
    assert function(*({"sleep": (0,)}.get(name, args))) != ("ours", args), name
"""


def test_the_layout_of_this_python_is_the_one_that_is_known():
    """The canary: it says on a new Python whether the redirection of builtins still works there."""
    subprocess.run([sys.executable, "-X", "dev", "-c", CANARY], check=True)


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_module_that_is_imported_again(monkeypatch, reloaded):
    """As after an inner pytest session, which takes what it has imported out of sys.modules; or after a reload."""
    again = types.ModuleType("library")
    places = {("library", "Client.call"): lambda original, client, *, number: f"ours+{original(client, number=number)}"}
    redirections = redirect.Redirections(places)
    for _ in range(2):
        library = again if reloaded else types.ModuleType("library")
        exec("class Client:\n    def call(self, *, number=1): return number", vars(library))
        monkeypatch.setitem(sys.modules, "library", library)
        for number in (1, 2):
            redirections.open("a test")
            assert library.Client().call(number=number) == f"ours+{number}"
            redirections.close("a test")
            assert library.Client().call() == 1


def test_a_mock_in_the_place_of_a_module_s_function_stays(monkeypatch):
    library = types.ModuleType("library")
    library.sleep = stand_in = mock.Mock()
    monkeypatch.setitem(sys.modules, "library", library)
    redirections = redirect.Redirections({("library", "sleep"): lambda original, *args: "ours"})
    redirections.open("a test")
    assert library.sleep is stand_in
    redirections.close("a test")
    assert library.sleep is stand_in


# --- what is not touched --------------------------------------------------------------------------------------------


def test_a_test_that_neither_arranges_nor_calls(rekognition_cl):
    began = time.monotonic()
    sleep(0.05)
    assert time.monotonic() - began >= 0.05
    assert rekognition_cl.clock.slept == 0


def test_a_thread_older_than_the_test_sleeps_really():
    go, took = threading.Event(), []

    def work():
        go.wait(30)
        began = time.monotonic()
        sleep(1.0)
        took.append(time.monotonic() - began)

    thread = threading.Thread(target=work)
    thread.start()
    with RekognitionCL() as fake:
        create(fake.project_arn)
        go.set()
        thread.join()
        assert fake.clock.slept == 0
    assert took[0] >= 0.99


def test_a_socket_that_opens_late(rekognition_cl):
    """After a create, 50 x sleep(0.1) for something of this machine: real sleeps."""
    create(rekognition_cl.project_arn)
    opened = threading.Timer(0.2, lambda: None)
    opened.start()
    for _ in range(50):
        if not opened.is_alive():
            break
        sleep(0.05)
    else:
        pytest.fail("gave up at once")
    assert rekognition_cl.clock.slept == 0


def test_a_process_that_is_polled(rekognition_cl):
    create(rekognition_cl.project_arn)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.3)"])
    while process.poll() is None:
        sleep(0.1)
    assert rekognition_cl.clock.slept == 0


def test_a_settled_look_leaves_short_sleeps_alone(rekognition_cl):
    rekognition_cl.add_model("v1")
    describe(rekognition_cl.project_arn)
    began = time.monotonic()
    sleep(0.05)
    assert time.monotonic() - began >= 0.05
    sleep(SECONDS)
    assert rekognition_cl.clock.slept == SECONDS


def test_virtual_sleep_false_leaves_all_but_waiters_and_retries_alone():
    with RekognitionCL(virtual_sleep=False) as fake:
        create(fake.project_arn)
        began = time.monotonic()
        sleep(1)
        assert time.monotonic() - began >= 1
        assert fake.clock.slept == 0
        CLIENT.get_waiter("project_version_training_completed").wait(ProjectArn=fake.project_arn)
        assert fake.clock.slept == 1800


@pytest.mark.rekognition_cl(virtual_sleep=False)
def test_virtual_sleep_as_a_marker(rekognition_cl):
    describe(rekognition_cl.project_arn)
    sleep(0.01)
    assert rekognition_cl.clock.slept == 0


def test_of_nested_contexts_the_innermost_one_decides(monkeypatch):
    """A test that neither arranges nor calls sleeps really, whatever a context of a wider scope has begun."""
    monkeypatch.setattr(sleep_rule, "SHORT", 0.01)
    with RekognitionCL() as outer:
        outer.add_model("v1")
        with RekognitionCL() as inner:
            time.sleep(0.02)
            assert (outer.clock.slept, inner.clock.slept) == (0, 0)
            inner.add_model("v1")
            time.sleep(0.02)
            assert (outer.clock.slept, inner.clock.slept) == (0, 0.02)
        time.sleep(0.02)
        assert outer.clock.slept == 0.02


def test_a_module_that_cannot_be_imported_leaves_nothing_redirected(monkeypatch):
    class Lazy(types.ModuleType):
        def __getattr__(self, name):
            raise ImportError("an optional part is missing")

    monkeypatch.setitem(sys.modules, "trio", Lazy("trio"))
    with pytest.raises(ImportError), RekognitionCL():
        pass
    assert not sleeps.REDIRECTIONS.users
    assert time.sleep.__self__ is time
