"""What an exchange with MISP may lose or change, in the words that its report says."""

from enum import StrEnum


class Remark(StrEnum):
    """Fixed sentences; what was there instead stands beside them."""

    NO_EVENT = "This is no MISP event"
    NO_EVENT_UUID = "An event needs a valid UUID"
    NO_OBJECT = "This is no JSON object"
    NO_UUID = "There is no valid UUID here; one was made from the content"
    NO_TIME = "There is no valid time here; the time of what holds it was taken"
    NO_VALUE = "There is no value here"
    TAKEN_BACK = "This was taken back without its value; what was taken of it before is still there"
    NO_TYPE = "There is no type here"
    NO_CREATOR = "It does not say who made it"
    EMPTY = "There is nothing in it"
    TWICE = "The same UUID stands for another thing before"
    UNKNOWN_TLP = "This marking is not one of TLP 2.0, so nobody can be shown what it marks"
    WAITS = "This marking is not one of TLP 2.0; what it marks waits until somebody says what it means"
    DIGEST = "This file is not the one that the list of events promises"
    STRICTER_COUNTS = "A stricter marking stands beside this one"
    LOCAL_TAG = "A tag for the sending server alone is not taken"
    TAG_RELATION = "How a tag relates to what it stands on is not taken"
    ATTACHED = "The attached file is not taken"
    NO_WORD = "STIX has no word for this type; it is kept as a note that no machine looks for"
    ODD_VALUE = "This value is not what its type promises; it is kept as a note that no machine looks for"
    SHARING_GROUP = "A sharing group is not taken"
    CLUSTER = "The description of a galaxy cluster is not taken; its tag is"
    PROPOSAL = "What others propose is not taken"
    ANALYST = "What analysts say beside the event is not taken"
    KEY = "A key is not taken"
    EXPIRED = "That it expired is not taken"
    POINTS_NOWHERE = "This points at nothing that was taken"
    LEVEL_ADDED = "There was no marking; that of the collection was added"
    UNKNOWN_MARKING = "This marking is not known here, so nobody can be shown what it marks"
    FALSE_TAG = "This tag contradicts the marking and is not written"
    GRANULAR = "A marking of a part of an object is not written; the whole has the strictest"
    STATEMENT = "What a marking states is not written"
    TRANSLATION = "A translation is not written"
    ANOTHER_REPORT = "Another report is an event of its own"
    ANOTHER_CREATOR = "In MISP all of an event has one creator"
    NO_MISP_TYPE = "MISP has no type for this; it was written as text"
    NO_MISP_CATEGORY = "MISP has no such type in this category; it was written in another"
    OBSERVED = "When and how often it was observed is not written; what was observed stands by itself"
    NO_MISP_WORD = "MISP has no word for this"
    PATTERN_KEPT = "MISP has no type for what this pattern compares; it was written as a pattern, its parts beside it"
    PARTS_LEFT = "MISP has no type for these parts"
    PROPERTIES_LEFT = "MISP has no field for these properties"
    NO_MARKING_THERE = "MISP marks nothing of this sort, and what it would stand on is marked looser"
    NO_TEMPLATE = "This is not written; what it holds together stands by itself"
    ONLY_OBJECTS_REFER = "In MISP only objects refer to something else in the event"
    IN_TWO = "In MISP an attribute is in one object only"
    TOO_MANY = "There are more than are read at once; the rest was left out"


SENTENCES = tuple(
    remark.value
    for remark in (
        *(Remark.NO_EVENT, Remark.NO_EVENT_UUID, Remark.NO_OBJECT, Remark.NO_UUID, Remark.NO_TIME, Remark.NO_VALUE),
        *(Remark.TAKEN_BACK, Remark.NO_TYPE, Remark.NO_CREATOR, Remark.EMPTY, Remark.TWICE, Remark.UNKNOWN_TLP),
        *(Remark.WAITS, Remark.DIGEST, Remark.STRICTER_COUNTS, Remark.LOCAL_TAG, Remark.TAG_RELATION),
        *(Remark.ATTACHED, Remark.NO_WORD, Remark.ODD_VALUE, Remark.SHARING_GROUP, Remark.CLUSTER, Remark.PROPOSAL),
        *(Remark.ANALYST, Remark.KEY, Remark.EXPIRED, Remark.POINTS_NOWHERE, Remark.TOO_MANY),
    )
)
"""What reading says."""
