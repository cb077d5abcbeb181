"""Project policies with their revisions, and what they say of a copy to another account."""

import json
import re

import pytest
from fake_service import OUTPUT

OTHER = "arn:aws:rekognition:us-east-1:999999999999:project/theirs/1600000000000"
VERSION = "arn:aws:rekognition:us-east-1:999999999999:project/theirs/version/v1/1600000000001"


def document(**changes):
    """The example of the guide, "Creating a project policy document", with another principal and resource."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:role/Admin"},
        "Action": "rekognition:CopyProjectVersion",
        "Resource": VERSION,
        **changes,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [{k: v for k, v in statement.items() if v is not None}]})


def put(wire, name="p1", arn=None, text=None, **params):
    request = {"ProjectArn": arn or wire.project_arn, "PolicyName": name, "PolicyDocument": text or document()}
    return wire.put_project_policy(**request, **params)["PolicyRevisionId"]


def test_a_policy_is_attached_listed_and_deleted(wire):
    revision = put(wire)
    assert re.fullmatch(r"[0-9a-f]{32}", revision)
    assert wire.list_project_policies(ProjectArn=wire.project_arn) == {
        "ProjectPolicies": [
            {
                "ProjectArn": wire.project_arn,
                "PolicyName": "p1",
                "PolicyRevisionId": revision,
                "PolicyDocument": document(),
                "CreationTimestamp": wire.clock.ms / 1000,
                "LastUpdatedTimestamp": wire.clock.ms / 1000,
            }
        ]
    }
    assert wire.delete_project_policy(ProjectArn=wire.project_arn, PolicyName="p1", PolicyRevisionId=revision) == {}
    assert wire.list_project_policies(ProjectArn=wire.project_arn) == {"ProjectPolicies": []}


def test_only_the_latest_revision_can_be_replaced_or_deleted(wire):
    first, created = put(wire), wire.clock.ms / 1000
    wire.clock.advance(5)
    second = put(wire, PolicyRevisionId=first)
    assert second != first
    [policy] = wire.list_project_policies(ProjectArn=wire.project_arn)["ProjectPolicies"]
    assert (policy["CreationTimestamp"], policy["LastUpdatedTimestamp"]) == (created, created + 5)
    request = {"ProjectArn": wire.project_arn, "PolicyName": "p1", "PolicyRevisionId": first}
    for operation, more in (("put_project_policy", {"PolicyDocument": document()}), ("delete_project_policy", {})):
        assert wire.refusal(operation, **request, **more).code == "InvalidPolicyRevisionIdException"
    wire.delete_project_policy(ProjectArn=wire.project_arn, PolicyName="p1")


def test_a_name_twice_and_a_revision_of_nothing(wire):
    put(wire)
    request = {"ProjectArn": wire.project_arn, "PolicyDocument": document()}
    assert wire.refusal("put_project_policy", PolicyName="p1", **request).code == "ResourceAlreadyExistsException"
    refused = wire.refusal("put_project_policy", PolicyName="p2", PolicyRevisionId="0" * 32, **request)
    assert refused.code == "InvalidPolicyRevisionIdException"
    refused = wire.refusal("delete_project_policy", ProjectArn=wire.project_arn, PolicyName="p2")
    assert refused.code == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        "{}",
        "[" * 1500,
        '{"Statement": []}',
        '{"Statement": [5]}',
        document(Effect="Maybe"),
        document(Action="rekognition:DetectCustomLabels"),
        document(Action=["rekognition:CopyProjectVersion", "rekognition:*"]),
        document(Principal=None),
        document(Resource=None),
        document(Action=None),
        document(Effect=None),
        document(NotAction="rekognition:CopyProjectVersion"),
        document(NotResource="*"),
        document(NotPrincipal="*"),
    ],
)
def test_a_document_that_is_no_policy(wire, text):
    refused = wire.refusal("put_project_policy", ProjectArn=wire.project_arn, PolicyName="p", PolicyDocument=text)
    assert refused.code == "MalformedPolicyDocumentException"


def test_five_policies_a_project_in_pages_of_one_to_five(wire):
    for number in range(5):
        put(wire, f"p{number}")
    request = {"ProjectArn": wire.project_arn, "PolicyName": "p5", "PolicyDocument": document()}
    assert wire.refusal("put_project_policy", **request).code == "LimitExceededException"
    assert len(wire.list_project_policies(ProjectArn=wire.project_arn)["ProjectPolicies"]) == 5
    names, token = [], None
    while True:
        answer = wire.list_project_policies(
            ProjectArn=wire.project_arn, MaxResults=2, **({"NextToken": token} if token else {})
        )
        names.append([policy["PolicyName"] for policy in answer["ProjectPolicies"]])
        token = answer.get("NextToken")
        if token is None:
            break
    assert names == [["p0", "p1"], ["p2", "p3"], ["p4"]]
    other = wire.add_project("other").arn
    token = wire.list_project_policies(ProjectArn=wire.project_arn, MaxResults=2)["NextToken"]
    refused = wire.refusal("list_project_policies", ProjectArn=other, NextToken=token)
    assert refused.code == "InvalidPaginationTokenException"
    assert wire.refusal("list_project_policies", ProjectArn=other, MaxResults=6).code == "ValidationException"


def test_projects_that_take_no_policy(wire):
    adapters = wire.add_project("adapters", feature="CONTENT_MODERATION").arn
    gone = wire.create_project(ProjectName="gone")["ProjectArn"]
    wire.delete_project(ProjectArn=gone)
    for arn, code in (
        (adapters, "InvalidParameterException"),
        (gone, "ResourceNotFoundException"),
        (wire.project_arn + "1", "ResourceNotFoundException"),
    ):
        request = {"ProjectArn": arn, "PolicyName": "p", "PolicyDocument": document()}
        assert wire.refusal("put_project_policy", **request).code == code


# --- copies ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def theirs(wire):
    """A model of another account's, and a request to copy it."""
    wire.add_project(OTHER)
    wire.add_model(VERSION)
    return {
        "SourceProjectArn": OTHER,
        "SourceProjectVersionArn": VERSION,
        "DestinationProjectArn": wire.project_arn,
        "VersionName": "copy",
        "OutputConfig": OUTPUT,
    }


