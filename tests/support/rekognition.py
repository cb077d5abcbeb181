"""What the tests in intercept/ and neighbours/ share: a module-level client, the shortest requests, and the loops people write."""

import time

import boto3

OUTPUT = {"S3Bucket": "my-bucket", "S3KeyPrefix": "out"}

#: Made at import, long before any fixture; with a Region only, as a module of the code under test would.
CLIENT = boto3.client("rekognition", region_name="us-east-1")


def create(project_arn, name="v1", client=CLIENT):
    """Create a version with the least that a request needs; return its ARN."""
    return client.create_project_version(ProjectArn=project_arn, VersionName=name, OutputConfig=OUTPUT)[
        "ProjectVersionArn"
    ]


def describe(project_arn, *names, client=CLIENT):
    """Return the descriptions of the versions named, or of all."""
    which = {"VersionNames": [*names]} if names else {}
    return client.describe_project_versions(ProjectArn=project_arn, **which)["ProjectVersionDescriptions"]


def status(project_arn, name="v1", client=CLIENT):
    """Return the status of one version."""
    return describe(project_arn, name, client=client)[0]["Status"]


TRAINING = "TRAINING_IN_PROGRESS"
#: The default training, in virtual seconds.
LENGTH = 1800


def poll_while(looks_so, seconds):
    """Poll as long as *looks_so* is true, sleeping *seconds* (a number, or a function of the number of the poll)."""
    number = 0
    while looks_so():
        time.sleep(seconds(number) if callable(seconds) else seconds)
        number += 1


def retry_until(result_is_good, function, *, wait=30, stop_after=100, nap=None):
    """A helper as tenacity's: it calls and sleeps in a module of its own."""
    for _ in range(stop_after):
        result = function()
        if result_is_good(result):
            return result
        (nap or time.sleep)(wait)
    raise TimeoutError


def train_and_poll(fake):
    """Train a model and wait for it, looking every ten minutes."""
    create(fake.project_arn)
    while status(fake.project_arn) == TRAINING:
        time.sleep(600)
