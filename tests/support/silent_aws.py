"""A server on the loopback interface that plays AWS, for tests in which nothing may reach AWS."""

import contextlib
import socketserver
import threading

import pytest


@contextlib.contextmanager
def silent_aws():
    """Yield the environment in which AWS is that server, and the list of the requests that it got."""
    got = []

    class Handler(socketserver.StreamRequestHandler):
        timeout = 5

        def handle(self):
            with contextlib.suppress(OSError):
                got.append(self.rfile.readline())
                self.wfile.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield (
                {
                    "AWS_ENDPOINT_URL": url,
                    "AWS_ENDPOINT_URL_REKOGNITION": url,
                    "AWS_ACCESS_KEY_ID": "NOT-A-REAL-KEY",
                    "AWS_SECRET_ACCESS_KEY": "not-a-real-secret",
                    "AWS_DEFAULT_REGION": "us-east-1",
                    "AWS_EC2_METADATA_DISABLED": "true",
                    "AWS_MAX_ATTEMPTS": "1",
                },
                got,
            )
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def run_without_aws(run_process, tmp_path, monkeypatch):
    """Return what runs a source in a process of its own, in which AWS is the silent server, which must get nothing."""

    def run(source, *arguments):
        (tmp_path / "test_inner.py").write_text(PRELUDE + source)
        with silent_aws() as (environ, got):
            for name, value in environ.items():
                monkeypatch.setenv(name, value)
            done = run_process(tmp_path, "-q", *arguments)
        assert not got
        return done

    return run


PRELUDE = """
import os, queue, threading, time
import boto3, pytest
from pytest_rekognition_cl import LateCall, RekognitionCL, RekognitionCLError
client = boto3.client("rekognition")
errors = []

def call(after=None):
    if after is not None:
        after.wait(30)
    try:
        return client.describe_projects()
    except BaseException as error:
        errors.append(error)
        raise
"""
