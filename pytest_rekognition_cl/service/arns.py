"""The ARNs of projects and project versions, taken apart and put together.

``arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815`` and
``arn:…:project/my-project/version/my-model/1690556751958``. The number is the creation time in epoch milliseconds
(read off four captured ARNs, each equal to its CreationTimestamp).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARN = re.compile(
    r"arn:(?P<partition>[a-z\d-]+):rekognition:(?P<region>[a-z\d-]+):(?P<account>\d{12})"
    r":project/(?P<project>[a-zA-Z0-9_.\-]{1,255})(/version/(?P<version>[a-zA-Z0-9_.\-]{1,255}))?/(?P<number>[0-9]+)",
    re.ASCII,
)
NAME = re.compile(r"[a-zA-Z0-9_.\-]{1,255}", re.ASCII)
MAX_LENGTH = 2048

#: The last millisecond that a timestamp can show (the end of the year 9999).
LAST_MS = 253_402_300_799_999


@dataclass(frozen=True)
class Arn:
    """The parts of a project ARN, or of a project version ARN where ``version`` is set."""

    partition: str
    region: str
    account: str
    project: str
    version: str | None
    number: str

    @property
    def creation_ms(self) -> int | None:
        """The creation time that the number tells, in epoch milliseconds; None for a number that is no time."""
        digits = self.number.lstrip("0")
        return int(digits) if digits and int(digits) <= LAST_MS else None

    def __str__(self) -> str:
        name = self.project if self.version is None else f"{self.project}/version/{self.version}"
        return f"arn:{self.partition}:rekognition:{self.region}:{self.account}:project/{name}/{self.number}"


def parse_project(text: str) -> Arn | None:
    return arn if (arn := _parse(text)) and arn.version is None else None


def parse_version(text: str) -> Arn | None:
    return arn if (arn := _parse(text)) and arn.version is not None else None


def _parse(text: str) -> Arn | None:
    match = _ARN.fullmatch(text)
    return Arn(**match.groupdict()) if match and len(text) <= MAX_LENGTH else None


#: Prefix of Regions -> their partition, as in AWS's endpoints file.
_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-isob-": "aws-iso-b",
    "us-iso-": "aws-iso",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}


def partition_of(region: str) -> str:
    return next((partition for prefix, partition in _PARTITIONS.items() if region.startswith(prefix)), "aws")