def test_a_project_without_policies_is_one_of_which_nothing_is_said(wire, theirs):
    assert ":project/my-project/version/copy/" in wire.copy_project_version(**theirs)["ProjectVersionArn"]


STAR = "arn:aws:rekognition:*:999999999999:project/theirs/*"


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"Principal": {"AWS": "123456789012"}}, True),
        ({"Principal": {"AWS": ["arn:aws:iam::111111111111:root", "arn:aws:iam::123456789012:root"]}}, True),
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:root"}}, False),
        ({"Principal": {"Service": "rekognition.amazonaws.com"}}, False),
        ({"Resource": STAR}, True),
        ({"Resource": ["x", VERSION.replace("v1", "v?")]}, True),
        ({"Resource": VERSION.replace("v1", "v2")}, False),
        ({"Resource": VERSION.replace("v1", ".1")}, False),
        ({"Effect": "Deny"}, False),
    ],
    ids=str,
)
def test_what_a_policy_says_of_a_copy_to_another_account(wire, theirs, changes, allowed):
    put(wire, arn=OTHER, text=document(**changes))
    if allowed:
        wire.copy_project_version(**theirs)
    else:
        assert wire.refusal("copy_project_version", **theirs).code == "AccessDeniedException"


def test_a_denial_wins_and_a_policy_taken_away_allows_nothing(wire, theirs):
    put(wire, "yes", arn=OTHER)
    put(wire, "no", arn=OTHER, text=document(Effect="Deny", Resource=STAR))
    assert wire.refusal("copy_project_version", **theirs).code == "AccessDeniedException"
    wire.delete_project_policy(ProjectArn=OTHER, PolicyName="no")
    wire.copy_project_version(**theirs)
    wire.delete_project_policy(ProjectArn=OTHER, PolicyName="yes")
    theirs["VersionName"] = "another"
    assert wire.refusal("copy_project_version", **theirs).code == "AccessDeniedException"


def test_within_an_account_only_a_denial_counts(wire):
    model = wire.add_model("v1")
    request = {
        "SourceProjectArn": wire.project_arn,
        "SourceProjectVersionArn": model.arn,
        "DestinationProjectArn": wire.add_project("other").arn,
        "OutputConfig": OUTPUT,
    }
    revision = put(wire, text=document(Resource="none"))
    wire.copy_project_version(VersionName="c1", **request)
    put(wire, text=document(Effect="Deny", Resource=model.arn), PolicyRevisionId=revision)
    assert wire.refusal("copy_project_version", VersionName="c2", **request).code == "AccessDeniedException"
