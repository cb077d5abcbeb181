"""What a failing test's report gets: the calls, their explanation, and a traceback that ends at the user's line."""

from __future__ import annotations

from typing import Any

from .contexts import OPEN, Context, Running
from .errors import RekognitionCLError

#: The packages that lie between the user's call and our refusal.
_BETWEEN = frozenset({"boto3", "botocore", "aiobotocore", "aioboto3", "pytest_rekognition_cl", "contextlib"})


def sections(fixture: Context | None, running: Running, error: BaseException | None) -> list[str]:
    """Return the texts of the report's sections: of the test's fixture, and of contexts that it was in."""
    told = str(error)
    texts = [] if fixture is None else [fixture._report(told=told)]
    for context in _contexts(running, error):
        if context is not fixture:
            text = context._report(running.new_calls(context), told)
            texts.append(text and f"Of {context._owner}:\n{text}")
    return [text for text in texts if text]


def add_sections(longrepr: Any, title: str, texts: list[str]) -> Any:
    """Return a report's *longrepr* with *texts* as its last sections: there JUnit XML and others show them too."""
    for text in texts:
        if hasattr(longrepr, "addsection"):
            longrepr.addsection(title, text)
        else:
            longrepr = f"{longrepr}\n\n{title}:\n{text}"
    return longrepr


def _contexts(running: Running, error: BaseException | None) -> list[Context]:
    """Return the contexts that *error* has left, or else the last one that was left, and those that are open."""
    chain = list(_chain(error))
    by_error = [context for context, left_by in running.left if any(left_by is one for one in chain)]
    last = [context for context, _ in running.left][-1:]
    return [*(by_error or last), *OPEN]


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return *error* and what led to it."""
    chain: list[BaseException] = []
    while error is not None and not any(error is one for one in chain):
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def show_users_line(error: BaseException) -> None:
    """Let the traceback of a refusal of ours end where the user's code called, not ten frames deep in botocore."""
    if isinstance(error, RekognitionCLError):
        last = entry = error.__traceback__
        while entry is not None:
            if entry.tb_frame.f_globals.get("__name__", "").partition(".")[0] not in _BETWEEN:
                last = entry
            entry = entry.tb_next
        if last is not None:
            last.tb_next = None
