"""STIX for machines: the objects as given, the collections, and which object is in which collection since when."""

from infohub.intel.models.calls import MOST_OF_A_TOKEN, Call, CallKind, Face, still_asking
from infohub.intel.models.collections import WATCHED, WRITING, Collection, CollectionKind, CollectionQuerySet
from infohub.intel.models.facts import CveFacts
from infohub.intel.models.objects import Observable, StixObject
from infohub.intel.models.placements import Placement, Waiting
from infohub.intel.models.pushes import Delivery, DeliveryState, Push, PushState, Recall
from infohub.intel.models.retractions import Retraction
from infohub.intel.models.sightings import Counted, Sighting
from infohub.intel.models.sources import Quarantined, Source, SourceKind, SourceRun
from infohub.intel.models.submissions import Submission, Unexplained

__all__ = [
    "MOST_OF_A_TOKEN",
    "WATCHED",
    "WRITING",
    "Call",
    "CallKind",
    "Collection",
    "CollectionKind",
    "CollectionQuerySet",
    "Counted",
    "CveFacts",
    "Delivery",
    "DeliveryState",
    "Face",
    "Observable",
    "Placement",
    "Push",
    "PushState",
    "Quarantined",
    "Recall",
    "Retraction",
    "Sighting",
    "Source",
    "SourceKind",
    "SourceRun",
    "StixObject",
    "Submission",
    "Unexplained",
    "Waiting",
    "still_asking",
]
