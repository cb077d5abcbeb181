"""Datasets: creating, describing, changing and distributing their entries, listing entries and labels, deleting."""

from __future__ import annotations

from base64 import b64decode

from .. import statuses as st
from ..errors import ServiceError
from ..lifecycle import Dataset, Members, Project
from ..manifests import Entries, Entry, label_descriptions, read_lines, s3_place, split, stats, updated
from . import ADAPTERS, Request, refuse

#: Statuses in which a dataset has entries that can be used.
READY = frozenset({st.CREATE_COMPLETE, st.UPDATE_COMPLETE, st.UPDATE_FAILED})


def create_dataset(request: Request) -> Members:
    """Create a dataset from a manifest, from another dataset, or an empty one (API_CreateDataset.html)."""
    project: Project = request.find("ProjectArn")
    store, kind, now = request.store, request["DatasetType"], request.now
    if project.feature == ADAPTERS:
        refuse("Only Custom Labels projects have datasets.")
    if project.status(now) == st.DELETING:
        raise ServiceError("ResourceNotFoundException")
    if kind in project.datasets:
        raise ServiceError("ResourceAlreadyExistsException")
    entries = _source(request) if "DatasetSource" in request else ()
    request.check_tags(request.get("Tags", {}), "LimitExceededException")
    transition = store.transitions["create_dataset"]
    dataset = store.add_dataset(project, kind, max(now, 1), transition.start(now), entries, transition.overrides)
    dataset.tags = request.get("Tags")
    return {"DatasetArn": dataset.arn}


def _source(request: Request) -> Entries:
    source: Members = request["DatasetSource"]
    if len(source) != 1:
        refuse("DatasetSource must name a manifest or a dataset.")
    if "DatasetArn" in source:
        copied: Dataset = request.store.find(source["DatasetArn"], request.region)
        if (status := copied.status(request.now)) not in READY:
            refuse(f"A dataset cannot be copied while its status is {status}.")
        return copied.entries
    if (place := s3_place(source["GroundTruthManifest"])) is None:
        raise ServiceError("InvalidS3ObjectException")
    return request.store.manifests.get(place)


def describe_dataset(request: Request) -> Members:
    """Describe a dataset, with statistics of its entries (API_DescribeDataset.html)."""
    dataset: Dataset = request.find("DatasetArn")
    shown = dataset.show(request.now)
    updated_ms = max(dataset.updated_ms, dataset.progression.reached_ms or 0)
    times = {"CreationTimestamp": dataset.created_ms / 1000, "LastUpdatedTimestamp": updated_ms / 1000}
    dataset.progression.show(request.now)  # which may be a step of it
    return {"DatasetDescription": {**times, **shown, "DatasetStats": stats(dataset.entries)}}


def update_dataset_entries(request: Request) -> Members:
    """Add entries to a dataset, or replace those of the same images (API_UpdateDatasetEntries.html)."""
    dataset: Dataset = request.find("DatasetArn")
    request.check_status(dataset, READY, "updated")
    changes = read_lines(b64decode(request["Changes"]["GroundTruth"]).decode("utf-8", "replace"))
    dataset.pending = updated(dataset.entries, changes)
    request.begin("update_dataset_entries", dataset)
    return {}


def distribute_dataset_entries(request: Request) -> Members:
    """Move 20 % of a project's training entries to its empty test dataset (API_DistributeDatasetEntries.html)."""
    named: list[Dataset] = [request.store.find(item["Arn"], request.region) for item in request["Datasets"]]
    by_kind = {dataset.kind: dataset for dataset in named}
    if len(by_kind) != 2 or len({dataset.project.arn for dataset in named}) != 1:
        refuse("Datasets must name the training dataset and the test dataset of one project.")
    if any(dataset.status(request.now) not in READY for dataset in named):
        raise ServiceError("ResourceNotReadyException")
    training, testing = by_kind["TRAIN"], by_kind["TEST"]
    if training.entries == ():
        refuse("The training dataset is empty.")
    if testing.entries:
        refuse("The test dataset must be empty.")
    training.pending, testing.pending = split(training.entries)
    for dataset in named:
        request.begin("distribute_dataset_entries", dataset)
    return {}


def list_dataset_entries(request: Request) -> Members:
    """List the JSON Lines of a dataset that all the filters let pass, in its order (API_ListDatasetEntries.html)."""
    return request.page("DatasetEntries", [entry.text for entry in _entries(request) if _passes(entry, request)])


def _passes(entry: Entry, request: Request) -> bool:
    return (
        ("ContainsLabels" not in request or bool(entry.labels.intersection(request["ContainsLabels"])))
        and request.get("Labeled") in (None, bool(entry.labels))
        and request.get("SourceRefContains", "") in (entry.source_ref or "")
        and (not request.get("HasErrors") or entry.has_errors)
    )


def list_dataset_labels(request: Request) -> Members:
    """List the labels of a dataset by name, and how often they are used (API_ListDatasetLabels.html)."""
    return request.page("DatasetLabelDescriptions", label_descriptions(_entries(request)))


def _entries(request: Request) -> tuple[Entry, ...]:
    dataset: Dataset = request.find("DatasetArn")
    if dataset.status(request.now) in (st.CREATE_IN_PROGRESS, st.CREATE_FAILED):
        raise ServiceError("ResourceNotReadyException")
    request.check_status(dataset, READY, "listed")
    return dataset.entries or ()


def delete_dataset(request: Request) -> Members:
    """Delete a dataset, not while it is created, updated or distributed (API_DeleteDataset.html)."""
    dataset: Dataset = request.find("DatasetArn")
    request.check_status(dataset, READY | {st.CREATE_FAILED}, "deleted")
    request.begin("delete_dataset", dataset)
    return {}
