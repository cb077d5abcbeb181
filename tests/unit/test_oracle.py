"""Random requests around every documented bound, judged by the service and by an oracle.

The oracle knows nothing of our schemas: it is made of botocore's service model alone (types, required, min, max,
pattern, enum) and gives one of three verdicts: accept, ValidationException, SerializationException.

``REKOGNITION_CL_ORACLE_REQUESTS`` and ``REKOGNITION_CL_ORACLE_SEED`` make a longer or another run; the seed is printed.
"""

import base64
import binascii
import json
import os
import random
import re
import string
import unicodedata
from collections import Counter

import pytest
from botocore.loaders import Loader
from fake_service import Wire

from pytest_rekognition_cl.service import OPERATIONS

REQUESTS = int(os.environ.get("REKOGNITION_CL_ORACLE_REQUESTS", "3000"))
SEED = int(os.environ.get("REKOGNITION_CL_ORACLE_SEED", "20231114"))

MODEL = Loader().load_service_model("rekognition", "service-2")
SHAPES = MODEL["shapes"]
INPUTS = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): operation["input"]["shape"]
    for name, operation in MODEL["operations"].items()
}

ACCEPT, VALIDATION, SERIALIZATION = "accept", "ValidationException", "SerializationException"


# --- the oracle -----------------------------------------------------------------------------------------------------


def verdict(operation, params):
    """Return what the service model says of a request."""
    found = set(complaints(INPUTS[operation], params))
    return SERIALIZATION if SERIALIZATION in found else VALIDATION if found else ACCEPT


PYTHON_TYPES = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "boolean": bool,
}


