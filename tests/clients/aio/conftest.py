"""Clients of aiobotocore and aioboto3, and what some of these tests need beside them."""

from importlib.util import find_spec

import pytest

collect_ignore_glob = [] if find_spec("aioboto3") else ["test_aioboto3*.py"]
if not find_spec("uvloop"):
    collect_ignore_glob.append("test_aio_uvloop.py")
if not (find_spec("trio") and find_spec("httpx")):
    collect_ignore_glob.append("test_aio_trio.py")


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
