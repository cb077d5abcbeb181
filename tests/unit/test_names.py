"""The nearest real name everywhere: keywords, attributes, and words that other tools have for ours."""

from __future__ import annotations

import copy
import inspect

import pytest

from pytest_rekognition_cl import RekognitionCL

#: Call on a fixture -> the text of its TypeError.
KEYWORDS = {
    "RekognitionCL(regoin='eu-west-1')": "RekognitionCL(): there is no option 'regoin'; did you mean 'region'? The options are ",
    "RekognitionCL(early=True)": "RekognitionCL(): early is a setting alone, since it is needed before any test: rekognition_cl_early = true",
    "fake.add_project('p', dataset=True)": "add_project() has no argument 'dataset'; did you mean 'datasets'?",
    "fake.add_project(project='p')": "add_project() has no argument 'project'",
    "fake.add_model('v1', project_arn='p')": "add_model() has no argument 'project_arn'; did you mean 'project'?",
    "fake.add_model(version_arn='v')": "add_model() has no argument 'version_arn'; did you mean 'name_or_version_arn'?",
    "fake.add_model('v1', stauts='RUNNING')": "add_model() has no argument 'stauts'; did you mean 'status'?",
    "fake.add_model('v1', state='RUNNING')": "add_model() has no argument 'state'; did you mean 'status'?",
    "fake.add_dataset('TRAIN', state='CREATE_FAILED')": "add_dataset() has no argument 'state'; did you mean 'status'?",
    "fake.set_training(state='TRAINING_FAILED')": "set_training() has no argument 'state'; did you mean 'status'?",
    "model.set_status(state='RUNNING')": "set_status() has no argument 'state'; did you mean 'status'?",
    "fake.set_training(project_version_arn='v')": "set_training() has no argument 'project_version_arn'; did you mean 'source_project_version_arn'?",
    "fake.add_model('v1', kms_key='k')": "add_model() has no argument 'kms_key'; did you mean 'kms_key_id'?",
    "fake.add_model('v1', KmsKeyId='k')": "add_model() has no argument 'KmsKeyId'; did you mean 'kms_key_id'?",
    "fake.add_model('v1', status=['STARTING', 'RUNNING'])": "status is a single one, got ['STARTING', 'RUNNING']; for one after the other: statuses=[...]",
    "fake.set_training(second=3)": "set_training() has no argument 'second'; did you mean 'seconds'?",
    "fake.set_transition('start_project_version', second=3)": "set_transition() has no argument 'second'; did you mean 'seconds'?",
    "fake.add_client_error('create_project', service_error_code='x')": "add_client_error() has no argument 'service_error_code'; did you mean 'code'?",
    "fake.add_client_error('create_project', 'x', service_message='x')": "add_client_error() has no argument 'service_message'; did you mean 'message'?",
    "fake.add_client_error('create_project', 'x', attempt=2)": "add_client_error() has no argument 'attempt'; did you mean 'attempts'?",
    "fake.add_exception('create_project', ValueError, call=2)": "add_exception() has no argument 'call'; did you mean 'calls'?",
    "fake.add_response('create_project', {}, call=2)": "add_response() has no argument 'call'; did you mean 'calls'?",
    "model.set_status('RUNNING', min_inference_unit=2)": "set_status() has no argument 'min_inference_unit'; did you mean 'min_inference_units'?",
    "model.complete_training(f1=1)": "complete_training() has no argument 'f1'; did you mean 'f1_score'?",
    "model.fail_training(mesage='x')": "fail_training() has no argument 'mesage'; did you mean 'message'?",
}
RECORDS = "RekognitionCL.create_project_version"
#: Expression -> the text of its AttributeError.
ATTRIBUTES = {
    "fake.create_project_versoin": "RekognitionCL has no attribute 'create_project_versoin'; did you mean 'create_project_version'?",
    "fake.max_polls": "RekognitionCL has no attribute 'max_polls': it is an option, RekognitionCL(max_polls=...)",
    "fake.project_arm": "RekognitionCL has no attribute 'project_arm'; did you mean 'project_arn'?",
    "fake.create_project.assert_called_onec": "Recorder has no attribute 'assert_called_onec'; did you mean 'assert_called_once'?",
    "fake.create_project.return_value": "Recorder has no attribute 'return_value': rekognition_cl.add_response('create_project', {...}) prepares an answer",
    "fake.create_project.side_effect": "Recorder has no attribute 'side_effect': rekognition_cl.add_response('create_project', {...}) prepares an answer, add_client_error and add_exception a failure",
    "fake.create_project.reset_mock": "Recorder has no attribute 'reset_mock': rekognition_cl.clear_calls() forgets the calls so far",
    "fake.create_project.call_args": "Recorder has no attribute 'call_args': calls[-1].params has the parameters of the latest call",
    "fake.create_project.call_args_list": "Recorder has no attribute 'call_args_list': calls has all calls, each with its params",
    "fake.create_project.assert_has_calls": "Recorder has no attribute 'assert_has_calls': rekognition_cl.assert_order(...) compares the order, assert_any_call(...) parameters",
    "model.version_arn": "Model has no attribute 'version_arn': arn is its ARN",
    "model.name": "Model has no attribute 'name': version_name is its name",
    "model.project": "Model has no attribute 'project': project_arn is the ARN of its project",
    "model.statuss": "Model has no attribute 'statuss'; did you mean 'status'?",
    "fake.project.project_arn": "Project has no attribute 'project_arn'; did you mean 'arn'?",
    "fake.project.arm": "Project has no attribute 'arm'; did you mean 'arn'?",
    "fake.clock.advence": "Clock has no attribute 'advence'; did you mean 'advance'?",
    "fake.calls.operation": "Calls has no attribute 'operation'.",
}
#: What is set -> the text of the AttributeError.
SET = {
    "fake.max_polls": "RekognitionCL has no attribute 'max_polls' to set: it is an option, RekognitionCL(max_polls=...)",
    "fake.project_arns": "RekognitionCL has no attribute 'project_arns' to set; did you mean 'project_arn'?",
    "fake.project_arn": "RekognitionCL.project_arn cannot be set.",
    "fake.create_project": "RekognitionCL.create_project cannot be set.",
    "fake.create_project.return_value": "Recorder has no attribute 'return_value' to set: rekognition_cl.add_response('create_project', {...}) prepares an answer",
    "fake.create_project.called": "Recorder.called cannot be set.",
    "model.status": "Model.status cannot be set: set_status(...) puts it into another status",
    "fake.clock.slep": "Clock has no attribute 'slep' to set; did you mean 'slept'?",
}


