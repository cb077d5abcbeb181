"""The texts that methods take, for type checkers: a wrong one is an error before the test runs."""

from __future__ import annotations

from typing import Literal

_Training = Literal["TRAINING_IN_PROGRESS", "TRAINING_COMPLETED", "TRAINING_FAILED"]
_Hosting = Literal["STARTING", "RUNNING", "FAILED", "STOPPING", "STOPPED"]
_Copying = Literal["COPYING_IN_PROGRESS", "COPYING_COMPLETED", "COPYING_FAILED"]
_Adapters = Literal["DEPRECATED", "EXPIRED"]
#: The statuses of a project version.
Status = Literal[_Training, _Hosting, "DELETING", _Copying, _Adapters]

_Creating = Literal["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_FAILED"]
_Updating = Literal["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED"]
#: The statuses of a dataset.
DatasetStatus = Literal[_Creating, _Updating, "DELETE_IN_PROGRESS"]

_Versions = Literal["create_project_version", "start_project_version", "stop_project_version", "copy_project_version"]
_Deletions = Literal["delete_project_version", "delete_project", "delete_dataset"]
_Datasets = Literal["create_dataset", "update_dataset_entries", "distribute_dataset_entries"]
#: The operations that begin something which takes time.
Transition = Literal[_Versions, _Deletions, _Datasets]

_Reads = Literal["describe_projects", "describe_project_versions", "describe_dataset", "detect_custom_labels"]
_Lists = Literal["list_dataset_entries", "list_dataset_labels", "list_project_policies", "list_tags_for_resource"]
_Writes = Literal["create_project", "put_project_policy", "delete_project_policy", "tag_resource", "untag_resource"]
#: The operations that the fixture answers, by the boto3 methods' names.
RoutedOperation = Literal[Transition, _Reads, _Lists, _Writes]

#: What a project is for: models, or adapters.
Feature = Literal["CUSTOM_LABELS", "CONTENT_MODERATION"]

_Throttling = Literal["ProvisionedThroughputExceededException", "ThrottlingException"]
_Server = Literal["InternalFailure", "InternalServerError", "ServiceUnavailable", "ServiceUnavailableException"]
_Quota = Literal["HumanLoopQuotaExceededException", "LimitExceededException", "ServiceQuotaExceededException"]
_Missing = Literal["ResourceNotFoundException", "ResourceNotReadyException", "SessionNotFoundException"]
_Conflict = Literal["ConflictException", "ResourceAlreadyExistsException", "ResourceInUseException"]
_Image = Literal["ImageTooLargeException", "InvalidImageFormatException", "VideoTooLargeException"]
_S3 = Literal["InvalidManifestException", "InvalidS3ObjectException"]
_Policy = Literal["InvalidPolicyRevisionIdException", "MalformedPolicyDocumentException"]
_OfResources = Literal[_Missing, _Conflict, _Image, _S3, _Policy]
_Access = Literal["AccessDeniedException", "NotAuthorized", "OptInRequired"]
_Credentials = Literal["ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"]
_Signature = Literal["IncompleteSignature", "InvalidSignatureException", "MissingAuthenticationTokenException"]
_Token = Literal["IdempotentParameterMismatchException", "InvalidPaginationTokenException"]
_Value = Literal["InvalidParameterException", "ValidationError", "ValidationException"]
_Request = Literal["RequestEntityTooLargeException", "RequestExpired", "RequestTimeoutException"]
_Protocol = Literal["InvalidAction", "SerializationException", "UnknownOperationException"]
_OfRequests = Literal[_Access, _Credentials, _Signature, _Token, _Value, _Request, _Protocol]
#: The error codes of Rekognition, and AWS's common ones.
ErrorCode = Literal[_Throttling, _Server, _Quota, _OfResources, _OfRequests]
