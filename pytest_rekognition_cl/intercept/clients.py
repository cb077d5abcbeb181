"""Clients made while a fixture is active: a Region where none resolves, no metadata look-up, no profile needed.

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


class ClientPatches:
    """``Session.create_client`` and what it looks up."""

    def __init__(self, region: Callable[[], str]) -> None:
        from botocore.credentials import ContainerProvider, InstanceMetadataProvider
        from botocore.session import Session
        from botocore.utils import InstanceMetadataRegionFetcher

        self._region = region
        self._patches = [
            Patch(Session, "create_client", self._create_client),
            Patch(Session, "get_scoped_config", self._get_scoped_config),
            Patch(Session, "get_credentials", self._get_credentials),
            Patch(InstanceMetadataProvider, "load", self._load_nothing),
            Patch(ContainerProvider, "load", self._load_nothing),
            Patch(InstanceMetadataRegionFetcher, "retrieve_region", self._load_nothing),
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
        return self.region_for(session, region, kw.get("config") or (args[7] if len(args) > 7 else None))

    def region_for(self, session: Any, region_name: str | None, config: Any) -> str | None:
        """Return the Region to make a Rekognition client with: the user's own, else the fixture's."""
        default = session.get_default_client_config()
        found = region_name or getattr(config, "region_name", None) or getattr(default, "region_name", None)
        return found or session.get_config_variable("region") or self._region()

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
                # A session is made before anybody knows for which service; another service's client still complains.
                if patch.inert or _MAKING.get() not in (None, SERVICE):
                    raise
                return {}

        return get_scoped_config

    def _get_credentials(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def get_credentials(session: Any) -> Any:
            from botocore.exceptions import BotoCoreError

            try:
                return patch.found(session)
            except BotoCoreError:
                # Nobody signs here, so half a pair of keys, or a role without a source, is as good as none.
                if patch.inert or not self.is_making_ours():
                    raise
                return None

        return get_credentials

    def _load_nothing(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def load(provider: Any) -> Any:
            if not patch.inert and self.is_making_ours():
                return None
            return patch.found(provider)

        return load


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
