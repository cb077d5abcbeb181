"""A server on the loopback interface that plays AWS, for tests in which nothing may reach AWS."""

import contextlib
import os
import socketserver
import subprocess
import sys
import threading


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


def run_pytest(path, source, *args):
    """Run pytest on *source* in a process of its own, in which AWS is the silent server; return the process.

    Fails if the server got anything.
    """
    (path / "test_inner.py").write_text(PRELUDE + source)
    with silent_aws() as (environ, got):
        options = "-q -p no:randomly -p no:cacheprovider -o asyncio_default_fixture_loop_scope=function"
        command = [sys.executable, "-m", "pytest", *options.split(), *args]
        environ = {**os.environ, **environ}
        done = subprocess.run(
            command,
            cwd=path,
            env=environ,
            capture_output=True,
            text=True,
            timeout=int(os.environ.get("LEAKED_TIMEOUT", "120")),
            check=False,
        )
    assert not got, done.stdout
    return done


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
