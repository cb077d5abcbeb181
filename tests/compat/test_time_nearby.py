"""Sleeps that no module of ``sys.modules`` has: the code that polls has taken them before the first call."""

import asyncio
import functools
import importlib.util
import runpy
import sys
import time
import types

import pytest
from rekognition import describe

GENUINE = time.sleep
SECONDS = 60


def is_training(arn):
    return describe(arn)[0]["Status"] == "TRAINING_IN_PROGRESS"


@pytest.fixture
def arn(rekognition_cl):
    """A project with a model that shows TRAINING_IN_PROGRESS twice."""
    rekognition_cl.add_model("v1", statuses=["TRAINING_IN_PROGRESS"] * 2 + ["TRAINING_COMPLETED"])
    return rekognition_cl.project_arn


def assert_waited(rekognition_cl):
    """Fail unless both sleeps of the loop were virtual."""
    assert rekognition_cl.clock.slept == 2 * SECONDS
    assert [call.operation for call in rekognition_cl.calls] == ["describe_project_versions"] * 3


LOOP = """
def handler(is_training, arn):
    while is_training(arn):
        {pause}
"""
LOADED = {
    "in the loop": "from time import sleep\n" + LOOP.format(pause="sleep(60)"),
    "renamed": "from time import sleep as nap\n" + LOOP.format(pause="nap(60)"),
    "in another function": "from time import sleep\ndef pause():\n    sleep(60)\n" + LOOP.format(pause="pause()"),
    "a default": "import time\ndef pause(sleep=time.sleep):\n    sleep(60)\n" + LOOP.format(pause="pause()"),
    "a class": "import time\nclass Wait:\n    sleep = time.sleep\n" + LOOP.format(pause="Wait.sleep(60)"),
}


@pytest.mark.parametrize("source", LOADED.values(), ids=LOADED)
@pytest.mark.parametrize("how", ["spec", "exec", "runpy", "runpy as main"])
def test_a_file_that_is_no_module_of_the_process(rekognition_cl, arn, tmp_path, source, how):
    file = tmp_path / "lambda_function.py"
    file.write_text(source)
    if how == "spec":
        spec = importlib.util.spec_from_file_location("lambda_function", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        names = vars(module)
    elif how == "exec":
        exec(compile(source, file, "exec"), names := {})
    else:
        names = runpy.run_path(str(file), run_name="__main__" if how == "runpy as main" else "<run_path>")
    names["handler"](is_training, arn)
    assert_waited(rekognition_cl)


def test_a_script_that_runs_at_once(rekognition_cl, arn, tmp_path):
    file = tmp_path / "train.py"
    file.write_text("from time import sleep\nwhile is_training(arn):\n    sleep(60)\n")
    runpy.run_path(str(file), {"is_training": is_training, "arn": arn}, run_name="__main__")
    assert_waited(rekognition_cl)


class Poller:
    """Takes its sleep with it, as one does to be able to test it."""

    def __init__(self, sleep=GENUINE):
        self._sleep = sleep

    def run(self, arn):
        while is_training(arn):
            self._sleep(SECONDS)


class Trainer:
    def __init__(self, poller):
        self.poller = poller

    def run(self, arn):
        while is_training(arn):
            self.poller._sleep(SECONDS)


def retrying(sleep=GENUINE):
    def decorate(function):
        @functools.wraps(function)
        def again(*args):
            while function(*args):
                sleep(SECONDS)

        return again

    return decorate


POLLER, TRAINER, DECORATED = Poller(), Trainer(Poller()), retrying()(is_training)
PAUSE, STRATEGIES = functools.partial(time.sleep, SECONDS), {"wait": time.sleep, "skip": None}


def by_partial(arn):
    while is_training(arn):
        PAUSE()


def by_dict(arn):
    while is_training(arn):
        STRATEGIES["wait"](SECONDS)


@pytest.mark.parametrize(
    "run",
    [POLLER.run, TRAINER.run, DECORATED, by_partial, by_dict],
    ids=["an attribute", "an attribute's attribute", "a closure", "a partial", "a dict"],
)
def test_what_was_taken_at_import(rekognition_cl, arn, run):
    run(arn)
    assert_waited(rekognition_cl)


def test_what_was_taken_before_the_first_call(rekognition_cl, arn):
    Poller(time.sleep).run(arn)
    assert_waited(rekognition_cl)


def test_everything_is_given_back():
    assert POLLER._sleep is TRAINER.poller._sleep is PAUSE.func is STRATEGIES["wait"] is GENUINE
    assert (PAUSE.args, PAUSE.keywords) == ((SECONDS,), {})
    assert GENUINE in [cell.cell_contents for cell in DECORATED.__closure__]


def test_asyncio(rekognition_cl, arn):
    source = "from asyncio import sleep\nasync def handler(is_training, arn):\n    while is_training(arn):\n"
    exec(source + "        await sleep(60)\n", names := {})
    asyncio.run(names["handler"](is_training, arn))
    assert_waited(rekognition_cl)


@pytest.mark.parametrize(("module", "left"), [("botocore.utils", True), ("app.utils", False)])
def test_the_objects_of_botocore_are_left_alone(rekognition_cl, module, left):
    theirs = type("Fetcher", (), {"__module__": module})()
    theirs._sleep = genuine = GENUINE
    describe(rekognition_cl.project_arn)
    assert (theirs._sleep is genuine) is left


def test_a_sleep_of_one_s_own_is_real_as_ever(rekognition_cl):
    slept = []
    names = {"sleep": slept.append, "describe": lambda: describe(rekognition_cl.project_arn)}
    exec("def handler():\n    describe()\n    sleep(60)\n", names)
    names["handler"]()
    assert slept == [60]


class Unhashable(type):
    def __eq__(cls, other):
        raise AssertionError("nobody asks")


class Proxy(metaclass=Unhashable):
    """Asked for anything, it fails, as one of werkzeug's outside of a request."""

    def __getattribute__(self, name):
        raise RuntimeError(f"asked for {name}")


def test_objects_that_must_not_be_asked(rekognition_cl):
    held = {"proxy": Proxy(), "kind": Proxy}
    proxy, kind = held["proxy"], Unhashable
    assert describe(rekognition_cl.project_arn) == []
    assert type(proxy) is held["kind"]
    assert type(held["kind"]) is kind


def test_locals_that_are_no_dict(rekognition_cl):
    class Locals:
        def __getitem__(self, name):
            raise KeyError(name)

        def __setitem__(self, name, value):
            assert value == []

    exec("found = describe(arn)", {"describe": describe, "arn": rekognition_cl.project_arn}, Locals())
    rekognition_cl.describe_project_versions.assert_called_once()


def test_a_module_without_a_name(rekognition_cl, monkeypatch):
    module = types.SimpleNamespace(time=time, wait=lambda sleep=time.sleep: sleep(SECONDS))
    monkeypatch.setitem(sys.modules, "nameless", module)
    assert describe(rekognition_cl.project_arn) == []
