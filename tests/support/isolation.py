"""After each test everything that is patched is as it was before, and nobody has really slept for long.

A plugin of our own suite (tests/conftest.py names it). It works by hooks and not by a fixture, since it has to look
before the first fixture is set up, and after the last one is gone.
"""

import asyncio
import asyncio.base_events
import concurrent.futures
import contextlib
import gc
import inspect
import multiprocessing.pool
import multiprocessing.spawn
import os
import queue
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import botocore.endpoint
import botocore.retries.quota
import botocore.retries.standard
import botocore.session
import botocore.utils
import botocore.waiter
import pytest

import pytest_rekognition_cl.intercept.clients
import pytest_rekognition_cl.intercept.leaked_threads
import pytest_rekognition_cl.intercept.sleeps
import pytest_rekognition_cl.intercept.virtual_time
import pytest_rekognition_cl.intercept.waiters
from pytest_rekognition_cl.intercept.patching import Patch, patch_at

#: The longest real sleep that a test may ask for, in seconds.
LONGEST = 1.0

#: Every name that the package patches. Whatever else a test has them patch is noted when they do it.
TOUCHED = (
    (botocore.endpoint.Endpoint, "make_request"),
    (botocore.session.Session, "create_client"),
    (botocore.session.Session, "get_scoped_config"),
    (botocore.session.Session, "get_credentials"),
    (botocore.session.Session, "get_auth_token"),
    (botocore.utils.InstanceMetadataRegionFetcher, "retrieve_region"),
    (botocore.waiter.Waiter, "wait"),
    (botocore.retries.quota.RetryQuota, "acquire"),
    (botocore.retries.standard.ThrottlingErrorDetector, "is_throttling_error"),
    (botocore.waiter, "time"),
    (botocore.endpoint, "time"),
    (asyncio, "sleep"),
    (asyncio.tasks, "sleep"),
    (asyncio.base_events.BaseEventLoop, "create_task"),
    (time, "sleep"),
    (time, "time"),
    (time, "monotonic"),
    (time, "monotonic_ns"),
    (threading, "_time"),
    (threading.Thread, "start"),
    (queue.Queue, "put"),
    (concurrent.futures.ThreadPoolExecutor, "submit"),
    (concurrent.futures.Future, "add_done_callback"),
    (multiprocessing.pool.Pool, "apply_async"),
    (multiprocessing.pool.Pool, "_map_async"),
    (multiprocessing.spawn, "get_preparation_data"),
)


#: The real sleeps that were too long, in seconds.
REFUSED: list[float] = []
SLEEP = "time", "sleep"
SLEEPS = pytest_rekognition_cl.intercept.sleeps.REDIRECTIONS
_sleep = SLEEPS.functions[SLEEP]


def _guarded_sleep(original: Callable[[float], Any], *args: Any) -> Any:
    """Refuse long real sleeps of whatever goes through the redirected ``time.sleep``."""

    def sleep(seconds: float) -> None:
        if isinstance(seconds, (int, float)) and seconds > LONGEST:
            REFUSED.append(seconds)
            raise AssertionError(f"a test asked for a real sleep of {seconds} seconds")
        original(seconds)

    return _sleep(sleep, *args)


if (time, "sleep") not in SLEEPS.kept:  # else an inner pytest session in this process
    SLEEPS.functions[SLEEP] = _guarded_sleep

_PATCHES: list[Patch] = []
_write = Patch.write


class Snapshot:
    """What a test must leave as it was."""

    def __init__(self) -> None:
        self.names = {(owner.__name__, name): vars(owner)[name] for owner, name in TOUCHED}
        functions = [inspect.unwrap(value) for value in self.names.values()]
        self.redirected = [getattr(f, "__code__", getattr(f, "__self__", None)) for f in functions]
        self.environ = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        self.threads = set(threading.enumerate())
        self.sockets = sockets()

    def differences(self) -> list[str]:
        threads = set(threading.enumerate()) - self.threads
        servers = {thread for thread in threads if thread.name.endswith(("(run_server)", "(run_connection)"))}
        texts = [f"{thread} still lives" for thread in threads - servers if still_lives(thread)]
        # The patches of a test whose last thread has just ended go at the next occasion.
        pytest_rekognition_cl.intercept.leaked_threads.settle()
        now = Snapshot()
        texts += [
            f"{owner}.{name} is {now.names[owner, name]!r}, was {value!r}"
            for (owner, name), value in self.names.items()
            if now.names[owner, name] is not value
        ]
        texts += [f"{now.redirected} are left redirected"] if now.redirected != self.redirected else []
        texts += [f"a patch is left: {p._owner}.{p._name}" for p in _PATCHES if patch_at(p.read()) is not None]
        for name in sorted({*self.environ, *now.environ}):
            if self.environ.get(name) != now.environ.get(name):
                texts.append(f"os.environ[{name!r}] has changed")
        # An inner session with pytest-rerunfailures starts a server, and does not end it.
        if now.sockets - self.sockets and not servers:
            gc.collect()
            texts += [f"{link} is open" for link in sorted(sockets() - self.sockets)]
        texts += [f"a real sleep of {seconds} seconds was asked for" for seconds in REFUSED]
        return texts


def sockets() -> set[str]:
    """Return the open sockets of this process; empty where the system does not tell."""
    links = set()
    with contextlib.suppress(FileNotFoundError), os.scandir("/proc/self/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):  # that of the folder itself is gone again
                links.add(str(Path(entry.path).readlink()))
    return {link for link in links if link.startswith("socket:")}


def still_lives(thread: threading.Thread) -> bool:
    """Whether a thread does not end within a second, unless trio keeps it for ten seconds in case of more work."""
    if thread.name.startswith("Trio thread") or isinstance(thread, threading._DummyThread):
        return False
    thread.join(LONGEST)
    return thread.is_alive()


_BEFORE = pytest.StashKey[Snapshot]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    _PATCHES.clear()
    REFUSED.clear()
    item.stash[_BEFORE] = Snapshot()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    try:
        yield
    finally:
        before = item.stash.get(_BEFORE, None)
        found = before.differences() if before is not None else []
    if found:
        pytest.fail("The test has left something behind:\n" + "\n".join(found), pytrace=False)


def _noting_write(patch: Patch, value: object) -> None:
    if patch not in _PATCHES:
        _PATCHES.append(patch)
    _write(patch, value)


Patch.write = _noting_write
