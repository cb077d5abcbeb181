"""aiobotocore and aioboto3: what differs where calls are awaited.

An aiobotocore endpoint inherits ``make_request``, so its calls arrive where botocore's do. aiobotocore is never
imported here before the user has done it.
"""

from __future__ import annotations

import sys
from typing import Any

from .sleeps import current_task


async def yield_once() -> None:
    trio = sys.modules.get("trio")
    if trio is None or hasattr(current_task(), "get_loop"):
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
    """An event emitter of aiobotocore's without the events of *quiet*.

    Where calls are passed on, a mock made for botocore may answer: its answer is made awaitable.
    """

    def __init__(self, emitter: Any, quiet: tuple[str, ...]) -> None:
        self._emitter = emitter
        self._quiet = quiet

    async def emit(self, event_name: str, **kwargs: Any) -> Any:
        if event_name.startswith(self._quiet):
            return []
        answers = await self._emitter.emit(event_name, **kwargs)
        if event_name.startswith("before-send."):
            return [(handler, awaitable(response)) for handler, response in answers]
        return answers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._emitter, name)
