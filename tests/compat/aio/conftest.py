"""Tests that need aiobotocore or aioboto3 live in this folder, and in virtual environments of their own (.ci/run)."""

from importlib.util import find_spec

import pytest

collect_ignore_glob = [] if find_spec("aiobotocore") else ["test_*.py"]
if not find_spec("aioboto3"):
    collect_ignore_glob.append("test_aioboto3*.py")
if not find_spec("uvloop"):
    collect_ignore_glob.append("test_aio_uvloop.py")
if not (find_spec("trio") and find_spec("httpx")):
    collect_ignore_glob.append("test_aio_trio.py")


@pytest.fixture(autouse=True)
def _no_aws_of_this_machine(monkeypatch, tmp_path):
    """Neither credentials, nor a Region, nor a profile: what passes here needs none."""
    import os

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


@pytest.fixture
def make_client():
    """Make a Rekognition client of aiobotocore's: ``async with make_client(...) as client``."""
    from aiobotocore.config import AioConfig
    from aiobotocore.session import get_session

    def make(*, region="us-east-1", service="rekognition", **config):
        return get_session().create_client(service, region_name=region, config=AioConfig(**config))

    return make


@pytest.fixture
def output():
    return {"S3Bucket": "my-bucket", "S3KeyPrefix": "out"}
