"""The texts that methods take, for type checkers: a wrong one is an error before the test runs."""

from __future__ import annotations

from typing import Literal

_OfTraining = Literal["TRAINING_IN_PROGRESS", "TRAINING_COMPLETED", "TRAINING_FAILED"]
_OfHosting = Literal["STARTING", "RUNNING", "FAILED", "STOPPING", "STOPPED"]
_OfCopying = Literal["COPYING_IN_PROGRESS", "COPYING_COMPLETED", "COPYING_FAILED"]
_OfAdapters = Literal["DEPRECATED", "EXPIRED"]
#: The statuses of a project version.
Status = Literal[_OfTraining, _OfHosting, "DELETING", _OfCopying, _OfAdapters]
_OfCreation = Literal["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_FAILED"]
_OfUpdate = Literal["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED"]
#: The statuses of a dataset.
DatasetStatus = Literal[_OfCreation, _OfUpdate, "DELETE_IN_PROGRESS"]
#: The operations that begin something which takes time.
Transition = Literal[
    "create_project_version",
    "start_project_version",
    "stop_project_version",
    "copy_project_version",
    "delete_project_version",
    "delete_project",
    "create_dataset",
    "update_dataset_entries",
    "distribute_dataset_entries",
    "delete_dataset",
]
#: What a project is for: models, or adapters.
Feature = Literal["CUSTOM_LABELS", "CONTENT_MODERATION"]
#: The error codes of Rekognition, and AWS's common ones.
ErrorCode = Literal[
    "AccessDeniedException",
    "ConflictException",
    "ExpiredTokenException",
    "HumanLoopQuotaExceededException",
    "IdempotentParameterMismatchException",
    "ImageTooLargeException",
    "IncompleteSignature",
    "InternalFailure",
    "InternalServerError",
    "InvalidAction",
    "InvalidClientTokenId",
    "InvalidImageFormatException",
    "InvalidManifestException",
    "InvalidPaginationTokenException",
    "InvalidParameterException",
    "InvalidPolicyRevisionIdException",
    "InvalidS3ObjectException",
    "InvalidSignatureException",
    "LimitExceededException",
    "MalformedPolicyDocumentException",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "ProvisionedThroughputExceededException",
    "RequestEntityTooLargeException",
    "RequestExpired",
    "RequestTimeoutException",
    "ResourceAlreadyExistsException",
    "ResourceInUseException",
    "ResourceNotFoundException",
    "ResourceNotReadyException",
    "SerializationException",
    "ServiceQuotaExceededException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SessionNotFoundException",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationError",
    "ValidationException",
    "VideoTooLargeException",
]
