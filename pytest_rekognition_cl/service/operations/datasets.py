"""Datasets: creating, describing, changing and distributing their entries, listing entries and labels, deleting."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from .. import statuses as st
from ..errors import ServiceError
from ..lifecycle import Dataset
from ..manifests import Entries, Entry, label_descriptions, read_lines, split, stats, updated
from ..store import Store
from . import ADAPTERS, Params, RequestContext, check_status, check_tags, page, refuse

#: Statuses in which a dataset has entries that can be used.
READY = frozenset({st.CREATE_COMPLETE, st.UPDATE_COMPLETE, st.UPDATE_FAILED})


def create_dataset(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Create a dataset from a manifest, from another dataset, or an empty one (API_CreateDataset.html)."""
    project, kind = store.project(params["ProjectArn"], context.region), params["DatasetType"]
    if project.feature == ADAPTERS:
        refuse("Only Custom Labels projects have datasets.")
    if project.status(context.now) == st.DELETING:
        raise ServiceError("ResourceNotFoundException")
    if kind in project.datasets:
        raise ServiceError("ResourceAlreadyExistsException")
    entries = _source(store, params["DatasetSource"], context) if "DatasetSource" in params else ()
    check_tags(store, params, context, "LimitExceededException")
    transition = store.transitions["create_dataset"]
    progression = transition.start(context.now)
    dataset = store.add_dataset(project, kind, max(context.now, 1), progression, entries, transition.overrides)
    dataset.tags = params.get("Tags")
    return {"DatasetArn": dataset.arn}


def _source(store: Store, source: dict[str, Any], context: RequestContext) -> Entries:
    if len(source) != 1:
        refuse("DatasetSource must name a manifest or a dataset.")
    if "DatasetArn" in source:
        copied = store.dataset(source["DatasetArn"], context.region)
        if copied.status(context.now) not in READY:
            refuse(f"A dataset cannot be copied while its status is {copied.status(context.now)}.")
        return copied.entries
    manifest = source["GroundTruthManifest"].get("S3Object", {})
    if not {"Bucket", "Name"} <= set(manifest):
        raise ServiceError("InvalidS3ObjectException")
    return store.manifests.get((manifest["Bucket"], manifest["Name"]))


def describe_dataset(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Describe a dataset, with statistics of its entries (API_DescribeDataset.html)."""
    dataset = store.dataset(params["DatasetArn"], context.region)
    shown = dataset.show(context.now)
    times = {
        "CreationTimestamp": dataset.created_ms / 1000,
        "LastUpdatedTimestamp": max(dataset.updated_ms, dataset.progression.reached_ms or 0) / 1000,
    }
    dataset.progression.mark_described(context.now)
    return {"DatasetDescription": {**times, **shown, "DatasetStats": stats(dataset.entries)}}


def update_dataset_entries(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Add entries to a dataset, or replace those of the same images (API_UpdateDatasetEntries.html)."""
    dataset = store.dataset(params["DatasetArn"], context.region)
    check_status(dataset, context, READY, "updated")
    changes = read_lines(b64decode(params["Changes"]["GroundTruth"]).decode("utf-8", "replace"))
    dataset.begin(store.transitions["update_dataset_entries"], updated(dataset.entries, changes), context.now)
    return {}


def distribute_dataset_entries(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Move 20 % of a project's training entries to its empty test dataset (API_DistributeDatasetEntries.html)."""
    named = [store.dataset(item["Arn"], context.region) for item in params["Datasets"]]
    by_kind = {dataset.kind: dataset for dataset in named}
    if len(by_kind) != 2 or len({dataset.project.arn for dataset in named}) != 1:
        refuse("Datasets must name the training dataset and the test dataset of one project.")
    for dataset in named:
        if dataset.status(context.now) not in READY:
            raise ServiceError("ResourceNotReadyException")
    training, testing = by_kind["TRAIN"], by_kind["TEST"]
    if training.entries == ():
        refuse("The training dataset is empty.")
    if testing.entries:
        refuse("The test dataset must be empty.")
    for dataset, entries in zip((training, testing), split(training.entries), strict=True):
        dataset.begin(store.transitions["distribute_dataset_entries"], entries, context.now)
    return {}


def list_dataset_entries(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """List the JSON Lines of a dataset that all the filters let pass, in its order (API_ListDatasetEntries.html)."""
    dataset = _readable(store, params, context)
    found = [entry.text for entry in dataset.entries or () if _passes(entry, params)]
    return page("DatasetEntries", found, params)


def _passes(entry: Entry, params: Params) -> bool:
    return (
        ("ContainsLabels" not in params or bool(entry.labels.intersection(params["ContainsLabels"])))
        and params.get("Labeled") in (None, bool(entry.labels))
        and params.get("SourceRefContains", "") in (entry.source_ref or "")
        and (not params.get("HasErrors") or entry.has_errors)
    )


def list_dataset_labels(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """List the labels of a dataset by name, and how often they are used (API_ListDatasetLabels.html)."""
    dataset = _readable(store, params, context)
    return page("DatasetLabelDescriptions", label_descriptions(dataset.entries), params)


def delete_dataset(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Delete a dataset, not while it is created, updated or distributed (API_DeleteDataset.html)."""
    dataset = store.dataset(params["DatasetArn"], context.region)
    check_status(dataset, context, READY | {st.CREATE_FAILED}, "deleted")
    dataset.begin(store.transitions["delete_dataset"], dataset.entries, context.now)
    store.track(dataset)
    return {}


def _readable(store: Store, params: Params, context: RequestContext) -> Dataset:
    dataset = store.dataset(params["DatasetArn"], context.region)
    if dataset.status(context.now) in (st.CREATE_IN_PROGRESS, st.CREATE_FAILED):
        raise ServiceError("ResourceNotReadyException")
    check_status(dataset, context, READY, "listed")
    return dataset
