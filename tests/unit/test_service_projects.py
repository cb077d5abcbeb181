"""CreateProject, DescribeProjects, DeleteProject."""

import pytest
from fake_service import NOON, OUTPUT


def names(answer):
    return [description["ProjectArn"].split("/")[1] for description in answer["ProjectDescriptions"]]


def test_create_and_describe(wire):
    arn = wire.create_project(ProjectName="new")["ProjectArn"]
    assert arn == f"arn:aws:rekognition:us-east-1:123456789012:project/new/{NOON}"
    assert wire.describe_projects(ProjectNames=["new"]) == {
        "ProjectDescriptions": [
            {
                "ProjectArn": arn,
                "CreationTimestamp": NOON / 1000,
                "Status": "CREATED",
                "Datasets": [],
            }
        ]
    }
    assert wire.train("v1", ProjectArn=arn)


def test_a_duplicate_name(wire):
    wire.create_project(ProjectName="new")
    refusal = wire.refusal("create_project", ProjectName="new")
    assert (refusal.code, refusal.status) == ("ResourceInUseException", 400)
    assert wire.create_project(region="eu-west-1", ProjectName="new")


def test_a_hundred_projects(wire):
    for index in range(99):
        wire.add_project(f"p{index}")
    refusal = wire.refusal("create_project", ProjectName="new")
    assert refusal.code == "LimitExceededException"
    assert wire.create_project(region="eu-west-1", ProjectName="new")
    wire.add_project("a-preset-is-never-refused")


@pytest.mark.parametrize(
    ("params", "accepted"),
    [
        ({}, True),
        ({"Feature": "CUSTOM_LABELS"}, True),
        ({"Feature": "CONTENT_MODERATION", "AutoUpdate": "ENABLED"}, True),
        ({"Feature": "CONTENT_MODERATION", "AutoUpdate": "DISABLED"}, True),
        ({"Feature": "CONTENT_MODERATION"}, False),  # "Required argument for Content Moderation."
        ({"AutoUpdate": "ENABLED"}, False),  # "Applicable only to adapters."
        ({"Feature": "CUSTOM_LABELS", "AutoUpdate": "DISABLED"}, False),
    ],
)
def test_auto_update_is_for_adapters(wire, params, accepted):
    if accepted:
        wire.create_project(ProjectName="new", **params)
        (description,) = wire.describe_projects(ProjectNames=["new"], Features=["CUSTOM_LABELS", "CONTENT_MODERATION"])[
            "ProjectDescriptions"
        ]
        # Terraform's acceptance tests, which run on AWS, rely on what is absent.
        assert description.get("AutoUpdate", "DISABLED") == params.get("AutoUpdate", "DISABLED")
        assert ("AutoUpdate" in description) == (params.get("AutoUpdate") == "ENABLED")
        assert description.get("Feature", "CUSTOM_LABELS") == params.get("Feature", "CUSTOM_LABELS")
        assert ("Feature" in description) == (params.get("Feature") == "CONTENT_MODERATION")
    else:
        assert wire.refusal("create_project", ProjectName="new", **params).code == "InvalidParameterException"


def test_latest_first(wire):
    for name in ("a", "b", "c"):
        wire.clock.advance(1)
        wire.create_project(ProjectName=name)
    assert names(wire.describe_projects()) == ["c", "b", "a", "my-project"]


def test_names_that_do_not_exist_are_left_out(wire):
    wire.add_project("a")
    assert names(wire.describe_projects(ProjectNames=["nobody", "a", "a"])) == ["a"]
    assert wire.describe_projects(ProjectNames=["nobody"]) == {"ProjectDescriptions": []}


def test_adapters_are_listed_only_where_features_asks_for_them(wire):
    wire.add_project("labels")
    wire.add_project("adapters", feature="CONTENT_MODERATION")
    assert names(wire.describe_projects()) == ["labels", "my-project"]
    assert names(wire.describe_projects(Features=["CONTENT_MODERATION"])) == ["adapters"]
    both = wire.describe_projects(Features=["CONTENT_MODERATION", "CUSTOM_LABELS"])
    assert names(both) == ["adapters", "labels", "my-project"]
    assert wire.describe_projects(ProjectNames=["adapters"]) == {"ProjectDescriptions": []}
    assert wire.describe_project_versions(ProjectArn=both["ProjectDescriptions"][0]["ProjectArn"]) == {
        "ProjectVersionDescriptions": []
    }


def test_projects_of_the_region_alone(wire):
    wire.create_project(region="eu-west-1", ProjectName="there")
    assert names(wire.describe_projects()) == ["my-project"]
    assert names(wire.describe_projects(region="eu-west-1")) == ["there"]


