"""Random values, good and strange, for the requests and presets of the random tests, and how those tests run.

``REKOGNITION_CL_RANDOM_EXAMPLES`` and ``REKOGNITION_CL_RANDOM_SEED`` make a longer or another run; the seed is printed.
"""

import datetime as dt
import math
import os
from decimal import Decimal
from enum import IntEnum

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as s

from pytest_rekognition_cl import RekognitionCL, botocore_model

EXAMPLES = int(os.environ.get("REKOGNITION_CL_RANDOM_EXAMPLES", "150"))
SEED = int(os.environ.get("REKOGNITION_CL_RANDOM_SEED", "20240131"))

REGION = "us-east-1"
_HEAD = f"arn:aws:rekognition:{REGION}:123456789012:project"
PROJECTS = {name: f"{_HEAD}/{name}/1600000000000" for name in ("plain", "full", "adapters", "empty")}
STATUSES = [
    "TRAINING_IN_PROGRESS",
    "TRAINING_COMPLETED",
    "TRAINING_FAILED",
    "RUNNING",
    "STOPPED",
    "DELETING",
    "COPYING_COMPLETED",
]
MODELS = {
    status: f"{_HEAD}/plain/version/{status.lower()}/{1_600_000_000_001 + index}"
    for index, status in enumerate(STATUSES)
}
ADAPTER = f"{_HEAD}/adapters/version/adapter/1600000000001"

DATASETS = [f"{_HEAD}/full/dataset/{kind}/{1_600_000_000_000 + ms}" for kind, ms in (("train", 1000), ("test", 2000))]
POLICY = (
    '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "rekognition:CopyProjectVersion", "Resource": "*"}}'
)

#: What a project, a version or an image may be called: here, and nowhere.
NAMES = s.sampled_from(
    ["v1", "v2", "v3", "v4", "my-project", *PROJECTS, *(status.lower() for status in STATUSES), "a" * 255, "none.such"]
)


def arranged(**options):
    """Return a fixture in which every ARN above exists, and is as its name says."""
    fake = RekognitionCL(region=REGION, **options)
    for name, arn in PROJECTS.items():
        feature = "CONTENT_MODERATION" if name == "adapters" else "CUSTOM_LABELS"
        fake.add_project(arn, feature=feature, datasets={"full": True, "empty": None}.get(name))
    for status, arn in MODELS.items():
        fake.add_model(arn, status=status)
    fake.add_model(ADAPTER)
    labels = [{"Name": "cat", "Confidence": 98.5}, {"Name": "dög", "Confidence": 7, "Geometry": {"Polygon": []}}]
    next(m for m in fake.models if m.status == "RUNNING").set_labels(labels)
    return fake


def randomly(**strategies):
    """Run a function on random values at once, as many as EXAMPLES says, the same ones for the same SEED."""

    def run(function):
        print(f"seed {SEED}, {EXAMPLES} examples")
        quiet = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        seed(SEED)(quiet(given(**strategies)(function)))()

    return run


# --- strange values -------------------------------------------------------------------------------------------------


class NumpyLike:
    """An integer that is no int, as numpy's are."""

    def __index__(self):
        return 3

    __int__ = __index__

    def __repr__(self):
        return "int64(3)"


class Number(IntEnum):
    ONE = 1


class Text(str):
    """A string of a class of its own."""

    __slots__ = ()


class Later:
    """A value that Hypothesis could not print, were it made already."""

    def __init__(self, make, *args):
        self._make, self._args = make, args

    def __repr__(self):
        return f"{self._make.__name__}{self._args}"

    def made(self):
        return self._make(*self._args)


def nested(depth, kind):
    """Return lists or dicts *depth* deep."""
    value = kind()
    for _ in range(depth):
        value = [value] if kind is list else {"a": value}
    return value


def real(value):
    """Return *value* with everything made that was left for later."""
    if isinstance(value, Later):
        return value.made()
    if type(value) is dict:
        return {key: real(item) for key, item in value.items()}
    return [real(item) for item in value] if type(value) is list else value