@pytest.fixture
def fake():
    with RekognitionCL(region="us-east-1") as fake:
        yield fake


@pytest.mark.parametrize("call", KEYWORDS)
def test_a_wrong_keyword_names_the_nearest(fake, call):
    model = fake.add_model("m")
    with pytest.raises(TypeError) as caught:
        eval(call, {"fake": fake, "model": model, "RekognitionCL": RekognitionCL})
    assert str(caught.value).startswith(KEYWORDS[call])


@pytest.mark.parametrize("expression", ATTRIBUTES)
def test_a_wrong_attribute_names_the_nearest(fake, expression):
    with pytest.raises(AttributeError) as caught:
        eval(expression, {"fake": fake, "model": fake.add_model("m")})
    assert str(caught.value) == ATTRIBUTES[expression]


@pytest.mark.parametrize("place", SET)
def test_an_attribute_that_does_not_exist_cannot_be_set(fake, place):
    with pytest.raises(AttributeError) as caught:
        exec(f"{place} = 3", {"fake": fake, "model": fake.add_model("m")})
    assert str(caught.value) == SET[place]


def test_the_status_of_a_training_is_found_by_its_end(fake):
    for wrong, right in {"FAILED": "TRAINING_FAILED", "COMPLETED": "TRAINING_COMPLETED"}.items():
        with pytest.raises(ValueError, match=f"did you mean '{right}'"):
            fake.set_training(status=wrong)
    with pytest.raises(ValueError, match="did you mean 'TRAINING_COMPLETED'"):
        fake.add_model("v1", status="COMPLETED")


def test_a_recorder_has_no_truth_value(fake):
    """``assert rekognition_cl.create_project_version`` would pass without a call."""
    with pytest.raises(TypeError, match=r"neither true nor false: use rekognition_cl.create_project.called"):
        bool(fake.create_project)


def test_a_copy_is_the_thing_itself(fake):
    """Django's setUpTestData hands each test a deep copy of what the class has made."""
    model = fake.add_model("v1", status="TRAINING_IN_PROGRESS")
    for thing in (fake, model, fake.project, fake.create_project, fake.clock):
        assert copy.deepcopy(thing) == thing
        assert copy.copy(thing) == thing
    copy.deepcopy({"model": model})["model"].complete_training()
    assert model.status == "TRAINING_COMPLETED"


@pytest.mark.parametrize("default_project", [True, False])
def test_looking_at_all_attributes_starts_no_server(default_project):
    """As a debugger does."""
    with RekognitionCL(default_project=default_project) as fake:
        members = dict(inspect.getmembers(fake))
        assert fake._patches._http is None
        assert "create_project" in members
        assert "endpoint_url" not in dir(fake)
        assert fake.endpoint_url.startswith("http://127.0.0.1:")


def test_reprs(fake):
    fake.clock.advance(7200)
    assert repr(fake.clock) == f"<Clock {fake.clock.now().isoformat(timespec='seconds')}, 0 seconds slept>"
    fake._dispatcher.log.add("create_project", b"{}", "us-east-1", 0)
    assert repr(fake).endswith(": 1 call>")
    with pytest.raises(IndexError, match="there is no call 1: 1 was recorded"):
        fake.calls[1]


def test_a_kept_handle_refuses_to_arrange_after_its_test():
    """It would change what nobody looks at any more."""
    with RekognitionCL(region="us-east-1") as fake:
        model = fake.add_model("v1", status="TRAINING_IN_PROGRESS")
        (same,) = fake.models
    assert (model.status, model.arn) == ("TRAINING_IN_PROGRESS", same.arn)
    for arrange in (
        lambda: model.set_status("RUNNING"),
        lambda: same.set_status("RUNNING"),
        model.complete_training,
        model.fail_training,
        lambda: model.set_labels([]),
    ):
        with pytest.raises(
            RuntimeError, match="has ended: its records can be read, but nothing can be arranged any more"
        ):
            arrange()
    assert model.status == "TRAINING_IN_PROGRESS"
