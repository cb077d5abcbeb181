"""Locks of ours: a forked child finds them open, and who holds one may take it again."""

import contextlib
import inspect
import os
import sys
import threading

import pytest

from pytest_rekognition_cl.locks import new_lock
from pytest_rekognition_cl.service import validation


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_child_finds_a_lock_open_that_another_thread_holds():
    lock, held, end = new_lock(), threading.Event(), threading.Event()

    def hold():
        with lock:
            held.set()
            end.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    child = os.fork()
    if not child:
        os._exit(0 if lock.acquire(timeout=5) else 1)
    end.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


def test_a_refusal_that_depended_on_the_stack_is_not_remembered():
    """Near the recursion limit the checks have no room; the same request is fine elsewhere."""
    bodies = [b'{"ProjectNames": ["not-remembered-%d"], "MaxResults": 7}' % room for room in range(10, 120)]

    def dive(depth, body):
        if depth:
            dive(depth - 1, body)
        else:
            with contextlib.suppress(BaseException):  # rpds panics where it has no room
                validation.read_request("describe_projects", body)

    validation.read_request("describe_projects", b"{}")
    deepest = sys.getrecursionlimit() - len(inspect.stack())
    for room, body in enumerate(bodies, start=10):
        with contextlib.suppress(BaseException):
            dive(deepest - room, body)
    for body in bodies:
        assert validation.read_request("describe_projects", body)["MaxResults"] == 7
