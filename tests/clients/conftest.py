"""Clients that need virtual environments of their own: `.ci/run` and nox make them, each runs what it has."""

import os
from importlib.util import find_spec

import pytest

#: Version 1 of the AWS CLI pins its own botocore; the environment with the CLIs has Node.js, too.
NEEDS = {"aio": "aiobotocore", "cli": "awscli", "js": "awscli"}

collect_ignore = [folder for folder, library in NEEDS.items() if find_spec(library) is None]


@pytest.fixture(autouse=True)
def _no_aws_of_this_machine(monkeypatch, tmp_path):
    """Neither credentials, nor a Region, nor a profile: what passes here needs none."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
