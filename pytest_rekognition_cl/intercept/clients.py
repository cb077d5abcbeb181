"""Clients made while a fixture is active: a Region where none resolves, and nothing of the user's is looked up or run.

All of it for Rekognition alone, inside the one call that makes the client. Environment variables would do the same, but
they reach every other service, and what a session has copied from them outlives the test.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from ..botocore_model import SERVICE
from .patching import Patch

#: Whose client the current thread or task is making.
_MAKING: ContextVar[str | None] = ContextVar("rekognition_cl_making", default=None)


class LaterCredentials:
    """The user's credentials, which nobody looks up before something is signed: after the test, or a presigned URL.

    :param load: looks them up.
    """

    method = None

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load

    def get_frozen_credentials(self) -> Any:
        """Return what to sign with, None if there is nothing."""
        found = self._load()
        return None if found is None else found.get_frozen_credentials()

    def get_deferred_property(self, name: str) -> Callable[[], Any]:
        """Return what returns an attribute, as for the account's number in an endpoint."""
        return lambda: getattr(self._load(), name, None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._load(), name)


class ClientPatches:
    """``Session.create_client`` and what it looks up."""

    def __init__(self, region: Callable[[], str]) -> None:
        from botocore.session import Session
        from botocore.utils import InstanceMetadataRegionFetcher

        self._region = region
        self._patches = [
            Patch(Session, "create_client", self._create_client),
            Patch(Session, "get_scoped_config", self._get_scoped_config),
            Patch(Session, "get_credentials", self._get_credentials),
            Patch(Session, "get_auth_token", self.return_nothing),
            Patch(InstanceMetadataRegionFetcher, "retrieve_region", self.return_nothing),
        ]

    def remove(self) -> None:
        """Undo the patches."""
        for patch in reversed(self._patches):
            patch.remove()

    @contextmanager
    def making_client(self, service: str) -> Any:
        """Note which service's client the current thread or task is making."""
        token = _MAKING.set(service)
        try:
            yield
        finally:
            _MAKING.reset(token)

    def is_making_ours(self) -> bool:
        """Whether the client that the current thread or task is making is one of Rekognition."""
        return _MAKING.get() == SERVICE

    def region_of_new(
        self, session: Any, service: str, region: str | None, args: tuple[Any, ...], kw: dict[str, Any]
    ) -> str | None:
        """Return the Region for a new client, given what ``create_client`` is called with after *region*."""
        if service != SERVICE:
            return region
        config = kw.get("config") or (args[7] if len(args) > 7 else None)
        default = session.get_default_client_config()
        found = region or getattr(config, "region_name", None) or getattr(default, "region_name", None)
        return found or session.get_config_variable("region") or self._region()

    def return_nothing(self, patch: Patch) -> Any:
        """Return what looks nothing up for a Rekognition client."""

        @functools.wraps(patch.found)
        def look_up(owner: Any, **kwargs: Any) -> Any:
            return None if not patch.inert and self.is_making_ours() else patch.found(owner, **kwargs)

        return look_up

    def _create_client(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def create_client(
            session: Any, service_name: str, region_name: str | None = None, *args: Any, **kw: Any
        ) -> Any:
            __tracebackhide__ = True
            if patch.inert:
                return patch.found(session, service_name, region_name, *args, **kw)
            with self.making_client(service_name):
                region_name = self.region_of_new(session, service_name, region_name, args, kw)
                return patch.found(session, service_name, region_name, *args, **kw)

        return create_client

    def _get_scoped_config(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def get_scoped_config(session: Any) -> Any:
            __tracebackhide__ = True
            from botocore.exceptions import ProfileNotFound

            try:
                return patch.found(session)
            except ProfileNotFound:
                # boto3's default session is made before anybody knows for which service; its profile is AWS_PROFILE.
                is_default = _MAKING.get() is None and session.instance_variables().get("profile") is None
                if patch.inert or not (self.is_making_ours() or is_default):
                    raise
                return {}

        return get_scoped_config

    def _get_credentials(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def get_credentials(session: Any) -> Any:
            def load() -> Any:
                with self.making_client("another"):
                    return patch.found(session)

            return LaterCredentials(load) if not patch.inert and self.is_making_ours() else load()

        return get_credentials


_REGIONS: dict[tuple[object, ...], str | None] = {}
_VARIABLES = (
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "HOME",
)


def users_region() -> str | None:
    """Return the Region that a client without one would get from boto3's default session or botocore's configuration.

    Reading the configuration takes some ten milliseconds: it is kept as long as the variables and files are the same.
    """
    import sys

    boto3 = sys.modules.get("boto3")
    default = getattr(boto3, "DEFAULT_SESSION", None)
    if default is not None:
        from botocore.exceptions import BotoCoreError

        try:
            if default.region_name:
                return str(default.region_name)
        except BotoCoreError:  # its profile does not exist
            return None
    file = os.path.expanduser(os.environ.get("AWS_CONFIG_FILE", "~/.aws/config"))  # noqa: PTH111 (never raises)
    try:
        changed = Path(file).stat().st_mtime_ns
    except OSError:
        changed = 0
    key = (*(os.environ.get(name) for name in _VARIABLES), file, changed)
    if key not in _REGIONS:
        from botocore.exceptions import BotoCoreError
        from botocore.session import Session

        try:
            _REGIONS[key] = Session().get_config_variable("region")
        except BotoCoreError:  # a configuration that cannot be read names no Region
            _REGIONS[key] = None
    return _REGIONS[key]
