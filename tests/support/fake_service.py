"""The service alone: requests in as JSON, answers out as JSON, on a clock that only the test moves."""

import json
import math
from fractions import Fraction

import pytest

from pytest_rekognition_cl.presets import Presets
from pytest_rekognition_cl.service import RekognitionService

#: 2023-11-14T22:13:20Z
NOON = 1_700_000_000_000
OUTPUT = {"S3Bucket": "my-bucket", "S3KeyPrefix": "out"}

#: Billable time : wall time in the five trainings of which answers were captured.
BILLABLE = ("0.88", "1.16", "1.49", "1.64", "2.10")


def billable(seconds):
    """Return the billable times that a training of so many seconds can show: whole seconds, the last one begun."""
    return [math.ceil(seconds * Fraction(ratio)) for ratio in BILLABLE]


class FakeClock:
    """A clock in epoch milliseconds."""

    def __init__(self, ms=NOON):
        self.ms = ms

    def __call__(self):
        return self.ms

    def advance(self, seconds):
        self.ms += round(seconds * 1000)


class Refusal(Exception):
    """The service has refused: HTTP status, the decoded body, and what botocore would read from it."""

    def __init__(self, answer):
        self.status = answer.status
        self.body = json.loads(answer.body)
        self.code = self.body["__type"]
        self.message = self.body.get("Message", self.body.get("message"))
        super().__init__(self.status, self.body)


class Wire:
    """One service, its presets, and calls to it."""

    def __init__(self, *, region="us-east-1", now=NOON, **options):
        self.clock = FakeClock(now)
        self.service = RekognitionService(now=self.clock, **options)
        self.presets = Presets(self.service, region)
        self.region = region
        self.project_arn = self.presets.default.arn

    def raw(self, operation, body, *, region=None):
        return self.service.handle(operation, body, region=region or self.region)

    def __getattr__(self, operation):
        def call(*, region=None, **params):
            answer = self.raw(operation, json.dumps(params).encode(), region=region)
            if answer.status != 200:
                raise Refusal(answer)
            return json.loads(answer.body)

        return call

    def refusal(self, operation, *, region=None, **params):
        """Return what the service answers to a request that it must refuse."""
        with pytest.raises(Refusal) as caught:
            getattr(self, operation)(region=region, **params)
        return caught.value

    def train(self, name="v1", **params):
        """Create a version with the least that a request needs; return its ARN."""
        request = {"ProjectArn": self.project_arn, "VersionName": name, "OutputConfig": OUTPUT, **params}
        return self.create_project_version(**request)["ProjectVersionArn"]

    def describe(self, *names, **params):
        """Return the descriptions of the default project's versions, of all or of those named."""
        request = {"ProjectArn": self.project_arn, **params}
        if names:
            request["VersionNames"] = [*names]
        return self.describe_project_versions(**request)["ProjectVersionDescriptions"]

    def add_project(self, name, *, datasets=None, feature="CUSTOM_LABELS"):
        return self.presets.add_project(name, datasets=datasets, feature=feature)

    def add_model(self, name=None, *, project=None, status="TRAINING_COMPLETED", statuses=None, **keywords):
        return self.presets.add_model(name, project, status, statuses, keywords)

    def add_dataset(self, kind, *, project=None, status="CREATE_COMPLETE", statuses=None, entries=None, **keywords):
        return self.presets.add_dataset(kind, project, status, statuses, entries, keywords)

    def add_manifest(self, uri, lines):
        self.presets.add_manifest(uri, lines)

    def set_transition(self, operation, *, status=None, statuses=None, seconds=None, **keywords):
        self.presets.set_transition(operation, status, statuses, seconds, keywords, "set_transition")