def test_paging(wire):
    expected = [*(f"p{index}" for index in range(24, -1, -1)), "my-project"]
    for name in reversed(expected[:-1]):
        wire.add_project(name)
    for size in (1, 10, 13, 26):
        seen, request = [], {"MaxResults": size}
        while True:
            answer = wire.describe_projects(**request)
            seen += names(answer)
            wire.clock.advance(1)
            wire.create_project(ProjectName=f"new-{size}-{len(seen)}")
            if "NextToken" not in answer:
                break
            request["NextToken"] = answer["NextToken"]
        assert [name for name in seen if not name.startswith("new")] == expected
        assert len(seen) == len(set(seen))


def test_a_token_is_bound_to_its_query(wire):
    for name in ("a", "b", "c"):
        wire.add_project(name)
    token = wire.describe_projects(MaxResults=1)["NextToken"]
    for params in (
        {"Features": ["CONTENT_MODERATION"]},
        {"ProjectNames": ["a"]},
        {"region": "eu-west-1"},
    ):
        refusal = wire.refusal("describe_projects", NextToken=token, **params)
        assert refusal.code == "InvalidPaginationTokenException"
    assert wire.refusal("describe_projects", NextToken=token[:-4]).code == "InvalidPaginationTokenException"
    assert names(wire.describe_projects(NextToken=token, Features=["CUSTOM_LABELS"])) == ["b", "a", "my-project"]


def test_the_datasets_of_a_project(wire):
    wire.add_project("with", datasets=True)
    wire.add_project("without", datasets=False)
    with_, without = (
        wire.describe_projects(ProjectNames=[name])["ProjectDescriptions"][0]["Datasets"]
        for name in ("with", "without")
    )
    assert [dataset["DatasetType"] for dataset in with_] == ["TRAIN", "TEST"]
    for dataset in with_:
        kind = dataset["DatasetType"].lower()
        assert dataset["DatasetArn"].split("/")[:-1] == [
            "arn:aws:rekognition:us-east-1:123456789012:project",
            "with",
            "dataset",
            kind,
        ]
        assert dataset["Status"] == "CREATE_COMPLETE"
    assert without == []


# --- delete ---------------------------------------------------------------------------------------------------------


def test_delete(wire):
    arn = wire.create_project(ProjectName="new")["ProjectArn"]
    assert wire.delete_project(ProjectArn=arn) == {"Status": "DELETING"}
    (description,) = wire.describe_projects(ProjectNames=["new"])["ProjectDescriptions"]
    assert description["Status"] == "DELETING"
    assert wire.refusal("delete_project", ProjectArn=arn).code == "ResourceInUseException"
    refusal = wire.refusal("create_project_version", ProjectArn=arn, VersionName="v1", OutputConfig=OUTPUT)
    assert refusal.code == "ResourceInUseException"
    wire.clock.advance(3600)
    assert wire.describe_projects(ProjectNames=["new"]) == {"ProjectDescriptions": []}
    for operation in ("delete_project", "describe_project_versions"):
        assert wire.refusal(operation, ProjectArn=arn).code == "ResourceNotFoundException"
    assert wire.create_project(ProjectName="new")["ProjectArn"] != arn


@pytest.mark.parametrize(
    "status", ["TRAINING_IN_PROGRESS", "TRAINING_COMPLETED", "TRAINING_FAILED", "RUNNING", "STOPPED"]
)
def test_a_project_with_versions_cannot_be_deleted(wire, status):
    wire.add_model("v1", status=status)
    refusal = wire.refusal("delete_project", ProjectArn=wire.project_arn)
    assert (refusal.code, refusal.status) == ("ResourceInUseException", 400)


def test_a_project_with_datasets_cannot_be_deleted(wire):
    # "Before you can delete a project, you must first delete all models and datasets".
    project = wire.add_project("with", datasets=True)
    refusal = wire.refusal("delete_project", ProjectArn=project.arn)
    assert (refusal.code, refusal.status) == ("ResourceInUseException", 400)
    for datasets in (False, None):
        project = wire.add_project(f"p-{datasets}", datasets=datasets)
        assert wire.delete_project(ProjectArn=project.arn) == {"Status": "DELETING"}


def test_a_project_can_be_deleted_when_its_last_version_is_gone(wire):
    model = wire.add_model("v1")
    wire.delete_project_version(ProjectVersionArn=model.arn)
    assert wire.refusal("delete_project", ProjectArn=wire.project_arn).code == "ResourceInUseException"
    wire.clock.advance(3600)
    assert wire.delete_project(ProjectArn=wire.project_arn) == {"Status": "DELETING"}


