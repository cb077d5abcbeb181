"""A process that has imported what an inner pytest session needs, and forks a child for each, which starts at once.

Each line of the standard input is a request, the arguments of `run` as JSON; the answer is pytest's exit code.
"""

import gc
import json
import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import boto3
import preload  # noqa: F401
from _pytest.config import get_config


def run(folder, arguments, environ, outputs, seconds):
    """Run pytest in *folder*, with the files *outputs* as standard output and error, for *seconds* at most."""
    command = [sys.executable, "-m", "pytest", *arguments]
    if not hasattr(os, "fork"):
        with Path(outputs[0]).open("wb") as out, Path(outputs[1]).open("wb") as error:
            return subprocess.call(command, stdout=out, stderr=error, cwd=folder, env=environ, timeout=seconds)
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environ)
        for number, name in enumerate([os.devnull, *outputs]):
            os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
        sys.path[0] = folder
        sys.argv = command[2:]
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)  # exits, as python -m pytest does
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    get_config()  # imports pytest's own plugins
    boto3.client("rekognition", region_name="us-east-1")  # botocore reads its files
    gc.freeze()  # what is here is no child's garbage
    for line in sys.stdin:
        print(run(**json.loads(line)), flush=True)