def complaints(name, value):
    """Yield the exception for everything in *value* that the shape *name* does not allow."""
    shape = SHAPES[name]
    kind = shape["type"]
    if not isinstance(value, PYTHON_TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield SERIALIZATION
        return
    size = value
    if kind == "blob":
        try:
            size = len(base64.b64decode(value, validate=True))
        except (binascii.Error, ValueError):
            yield SERIALIZATION
            return
    elif kind in ("string", "list"):
        size = len(value)
    elif kind == "map":
        size = sum(1 for item in value.values() if item is not None)
    if kind not in ("structure", "boolean") and not shape.get("min", size) <= size <= shape.get("max", size):
        yield VALIDATION
    if "enum" in shape and value not in shape["enum"]:
        yield VALIDATION
    if "pattern" in shape and not java_matches(shape["pattern"], value):
        yield VALIDATION
    if kind == "structure":
        for member in shape.get("required", ()):
            if value.get(member) is None:
                yield VALIDATION
        for member, target in shape["members"].items():
            if value.get(member) is not None:
                yield from complaints(target["shape"], value[member])
    if kind == "list":
        for item in value:
            yield from [VALIDATION] if item is None else complaints(shape["member"]["shape"], item)
    if kind == "map":
        for key, item in value.items():
            if item is not None:
                yield from complaints(shape["key"]["shape"], key)
                yield from complaints(shape["value"]["shape"], item)


TAG_CLASS = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"


def java_matches(pattern, text):
    """Match as Java does: the whole text, ASCII digits, and a dollar sign that is the end and nothing else."""
    if r"\p" in pattern:
        rest = pattern.replace(TAG_CLASS, "")
        assert rest in ("^(?!aws:)$", "^()$"), f"the model has a pattern that this oracle does not know: {pattern}"
        if "aws:" in rest and text.startswith("aws:"):
            return False
        return all(unicodedata.category(char)[0] in "LZN" or char in "_.:/=+-@" for char in text)
    return re.compile(pattern.replace("$", r"\Z"), re.ASCII).fullmatch(text) is not None


# --- requests around the bounds -------------------------------------------------------------------------------------

WORD = string.ascii_letters + string.digits
ALPHABETS = {
    "VersionName": WORD + "_.-",
    "ProjectName": WORD + "_.-",
    "S3Bucket": WORD + "_.-",
    "KmsKeyId": WORD + ":_/+=,@.-",
    "VersionDescription": WORD + "-_. ()':,;?",
    "TagKey": WORD + "_.:/=+-@ éß日٣\u2003",
    "TagValue": WORD + "_.:/=+-@ éß日٣\u2003",
    "ProjectPolicyName": WORD + "_.-",
    "ProjectPolicyDocument": WORD + '{}[]":, \t\r\n\xa0ÿ',
    "ProjectPolicyRevisionId": string.hexdigits,
    "S3ObjectName": WORD + '/ \n\t"\\é\U0001f600',
}
STRANGE = ["\n", "\r", "\t", "\0", " ", "é", "\u0661", "\u2028", "\U0001f600", "/", "$", "%", "|", "\\", '"', "\u0301"]
WRONG_TYPES = [1, 0, -1, 1.5, True, False, "text", "", [], ["x"], {}, {"a": "b"}, [[]], [{}]]
#: The bodies that take a megabyte are few.
BIG = base64.b64encode(b"\x89" * 5_242_880).decode()
BIGGER = base64.b64encode(b"\x89" * 5_242_881).decode()


class Maker:
    """Makes values of a shape: good ones, or ones at and beyond a bound."""

    def __init__(self, rnd):
        self.rnd = rnd

    def request(self, operation):
        shape = SHAPES[INPUTS[operation]]
        required = shape.get("required", [])
        members = [name for name in shape["members"] if name in required or self.rnd.random() < 0.4]
        odd = set(self.rnd.sample(members, min(len(members), self.rnd.choice([0, 1, 1, 1, 2]))))
        params = {name: self.make(shape["members"][name]["shape"], name in odd) for name in members}
        if required and self.rnd.random() < 0.05:
            del params[self.rnd.choice(required)]
        if self.rnd.random() < 0.05:
            params[self.rnd.choice(["Unheard", "projectArn", "", "x" * 300])] = self.rnd.choice(WRONG_TYPES)
        return params

    def make(self, name, odd):
        shape = SHAPES[name]
        if odd and self.rnd.random() < 0.12:
            return self.rnd.choice([*WRONG_TYPES, None])
        if "enum" in shape:
            good = self.rnd.choice(shape["enum"])
            return self.rnd.choice([good, good.lower(), good + " ", "", "OTHER"]) if odd else good
        return getattr(self, shape["type"])(name, shape, odd)

    def structure(self, name, shape, odd):
        members = [member for member in shape["members"] if self.rnd.random() < 0.8]
        wrong = self.rnd.choice(members) if members and odd else None
        return {member: self.make(shape["members"][member]["shape"], member == wrong) for member in members}

    def size(self, shape, odd, default):
        """A size within the bounds, or at, below or above one of them."""
        least, most = shape.get("min", 0), shape.get("max")
        if not odd:
            return max(least, self.rnd.randint(*default) if most is None else min(most, self.rnd.randint(*default)))
        around = [least - 1, least, least + 1]
        if most is not None:
            around += [most - 1, most, most + 1]
        return max(0, self.rnd.choice(around))

    def list(self, name, shape, odd):
        item = shape["member"]["shape"]
        size = self.size(shape, odd, (0, 3))
        items = [self.make(item, False) for _ in range(size)]
        if odd and items and self.rnd.random() < 0.5:
            items[self.rnd.randrange(size)] = self.make(item, True)
        return items

    def map(self, name, shape, odd):
        result = {}
        size = self.size(shape, odd, (0, 3))
        while len(result) < size:
            key = self.make(shape["key"]["shape"], False)
            result[key] = self.make(shape["value"]["shape"], False)
        if odd and self.rnd.random() < 0.5:
            key_shape = shape["key"]["shape"]
            odd_key = self.string(key_shape, SHAPES[key_shape], True)
            key = self.rnd.choice(["aws:x", "aws:", "aws", "Aws:x", " aws:x", odd_key, odd_key, odd_key])
            result[key] = self.make(shape["value"]["shape"], self.rnd.random() < 0.5)
        return result

    def blob(self, name, shape, odd):
        if odd and self.rnd.random() < 0.03:
            return self.rnd.choice([BIG, BIGGER])
        data = base64.b64encode(self.rnd.randbytes(self.rnd.randint(1, 30))).decode()
        return self.rnd.choice([data, "", "=", "a", data + "\n", data[:-1] + "!", "é"]) if odd else data

    def integer(self, name, shape, odd):
        least, most = shape.get("min", 0), shape.get("max", 1000)
        if not odd:
            return self.rnd.randint(least, most)
        around = [least - 1, least, least + 1, most - 1, most]
        return self.rnd.choice([*around, most + 1, 2**40] if "max" in shape else around)

    def float(self, name, shape, odd):
        least, most = shape["min"], shape["max"]
        if not odd:
            return self.rnd.choice([self.rnd.uniform(least, most), self.rnd.randint(least, most)])
        return self.rnd.choice(
            [least, least - 1, least - 1e-9, most, most + 1, most + 1e-6, 1e300, -1e300, -0.0, 1e-300]
        )

    def boolean(self, name, shape, odd):
        return self.rnd.random() < 0.5

    def string(self, name, shape, odd):
        if "Arn" in name:
            return self.arn(name, odd)
        text = self.text(name, shape, odd)
        if odd and self.rnd.random() < 0.5:
            strange = self.rnd.choice(STRANGE)
            at = self.rnd.choice([0, len(text), self.rnd.randint(0, len(text))])
            text = text[:at] + strange + text[at:]
        return text

    def text(self, name, shape, odd=False):
        alphabet = ALPHABETS.get(name, string.printable + "é日")
        size = self.size(shape, odd, (3, 12))
        text = "".join(self.rnd.choices(alphabet, k=size))
        return "k" + text[1:] if name == "KmsKeyId" and text and not odd else text

    def arn(self, name, odd):
        parts = {
            "partition": "aws",
            "service": "rekognition",
            "region": self.rnd.choice(["us-east-1", "eu-west-1", "us-gov-west-1"]),
            "account": "123456789012",
            "project": "project/" + self.text("ProjectName", {"min": 1, "max": 255}),
            "version": "/version/" + self.text("VersionName", {"min": 1, "max": 255}) if "Version" in name else "",
            "dataset": self.rnd.choice(["/dataset/train", "/dataset/test"]) if "Dataset" in name else "",
            "number": "/" + str(self.rnd.randrange(10**12, 10**13)),
        }
        if odd:
            part = self.rnd.choice(list(parts))
            parts[part] = self.rnd.choice(
                [
                    "",
                    parts[part] + "\n",
                    parts[part].upper(),
                    parts[part] + "\u0661",
                    parts[part] + "1",
                    parts[part] + "/",
                    parts[part].translate({ord(digit): chr(0x660 + int(digit)) for digit in string.digits}),
                    "/version/v1" if part == "version" else parts[part],
                    parts[part] + "x" * self.rnd.choice([240, 255, 2048]),
                    parts[part] + "1" * self.rnd.choice([1900, 2048]),
                ]
            )
        head = ":".join(["arn", *(parts.pop(key) for key in ("partition", "service", "region", "account"))])
        arn = f"{head}:{''.join(parts.values())}"
        if odd and self.rnd.random() < 0.1:
            length = self.rnd.choice([2047, 2048, 2049])
            return arn + "0" * (length - len(arn))
        return arn


def judged(wire, operation, params):
    """Return the service's verdict: what is refused for another reason has passed the checks."""
    answer = wire.raw(operation, json.dumps(params).encode())
    return answer.error if answer.error in (VALIDATION, SERIALIZATION) else ACCEPT


def test_random_requests_get_the_verdict_of_the_model():
    print(f"seed {SEED}, {REQUESTS} requests")
    maker = Maker(random.Random(SEED))
    wire = Wire(quotas=dict.fromkeys(("projects", "models_per_project", "concurrent_trainings")))
    operations = sorted(OPERATIONS)
    counts = Counter()
    disagreements = []
    for number in range(REQUESTS):
        operation = operations[number % len(operations)]
        params = maker.request(operation)
        expected, got = verdict(operation, params), judged(wire, operation, params)
        counts[operation, expected] += 1
        if expected != got:
            disagreements.append(f"request {number}, {operation}: oracle {expected}, service {got}: {params!r:.500}")
    assert not disagreements, f"seed {SEED}: {len(disagreements)} disagreements\n" + "\n".join(disagreements[:10])
    # The requests are worth their name: every operation sees every verdict, often.
    for operation in operations:
        for expected in (ACCEPT, VALIDATION, SERIALIZATION):
            assert counts[operation, expected] >= REQUESTS // len(operations) // 60, (operation, expected, counts)


ARN = "arn:aws:rekognition:us-east-1:123456789012:project/p/1"
CREATE = {"ProjectArn": ARN, "VersionName": "v", "OutputConfig": {}}


@pytest.mark.parametrize(
    ("operation", "params", "expected"),
    [
        ("create_project", {"ProjectName": "p"}, ACCEPT),
        ("create_project", {"ProjectName": "p\n"}, VALIDATION),
        ("create_project", {"ProjectName": "p\u0661"}, VALIDATION),
        ("create_project", {}, VALIDATION),
        ("create_project", {"ProjectName": 1}, SERIALIZATION),
        ("create_project", {"ProjectName": 1, "Feature": "X"}, SERIALIZATION),
        ("create_project", {"ProjectName": "p", "Feature": "X"}, VALIDATION),
        ("create_project_version", {**CREATE, "Tags": {"aws:x": ""}}, VALIDATION),
        ("create_project_version", {**CREATE, "Tags": {"é٣ ": ""}}, ACCEPT),
        ("describe_projects", {"MaxResults": 101}, VALIDATION),
        ("describe_projects", {"MaxResults": True}, SERIALIZATION),
        ("describe_projects", {"ProjectNames": ["p"] * 11}, VALIDATION),
    ],
)
def test_the_oracle_itself(operation, params, expected):
    assert verdict(operation, params) == expected
