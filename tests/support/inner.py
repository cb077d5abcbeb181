"""What the inner pytest sessions of this folder have in common."""

#: What pytest-asyncio warns about if it is not set.
LOOPS = ("-o", "asyncio_default_fixture_loop_scope=function")

TRAINS = """
import boto3, pytest

def train(project_arn, name="v1"):
    rekognition = boto3.client("rekognition", region_name="us-east-1")
    rekognition.create_project_version(
        ProjectArn=project_arn, VersionName=name, OutputConfig={"S3Bucket": "my-bucket"}
    )
    version = {"ProjectArn": project_arn, "VersionNames": [name]}
    rekognition.get_waiter("project_version_training_completed").wait(**version)
    return rekognition.describe_project_versions(**version)["ProjectVersionDescriptions"][0]["Status"]
"""
