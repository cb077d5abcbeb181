"""A module that makes its client at import, where no Region resolves, gets a collection error that says what helps."""

from __future__ import annotations

import pytest

ADVICE = "A Rekognition client that is made at import gets a Region by the setting rekognition_cl_early = true."


@pytest.fixture(autouse=True)
def _no_region(monkeypatch, tmp_path):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):  # or botocore would look for some outside this process
        monkeypatch.setenv(name, "testing")


@pytest.mark.parametrize("how", [(), ("--tb=short",), ("-p", "xdist", "-n1")], ids=["", "short", "xdist"])
@pytest.mark.parametrize("where", ["the test module", "the code under test"])
def test_no_region_at_import(run, where, how):
    run.pytester.makepyfile(app="import boto3\nCLIENT = boto3.client('rekognition')\n")
    source = "CLIENT = client()" if where == "the test module" else "import app"
    output = run(f"{source}\n\ndef test_it(): ...\n", *how, errors=1)
    assert ADVICE in output.lines
    assert "NoRegionError" in output.text


def test_the_advice_works(run):
    run("CLIENT = client()\n\ndef test_it(): ...\n", ini="rekognition_cl_early = true", passed=1)


def test_other_collection_errors_get_none(run):
    assert ADVICE not in run("1 / 0\n", errors=1).text
