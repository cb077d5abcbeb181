"""Facts about the service that cost nothing to ask for, by the API alone: nothing is ever trained, copied or started.

A fact is a function of a client and the ARN of an empty project; what that returns, or is refused with, is its value.
The expected value comes from docs/fidelity.md ("Not verified" included) or the service's model; "…" is any text.
Trainings and starts are asked for in the name of what does not exist, so that no mistake can begin one.
"""

import contextlib
import json
import re
import sys
import time
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PREFIX = "pytest-rekognition-cl-conformance-"
#: How long creations and deletions are waited for, in seconds.
PATIENCE = 120

NOT_FOUND = "400 ResourceNotFoundException: The resource specified in the request cannot be found."
IN_USE = "400 ResourceInUseException: Specified resource is in use."
NO_INTEGER = "400 SerializationException: class java.lang.String can not be converted to an Integer"
BAD_TOKEN = "400 InvalidPaginationTokenException: Invalid Pagination Token"
MATCH = "Member must satisfy regular expression pattern:"
AT_MOST, AT_LEAST = (f"Member must have length {bound} than or equal to" for bound in ("less", "greater"))
NAME = rf"{MATCH} [a-zA-Z0-9_.\-]+"
BUCKET = rf"{MATCH} [0-9A-Za-z\.\-_]*"
PROJECT_ARN = MATCH + r" (^arn:[a-z\d-]+:rekognition:[a-z\d-]+:\d{12}:project\/[a-zA-Z0-9_.\-]{1,255}\/[0-9]+$)"
NO_BYTES = "java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]"


def invalid(value, constraint):
    return f"400 ValidationException: 1 validation error detected: Value {value} failed to satisfy constraint: {constraint}"


def name(project):
    return project.split("/")[1]


def no_project(project):
    return f"{project.rpartition('/')[0]}-none/1579597815000"


def no_version(project):
    return no_project(project).replace("-none/", "-none/version/v1/")


def projects(client, *names, **more):
    return client.describe_projects(ProjectNames=names, **more)["ProjectDescriptions"]


def versions(client, project, **more):
    return client.describe_project_versions(ProjectArn=project, **more)


def train_nothing(client, project, version="v1", bucket="bucket"):
    return client.create_project_version(
        ProjectArn=no_project(project), VersionName=version, OutputConfig={"S3Bucket": bucket}
    )


def detect(client, project, image=b"\x89PNG"):
    return client.detect_custom_labels(ProjectVersionArn=no_version(project), Image={"Bytes": image})


def pages(client, operation, **params):
    return [without_metadata(page) for page in client.get_paginator(operation).paginate(**params)]


def without_metadata(answer):
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def number_is_creation(client, project):
    created = projects(client, name(project))[0]["CreationTimestamp"]
    return round(created.timestamp() * 1000) == int(project.rpartition("/")[2])


def hidden_members(client, project):
    return sorted({"Feature", "AutoUpdate"} & set(projects(client, name(project))[0]))


def life(client, project):
    second = f"{name(project)}-2"
    arn = client.create_project(ProjectName=second)["ProjectArn"]
    return [
        wait(client, second, "CREATED"),
        client.delete_project(ProjectArn=arn)["Status"],
        wait(client, second, "gone"),
    ]


def headers(client, project):
    found = versions(client, project)["ResponseMetadata"]["HTTPHeaders"]
    return [found["content-type"], "x-amzn-requestid" in found]


