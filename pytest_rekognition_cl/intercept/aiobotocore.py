"""aiobotocore and aioboto3: what differs where calls, waiters and the making of clients are awaited.

An aiobotocore endpoint inherits ``make_request``, so its calls arrive at the patch of botocore's. aiobotocore is never
imported here before the user has done it: what is to be patched is patched when the fixture starts, or when the first
session of aiobotocore is made.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from .patching import Patch

if TYPE_CHECKING:
    from .clients import ClientPatches
    from .sleeps import Sleeps

_NO_PATCHES: tuple[Patch, ...] = ()


async def yield_once() -> None:
    """Let other tasks run, also on trio."""
    asyncio, trio = sys.modules.get("asyncio"), sys.modules.get("trio")
    try:
        on_asyncio = asyncio is not None and asyncio.current_task() is not None
    except RuntimeError:
        on_asyncio = False
    if on_asyncio or trio is None:
        await _Yield()
    else:
        await trio.lowlevel.checkpoint()


class _Yield:
    """What ``asyncio.sleep(0)`` does, whoever has replaced that."""

    def __await__(self) -> Any:
        yield


def awaitable(response: Any) -> Any:
    """Return *response*, an AWSResponse, as aiobotocore has it: its content is awaited."""
    from aiobotocore.awsrequest import AioAWSResponse  # pyright: ignore

    if response is None or isinstance(response, AioAWSResponse):
        return response
    made = AioAWSResponse(response.url, response.status_code, response.headers, response.raw)
    made._content = response.content
    return made


class QuietAioEmitter:
    """An event emitter of aiobotocore's without the events of ``QUIET``.

    Where calls are passed on, a mock made for botocore may answer: its answer is made awaitable.
    """

    def __init__(self, emitter: Any, quiet: tuple[str, ...]) -> None:
        self._emitter = emitter
        self._quiet = quiet

    async def emit(self, event_name: str, **kwargs: Any) -> Any:
        """Emit *event_name*, unless it is a quiet one."""
        if event_name.startswith(self._quiet):
            return []
        answers = await self._emitter.emit(event_name, **kwargs)
        if event_name.startswith("before-send."):
            return [(handler, awaitable(response)) for handler, response in answers]
        return answers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._emitter, name)


class WhenImported:
    """Patches of aiobotocore: made at once if it is imported, else with the first session that is made of it."""

    def __init__(self) -> None:
        self._lookout: Patch | None = None
        self._patches: tuple[Patch, ...] = _NO_PATCHES
        if not self._try():
            from botocore.session import Session

            # AioSession.__init__ calls this; nothing of aiobotocore works without a session.
            self._lookout = Patch(Session, "__init__", self._init)

    def remove(self) -> None:
        """Restore what was patched. May be called more than once."""
        for patch in reversed(self._patches):
            patch.remove()
        self._patches = _NO_PATCHES
        if self._lookout is not None:
            self._lookout.remove()

    def make(self) -> tuple[Patch, ...]:
        """Patch. Called once, with all of aiobotocore imported."""
        raise NotImplementedError

    def _try(self) -> bool:
        if not self._patches and hasattr(sys.modules.get("aiobotocore.session"), "AioSession"):
            self._patches = self.make()
        return bool(self._patches)

    def _init(self, patch: Patch) -> Callable[..., None]:
        @functools.wraps(patch.found)
        def __init__(session: Any, *args: Any, **kwargs: Any) -> None:
            if not patch.inert:
                self._try()
            patch.found(session, *args, **kwargs)

        return __init__


class AioClientPatches(WhenImported):
    """``AioSession.create_client`` and what it looks up."""

    def __init__(self, clients: ClientPatches) -> None:
        self._clients = clients
        super().__init__()

    def make(self) -> tuple[Patch, ...]:
        """Patch what makes clients."""
        from aiobotocore.session import AioSession  # pyright: ignore
        from aiobotocore.utils import AioInstanceMetadataRegionFetcher  # pyright: ignore

        return (
            Patch(AioSession, "_create_client", self._create_client),
            Patch(AioSession, "get_credentials", self._return_nothing),
            Patch(AioInstanceMetadataRegionFetcher, "retrieve_region", self._return_nothing),
        )

    def _create_client(self, patch: Patch) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(patch.found)
        async def create_client(
            session: Any, service_name: str, region_name: str | None = None, *args: Any, **kw: Any
        ) -> Any:
            if patch.inert:
                return await patch.found(session, service_name, region_name, *args, **kw)
            with self._clients.making_client(service_name):
                region_name = self._clients.region_of_new(session, service_name, region_name, args, kw)
                return await patch.found(session, service_name, region_name, *args, **kw)

        return create_client

    def _return_nothing(self, patch: Patch) -> Callable[[Any], Awaitable[Any]]:
        @functools.wraps(patch.found)
        async def look_up(owner: Any) -> Any:
            return None if not patch.inert and self._clients.is_making_ours() else await patch.found(owner)

        return look_up


class AioWaiterPatch(WhenImported):
    """aiobotocore's waiters poll for real and sleep virtually; what ended one in vain is noted for the report."""

    def __init__(self, sleeps: Sleeps, notes: list[str]) -> None:
        self._sleeps = sleeps
        self._notes = notes
        super().__init__()

    def make(self) -> tuple[Patch, ...]:
        """Patch the waiter."""
        from aiobotocore.waiter import AIOWaiter  # pyright: ignore

        return (Patch(AIOWaiter, "wait", self._wait),)

    def _wait(self, patch: Patch) -> Callable[..., Awaitable[Any]]:
        from .waiters import explain, waits_for_rekognition

        @functools.wraps(patch.found)
        async def wait(waiter: Any, **kwargs: Any) -> Any:
            if patch.inert or not waits_for_rekognition(waiter):
                return await patch.found(waiter, **kwargs)
            from botocore.exceptions import WaiterError

            with self._sleeps.waiting():
                try:
                    return await patch.found(waiter, **kwargs)
                except WaiterError as error:
                    self._notes.append(explain(waiter, kwargs, error))
                    raise

        return wait
