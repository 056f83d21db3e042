"""What reading OpenIOC may lose or change, in the words that its report says."""

from enum import StrEnum


class Remark(StrEnum):
    """Fixed sentences; what was there instead stands beside them."""

    NO_DOCUMENT = "This is no OpenIOC 1.0 or 1.1"
    LARGE = "This is larger than is read"
    NO_ID = "It has no id; one was made from its content"
    NO_TIME = "There is no valid time of its last change"
    NO_CRITERIA = "There is nothing to look for in it"
    UNKNOWN_TLP = "This marking is not one of TLP 2.0, so nobody can be shown what it marks"
    NO_TERM = "STIX has no word for this term"
    NO_CONDITION = "This cannot be asked of this term"
    NO_VALUE = "There is no value here"
    ODD_VALUE = "This value is not what its term promises"
    NO_OPERATOR = "Only AND and OR can be said"
    EMPTY = "There is nothing in it"
    TWICE = "The same id stands for another thing before"
    ALONE = "A rule stands by itself, or it cannot be said"
    ABSENT = "What must not be there can only be said of a thing that is"
    WITH_REST = "What it is joined with by AND cannot be said, and without that it would find too much"
    MUTEX = "A handle is read as a mutex"
    CASE = "Letters count here as they are written; OpenIOC takes large and small ones for the same"
    LEFT = "This is not taken"
