"""Threads: many at once, late ones, and pools that outlive a test."""

import _thread
import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from pathlib import Path
from queue import Queue, SimpleQueue
from weakref import ref

import boto3
import pytest
from botocore.endpoint import Endpoint
from rekognition import CLIENT, create, describe, status

from pytest_rekognition_cl import LateCall, RekognitionCL
from pytest_rekognition_cl.intercept import leaked_threads

GENUINE = Endpoint.make_request.__code__


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whatever gets past us must not get far."""
    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", lambda *_: pytest.fail("sent to the network"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.mark.parametrize("clients", [1, 32])
@pytest.mark.rekognition_cl(quotas={"concurrent_trainings": None, "models_per_project": None})
def test_32_threads(rekognition_cl, clients):
    made = [CLIENT] if clients == 1 else [boto3.client("rekognition", region_name="us-east-1") for _ in range(clients)]
    barrier = threading.Barrier(32)

    def work(number):
        barrier.wait()
        client = made[number % clients]
        return [create(rekognition_cl.project_arn, f"v{number}-{i}", client=client) for i in range(8)]

    with ThreadPoolExecutor(32) as pool:
        arns = [arn for part in pool.map(work, range(32)) for arn in part]
    assert len({arn.rpartition("/")[2] for arn in arns}) == 32 * 8
    recorded = [call.response["ProjectVersionArn"] for call in rekognition_cl.create_project_version.calls]
    assert sorted(recorded) == sorted(arns)
    assert {call.params["VersionName"] for call in rekognition_cl.calls} == {
        f"v{n}-{i}" for n in range(32) for i in range(8)
    }
    assert len(rekognition_cl.models) == 32 * 8


class Late:
    """A thread that calls when it is told to, and keeps what came of it."""

    def __init__(self, project_arn):
        self._go, self._done, self.errors = threading.Event(), threading.Event(), []
        self._project_arn = project_arn
        self.thread = threading.Thread(target=self._run, name="late-one", daemon=True)
        self.thread.start()

    def _run(self):
        self._go.wait(30)
        try:
            describe(self._project_arn)
        except BaseException as error:
            self.errors.append(error)

    def call(self):
        self._go.set()
        self.thread.join(30)
        return self.errors


def test_a_late_thread_is_refused():
    with RekognitionCL() as fake:
        late = Late(fake.project_arn)
    (error,) = late.call()
    assert isinstance(error, LateCall)
    assert str(error).startswith("A Rekognition call was made in thread 'late-one' after the RekognitionCL made at ")
    assert f"{Path(__file__).name}:" in str(error)


def test_a_late_thread_is_refused_while_the_next_test_runs():
    with RekognitionCL() as first:
        late = Late(first.project_arn)
    with RekognitionCL() as second:
        (error,) = late.call()
        create(second.project_arn)
    assert isinstance(error, LateCall)
    assert [call.operation for call in second.calls] == ["create_project_version"]
    assert list(first.calls) == []


def test_the_name_of_the_test_is_told(pytester):
    pytester.makepyfile(
        """
        import threading, boto3
        from pytest_rekognition_cl import LateCall
        client = boto3.client("rekognition", region_name="us-east-1")
        go, errors, threads = threading.Event(), [], []

        def test_begins(rekognition_cl):
            def work(arn=rekognition_cl.project_arn):
                go.wait(30)
                try:
                    client.describe_project_versions(ProjectArn=arn)
                except BaseException as error:
                    errors.append(error)
            threads.append(threading.Thread(target=work))
            threads[0].start()

        def test_next(rekognition_cl):
            go.set()
            threads[0].join(30)
            assert isinstance(errors[0], LateCall)
            assert "test_the_name_of_the_test_is_told.py::test_begins" in str(errors[0])
            assert not rekognition_cl.calls
        """
    )
    pytester.runpytest().assert_outcomes(passed=2)


def test_the_patch_goes_when_the_last_late_thread_has_gone():
    with RekognitionCL() as first:
        late = Late(first.project_arn)
    late.call()
    with RekognitionCL():
        pass
    assert Endpoint.make_request.__code__ is GENUINE
    assert leaked_threads._LATE == []


def in_executor():
    pool = ThreadPoolExecutor(1)
    return lambda f, *args: pool.submit(f, *args).result(30), lambda: pool.shutdown(wait=True)


def in_thread_pool():
    pool = ThreadPool(1)

    def end():
        pool.close()
        pool.join()

    return lambda f, *args: pool.apply_async(f, args).get(30), end


def in_own_worker():
    tasks, results = Queue(), Queue()

    def work():
        while (task := tasks.get()) is not None:
            results.put(task[0](*task[1:]))

    thread = threading.Thread(target=work)
    thread.start()

    def end():
        tasks.put(None)
        thread.join(30)

    return lambda f, *args: (tasks.put((f, *args)), results.get(timeout=30))[1], end


@pytest.mark.parametrize("make", [in_executor, in_thread_pool, in_own_worker])
def test_a_worker_that_is_kept_serves_the_next_test(make):
    submit, end = None, None
    try:
        with RekognitionCL() as first:
            submit, end = make()  # its threads are born in this test
            submit(create, first.project_arn, "one")
        with RekognitionCL() as second:
            submit(create, second.project_arn, "two")
        assert [call.params["VersionName"] for call in first.calls] == ["one"]
        assert [call.params["VersionName"] for call in second.calls] == ["two"]
    finally:
        end()
    leaked_threads.settle()
    assert Endpoint.make_request.__code__ is GENUINE


def test_what_the_test_made_does_not_outlive_it_until_the_next_garbage_collection():
    class Thing:
        pass

    def body():
        submit, end = in_own_worker()
        try:
            with RekognitionCL() as rekognition_cl:
                thing = Thing()
                submit(create, rekognition_cl.project_arn, "one")
        finally:
            end()
        return ref(thing)

    gc.disable()
    try:
        assert body()() is None
    finally:
        gc.enable()


def test_what_a_pool_has_not_begun_belongs_to_the_test_that_gave_it():
    go = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with RekognitionCL() as first:
            running = pool.submit(lambda: (go.wait(30), describe(first.project_arn)))
            queued = pool.submit(describe, first.project_arn)
        with RekognitionCL() as second:
            go.set()
            errors = [future.exception(30) for future in (running, queued)]
            pool.submit(create, second.project_arn).result(30)
        assert [type(error) for error in errors] == [LateCall, LateCall]
        assert [call.operation for call in second.calls] == ["create_project_version"]
    leaked_threads.settle()


def test_a_worker_that_is_kept_belongs_to_nobody_where_no_fixture_is():
    """It gets past us, to whoever answers there: moto, or the network."""
    from moto import mock_aws

    with ThreadPoolExecutor(1) as pool:
        with RekognitionCL() as fake:
            pool.submit(create, fake.project_arn).result(30)
        with mock_aws():
            client = boto3.client("rekognition", region_name="us-east-1")
            image = {"S3Object": {"Bucket": "bucket", "Name": "cat.jpg"}}
            assert pool.submit(client.detect_labels, Image=image).result(30)["Labels"]
    leaked_threads.settle()


def test_a_thread_of_threads_that_threading_does_not_know():
    import _thread

    done = threading.Event()
    with RekognitionCL() as fake:
        _thread.start_new_thread(lambda: (create(fake.project_arn), done.set()), ())
        assert done.wait(30)
        assert fake.create_project_version.called
    for _ in range(100):
        leaked_threads.settle()
        if not leaked_threads._LATE:
            break
        threading.Event().wait(0.01)
    assert Endpoint.make_request.__code__ is GENUINE


def test_a_labels_function_waits_for_a_thread_that_sleeps(rekognition_cl):
    """It runs inside a request; who sleeps meanwhile must not wait for the request's end."""
    create(rekognition_cl.project_arn)
    model = rekognition_cl.add_model("m", status="RUNNING")
    described, asked, waiting = threading.Event(), threading.Event(), []

    def poll():
        status(rekognition_cl.project_arn)
        described.set()
        asked.wait(10)
        time.sleep(1)

    poller = threading.Thread(target=poll)

    def labels(params):
        asked.set()
        poller.join(5)
        waiting.append(poller.is_alive())
        return []

    model.set_labels(labels)
    poller.start()
    assert described.wait(10)
    CLIENT.detect_custom_labels(ProjectVersionArn=model.arn, Image={"Bytes": b"x"})
    assert waiting == [False]


def test_a_context_that_a_thread_without_threading_has_opened():
    """It leaves nothing late behind: an older worker's call in the next context is answered."""
    opened, end, jobs, answers = threading.Event(), threading.Event(), SimpleQueue(), SimpleQueue()
    worker = threading.Thread(target=lambda: answers.put(jobs.get()()))
    worker.start()
    contexts = []

    def open_one():
        contexts.append(RekognitionCL().__enter__())
        opened.set()
        end.wait(10)

    _thread.start_new_thread(open_one, ())
    assert opened.wait(10)
    contexts[0].__exit__(None, None, None)
    with RekognitionCL():
        jobs.put(lambda: CLIENT.describe_projects()["ProjectDescriptions"])
        assert len(answers.get(timeout=10)) == 1
    end.set()
    worker.join()
