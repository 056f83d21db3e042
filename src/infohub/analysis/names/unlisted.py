"""Names that no list knows: the tagger reads what stands around an unknown word, and a text bears it out or not."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files

from .features import features
from .gazetteer import ordinary_words
from .kinds import Method, NameKind
from .sentence import Sentence, Span
from .tagger import Tagger

TAGGER = "names_tagger.npz"

_KINDS = (NameKind.MALWARE, NameKind.ACTOR, NameKind.TOOL)
_HEARD, _ENOUGH = 0.3, 0.5
"""How likely a mention must be to count, and what all mentions of the word must come to."""


@cache
def shipped_tagger() -> Tagger:
    """The tagger taught with ATT&CK and TRAM, read at first use."""
    with as_file(files("infohub.analysis") / "models" / TAGGER) as path:
        return Tagger.read(path)


def unlisted(sentences: Sequence[Sentence], found: Sequence[Sequence[Span]], tagger: Tagger) -> list[list[Span]]:
    """Mentions beyond what was found, for each sentence."""
    unknown = [_unknown(sentence, spans) for sentence, spans in zip(sentences, found, strict=True)]
    said: defaultdict[str, Counter[NameKind]] = defaultdict(Counter)
    for sentence, spans, places in zip(sentences, found, unknown, strict=True):
        if places:
            _hear(sentence, spans, places, tagger, said)
    borne = {word: kinds.most_common(1)[0][0] for word, kinds in said.items() if max(kinds.values()) >= _ENOUGH}
    return [list(_mentions(sentence, places, borne)) for sentence, places in zip(sentences, unknown, strict=True)]


def _hear(
    sentence: Sentence,
    spans: Sequence[Span],
    places: Sequence[int],
    tagger: Tagger,
    said: defaultdict[str, Counter[NameKind]],
) -> None:
    """Add up how likely each unknown word is a name of each kind."""
    likely = tagger.best(features(sentence, spans))[1]
    for kind in _KINDS:
        columns = [column for column, label in enumerate(tagger.labels) if label[2:] == kind]
        for place in places:
            if (heard := float(likely[place, columns].sum())) >= _HEARD:
                said[sentence.words[place]][kind] += heard  # type: ignore[assignment]


def _mentions(sentence: Sentence, places: Sequence[int], borne: dict[str, NameKind]) -> Iterator[Span]:
    for place in places:
        if kind := borne.get(sentence.words[place]):
            yield Span(place, place + 1, kind, Method.TAGGER, sentence.words[place])


def _unknown(sentence: Sentence, spans: Sequence[Span]) -> list[int]:
    """Words with a capital that are no word of every day, and that nothing claims yet."""
    taken = {place for span in spans for place in range(span.start, span.end)}
    ordinary = ordinary_words()
    return [
        place
        for place, word in enumerate(sentence.words)
        if word[0].isupper()
        and len(word) > 2
        and place not in taken
        and sentence.folded[place] not in ordinary
        and place not in sentence.addressed
    ]