def test_a_deletion_as_planned(wire):
    wire.set_transition("delete_project", seconds=7)
    wire.delete_project(ProjectArn=wire.project_arn)
    wire.clock.advance(6.999)
    assert names(wire.describe_projects()) == ["my-project"]
    wire.clock.advance(0.001)
    assert names(wire.describe_projects()) == []


def test_a_deleted_project_gives_its_place_in_the_quota_back(make_wire):
    wire = make_wire(quotas={"projects": 1})
    assert wire.refusal("create_project", ProjectName="new").code == "LimitExceededException"
    wire.delete_project(ProjectArn=wire.project_arn)
    wire.clock.advance(3600)
    assert wire.create_project(ProjectName="new")


def test_the_tag_quota_holds_for_projects_too(make_wire):
    wire = make_wire(quotas={"tags": 1})
    assert wire.create_project(ProjectName="one", Tags={"a": ""})
    refusal = wire.refusal("create_project", ProjectName="two", Tags={"a": "", "b": ""})
    assert refusal.code == "LimitExceededException"  # CreateProject does not declare ServiceQuotaExceededException


def test_each_dataset_is_described_in_full(wire):
    project = wire.add_project("p", datasets=True)
    (description,) = wire.describe_projects(ProjectNames=["p"])["ProjectDescriptions"]
    stamps = [description["CreationTimestamp"], *(dataset["CreationTimestamp"] for dataset in description["Datasets"])]
    assert sorted(set(stamps)) == stamps  # each has its own, after the project's
    for dataset, kind in zip(description["Datasets"], ("train", "test"), strict=True):
        assert round(dataset["CreationTimestamp"] * 1000) == int(dataset["DatasetArn"].rpartition("/")[2])
        assert dataset["DatasetArn"].startswith(f"{project.arn.rpartition('/')[0]}/dataset/{kind}/")
        assert (dataset["DatasetType"], dataset["Status"]) == (kind.upper(), "CREATE_COMPLETE")
        assert (dataset["StatusMessageCode"], dataset["StatusMessage"]) == (
            "SUCCESS",
            "The dataset was successfully created from the manifest file.",
        )


def test_the_default_page_of_projects_is_a_hundred(wire):
    for index in range(100):  # and the default project
        wire.add_project(f"p{index}")
    answer = wire.describe_projects()
    assert len(answer["ProjectDescriptions"]) == 100
    assert len(wire.describe_projects(NextToken=answer["NextToken"])["ProjectDescriptions"]) == 1


def test_a_deleted_project_is_gone_for_whoever_asks_first(wire):
    for again in ("delete_project", "create_project"):
        arn = wire.create_project(ProjectName="p")["ProjectArn"]
        wire.delete_project(ProjectArn=arn)
        wire.clock.advance(3600)
        if again == "delete_project":
            assert wire.refusal("delete_project", ProjectArn=arn).code == "ResourceNotFoundException"
        else:
            assert wire.create_project(ProjectName="p")["ProjectArn"] != arn


def test_an_empty_body_is_an_empty_request(wire):
    answer = wire.raw("describe_projects", b"")
    assert answer.status == 200


def test_the_first_moment_of_the_epoch(make_wire):
    wire = make_wire(now=0)
    arn = wire.create_project(ProjectName="p")["ProjectArn"]
    assert arn.endswith("/1")
    descriptions = wire.describe_projects(ProjectNames=["p"])["ProjectDescriptions"]
    assert [(d["ProjectArn"], d["CreationTimestamp"]) for d in descriptions] == [(arn, 0.001)]


def test_how_long_a_deleted_project_is_listed(wire):
    arn = wire.create_project(ProjectName="p")["ProjectArn"]
    wire.delete_project(ProjectArn=arn)
    wire.clock.advance(9.999)
    (description,) = wire.describe_projects(ProjectNames=["p"])["ProjectDescriptions"]
    assert description["Status"] == "DELETING"
    wire.clock.advance(0.001)
    assert wire.describe_projects(ProjectNames=["p"])["ProjectDescriptions"] == []


def test_projects_of_another_account_are_other_projects(wire):
    other = "arn:aws:rekognition:us-east-1:999999999999:project/p/1"
    wire.add_project(other)
    with pytest.raises(ValueError, match="a project named 'p' exists already"):
        wire.add_project("arn:aws:rekognition:us-east-1:999999999999:project/p/2")
    assert wire.create_project(ProjectName="p")["ProjectArn"] != other