# fmt: off
#: Fact -> (function, expected value).
FACTS = {
    "a project's ARN": (lambda c, p: p, "arn:aws:rekognition:<region>:<account>:project/<project>/<ms>"),
    "its number is the creation in ms": (number_is_creation, True),
    "Feature, AutoUpdate of a project": (hidden_members, []),
    "an empty project's life": (life, ["CREATED", "DELETING", "gone"]),
    "unknown ProjectNames": (lambda c, p: c.describe_projects(ProjectNames=[f"{name(p)}-{n}" for n in "34"]), {"ProjectDescriptions": []}),
    "pages of no projects": (lambda c, p: pages(c, "describe_projects", ProjectNames=[f"{name(p)}-3"]), [{"ProjectDescriptions": []}]),
    "Features that a project lacks": (lambda c, p: projects(c, name(p), Features=["CONTENT_MODERATION"]), []),
    "a project's name again": (lambda c, p: c.create_project(ProjectName=name(p)), IN_USE),
    "AutoUpdate for Custom Labels": (lambda c, p: c.create_project(ProjectName=f"{name(p)}-2", AutoUpdate="ENABLED"), "400 InvalidParameterException: …"),
    "deleting no project": (lambda c, p: c.delete_project(ProjectArn=no_project(p)), NOT_FOUND),
    "an empty project's versions": (lambda c, p: versions(c, p, MaxResults=1), {"ProjectVersionDescriptions": []}),
    "unknown VersionNames": (lambda c, p: versions(c, p, VersionNames=["v1", "v2"]), {"ProjectVersionDescriptions": []}),
    "pages of no versions": (lambda c, p: pages(c, "describe_project_versions", ProjectArn=p), [{"ProjectVersionDescriptions": []}]),
    "no project's versions": (lambda c, p: versions(c, no_project(p)), NOT_FOUND),
    "training in no project": (train_nothing, NOT_FOUND),
    "starting no version": (lambda c, p: c.start_project_version(ProjectVersionArn=no_version(p), MinInferenceUnits=1), NOT_FOUND),
    "stopping no version": (lambda c, p: c.stop_project_version(ProjectVersionArn=no_version(p)), NOT_FOUND),
    "deleting no version": (lambda c, p: c.delete_project_version(ProjectVersionArn=no_version(p)), NOT_FOUND),
    "detecting by no version": (detect, NOT_FOUND),
    "a token of nobody's (versions)": (lambda c, p: versions(c, p, NextToken="nonsense"), BAD_TOKEN),
    "a token of nobody's (projects)": (lambda c, p: c.describe_projects(NextToken="nonsense"), BAD_TOKEN),
    "an empty token": (lambda c, p: versions(c, p, NextToken=""), {"ProjectVersionDescriptions": []}),
    "an answer's headers": (headers, ["application/x-amz-json-1.1", True]),
    "a string for a number": (lambda c, p: versions(c, p, MaxResults="ten"), NO_INTEGER),
    "a space in VersionName": (lambda c, p: train_nothing(c, p, version="a b"), invalid("'a b' at 'versionName'", NAME)),
    "a slash in S3Bucket": (lambda c, p: train_nothing(c, p, bucket="a/b"), invalid("'a/b' at 'outputConfig.s3Bucket'", BUCKET)),
    "two violations": (lambda c, p: train_nothing(c, p, "a b", "a/b"), "400 ValidationException: 2 validation errors detected: …"),
    "a ProjectArn that is none": (lambda c, p: versions(c, "x" * 20), invalid(f"'{'x' * 20}' at 'projectArn'", PROJECT_ARN)),
    "no ProjectArn": (lambda c, p: c.describe_project_versions(), invalid("null at 'projectArn'", "Member must not be null")),
    "MaxResults of 101": (lambda c, p: versions(c, p, MaxResults=101), invalid("'101' at 'maxResults'", "Member must have value less than or equal to 100")),
    "MaxResults of 0": (lambda c, p: c.describe_projects(MaxResults=0), invalid("'0' at 'maxResults'", "Member must have value greater than or equal to 1")),
    "eleven VersionNames": (lambda c, p: versions(c, p, VersionNames=["v"] * 11), invalid(f"'[{'v, ' * 10}v]' at 'versionNames'", f"{AT_MOST} 10")),
    "a space in VersionNames": (lambda c, p: versions(c, p, VersionNames=["a b"]), invalid("'[a b]' at 'versionNames'", f"Member must satisfy constraint: [{AT_MOST} 255, {AT_LEAST} 1, {NAME}]")),
    "a token of 1025 characters": (lambda c, p: versions(c, p, NextToken="x" * 1025), invalid(f"'{'x' * 1025}' at 'nextToken'", f"{AT_MOST} 1024")),
    "an image without bytes": (lambda c, p: detect(c, p, b""), invalid(f"'{NO_BYTES}' at 'image.bytes'", f"{AT_LEAST} 1")),
}
# fmt: on


def wait(client, project_name, *statuses):
    """Return the project's status, "gone" where it is not listed, once it is one of *statuses* or patience has ended."""
    for _ in range(PATIENCE):
        status = next((found["Status"] for found in projects(client, project_name)), "gone")
        if status in statuses:
            break
        time.sleep(1)
    return status


def delete(client, project_name):
    try:
        if wait(client, project_name, "CREATED", "DELETING", "gone") not in ("DELETING", "gone"):
            client.delete_project(ProjectArn=projects(client, project_name)[0]["ProjectArn"])
    except Exception as error:
        raise RuntimeError(f"the project {project_name} may be left: delete it by hand") from error


@contextlib.contextmanager
def empty_project(client):
    """Yield the ARN of a new project, under a name of nobody's; whatever happens, what the facts make is deleted."""
    project_name = f"{PREFIX}{uuid.uuid4().hex[:12]}"
    with contextlib.ExitStack() as stack:
        for made in (project_name, f"{project_name}-2"):
            stack.callback(delete, client, made)
        arn = client.create_project(ProjectName=project_name)["ProjectArn"]
        wait(client, project_name, "CREATED")
        yield arn


def ask(client, function, project):
    """Return a fact's value, without what differs from account to account and is nobody else's business."""
    try:
        value = function(client, project)
        value = without_metadata(value) if isinstance(value, dict) else value
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        value = f"{status} {error.response['Error']['Code']}: {error.response['Error']['Message']}"
    except Exception as error:
        value = f"{type(error).__name__}: {error}"
    text = json.dumps(value, default=str, ensure_ascii=False)
    text = re.sub(r"arn:[\w-]+:(iam|sts)::[^\s\"]+", "<caller>", text)
    text = text.replace(name(project), "<project>").replace(project.split(":")[3], "<region>")
    return json.loads(re.sub(r"\b\d{12}\b", "<account>", re.sub(r"/\d{13}\b", "/<ms>", text)))


def ask_all():
    """Return every fact's value. The client checks nothing, so that what botocore would stop is asked for too."""
    client = boto3.Session().client("rekognition", config=Config(parameter_validation=False))
    with contextlib.closing(client), empty_project(client) as project:
        return {fact: ask(client, function, project) for fact, (function, _) in FACTS.items()}


if __name__ == "__main__":
    json.dump(ask_all(), sys.stdout)
