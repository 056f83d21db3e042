"""How sure a name is: the share of names found in the same way that were right where people had marked them."""

from collections import Counter
from collections.abc import Sequence

from .gazetteer import key
from .kinds import Method, NameKind
from .sentence import Sentence, Span

_UNSEEN = 0.3
_SHARES = {
    (NameKind.ACTOR, Method.CODE_NAME): (0.73, 0.97),
    (NameKind.ACTOR, Method.LIST): (0.7, 0.88),
    (NameKind.ACTOR, Method.NEARBY): (0.5, 0.73),
    (NameKind.ACTOR, Method.PATTERN): (0.25, 0.67),
    (NameKind.CODE, Method.PATTERN): (0.96, 0.98),
    (NameKind.CONCEPT, Method.LIST): (0.69, 0.76),
    (NameKind.DATE, Method.PATTERN): (0.88, 0.9),
    (NameKind.MALWARE, Method.LIST): (0.67, 0.86),
    (NameKind.MALWARE, Method.PATTERN): (0.05, 0.31),
    (NameKind.MALWARE, Method.TAGGER): (0.5, 0.8),
    (NameKind.ORGANISATION, Method.LIST): (0.74, 0.87),
    (NameKind.ORGANISATION, Method.NEARBY): (0.67, 0.91),
    (NameKind.ORGANISATION, Method.PATTERN): (0.63, 0.9),
    (NameKind.PLACE, Method.LIST): (0.83, 0.88),
    (NameKind.SECTOR, Method.LIST): (0.51, 0.76),
    (NameKind.SECTOR, Method.PATTERN): (0.68, 0.82),
    (NameKind.TACTIC, Method.LIST): (0.57, 0.79),
    (NameKind.TECHNIQUE, Method.LIST): (0.41, 0.81),
    (NameKind.TECHNIQUE, Method.PATTERN): (0.43, 0.5),
    (NameKind.TOOL, Method.LIST): (0.45, 0.75),
    (NameKind.TOOL, Method.NEARBY): (0.5, 0.17),
    (NameKind.TOOL, Method.PATTERN): (0.29, 0.1),
}
"""For a name that stands once in a text, and for one that stands there more often (docs/analysis/names.md).

Code names were measured among listed and unlisted ones.
"""


def confidence(sentences: Sequence[Sentence], found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """The same names, each with how sure it is."""
    often = Counter(
        known for sentence, spans in zip(sentences, found, strict=True) for known in _known(sentence, spans)
    )
    return [
        [
            span._replace(confidence=_share(span, often[known]))
            for span, known in zip(spans, _known(sentence, spans), strict=True)
        ]
        for sentence, spans in zip(sentences, found, strict=True)
    ]


def _known(sentence: Sentence, spans: Sequence[Span]) -> list[tuple[NameKind, str]]:
    return [(span.kind, key(sentence.words[span.start : span.end])) for span in spans]


def _share(span: Span, mentions: int) -> float:
    once, oftener = _SHARES.get((span.kind, span.method), (_UNSEEN, _UNSEEN))
    return oftener if mentions > 1 else once
