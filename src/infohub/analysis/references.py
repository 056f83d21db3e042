"""Which live addresses a text only refers to: its own, its sources, makers of products, contacts of its author."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .findings import Finding, Kind
from .hosts import WELL_KNOWN

REFERENCE = "reference"

_SEEN_BEFORE = 120
_HEAD, _LONG = 300, 1000
# What stands right before an address that is only referred to; `malicious link: http://` is not among it.
_CUE = re.compile(
    r"""(?:^|[^\w-])(?:
        see(?:\ (?:also|the|this|here))? | refer\ to | references? | refs? | sources? | canonical\ url | licen[sc]e
        | registrar\ url | read\ more(?:\ (?:at|here|on))? | (?:^|\n)\ *links?:
        | (?:available|published|documented|described|downloaded?)(?:\ online)?\ (?:at|here|from)
        | (?:advisor(?:y|ies)|bulletin|patch|update|fix|announcement|documentation)s?:
        | (?:guidance|notes?|article|post|report)s?: | \[[0-9]{1,3}\]:? | (?:reference|author)[0-9]*\ *=
        | 參閱 | 参阅 | 詳見 | 详见 | 參考 | 参考 | 來源 | 来源 | 出處 | 出处
    )\s*[:：]?\s*["'“「(（<\[]*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_CLICKABLE = re.compile(r"(?:\]\(|\bhref=[\"']?)\Z", re.IGNORECASE)
_OWN_ADDRESS = re.compile(r"(?:^|\n)(?:url|source|original|permalink|link) ?: ?\Z", re.IGNORECASE)
_US = re.compile(
    r"(?:contact|mail(?:ing)?|reach|write\ to|notify|tell|ask)\s+(?:us|me)\b[^.\n]{0,30}\Z"
    r"|for\ (?:more|further|any)\ (?:information|details|inquir(?:y|ies)|enquir(?:y|ies)|questions?)\b[^.\n]{0,100}\Z"
    r"|(?:author|reference)[0-9]*\s*=\s*[\"']?\Z|查詢[^。\n]{0,20}\Z|查询[^。\n]{0,20}\Z",
    re.IGNORECASE | re.VERBOSE,
)
_HEADING = re.compile(
    r"^[ \t#*=-]*(?:(?P<sources>references?|sources?|further reading|bibliography|related (?:links|articles|reading)"
    r"|參考資料|参考资料|參考文獻|参考文献)"
    r"|(?P<indicators>(?:indicators?|iocs?|appendix|附錄|附录)\b.{0,60}))[ \t*:：#=-]*$",
    re.IGNORECASE | re.MULTILINE,
)
_CHAIN = re.compile(r"(?:[ \t,;|、]|and|及|和)*")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


def told_apart(findings: Iterable[Finding], text: str) -> Iterator[Finding]:
    """The findings with a note on those that are only referred to; they come in the order of the text.

    Whoever defangs an address means it, also one of a host that everybody knows.
    """
    sections: list[tuple[int, int]] | None = None
    chained = -1
    for finding in findings:
        if finding.kind is Kind.URL and finding.note == WELL_KNOWN and not finding.live:
            yield replace(finding, note="")
            continue
        if not _may_be_one(finding, text):
            yield finding
            continue
        if sections is None:
            sections = list(_sections(text))
        if (
            finding.note == WELL_KNOWN
            or _referred_to(finding, text)
            or any(start <= finding.start < end for start, end in sections)
            or (chained >= 0 and _CHAIN.fullmatch(text, chained, finding.start))
        ):
            chained = finding.end
            yield finding if finding.note else replace(finding, note=REFERENCE)
        else:
            yield finding


def _may_be_one(finding: Finding, text: str) -> bool:
    if not finding.live:
        return False
    return finding.kind is Kind.EMAIL or (finding.kind is Kind.URL and bool(_SCHEME.match(text, finding.start)))


def _referred_to(finding: Finding, text: str) -> bool:
    before = text[max(0, finding.start - _SEEN_BEFORE) : finding.start]
    if finding.kind is Kind.EMAIL:
        return bool(_US.search(before))
    if _CLICKABLE.search(before) or _CUE.search(before):
        return True
    return finding.start < _HEAD and len(text) > _LONG and bool(_OWN_ADDRESS.search(before))


def _sections(text: str) -> Iterator[tuple[int, int]]:
    """Where lists of sources begin and end."""
    begun = -1
    for heading in _HEADING.finditer(text):
        if heading["sources"] and begun < 0:
            begun = heading.end()
        elif heading["indicators"] and begun >= 0:
            yield begun, heading.start()
            begun = -1
    if begun >= 0:
        yield begun, len(text)
