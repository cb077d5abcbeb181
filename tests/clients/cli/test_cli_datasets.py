"""Datasets, a training and its summary file, through the AWS CLI: as tests/examples/test_datasets.py through boto3."""

import base64
import json


def test_the_pipeline(rekognition_cl, aws, answer):
    rekognition_cl.set_training(label_f1_scores={"cat": 0.9, "dog": 0.6})
    lines = [
        {
            "source-ref": f"s3://my-bucket/{number}.jpg",
            "animal": 1,
            "animal-metadata": {"class-name": ("cat", "dog")[number % 2], "type": "groundtruth/image-classification"},
        }
        for number in range(10)
    ]
    text = "\n".join(json.dumps(line) for line in lines)

    def shown(arn):
        """The first look shows the dataset on its way, the second one at its end: asking again is waiting."""
        looks = [answer("describe-dataset", "--dataset-arn", arn)["DatasetDescription"] for _ in range(2)]
        return [look["Status"] for look in looks], looks[1]["DatasetStats"]["TotalEntries"]

    project = answer("create-project", "--project-name", "animals", "--tags", "team=a")["ProjectArn"]
    assert answer("list-tags-for-resource", "--resource-arn", project) == {"Tags": {"team": "a"}}
    arns = []
    for kind in ("TRAIN", "TEST"):
        arns += answer("create-dataset", "--project-arn", project, "--dataset-type", kind).values()
    for arn in arns:
        statuses, _ = shown(arn)
        assert statuses[-1] == "CREATE_COMPLETE"
    major = int(aws("--version").stdout.removeprefix("aws-cli/").partition(".")[0])
    # Version 1 of the CLI takes the text itself, version 2 base64.
    update = {"GroundTruth": text if major == 1 else base64.b64encode(text.encode()).decode()}
    answer("update-dataset-entries", "--dataset-arn", arns[0], "--changes", json.dumps(update))
    assert shown(arns[0]) == (["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"], 10)
    answer("distribute-dataset-entries", "--datasets", json.dumps([{"Arn": arn} for arn in arns]))
    assert shown(arns[0]) == (["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"], 8)
    assert (
        answer("describe-dataset", "--dataset-arn", arns[1])["DatasetDescription"]["DatasetStats"]["TotalEntries"] == 2
    )
    listed = answer("list-dataset-entries", "--dataset-arn", arns[0], "--page-size", "3")["DatasetEntries"]
    assert len(listed) == 8

    output = "S3Bucket=my-bucket"
    version = answer(
        "create-project-version", "--project-arn", project, "--version-name", "v1", "--output-config", output
    )["ProjectVersionArn"]
    which = ["--project-arn", project, "--version-names", "v1"]
    answer("wait", "project-version-training-completed", *which)
    [model] = answer("describe-project-versions", *which)["ProjectVersionDescriptions"]
    place = model["EvaluationResult"]["Summary"]["S3Object"]
    [handle] = rekognition_cl.models
    summary = json.loads(handle.result_files()[place["Bucket"], place["Name"]])
    assert summary["EvaluationDetails"]["NumberOfTrainingImages"] == 8
    assert summary["AggregatedEvaluationResults"]["F1Score"] == model["EvaluationResult"]["F1Score"] == 0.75

    handle.set_labels([{"Name": "cat", "Confidence": 98.5}])
    answer("start-project-version", "--project-version-arn", version, "--min-inference-units", "1")
    answer("wait", "project-version-running", *which)
    image = json.dumps({"S3Object": {"Bucket": "my-bucket", "Name": "new.jpg"}})
    found = answer("detect-custom-labels", "--project-version-arn", version, "--image", image)
    assert [label["Name"] for label in found["CustomLabels"]] == ["cat"]
    answer("stop-project-version", "--project-version-arn", version)
    for _ in range(2):
        answer("describe-project-versions", *which)
    answer("delete-project-version", "--project-version-arn", version)
    for left in (1, 0):
        assert len(answer("describe-project-versions", *which)["ProjectVersionDescriptions"]) == left
    for arn in arns:
        answer("delete-dataset", "--dataset-arn", arn)
        assert answer("describe-dataset", "--dataset-arn", arn)["DatasetDescription"]["Status"] == "DELETE_IN_PROGRESS"
        result = aws("describe-dataset", "--dataset-arn", arn)
        assert "(ResourceNotFoundException)" in result.stderr
    assert answer("delete-project", "--project-arn", project) == {"Status": "DELETING"}
