"""Make the guide's pictures, docs/pictures/*.svg, from what pytest prints: ``python docs/make_pictures.py``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import textwrap
from html import escape
from pathlib import Path

PICTURES = Path(__file__).with_name("pictures")
SOURCES = {
    "assertion": """
        import boto3


        def train(project_arn, name):
            boto3.client("rekognition").create_project_version(
                ProjectArn=project_arn, VersionName=name, OutputConfig={"S3Bucket": "my-bucket", "S3KeyPrefix": "out"}
            )


        def test_trains(rekognition_cl):
            train(rekognition_cl.project_arn, "v1")
            rekognition_cl.create_project_version.assert_called_once_with(
                ProjectArn=rekognition_cl.project_arn,
                VersionName="v1",
                OutputConfig={"S3Bucket": "my-bucket", "S3KeyPrefix": "output"},
            )
    """,
    "note": """
        import boto3

        PROJECT = "arn:aws:rekognition:us-east-1:123456789012:project/animals/1690474772815"
        MODEL = "arn:aws:rekognition:us-east-1:123456789012:project/animals/version/v1/1690556751958"


        def status_of(arn):
            names = [arn.split("/")[-1]]
            answer = boto3.client("rekognition").describe_project_versions(ProjectArn=PROJECT, VersionNames=names)
            return answer["ProjectVersionDescriptions"][0]["Status"]


        def test_status(rekognition_cl):
            rekognition_cl.add_model(MODEL, project=rekognition_cl.add_project(PROJECT), status="RUNNING")
            assert status_of(MODEL) == "RUNNING"
    """,
}
WIDTH = 116
_COLOURS = {"E": "#ff7b72", ">": "#e6edf3", "-": "#79c0ff", "=": "#ff7b72", "_": "#ff7b72", "N": "#e3b341"}


def report(name: str) -> list[str]:
    """Return what pytest prints of the failing test *name*, wrapped, without what differs from run to run."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"test_{name}.py").write_text(textwrap.dedent(SOURCES[name]).lstrip(), encoding="utf-8")
        options = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header", "-rN"]
        unset = ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS")
        environ = {key: value for key, value in os.environ.items() if key not in unset and not key.startswith("AWS_")}
        environ |= {"COLUMNS": "100", "AWS_DEFAULT_REGION": "us-east-1"}
        command = [sys.executable, "-m", "pytest", *options]
        printed = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False).stdout
    text = re.sub(r"(version/\w+/)(?!1690556751958)\d{13}", r"\g<1>1795306547738", printed)
    text = re.sub(r"\+0:00:0\d", "+0:00:00", text)
    lines = re.sub(r" in [\d.]+s", "", text).rstrip().splitlines()
    begin = next(number for number, line in enumerate(lines) if "FAILURES" in line)
    wrapped: list[str] = []
    for line in lines[begin:]:
        start = re.match(r"[E>]? *", line)
        indent = ("E" if line.startswith("E") else "").ljust((len(start[0]) if start else 0) + 4)
        options_of_wrap = {"drop_whitespace": False, "break_on_hyphens": False, "subsequent_indent": indent}
        wrapped += textwrap.wrap(line, WIDTH, **options_of_wrap) or [""]
    return [line.rstrip() for line in wrapped]


def picture(lines: list[str]) -> str:
    """Return *lines* as an SVG picture of a terminal."""
    height = 18 * len(lines) + 28
    rows = "\n".join(
        f'<text x="14" y="{18 * number + 26}" fill="{_COLOURS.get(line[:1], "#9da7b1")}">{escape(line)}</text>'
        for number, line in enumerate(lines)
        if line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * 8 + 28} {height}" '
        'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" xml:space="preserve">\n'
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n{rows}\n</svg>\n'
    )


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for each in SOURCES:
        (PICTURES / f"{each}.svg").write_text(picture(report(each)), encoding="utf-8")
