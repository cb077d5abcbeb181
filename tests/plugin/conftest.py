"""Inner pytest sessions: run a source, count its outcomes, read its text."""

from __future__ import annotations

import re
import textwrap

import boto3  # noqa: F401 - here, so that not every inner session imports it again
import pytest

PRELUDE = '''
import boto3
import pytest
from unittest.mock import ANY


def client(**keywords):
    return boto3.client("rekognition", **keywords)


def train(project_arn, name="v1"):
    return client().create_project_version(
        ProjectArn=project_arn, VersionName=name, OutputConfig={"S3Bucket": "bucket", "S3KeyPrefix": "out"}
    )


def start_collection():
    """An operation that the fixture does not answer."""
    client().create_collection(CollectionId="faces")


'''

#: The creation time in an ARN; the default project's never changes.
_NUMBER = re.compile(r"/(?!1579597815000)\d{13}\b")
_INSTANT = re.compile(r"\+0:(00|30):0[0-9]")  # seconds that pass really


def plain(line: str) -> str:
    return _INSTANT.sub(r"+0:\1:00", _NUMBER.sub("/<ms>", line)).rstrip()


class Output:
    """What an inner session printed, without what differs from run to run."""

    def __init__(self, result: pytest.RunResult) -> None:
        self.result = result
        self.lines = [plain(line) for line in result.outlines]
        self.text = "\n".join(self.lines)

    def shows(self, block: str) -> None:
        """Fail unless the lines of *block* stand in the output, one after the other, nothing in between."""
        wanted = textwrap.dedent(block).strip("\n").splitlines()
        starts = [i for i, line in enumerate(self.lines) if line == wanted[0]]
        assert any(self.lines[i : i + len(wanted)] == wanted for i in starts), f"not shown:\n{block}\nbut:\n{self.text}"

    def section(self, title: str = "Rekognition Custom Labels calls") -> list[str]:
        """Return the lines of the one report section *title*."""
        starts = [i for i, line in enumerate(self.lines) if re.fullmatch(rf"-+ {re.escape(title)} -+", line)]
        assert len(starts) == 1, self.text
        rest = self.lines[starts[0] + 1 :]
        end = next(i for i, line in enumerate(rest) if re.match(r"[=_-]{4}", line))
        return rest[:end]


class Run:
    """Runs a source as a test file."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester

    def session(self, source: str, *args: str, ini: str = "") -> Output:
        """Run *source* and return what was printed."""
        self.pytester.makepyfile(test_it=PRELUDE + textwrap.dedent(source))
        if ini:
            self.pytester.makeini("[pytest]\n" + textwrap.dedent(ini))
        return Output(self.pytester.runpytest_inprocess("-p", "no:cacheprovider", *args, no_reraise_ctrlc=True))

    plain = staticmethod(plain)

    def place(self, text: str) -> str:
        """Return ``test_it.py:<line>`` of the first line with *text* in the test file that was written last."""
        lines = (self.pytester.path / "test_it.py").read_text().splitlines()
        return f"test_it.py:{next(number for number, line in enumerate(lines, 1) if text in line)}"

    def __call__(self, source: str, *args: str, ini: str = "", **outcomes: int) -> Output:
        """Run *source* and check its outcomes, e.g. ``run(source, "-n2", passed=1)``."""
        output = self.session(source, *args, ini=ini)
        output.result.assert_outcomes(**outcomes)
        return output


@pytest.fixture(autouse=True)
def _not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI pytest's summary shows whole messages, so that each would be there twice."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Return what runs a source as a test file and checks the outcomes: ``run(source, *args, passed=1)``."""
    return Run(pytester)
