"""Asks the standard's own library and validator whether objects are STIX 2.1."""

from __future__ import annotations

import json
from collections.abc import Sequence

import stix2
import stix2validator

from infohub.standards.feeds.objects import Stix


def faults(objects: Sequence[Stix]) -> list[str]:
    """What the validator holds against these objects."""
    bundle = {"type": "bundle", "id": "bundle--8d1b2f5e-1d0c-4b4e-9a55-1f4a0f6d2c11", "objects": parsed(objects)}
    answer = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
    return [str(fault) for fault in answer.errors or []]


def parsed(objects: Sequence[Stix]) -> Sequence[Stix]:
    """The same objects, after the library has read each; it raises where one is wrong."""
    for one in objects:
        stix2.parse(one, allow_custom=True)
    return objects