#: Any text, lone surrogates too.
TEXT = s.text(s.characters(exclude_categories=()), max_size=8)
ODD_TEXT = s.one_of(
    TEXT,
    s.sampled_from(
        ["", "\n", "\0", " ", "v1\n", "\u0661", "\ud800", "é", "\u2028", "aws:x", "\U0001f600", "NaN", "{}"]
    ),
    s.builds(lambda char, size: char * size, s.sampled_from("a1.é\n"), s.sampled_from([256, 1025, 2049, 70_000])),
)
NUMBERS = s.one_of(
    s.integers(-3, 130),
    s.sampled_from([10**30, -(10**400), 1.5, 0.0, -0.0, 1e300, 5e-324, math.nan, math.inf, -math.inf]),
    s.floats(),
)
STRANGE = s.one_of(
    ODD_TEXT,
    NUMBERS,
    s.booleans(),
    s.none(),
    s.binary(max_size=4),
    s.sampled_from([Decimal("0.5"), Decimal("NaN"), Number.ONE, Text("v1"), NumpyLike(), 1j, object, bytearray(b"x")]),
    s.sampled_from([dt.datetime(2024, 1, 31), dt.datetime(2024, 1, 31, tzinfo=dt.timezone.utc), dt.date(2024, 1, 31)]),
    s.sampled_from([(), ("v1",), [], ["v1"], [None], {}, {"a": 1}, {1: "a"}, {None: None}, {"v1"}, frozenset()]),
    s.just(Later(pow, 10, 5000)),  # longer than Python turns into text
    s.builds(Later, s.just(nested), s.sampled_from([3, 60, 20_000]), s.sampled_from([list, dict])),
)
JSON = s.recursive(
    s.none() | s.booleans() | s.integers() | s.floats() | TEXT,
    lambda inner: s.lists(inner, max_size=3) | s.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


# --- values of a shape ----------------------------------------------------------------------------------------------

_BY_NAME = {
    "ProjectArn": s.sampled_from([*[PROJECTS["plain"]] * 4, *PROJECTS.values(), f"{_HEAD}/plain/1"]),
    "ProjectVersionArn": s.sampled_from([*MODELS.values(), ADAPTER, f"{_HEAD}/plain/version/none/1"]),
    "DatasetArn": s.sampled_from([*DATASETS, *DATASETS, f"{_HEAD}/plain/dataset/train/1"]),
    "ResourceArn": s.sampled_from([*PROJECTS.values(), *MODELS.values(), *DATASETS, f"{_HEAD}/plain/1"]),
    "ProjectPolicyDocument": s.sampled_from([POLICY, POLICY, "{}", "x"]),
    "ProjectPolicyRevisionId": s.sampled_from(["", "0" * 32]),
    "ProjectPolicyName": s.sampled_from(["p1", "p2"]),
    "GroundTruthBlob": s.sampled_from([b'{"source-ref": "s3://b/1.jpg"}', b"x\n{}\n\xff", b"\n"]),
    "VersionName": NAMES,
    "ProjectName": NAMES,
    "S3Bucket": s.sampled_from(["my-bucket", "a.b"]),
    "ExtendedPaginationToken": s.sampled_from(["", "WzEsIDJdfA=="]),
    "InferenceUnits": s.sampled_from([1, 1, 2, 6]),
    "KmsKeyId": s.sampled_from(["alias/key", "k"]),
    "TagKey": s.sampled_from(["a", "é", "b c"]),
    "String": ODD_TEXT,
    "StatusMessage": ODD_TEXT,
}


def of_shape(shape):
    """Return a strategy for good values of one of botocore's shapes."""
    kind, least, most = shape.type_name, shape.metadata.get("min", 0), shape.metadata.get("max")
    if shape.name in _BY_NAME:
        return _BY_NAME[shape.name]
    if kind == "structure":
        required = {name: of_shape(shape.members[name]) for name in shape.required_members}
        return s.fixed_dictionaries(
            required, optional={n: of_shape(m) for n, m in shape.members.items() if n not in required}
        )
    if kind == "list":
        return s.lists(of_shape(shape.member), min_size=least, max_size=3)
    if kind == "map":
        return s.dictionaries(of_shape(shape.key), of_shape(shape.value), max_size=3)
    if kind == "string":
        word = s.text("abcXYZ019", min_size=max(least, 1), max_size=max(least, min(most or 12, 12)))
        return s.sampled_from(shape.enum) if shape.enum else word
    if kind == "timestamp":
        return s.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2200, 1, 1), timezones=s.just(dt.timezone.utc))
    if kind == "blob":
        return s.binary(min_size=1, max_size=4)
    if kind == "boolean":
        return s.booleans()
    if kind in ("float", "double"):
        return s.floats(least, most or 100)
    return s.integers(least, most or 1000)


def places(value, path=()):
    """Yield the path of everything inside *value*."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


@s.composite
def spoilt(draw, good, strange=STRANGE):
    """Draw a *good* dict, and put something strange in the place of none, one or two of its values, or beside them."""
    value = draw(good)
    free = [*places(value), None]
    for _ in range(draw(s.sampled_from([0, 0, 1, 1, 2]))):
        where = draw(s.sampled_from(free))
        # What is inside of it is gone, and later items of its list move up.
        free = [None, *(path for path in free if path and where and path[:1] != where[:1])] if where else free
        if where is None:
            value[draw(s.sampled_from(["Unheard", "projectArn", "", "v" * 300]))] = draw(strange)
            continue
        holder = value
        for step in where[:-1]:
            holder = holder[step]
        if draw(s.integers(0, 4)) == 0:
            del holder[where[-1]]
        else:
            holder[where[-1]] = draw(strange)
    return value


def requests(methods, strange=STRANGE):
    """Return a strategy for requests: a boto3 method's name with its keyword arguments, good or spoilt."""
    return s.one_of(
        [
            s.tuples(s.just(method), spoilt(of_shape(botocore_model.operation_model(method).input_shape), strange))
            for method in sorted(methods)
        ]
    )
