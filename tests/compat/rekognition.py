"""What the tests of the doors share: a module-level client, the shortest requests, and the loops people write."""

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
