"""All names in the sentences of one text: lists and patterns propose, the text as a whole decides what is in doubt."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .dates import dates_in
from .gazetteer import Entry, Form, Gazetteer, key
from .kinds import Method, NameKind
from .organisations import acronym_of, described_organisations, states
from .passages import passages_in
from .patterns import coded_actors, group_follows, malware_beside, people_follow, typed_names
from .sectors import sectors_among
from .sentence import Sentence, Span

_CARRIED = (NameKind.MALWARE, NameKind.ACTOR, NameKind.TOOL)
_KINDS_OF_MALWARE = frozenset(
    {"loader", "rat", "logger", "beacon", "malware", "project", "ransomware", "trojan", "backdoor"}
)


def mentions(sentences: Sequence[Sentence], gazetteer: Gazetteer) -> list[list[Span]]:
    """The names of each sentence in order, no two of which overlap."""
    proposed = [list(_proposed(sentence, gazetteer)) for sentence in sentences]
    borne = _borne_out(sentences, proposed)
    result = []
    for sentence, spans in zip(sentences, proposed, strict=True):
        firm = [
            span
            for span in spans
            if not span.weak or (_known_by(sentence.words[span.start : span.end]), span.kind) in borne
        ]
        result.append(_apart([*firm, *_repeated(sentence, borne)]))
    return result


def _proposed(sentence: Sentence, gazetteer: Gazetteer) -> Iterator[Span]:
    yield from passages_in(sentence)
    yield from dates_in(sentence)
    listed = list(_listed(sentence, gazetteer))
    for span in listed:
        if span.kind is NameKind.PLACE and (state := states(sentence, span)):
            yield state
    for span in [*described_organisations(sentence), *listed]:
        if span.kind is NameKind.ORGANISATION:
            yield span
            if short := acronym_of(sentence, span):
                yield short
    yield from listed
    yield from coded_actors(sentence)
    yield from (span for span in typed_names(sentence) if span.kind is not NameKind.MALWARE)
    yield from sectors_among(sentence)


def _listed(sentence: Sentence, gazetteer: Gazetteer) -> Iterator[Span]:
    for start in range(len(sentence)):
        for end, form in gazetteer.at(sentence.words, start):
            shorter = end - start > 1 and sentence.folded[end - 1] in _KINDS_OF_MALWARE
            if shorter and key(sentence.words[start : end - 1]) in gazetteer.forms:
                continue
            if span := _read(sentence, start, end, form):
                yield span


def _read(sentence: Sentence, start: int, end: int, form: Form) -> Span | None:
    """The entry that fits what stands around the name, if any does."""
    kinds = {entry.kind: entry for entry in reversed(form.entries)}
    if start in sentence.addressed and (sentence.words[start] not in form.written or NameKind.PLACE in kinds):
        return None
    if NameKind.PLACE in kinds:
        return _place(sentence, start, end, kinds[NameKind.PLACE])
    malware = malware_beside(sentence, start, end)
    if group_follows(sentence, end) and NameKind.ACTOR in kinds:
        entry = kinds[NameKind.ACTOR]
        return Span(start, end, entry.kind, Method.LIST, entry.canonical, entry.attack)
    order = [NameKind.ACTOR, NameKind.MALWARE, NameKind.TOOL, NameKind.CAMPAIGN, NameKind.ORGANISATION]
    if malware and not people_follow(sentence, end):
        order = [NameKind.MALWARE, NameKind.ACTOR, *order[2:]]
    kind = next(kind for kind in order if kind in kinds)
    entry = kinds[kind]
    if kind is NameKind.ORGANISATION and _is_framework(sentence, start, end):
        return None
    weak = form.common and end - start == 1 and not malware and kind is not NameKind.ORGANISATION
    if weak and not sentence.words[start][0].isupper():
        return None
    return Span(start, end, kind, Method.LIST, entry.canonical, entry.attack, weak)


def _is_framework(sentence: Sentence, start: int, end: int) -> bool:
    """`MITRE ATT&CK` is no organisation, nor is the network that readers are asked to follow on, nor a registry
    key, nor a picture's caption."""
    linked = sentence.word(start - 1) == '"' == sentence.word(end) and sentence.word(end + 1) == ")"
    followed = sentence.word(start - 2) == "follow" or sentence.word(start - 1) == "\\"
    captioned = sentence.words[0] == "!" and start not in sentence.addressed
    return captioned or linked or followed or sentence.word(end) in ("att", "att&ck")


def _place(sentence: Sentence, start: int, end: int, entry: Entry) -> Span | None:
    """Places are written with a capital; `US $` is money; the full stop of `U.S .` may stand apart."""
    following = sentence.word(end)
    if sentence.words[start].islower() or (following.startswith("$") and entry.canonical == "United States"):
        return None
    dotted = following == "." and sentence.words[start][-2:-1] == "." and sentence.word(end + 1) != "-"
    return Span(start, end + dotted, entry.kind, Method.LIST, entry.canonical)


def _borne_out(sentences: Sequence[Sentence], proposed: Sequence[Sequence[Span]]) -> Counter[tuple[str, NameKind]]:
    """How often names stand firm in the text, by their words and kind; of organisations, their short forms alone."""
    found: Counter[tuple[str, NameKind]] = Counter()
    for sentence, spans in zip(sentences, proposed, strict=True):
        for span in spans:
            short = span.kind is NameKind.ORGANISATION and span.method is Method.NEARBY
            if short or (not span.weak and span.kind in _CARRIED):
                found[_known_by(sentence.words[span.start : span.end]), span.kind] += 1
    return found


def _known_by(words: Sequence[str]) -> str:
    """What makes two mentions the same: letters whatever their case, but a short word as it is written."""
    folded = key(words)
    return folded if len(folded) > 4 else "".join(words)


def _repeated(sentence: Sentence, borne: Counter[tuple[str, NameKind]]) -> Iterator[Span]:
    """Other mentions of names that only what stood beside them told."""
    for place, word in enumerate(sentence.words):
        if word[0].isupper() and place not in sentence.addressed:
            known = _known_by([word])
            if kinds := [kind for kind in (*_CARRIED, NameKind.ORGANISATION) if (known, kind) in borne]:
                kind = max(kinds, key=lambda one: borne[known, one])
                yield Span(place, place + 1, kind, Method.NEARBY, word)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """In order and none over another: code covers everything; else what is longer stays, or what was proposed first."""
    chosen: list[Span] = []
    for span in sorted(spans, key=_rank):
        chosen = beside(chosen, [span])
    return sorted(chosen)


def _rank(span: Span) -> tuple[bool, bool, int]:
    return span.kind is not NameKind.CODE, span.method is Method.NEARBY, span.start - span.end


def beside(found: Sequence[Span], more: Iterable[Span]) -> list[Span]:
    """What was found, with what more there is where nothing of it stands."""
    whole = list(found)
    for span in more:
        if all(span.end <= other.start or other.end <= span.start for other in whole):
            whole.append(span)
    return sorted(whole)
