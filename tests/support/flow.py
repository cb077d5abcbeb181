"""The example flow, create -> wait -> evaluate -> start -> wait -> stop -> delete: one set of assertions for any client."""

import time

OUTPUT = {"S3Bucket": "my-bucket", "S3KeyPrefix": "evaluation"}
TRAINING = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "output.manifest"}}}]}
TESTING = {"AutoCreate": True}


def run_with_boto3(rekognition, project_arn, *, delay=None, pause=10):
    """Run the flow with a boto3 client, and return the F1 score.

    *delay* is that of its waiters, in seconds, if not their own; *pause* that of its own loops.
    """
    config = {} if delay is None else {"WaiterConfig": {"Delay": delay}}
    which = {"ProjectArn": project_arn, "VersionNames": ["v1"]}
    arn = rekognition.create_project_version(
        ProjectArn=project_arn, VersionName="v1", OutputConfig=OUTPUT, TrainingData=TRAINING, TestingData=TESTING
    )["ProjectVersionArn"]
    rekognition.get_waiter("project_version_training_completed").wait(**which, **config)
    model = rekognition.describe_project_versions(**which)["ProjectVersionDescriptions"][0]
    rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    rekognition.get_waiter("project_version_running").wait(**which, **config)
    rekognition.stop_project_version(ProjectVersionArn=arn)
    while rekognition.describe_project_versions(**which)["ProjectVersionDescriptions"][0]["Status"] != "STOPPED":
        time.sleep(pause)
    rekognition.delete_project_version(ProjectVersionArn=arn)
    while rekognition.describe_project_versions(**which)["ProjectVersionDescriptions"]:
        time.sleep(pause)
    return model["EvaluationResult"]["F1Score"]


def assert_flow(rekognition_cl):
    """What every client must have led to."""
    rekognition_cl.create_project_version.assert_called_once_with(
        ProjectArn=rekognition_cl.project_arn,
        VersionName="v1",
        OutputConfig=OUTPUT,
        TrainingData=TRAINING,
        TestingData=TESTING,
    )
    arn = rekognition_cl.create_project_version.calls[0].response["ProjectVersionArn"]
    rekognition_cl.start_project_version.assert_called_once_with(ProjectVersionArn=arn, MinInferenceUnits=1)
    rekognition_cl.stop_project_version.assert_called_once_with(ProjectVersionArn=arn)
    rekognition_cl.delete_project_version.assert_called_once_with(ProjectVersionArn=arn)
    rekognition_cl.describe_project_versions.assert_any_call(ProjectArn=rekognition_cl.project_arn, VersionNames=["v1"])
    rekognition_cl.assert_order(
        "create_project_version",
        "describe_project_versions",
        "start_project_version",
        "describe_project_versions",
        "stop_project_version",
        "delete_project_version",
        "describe_project_versions",
    )
    rekognition_cl.assert_no_errors()
    rekognition_cl.assert_nothing_left_running()
    assert [call.attempts for call in rekognition_cl.calls if call.attempts != 1] == []
    assert rekognition_cl.models == ()
