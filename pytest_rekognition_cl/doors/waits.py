"""botocore's waiters and retry quotas, as far as Rekognition is concerned."""

from __future__ import annotations

import functools
from typing import Any

from .. import messages
from .botocore import SERVICE
from .patching import Patch
from .sleeps import Sleeps


class Waits:
    """Waiters poll for real and sleep virtually; what ended one in vain is noted for the report."""

    def __init__(self, sleeps: Sleeps, notes: list[str]) -> None:
        from botocore.waiter import Waiter

        self._sleeps = sleeps
        self._notes = notes
        self._patch = Patch(Waiter, "wait", self._wait)

    def remove(self) -> None:
        self._patch.remove()

    def _wait(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def wait(waiter: Any, **kwargs: Any) -> Any:
            if patch.inert or not waits_for_rekognition(waiter):
                return patch.found(waiter, **kwargs)
            from botocore.exceptions import WaiterError

            self._sleeps.activate()
            with self._sleeps.trails.waiting():
                try:
                    return patch.found(waiter, **kwargs)
                except WaiterError as error:
                    self._notes.append(explain(waiter, kwargs, error))
                    raise

        return wait


def waits_for_rekognition(waiter: Any) -> bool:
    """Whether *waiter* polls a Rekognition client."""
    client = getattr(waiter._operation_method._client_method, "__self__", None)
    return client is not None and client.meta.service_model.service_name == SERVICE


def explain(waiter: Any, kwargs: dict[str, Any], error: Any) -> str:
    """Return why a waiter has ended in vain."""
    expected = next((a.expected for a in waiter.config.acceptors if a.state == "success"), "?")
    shown = error.last_response.get("ProjectVersionDescriptions")
    return messages.waiter_ended(waiter.name, str(expected), kwargs.get("VersionNames"), shown, str(error))


class RetryQuotas:
    """Standard and adaptive retries draw on a quota that lives in the client: give back what a test has used up."""

    def __init__(self, sleeps: Sleeps) -> None:
        from botocore.retries.quota import RetryQuota

        self._sleeps = sleeps
        self._before: dict[int, tuple[Any, int]] = {}
        self._patch = Patch(RetryQuota, "acquire", self._acquire)

    def remove(self) -> None:
        self._patch.remove()
        for quota, capacity in self._before.values():
            quota._available_capacity = capacity
        self._before.clear()

    def _acquire(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def acquire(quota: Any, *args: Any, **kwargs: Any) -> Any:
            if not patch.inert and self._sleeps.trails.current().inside:
                self._before.setdefault(id(quota), (quota, quota._available_capacity))
            return patch.found(quota, *args, **kwargs)

        return acquire
