"""Tags on projects, versions and datasets."""

import pytest
from fake_service import OUTPUT, Wire

NONE = "arn:aws:rekognition:us-east-1:123456789012:collection/faces"


def tags(wire, arn):
    return wire.list_tags_for_resource(ResourceArn=arn)["Tags"]


def test_tags_given_at_creation_are_kept(wire):
    project = wire.create_project(ProjectName="p", Tags={"a": "1"})["ProjectArn"]
    version = wire.create_project_version(ProjectArn=project, VersionName="v1", OutputConfig=OUTPUT, Tags={"b": "2"})
    dataset = wire.create_dataset(ProjectArn=project, DatasetType="TRAIN", Tags={"c": ""})
    copy = wire.add_model("v1").arn
    copied = wire.copy_project_version(
        SourceProjectArn=wire.project_arn,
        SourceProjectVersionArn=copy,
        DestinationProjectArn=project,
        VersionName="copy",
        OutputConfig=OUTPUT,
        Tags={"d": "4"},
    )
    assert tags(wire, project) == {"a": "1"}
    assert tags(wire, version["ProjectVersionArn"]) == {"b": "2"}
    assert tags(wire, dataset["DatasetArn"]) == {"c": ""}
    assert tags(wire, copied["ProjectVersionArn"]) == {"d": "4"}


def test_tags_are_added_replaced_and_removed(wire):
    for arn in (wire.project_arn, wire.add_model("v1").arn, wire.add_dataset("TRAIN").arn):
        assert tags(wire, arn) == {}
        assert wire.tag_resource(ResourceArn=arn, Tags={"a": "1", "b": "2"}) == {}
        wire.tag_resource(ResourceArn=arn, Tags={"b": "3"})
        assert tags(wire, arn) == {"a": "1", "b": "3"}
        assert wire.untag_resource(ResourceArn=arn, TagKeys=["a", "none"]) == {}
        assert tags(wire, arn) == {"b": "3"}


def test_what_is_not_there(wire):
    for arn in (NONE, wire.project_arn + "1"):
        assert wire.refusal("list_tags_for_resource", ResourceArn=arn).code == "ResourceNotFoundException"
        assert wire.refusal("tag_resource", ResourceArn=arn, Tags={}).code == "ResourceNotFoundException"
        assert wire.refusal("untag_resource", ResourceArn=arn, TagKeys=[]).code == "ResourceNotFoundException"
    refused = wire.refusal("list_tags_for_resource", region="eu-west-1", ResourceArn=wire.project_arn)
    assert refused.code == "ResourceNotFoundException"


def test_fifty_tags_a_resource(wire):
    wire.tag_resource(ResourceArn=wire.project_arn, Tags={f"k{number}": "" for number in range(50)})
    wire.tag_resource(ResourceArn=wire.project_arn, Tags={"k0": "again"})
    refused = wire.refusal("tag_resource", ResourceArn=wire.project_arn, Tags={"one": "more"})
    assert refused.code == "ServiceQuotaExceededException"
    assert len(tags(wire, wire.project_arn)) == 50
    request = {"ProjectArn": wire.project_arn, "VersionName": "v", "OutputConfig": OUTPUT}
    many = {f"k{number}": "" for number in range(51)}
    # Each with an error that the operation declares.
    assert wire.refusal("create_project_version", Tags=many, **request).code == "ServiceQuotaExceededException"
    assert wire.refusal("create_project", ProjectName="p", Tags=many).code == "LimitExceededException"
    refused = wire.refusal("create_dataset", ProjectArn=wire.project_arn, DatasetType="TRAIN", Tags=many)
    assert refused.code == "LimitExceededException"


@pytest.mark.parametrize(("count", "code"), [(200, None), (201, "ValidationException")])
def test_two_hundred_keys_a_request(count, code):
    wire = Wire(quotas={"tags": None})
    many = {f"k{number}": "" for number in range(count)}
    if code is None:
        wire.tag_resource(ResourceArn=wire.project_arn, Tags=many)
        wire.untag_resource(ResourceArn=wire.project_arn, TagKeys=list(many))
        assert tags(wire, wire.project_arn) == {}
    else:
        assert wire.refusal("tag_resource", ResourceArn=wire.project_arn, Tags=many).code == code
        assert wire.refusal("untag_resource", ResourceArn=wire.project_arn, TagKeys=list(many)).code == code
