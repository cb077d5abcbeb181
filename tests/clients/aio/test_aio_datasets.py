"""Datasets, a training and its summary file, through aiobotocore: as tests/examples/test_datasets.py through boto3."""

import asyncio
import json

LINES = [
    {
        "source-ref": f"s3://my-bucket/{number}.jpg",
        "animal": 1,
        "animal-metadata": {"class-name": ("cat", "dog")[number % 2], "type": "groundtruth/image-classification"},
    }
    for number in range(10)
]


async def at_rest(client, arn):
    while True:
        dataset = (await client.describe_dataset(DatasetArn=arn))["DatasetDescription"]
        if not dataset["Status"].endswith("_IN_PROGRESS"):
            return dataset["Status"], dataset["DatasetStats"]["TotalEntries"]
        await asyncio.sleep(5)


async def gone(client, arn):
    await client.delete_dataset(DatasetArn=arn)
    try:
        while True:
            await client.describe_dataset(DatasetArn=arn)
            await asyncio.sleep(5)
    except client.exceptions.ResourceNotFoundException:
        return True


async def pipeline(client, fake):
    project = (await client.create_project(ProjectName="animals"))["ProjectArn"]
    arns = [
        (await client.create_dataset(ProjectArn=project, DatasetType=kind))["DatasetArn"] for kind in ("TRAIN", "TEST")
    ]
    assert await asyncio.gather(*(at_rest(client, arn) for arn in arns)) == [("CREATE_COMPLETE", 0)] * 2
    text = "\n".join(json.dumps(line) for line in LINES)
    await client.update_dataset_entries(DatasetArn=arns[0], Changes={"GroundTruth": text.encode()})
    assert await at_rest(client, arns[0]) == ("UPDATE_COMPLETE", 10)
    await client.distribute_dataset_entries(Datasets=[{"Arn": arn} for arn in arns])
    assert [await at_rest(client, arn) for arn in arns] == [("UPDATE_COMPLETE", 8), ("UPDATE_COMPLETE", 2)]
    pages = client.get_paginator("list_dataset_entries").paginate(
        DatasetArn=arns[0], ContainsLabels=["dog"], PaginationConfig={"PageSize": 2}
    )
    assert {
        json.loads(line)["animal-metadata"]["class-name"] async for page in pages for line in page["DatasetEntries"]
    } == {"dog"}

    version = (
        await client.create_project_version(
            ProjectArn=project, VersionName="v1", OutputConfig={"S3Bucket": "my-bucket"}
        )
    )["ProjectVersionArn"]
    which = {"ProjectArn": project, "VersionNames": ["v1"]}
    await client.get_waiter("project_version_training_completed").wait(**which)
    [model] = (await client.describe_project_versions(**which))["ProjectVersionDescriptions"]
    place = model["EvaluationResult"]["Summary"]["S3Object"]
    [handle] = fake.models
    summary = json.loads(handle.result_files()[place["Bucket"], place["Name"]])
    assert summary["EvaluationDetails"]["Labels"] == ["cat", "dog"]
    assert summary["AggregatedEvaluationResults"]["F1Score"] == model["EvaluationResult"]["F1Score"] == 0.75

    handle.set_labels([{"Name": "cat", "Confidence": 98.5}])
    await client.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
    await client.get_waiter("project_version_running").wait(**which)
    found = await client.detect_custom_labels(
        ProjectVersionArn=version, Image={"S3Object": {"Bucket": "my-bucket", "Name": "new.jpg"}}
    )
    assert [label["Name"] for label in found["CustomLabels"]] == ["cat"]
    await client.stop_project_version(ProjectVersionArn=version)
    while (await client.describe_project_versions(**which))["ProjectVersionDescriptions"][0]["Status"] != "STOPPED":
        await asyncio.sleep(10)
    await client.delete_project_version(ProjectVersionArn=version)
    while (await client.describe_project_versions(**which))["ProjectVersionDescriptions"]:
        await asyncio.sleep(10)
    assert await asyncio.gather(*(gone(client, arn) for arn in arns)) == [True, True]
    await client.delete_project(ProjectArn=project)


async def run(make_client, fake):
    async with make_client() as client:
        await pipeline(client, fake)


def test_the_pipeline(rekognition_cl, make_client):
    rekognition_cl.set_training(label_f1_scores={"cat": 0.9, "dog": 0.6})
    asyncio.run(run(make_client, rekognition_cl))
    rekognition_cl.assert_order(
        "create_dataset", "distribute_dataset_entries", "create_project_version", "delete_dataset"
    )
    assert rekognition_cl.models == ()
