"""Clients made while a fixture is active: a Region where none resolves, and nothing of the user's is looked up or run.

All of it for Rekognition alone, inside the one call that makes the client. Environment variables would do the same, but
they reach every other service, and what a session has copied from them outlives the test.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.session import Session

from ..botocore_model import SERVICE
from .redirect import Redirections, look_again

#: Whose client the current thread or task is making.
_MAKING: ContextVar[str | None] = ContextVar("rekognition_cl_making", default=None)


class LaterCredentials:
    """The user's credentials, which nobody looks up before something is signed: after the test, or a presigned URL."""

    method = None

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load

    def get_frozen_credentials(self) -> Any:
        found = self._load()
        return None if found is None else found.get_frozen_credentials()

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        return lambda: getattr(self._load(), name, None)  # e.g. the account's number, for an endpoint

    def __getattr__(self, name: str) -> Any:
        return getattr(self._load(), name)


@contextmanager
def _making(service: str) -> Generator[None]:
    token = _MAKING.set(service)
    try:
        yield
    finally:
        _MAKING.reset(token)


def _region(session: Any, service: str, region: str | None, args: tuple[Any, ...], kw: dict[str, Any]) -> str | None:
    """Return the Region for a new client, given what ``create_client`` is called with after *region*."""
    if service != SERVICE:
        return region
    config = kw.get("config") or (args[7] if len(args) > 7 else None)
    default = session.get_default_client_config()
    found = region or getattr(config, "region_name", None) or getattr(default, "region_name", None)
    found = found or session.get_config_variable("region")
    return found or next((region_of_new() for region_of_new in reversed(REDIRECTIONS.users)), None)


def _begin_session(original: Any, session: Any, *args: Any, **kw: Any) -> None:
    """Redirect what is imported by now: aiobotocore's sessions come by here too, with all of aiobotocore imported."""
    look_again()
    original(session, *args, **kw)


def _create_client(
    original: Any, session: Any, service_name: str, region_name: str | None = None, *args: Any, **kw: Any
) -> Any:
    __tracebackhide__ = True
    with _making(service_name):
        return original(session, service_name, _region(session, service_name, region_name, args, kw), *args, **kw)


async def _create_client_async(
    original: Any, session: Any, service_name: str, region_name: str | None = None, *args: Any, **kw: Any
) -> Any:
    with _making(service_name):
        return await original(session, service_name, _region(session, service_name, region_name, args, kw), *args, **kw)


def _get_scoped_config(original: Any, session: Any) -> Any:
    __tracebackhide__ = True
    try:
        return original(session)
    except ProfileNotFound:
        # boto3's default session is made before anybody knows for which service; its profile is AWS_PROFILE.
        is_default = _MAKING.get() is None and session.instance_variables().get("profile") is None
        if not is_default and _MAKING.get() != SERVICE:
            raise
        return {}


def _get_credentials(original: Any, session: Any) -> Any:
    def load() -> Any:
        with _making("another"):
            return original(session)

    return LaterCredentials(load) if _MAKING.get() == SERVICE else load()


def _look_up(original: Any, owner: Any, **kwargs: Any) -> Any:
    """Look nothing up for a Rekognition client."""
    return None if _MAKING.get() == SERVICE else original(owner, **kwargs)


async def _look_up_async(original: Any, owner: Any) -> Any:
    return None if _MAKING.get() == SERVICE else await original(owner)


#: Its users are what returns the Region of clients that have none.
REDIRECTIONS = Redirections(
    {
        ("botocore.session", "Session.__init__"): _begin_session,
        ("botocore.session", "Session.create_client"): _create_client,
        ("botocore.session", "Session.get_scoped_config"): _get_scoped_config,
        ("botocore.session", "Session.get_credentials"): _get_credentials,
        ("botocore.session", "Session.get_auth_token"): _look_up,
        ("botocore.utils", "InstanceMetadataRegionFetcher.retrieve_region"): _look_up,
        ("aiobotocore.session", "AioSession._create_client"): _create_client_async,
        ("aiobotocore.session", "AioSession.get_credentials"): _look_up_async,
        ("aiobotocore.utils", "AioInstanceMetadataRegionFetcher.retrieve_region"): _look_up_async,
    }
)
#: What a configured Region depends on, beside the configuration file.
_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "HOME")


def users_region() -> str | None:
    """Return the Region that boto3's default session or botocore's configuration gives to a client without one."""
    default = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    try:
        if default is not None and default.region_name:
            return str(default.region_name)
    except BotoCoreError:  # its profile does not exist
        return None
    if "AWS_DEFAULT_REGION" in os.environ:
        return os.environ["AWS_DEFAULT_REGION"]
    file = os.path.expanduser(os.environ.get("AWS_CONFIG_FILE", "~/.aws/config"))  # noqa: PTH111 (never raises)
    try:
        changed = Path(file).stat().st_mtime_ns
    except OSError:
        changed = 0
    return _configured_region(*(os.environ.get(name) for name in _VARIABLES), file, changed)


@functools.cache
def _configured_region(*_configuration: object) -> str | None:
    """Read the configuration, which takes ten milliseconds: once for the same variables and file."""
    try:
        region: str | None = Session().get_config_variable("region")
    except BotoCoreError:  # a configuration that cannot be read names no Region
        return None
    return region
