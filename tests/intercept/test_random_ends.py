"""Threads, pools, tasks, forks, nested contexts and ends of tests in random order: nothing leaves, nothing is mixed up.

How many steps: LEAKED_STEPS (500). The machine runs in a process of its own, in which AWS is a server that must stay
silent.
"""

import os

MACHINE = """
import asyncio, random
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from botocore.endpoint import Endpoint
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, precondition, run_state_machine_as_test
from pytest_rekognition_cl.intercept import leaked_threads

GENUINE = Endpoint.make_request.__code__, threading.Thread.start, ThreadPoolExecutor.submit, ThreadPool.apply_async
STEPS = int(os.environ["LEAKED_STEPS"])
KINDS = ["thread", "thread of a thread", "pool", "older pool", "thread pool", "task", "work of work", "worker"]
done = 0

class Loop:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def end(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

class Job:
    '''Work that calls when it is told to; *context* is what it was begun in.'''
    def __init__(self, context, name):
        self.context, self.name = context, name
        self.go, self.outcome = threading.Event(), Future()

    def __call__(self):
        self.go.wait(60)
        self.call()

    def call(self):
        try:
            client.describe_projects(ProjectNames=[self.name])
        except BaseException as error:
            self.outcome.set_result(error)
        else:
            self.outcome.set_result(None)

class Machine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.older = ThreadPoolExecutor(4)
        list(self.older.map(time.sleep, [0.001] * 4))
        self.loop = Loop()
        self.contexts, self.jobs, self.closers, self.number = [], [], [], 0
        self.ended = []

    def teardown(self):
        while self.jobs:
            self.let_the_oldest_go()
        while self.contexts:
            self.contexts.pop().__exit__(None, None, None)
        for close in self.closers:
            close()
        self.older.shutdown()
        self.loop.end()
        for _ in range(500):
            leaked_threads.settle()
            if not leaked_threads.REDIRECTIONS.users:
                break
            threading.Event().wait(0.01)
        now = Endpoint.make_request.__code__, threading.Thread.start, ThreadPoolExecutor.submit, ThreadPool.apply_async
        left = [(vars(owner), [b for b in leaked_threads._keys(leaked_threads._BEGUN)]) for owner in leaked_threads._LATE]
        assert now == GENUINE, left
        assert not leaked_threads._LATE
        assert threading.active_count() == 1, threading.enumerate()
        self.check_all()

    def check_all(self):
        for fake, names in self.ended:
            assert {n for c in fake.calls for n in c.params["ProjectNames"]} <= names, "recorded in another test"

    @precondition(lambda self: len(self.contexts) < 3)
    @rule()
    def open(self):
        fake = RekognitionCL()
        fake.__enter__()
        self.contexts.append(fake)
        self.ended.append((fake, set()))

    @precondition(lambda self: self.contexts)
    @rule()
    def end(self):
        self.contexts.pop().__exit__(None, None, None)

    @precondition(lambda self: self.contexts)
    @rule(kind=st.sampled_from(KINDS))
    def begin(self, kind):
        self.number += 1
        job = Job(self.contexts[-1], f"job-{self.number}")
        self.jobs.append(job)
        if kind == "thread":
            threading.Thread(target=job).start()
        elif kind == "thread of a thread":
            threading.Thread(target=lambda: (job.go.wait(60), threading.Thread(target=job).start())).start()
        elif kind == "pool":
            pool = ThreadPoolExecutor(1)
            pool.submit(job)
            self.closers.append(pool.shutdown)
        elif kind == "older pool":
            self.older.submit(job)
        elif kind == "thread pool":
            pool = ThreadPool(1)
            pool.apply_async(job)
            self.closers.append(lambda: (pool.close(), pool.join()))
        elif kind == "work of work":
            pool = ThreadPoolExecutor(2)
            pool.submit(lambda: (job.go.wait(60), pool.submit(job).result()))
            self.closers.append(pool.shutdown)
        elif kind == "worker":
            tasks = queue.Queue()
            thread = threading.Thread(target=lambda: [task() for task in iter(tasks.get, None)])
            thread.start()
            tasks.put(job)
            self.closers.append(lambda: (tasks.put(None), thread.join()))
        else:
            async def work():
                while not job.go.is_set():
                    await asyncio.sleep(0.001)
                job.call()
            self.loop.run(work())
        job.kind = kind
        if kind != "task":
            threading.Event().wait(0.002)

    @precondition(lambda self: self.jobs)
    @rule()
    def let_go(self):
        self.let_the_oldest_go()

    def let_the_oldest_go(self):
        # The oldest of those that one pool works on goes first: others may wait behind it.
        job = self.jobs.pop(0)
        inner = self.contexts[-1] if self.contexts else None
        job.go.set()
        outcome = job.outcome.result(60)
        if job.context not in self.contexts:
            assert isinstance(outcome, LateCall), (outcome, job.name, job.kind)
        else:
            assert outcome is None, outcome
            names = next(names for fake, names in self.ended if fake is inner)
            names.add(job.name)
        self.check_all()

    @precondition(lambda self: self.contexts)
    @rule()
    def call_here(self):
        self.number += 1
        client.describe_projects(ProjectNames=[f"here-{self.number}"])
        inner = self.contexts[-1]
        next(names for fake, names in self.ended if fake is inner).add(f"here-{self.number}")
        self.check_all()

    @precondition(lambda self: self.contexts and self.number % 10 == 0)
    @rule()
    def fork(self):
        self.number += 1
        child = os.fork()
        if not child:
            try:
                client.describe_projects(ProjectNames=["forked"])
            except RekognitionCLError:
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0

def test_machine():
    each = 50
    run_state_machine_as_test(Machine, settings=settings(
        max_examples=max(1, STEPS // each), stateful_step_count=each, deadline=None, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck)))
"""


def test_random_order(run_without_aws, monkeypatch):
    monkeypatch.setenv("LEAKED_STEPS", os.environ.get("LEAKED_STEPS", "500"))
    done = run_without_aws(
        MACHINE, "-W", "ignore", "-p", "no:rerunfailures", *os.environ.get("LEAKED_OPTIONS", "").split()
    )
    done.assert_outcomes(passed=1)
