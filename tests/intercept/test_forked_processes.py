"""Processes: forked ones are refused or reach the endpoint, and never hang; those that multiprocessing spawns reach it."""

import multiprocessing
import os

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")

IN_CHILD = """
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor

def in_child(work, method="fork"):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        return pool.submit(work).result(60)
"""


def test_a_forked_child_is_refused(run_without_aws):
    done = run_without_aws(
        IN_CHILD
        + """
def test_it(rekognition_cl):
    client.describe_projects()
    with pytest.raises(RekognitionCLError, match="rekognition_cl.environ") as caught:
        in_child(call)
    assert "test_inner.py::test_it" in str(caught.value)
    assert len(rekognition_cl.calls) == 1
""",
    )
    done.assert_outcomes(passed=1)


def test_a_forked_child_whose_client_has_the_endpoint_reaches_it(run_without_aws):
    done = run_without_aws(
        IN_CHILD
        + """
def there():
    os.environ.update(variables)
    return boto3.client("rekognition", region_name="eu-west-1").describe_projects()["ProjectDescriptions"]

def test_it(rekognition_cl):
    global variables
    variables = rekognition_cl.environ
    assert in_child(there) == []  # the project is in another Region
    assert [call.region for call in rekognition_cl.calls] == ["eu-west-1"]
""",
    )
    done.assert_outcomes(passed=1)


@pytest.mark.parametrize("method", [m for m in multiprocessing.get_all_start_methods() if m != "fork"])
def test_what_multiprocessing_spawns_reaches_the_fake(run_without_aws, tmp_path, method):
    (tmp_path / "code_of_mine.py").write_text(
        "import boto3\n"
        "client = boto3.client('rekognition')\n"  # made at import, in the child
        "def work():\n    return client.describe_projects()['ProjectDescriptions'][0]['ProjectArn']\n"
    )
    done = run_without_aws(
        IN_CHILD
        + f"""
def test_it(rekognition_cl):
    sys.path.insert(0, os.getcwd())
    import code_of_mine
    before = dict(os.environ)
    assert in_child(code_of_mine.work, {method!r}) == rekognition_cl.project_arn
    assert len(rekognition_cl.calls) == 1
    assert dict(os.environ) == before
""",
    )
    done.assert_outcomes(passed=1)


def test_a_fork_beside_threads_that_call_does_not_hang(run_without_aws):
    done = run_without_aws(
        """
@pytest.mark.rekognition_cl(quotas={"projects": None})
def test_it(rekognition_cl):
    stop = threading.Event()
    def work():
        while not stop.is_set():
            client.describe_projects()
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            child = os.fork()
            if not child:
                with pytest.raises(RekognitionCLError):
                    client.describe_projects()
                rekognition_cl.add_project("here")
                os._exit(len(rekognition_cl.calls) < 1)
            for _ in range(1000):
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    break
                threading.Event().wait(0.01)
            else:
                os.kill(child, 9)
                os.waitpid(child, 0)
                pytest.fail("the child hangs")
            assert status == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()
""",
        "-W",
        "ignore",
    )
    done.assert_outcomes(passed=1)


def test_a_signal_handler_that_calls(run_without_aws):
    done = run_without_aws(
        """
import signal

def test_it(rekognition_cl):
    ran = []
    def handle(*_):
        ran.append(client.describe_projects())
        if len(ran) < 100:
            signal.setitimer(signal.ITIMER_REAL, 0.001)  # not before: handlers would nest on a slow machine
    signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    try:
        while len(ran) < 100:
            client.describe_projects()
            rekognition_cl.endpoint_url
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
""",
    )
    done.assert_outcomes(passed=1)
