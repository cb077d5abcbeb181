"""Inner pytest sessions: they load no plugin but the one under test, and those in a process of their own start at once.

A plugin of our own suite (tests/conftest.py names it).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

TRAINS = """
import boto3, pytest

def train(project_arn, name="v1"):
    rekognition = boto3.client("rekognition", region_name="us-east-1")
    rekognition.create_project_version(
        ProjectArn=project_arn, VersionName=name, OutputConfig={"S3Bucket": "my-bucket"}
    )
    version = {"ProjectArn": project_arn, "VersionNames": [name]}
    rekognition.get_waiter("project_version_training_completed").wait(**version)
    return rekognition.describe_project_versions(**version)["ProjectVersionDescriptions"][0]["Status"]
"""
#: Options with which an inner session loads pytest-asyncio, too; it warns of the setting if it is not set.
ASYNCIO = ("-p", "asyncio", "-o", "asyncio_default_fixture_loop_scope=function")
#: A process that hangs is ended after so many seconds.
LONGEST = int(os.environ.get("INNER_TIMEOUT", "120"))


@pytest.fixture
def one_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let inner sessions load ours alone of the installed plugins; others by ``-p``."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_rekognition_cl.plugin")


@pytest.fixture
def all_plugins(one_plugin: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let inner sessions load all the installed plugins, as pytest does by itself."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_PLUGINS")


@pytest.fixture
def pytester(one_plugin: None, pytester: pytest.Pytester) -> pytest.Pytester:
    return pytester


@pytest.fixture(scope="session")
def _ask_fork_server() -> Iterator[Callable[..., int]]:
    command = [sys.executable, str(Path(__file__).with_name("fork_server.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:

        def ask(**request: object) -> int:
            print(json.dumps(request), file=server.stdin, flush=True)
            return int(server.stdout.readline())

        yield ask


@pytest.fixture
def run_process(
    one_plugin: None, _ask_fork_server: Callable[..., int], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., pytest.RunResult]:
    """Return what runs pytest in a process of its own: ``run_process(folder, *arguments)``."""

    def run(folder: Path, *arguments: str) -> pytest.RunResult:
        before = time.monotonic()
        made = tmp_path_factory.mktemp("process")
        outputs = [made / "stdout", made / "stderr"]
        code = _ask_fork_server(
            folder=str(folder),
            arguments=["-p", "no:cacheprovider", *arguments],
            environ=dict(os.environ),
            outputs=[str(path) for path in outputs],
            seconds=LONGEST,
        )
        texts = [path.read_text(encoding="utf-8") for path in outputs]
        print(*texts, sep="\n")  # pytest shows it if the test fails
        return pytest.RunResult(code, *(text.splitlines() for text in texts), time.monotonic() - before)

    return run
