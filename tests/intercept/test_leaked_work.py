"""What a test has begun reaches, after its end, neither AWS nor the records of the next test, however it was begun."""

import pytest

#: What stands before the tests; what the first one begins; where it is at the end.
HOW = {
    "a pool older than the test": (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(int).result()\n",
        "pool.submit(call, go)",
    ),
    "what is queued in a pool": (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\n",
        "pool.submit(go.wait, 30); pool.submit(call)",
    ),
    "a queued item of multiprocessing.pool": (
        "from multiprocessing.pool import ThreadPool\npool = ThreadPool(1)\n",
        "pool.apply_async(go.wait, (30,)); pool.apply_async(call)",
    ),
    "a map of multiprocessing.pool": (
        "from multiprocessing.pool import ThreadPool\npool = ThreadPool(1)\n",
        "pool.map_async(call, [go, None])",
    ),
    "a thread that threading does not know": (
        "import _thread\n",
        "_thread.start_new_thread(call, (go,)); time.sleep(0.1)",
    ),
    "work that submits more work": (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\n",
        "pool.submit(lambda: (go.wait(30), pool.submit(call)))",
    ),
    "what is called when work is done": (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\n",
        "pool.submit(go.wait, 30).add_done_callback(lambda _: call())",
    ),
    "a thread of a late thread": (
        "",
        "threading.Thread(target=lambda: (go.wait(30), threading.Thread(target=call).start())).start()",
    ),
    "a queue worker fed by a late thread": (
        "tasks = queue.Queue()\n"
        "def work():\n"
        "    while True:\n"
        "        tasks.get()()\n"
        "threading.Thread(target=work, daemon=True).start()\n",
        "threading.Thread(target=lambda: (go.wait(30), tasks.put(call), time.sleep(0.5))).start()",
    ),
    "a queue worker older than the test, at work": (
        "tasks = queue.Queue()\n"
        "def work():\n"
        "    while True:\n"
        "        tasks.get()()\n"
        "threading.Thread(target=work, daemon=True).start()\n",
        "tasks.put(lambda: call(go)); time.sleep(0.1)",
    ),
    "a task of an older loop": (
        "import asyncio\nloop = asyncio.new_event_loop()\n"
        "threading.Thread(target=loop.run_forever, daemon=True).start()\n"
        "async def late():\n"
        "    while not go.is_set():\n"
        "        await asyncio.sleep(0.01)\n"
        "    call()\n",
        "asyncio.run_coroutine_threadsafe(late(), loop); time.sleep(0.1)",
    ),
    "a task of an older loop, older than the test": (
        "import asyncio\nloop = asyncio.new_event_loop()\n"
        "threading.Thread(target=loop.run_forever, daemon=True).start()\n"
        "async def late():\n"
        "    orders = asyncio.Queue()\n"
        "    loop.orders = orders\n"
        "    while True:\n"
        "        await orders.get()\n"
        "        while not go.is_set():\n"
        "            await asyncio.sleep(0.01)\n"
        "        try:\n            call()\n        except BaseException: pass\n"
        "asyncio.run_coroutine_threadsafe(late(), loop); time.sleep(0.1)\n"
        "async def order():\n    loop.orders.put_nowait(1)\n",
        "asyncio.run_coroutine_threadsafe(order(), loop).result(); time.sleep(0.1)",
    ),
}
TESTS = """
def seen():
    for _ in range(300):
        if errors:
            return errors[0]
        threading.Event().wait(0.01)

def test_begins(rekognition_cl):
    {begin}

def test_next({fixture}):
    go.set()
    error = seen()
    assert isinstance(error, LateCall)
    assert "test_inner.py::test_begins" in str(error)
    assert not errors[1:]
    {check}
"""


@pytest.mark.parametrize("fixture", ["rekognition_cl", ""], ids=["next to a test", "next to nothing"])
@pytest.mark.parametrize(("before", "begin"), HOW.values(), ids=HOW)
def test_late_work_is_refused(run_without_aws, before, begin, fixture):
    check = "assert not rekognition_cl.calls; client.describe_projects()" if fixture else ""
    source = TESTS.format(begin=begin, fixture=fixture, check=check)
    done = run_without_aws(f"go = threading.Event()\n{before}{source}", "-W", "ignore")
    done.assert_outcomes(passed=2)


def test_many_threads_that_linger_do_not_nest(run_without_aws):
    done = run_without_aws(
        """
import inspect
import sys
go = threading.Event()
threads = []

def test_many():
    for _ in range(200):
        with RekognitionCL():
            threads.append(threading.Thread(target=go.wait, args=(60,)))
            threads[-1].start()
    limit, depth = sys.getrecursionlimit(), len(inspect.stack())
    sys.setrecursionlimit(depth + 150)  # a patch for each of them would not fit
    try:
        with RekognitionCL() as last:
            client.describe_projects()
            assert len(last.calls) == 1
    finally:
        sys.setrecursionlimit(limit)
    go.set()
    for thread in threads:
        thread.join()
    from botocore.endpoint import Endpoint
    from pytest_rekognition_cl.intercept import leaked_threads
    leaked_threads.settle()
    assert not threading.Thread.start.__code__.co_filename.startswith("<")
    assert not leaked_threads.REDIRECTIONS.users
""",
    )
    done.assert_outcomes(passed=1)


def test_a_late_call_in_a_thread_does_not_fail_the_next_test(run_without_aws):
    done = run_without_aws(
        """
go = threading.Event()
thread = threading.Thread(target=call, args=(go,))

def test_begins(rekognition_cl):
    thread.start()

def test_next():
    go.set()
    thread.join()
    assert isinstance(errors[0], LateCall)
""",
        "-W",
        "error",
        "-s",
    )
    done.assert_outcomes(passed=2)
    assert "after test_inner.py::test_begins had ended" in done.stderr.str()


def test_a_foreign_wrapper_that_is_taken_away_does_not_take_ours_along(run_without_aws):
    done = run_without_aws(
        """
from botocore.endpoint import Endpoint

def wrap():
    found = Endpoint.make_request
    def make_request(*args):
        return found(*args)
    make_request.__wrapped__ = found
    Endpoint.make_request = make_request
    return lambda: setattr(Endpoint, "make_request", found)

def test_below():
    undo = wrap()
    with RekognitionCL() as outer:
        undo_second = wrap()
        with RekognitionCL() as inner:
            undo()
            client.describe_projects()
            undo_second()
            client.describe_projects()
        assert len(inner.calls) == 2
        client.describe_projects()
        assert len(outer.calls) == 1
    undo()
""",
    )
    done.assert_outcomes(passed=1)
