"""Every client is intercepted the same way, however, wherever and whenever it was made; and needs nothing to be there."""

import os
import socket
import sys
import threading

import boto3
import botocore.session
import pytest
import rekognition
from botocore.config import Config
from botocore.exceptions import NoRegionError, PartialCredentialsError, ProfileNotFound
from rekognition import create, status

from pytest_rekognition_cl import RekognitionCL

REGION = "us-east-1"


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A machine without any configuration: no variables, no files, no default session, and any socket is an error."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # for other services; the tests of look-ups drop it
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)

    def refuse(*args, **kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def region_of(client, rekognition_cl):
    """Call through *client*; return the Region that the call was recorded with."""
    create(rekognition_cl.project_arn, client=client)
    return rekognition_cl.calls[-1].region


# --- when and how it was made ---------------------------------------------------------------------------------------

BEFORE = {
    "boto3 module level": rekognition.CLIENT,
    "boto3 session": boto3.session.Session().client("rekognition", region_name=REGION),
    "botocore session": botocore.session.Session().create_client("rekognition", region_name=REGION),
}


@pytest.mark.parametrize("client", BEFORE.values(), ids=BEFORE)
def test_clients_made_before_the_fixture(rekognition_cl, client):
    arn = create(rekognition_cl.project_arn, client=client)
    assert status(rekognition_cl.project_arn, client=client) == "TRAINING_IN_PROGRESS"
    assert [model.arn for model in rekognition_cl.models] == [arn]


HOW = {
    "boto3.client": lambda: boto3.client("rekognition"),
    "boto3.Session": lambda: boto3.Session().client("rekognition"),
    "keywords only": lambda: boto3.Session()._session.create_client(service_name="rekognition"),
    "botocore.session": lambda: botocore.session.get_session().create_client("rekognition"),
    "endpoint_url": lambda: boto3.client("rekognition", endpoint_url="https://localhost:1/"),
    "VPC endpoint": lambda: boto3.client(
        "rekognition", endpoint_url="https://vpce-1.rekognition.us-east-1.vpce.amazonaws.com"
    ),
    "proxy": lambda: boto3.client("rekognition", config=Config(proxies={"https": "http://proxy.invalid:3128"})),
    "FIPS": lambda: boto3.client("rekognition", config=Config(use_fips_endpoint=True)),
    "dualstack": lambda: boto3.client("rekognition", config=Config(use_dualstack_endpoint=True)),
    "no TLS": lambda: boto3.client("rekognition", use_ssl=False),
    "own keys": lambda: boto3.client("rekognition", aws_access_key_id="testing", aws_secret_access_key="testing"),
    "unsigned": lambda: boto3.client("rekognition", config=Config(signature_version=botocore.UNSIGNED)),
}


@pytest.mark.parametrize("make", HOW.values(), ids=HOW)
def test_clients_made_in_the_test_without_region_or_credentials(rekognition_cl, make):
    assert region_of(make(), rekognition_cl) == REGION


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_REKOGNITION", "HTTPS_PROXY"])
def test_endpoints_and_proxies_of_the_environment(rekognition_cl, monkeypatch, name):
    monkeypatch.setenv(name, "http://localhost:1")
    assert region_of(boto3.client("rekognition"), rekognition_cl) == REGION


def test_a_client_in_another_thread(rekognition_cl):
    arns = []
    thread = threading.Thread(
        target=lambda: arns.append(create(rekognition_cl.project_arn, client=boto3.client("rekognition")))
    )
    thread.start()
    thread.join()
    assert [model.arn for model in rekognition_cl.models] == arns


def test_without_pytest():
    with RekognitionCL(region="eu-west-1") as fake:
        assert region_of(boto3.client("rekognition"), fake) == "eu-west-1"
    with pytest.raises(NoRegionError):
        boto3.client("rekognition")


# --- profiles and credentials ---------------------------------------------------------------------------------------


def test_a_profile_that_does_not_exist_is_missed_as_ever_but_by_rekognition(rekognition_cl):
    with pytest.raises(ProfileNotFound):
        boto3.Session(profile_name="nope")
    session = botocore.session.Session(profile="nope")
    assert region_of(session.create_client("rekognition"), rekognition_cl) == REGION
    for look_up in (session.get_scoped_config, session.get_credentials, lambda: session.create_client("s3", REGION)):
        with pytest.raises(ProfileNotFound):
            look_up()


def test_a_profile_of_the_environment_that_does_not_exist(rekognition_cl, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nope")
    assert region_of(boto3.client("rekognition"), rekognition_cl) == REGION
    with pytest.raises(ProfileNotFound):
        boto3.client("s3", region_name=REGION)
    with pytest.raises(ProfileNotFound):
        boto3.Session().get_credentials()


def test_the_same_profile_is_missed_again_after_the_fixture():
    session = botocore.session.Session(profile="nope")
    with RekognitionCL():
        session.create_client("rekognition")
    with pytest.raises(ProfileNotFound):
        session.create_client("rekognition", region_name=REGION)


def test_nothing_of_the_users_is_run(rekognition_cl, monkeypatch, tmp_path):
    """A helper may prompt for a code; it is run for other services, and once somebody signs."""
    (tmp_path / "helper.py").write_text(
        f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
        'print(\'{"Version": 1, "AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "secret"}\')\n'
    )
    (tmp_path / "config").write_text(f"[default]\ncredential_process = {sys.executable} {tmp_path / 'helper.py'}\n")
    client = boto3.client("rekognition")
    assert region_of(client, rekognition_cl) == REGION
    assert not (tmp_path / "ran").exists()
    url = client.generate_presigned_url("describe_projects")
    assert "AKIDEXAMPLE" in url
    assert (tmp_path / "ran").exists()


def test_a_session_for_tokens_that_does_not_exist(rekognition_cl, tmp_path):
    (tmp_path / "config").write_text("[default]\nsso_session = missing\n")
    assert region_of(boto3.client("rekognition"), rekognition_cl) == REGION


@pytest.mark.parametrize(
    "config",
    [
        "[profile half]\naws_access_key_id = AKIDEXAMPLE\n",
        "[profile half]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = missing\n",
        "[profile half]\noutput = json\n",
    ],
    ids=["half a key", "role without source", "nothing of use"],
)
def test_a_profile_with_half_a_configuration(rekognition_cl, monkeypatch, tmp_path, config):
    (tmp_path / "config").write_text(config)
    assert region_of(boto3.Session(profile_name="half").client("rekognition"), rekognition_cl) == REGION


def test_half_a_key_in_the_environment(rekognition_cl, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    assert region_of(boto3.client("rekognition"), rekognition_cl) == REGION
    with pytest.raises(PartialCredentialsError):
        boto3.client("s3", region_name=REGION)


def test_half_a_key_in_the_code_is_botocores_own_error(rekognition_cl):
    with pytest.raises(PartialCredentialsError):
        boto3.client("rekognition", aws_access_key_id="AKIDEXAMPLE")


def test_the_users_credentials_stay_with_the_client(rekognition_cl, monkeypatch):
    """A client may outlive the test, and must then be what it would have been."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    client = boto3.client("rekognition")
    assert client._request_signer._credentials.access_key == "AKIDEXAMPLE"


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"AWS_DEFAULTS_MODE": "auto"},
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/x"},
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:1/credentials"},
    ],
    ids=["plain", "defaults mode", "container, relative", "container, full"],
)
def test_no_metadata_is_looked_up(rekognition_cl, monkeypatch, variables):
    """The autouse fixture makes any socket an error; botocore swallows some, so the attempts are counted."""
    attempts = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: attempts.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: attempts.append(args) or [])
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: attempts.append(args))
    monkeypatch.setattr("urllib3.util.connection.create_connection", lambda *args, **kwargs: attempts.append(args))
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert region_of(boto3.client("rekognition"), rekognition_cl) == REGION
    assert attempts == []


def test_other_services_look_their_metadata_up_as_ever(rekognition_cl, monkeypatch):
    asked = []
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    monkeypatch.setattr(
        "botocore.utils.InstanceMetadataFetcher.retrieve_iam_role_credentials", lambda self: asked.append(1) or {}
    )
    boto3.client("s3", region_name=REGION)
    assert asked == [1]


# --- the Region -----------------------------------------------------------------------------------------------------


def test_the_region_of_the_environment_wins(rekognition_cl, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert region_of(boto3.client("rekognition"), rekognition_cl) == "eu-west-1"


def test_an_empty_region_in_the_environment_is_none(rekognition_cl, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "")
    assert region_of(boto3.client("rekognition"), rekognition_cl) == REGION


def test_an_empty_region_is_not_remembered(monkeypatch, tmp_path):
    (tmp_path / "config").write_text("[default]\nregion = eu-west-2\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for variable, region in (("", REGION), (None, "eu-west-2")):
        monkeypatch.setenv("AWS_DEFAULT_REGION", variable or "")
        if variable is None:
            monkeypatch.delenv("AWS_DEFAULT_REGION")
        with RekognitionCL() as fake:
            assert fake.project_arn.split(":")[3] == region


def test_the_region_of_a_profile_wins(rekognition_cl, monkeypatch, tmp_path):
    (tmp_path / "config").write_text("[profile there]\nregion = eu-west-2\n")
    monkeypatch.setenv("AWS_PROFILE", "there")
    assert region_of(boto3.client("rekognition"), rekognition_cl) == "eu-west-2"


def test_the_region_of_the_default_session_wins(rekognition_cl):
    boto3.setup_default_session(region_name="eu-central-1")
    assert region_of(boto3.client("rekognition"), rekognition_cl) == "eu-central-1"


WHERE = {
    "argument": lambda: boto3.client("rekognition", "eu-west-3"),
    "session": lambda: boto3.Session(region_name="eu-west-3").client("rekognition"),
    "config": lambda: boto3.client("rekognition", config=Config(region_name="eu-west-3")),
    "config by position": lambda: botocore.session.Session().create_client(
        "rekognition", None, None, True, None, None, None, None, None, Config(region_name="eu-west-3")
    ),
    "client config of the session": lambda: _with_default_config().create_client("rekognition"),
}


def _with_default_config():
    session = botocore.session.Session()
    session.set_default_client_config(Config(region_name="eu-west-3"))
    return session


@pytest.mark.parametrize("make", WHERE.values(), ids=WHERE)
def test_the_region_in_the_code_wins(make):
    with RekognitionCL(region="eu-west-3") as fake:
        assert region_of(make(), fake) == "eu-west-3"
    with RekognitionCL(region="us-east-1") as fake:
        client = make()
        assert client.meta.region_name == "eu-west-3"


@pytest.mark.rekognition_cl(region="ap-southeast-2")
def test_the_option_is_for_clients_without_a_region(rekognition_cl):
    assert region_of(boto3.client("rekognition"), rekognition_cl) == "ap-southeast-2"


def test_other_services_get_no_region(rekognition_cl):
    with pytest.raises(NoRegionError):
        boto3.client("sqs")


def test_no_variable_is_set(rekognition_cl):
    before = dict(os.environ)
    create(rekognition_cl.project_arn, client=boto3.client("rekognition"))
    assert dict(os.environ) == before


# --- clients made at import -----------------------------------------------------------------------------------------

AT_IMPORT = """
import boto3
client = boto3.client("rekognition")

def test_it(rekognition_cl):
    client.create_project_version(
        ProjectArn=rekognition_cl.project_arn, VersionName="v1", OutputConfig={"S3Bucket": "bucket"}
    )
    assert client.meta.region_name == %r
"""


def test_early_serves_clients_made_at_import(pytester):
    pytester.makepyfile(AT_IMPORT % "us-east-1")
    pytester.makeini("[pytest]\nrekognition_cl_early = true\n")
    pytester.runpytest().assert_outcomes(passed=1)
    with pytest.raises(NoRegionError):  # and ends with the session
        boto3.client("rekognition")


def test_early_takes_the_region_of_the_settings(pytester):
    pytester.makepyfile(AT_IMPORT % "eu-west-1")
    pytester.makeini("[pytest]\nrekognition_cl_early = true\nrekognition_cl_region = eu-west-1\n")
    pytester.runpytest().assert_outcomes(passed=1)


def test_early_holds_for_a_conftest(pytester):
    pytester.makeconftest("import boto3\nclient = boto3.client('rekognition')\n")
    pytester.makepyfile(
        "from conftest import client\ndef test_it():\n    assert client.meta.region_name == 'us-east-1'\n"
    )
    pytester.makeini("[pytest]\nrekognition_cl_early = true\n")
    pytester.runpytest().assert_outcomes(passed=1)


def test_without_early_a_client_at_import_needs_a_region(pytester):
    pytester.makepyfile(AT_IMPORT % "us-east-1")
    result = pytester.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*NoRegionError*"])
