"""A draft of the owner's card, made of sentences of the text itself: what it is about, whom it concerns, what to do."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from infohub.analysis.sentences import Form, Sentence, sentences
from infohub.analysis.tokens import simplified

MOST_STEPS = 3
SHORTEST, LONGEST = 12, 300  # characters; Chinese counts twice
READ = 200_000
"""Characters: what to do first does not stand behind them."""

_VERBS = (
    "apply|ask|avoid|back up|block|call|change|check|close|compare|confirm|contact|cut|delete|disable|disconnect|do not"
    "|don['’]t|enable|enforce|export|force|ignore|inform|install|isolate|keep|limit|log out|look for|make sure|mitigate"
    "|monitor|move|never|patch|pay|phone|print|pull|put|rebuild|remove|replace|report|require|reset|restart|restore"
    "|restrict|review|revoke|rotate|run|scan|search|set|sign out|stop|switch off|switch on|take|tell|test|train"
    "|turn off|turn on|uninstall|unplug|update|upgrade|use|verify|warn|watch|write down"
)
_FIRST = (
    r"please,? |(?:immediately|urgently|first|then|now|next|also|today),? "
    r"|(?:if|where|when|until|as soon as|before|after|for) [^.!?;]{2,120}?, (?:please |immediately )?"
)
_ORDER = re.compile(
    rf"[*_\"“(]*(?:{_FIRST})?(?:{_VERBS})\b(?![.-]\w|\[)[*_]*(?! (?:out|was|were|is|are|has|had|of)\b)"
    r"|[*_「“]*(?:请(?!求)|建议|切勿|不要|务必|立即|尽快|马上|必须|应立即|检查|更新(?![后了])|安装|停用|关闭|更改|联络|联系|致电|备份|封锁|隔离|启用)",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"(?<!\bwe )\b(?:should|must|needs? to|ha(?:s|ve) to)(?: (?:also|now|immediately|not|never|be|first)){0,3} "
    rf"(?:{_VERBS})(?:d|ed|ped)?\b|\b(?:we (?:recommend|advise|urge)|is recommended|are advised)\b"
    r"|(?<![反供相效适响回对顺])应(?![用对变急征])|必须|务必|切勿|建议|请(?!求)",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    r"(?:\b(?:attackers?|adversar(?:y|ies)|intruders?|criminals?|fraudsters?|victims?|malware|ransomware)|^(?:it|this))\b"
    r"[^.]{0,40}\b(?:should|must|needs? to|ha(?:s|ve) to)\b|^(?:for (?:more|further|any)|should you)\b"
    r"|\b(?:contact|call) (?:us|our)\b|(?:攻击者|骇客|黑客|受害者)[^，。；]{0,12}(?:必须|应|请)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]{0,200}”|「[^」]{0,200}」|『[^』]{0,200}』|\"[^\"]{0,200}\"")
_REMEDY = re.compile(
    r"\b(?:patch|update|upgrad|install|password|passkey|second step|two-step|multi-factor|MFA|backup|back up|disabl"
    r"|turn off|switch off|block|isolat|disconnect|call|report)|更新|修补|升级|密码|备份|停用|隔离|致电|封锁",
    re.IGNORECASE,
)
_CONCERNS = re.compile(
    r"\b(?:affect(?:s|ed|ing)?|vulnerable|if you (?:use|run|have)|users? of|customers? of"
    r"|versions?\b.{0,30}\b(?:before|prior|earlier|older|up to|and below))\b|受影响|影响版本|用户|版本",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:recommend|mitigat|remed|advice|action|what to do|do this|next steps?|what you|what we ask)"
    r"|建议|措施|缓解|应对|怎样做|怎么做|这样做",
    re.IGNORECASE,
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CardDraft:
    """Spans of whole sentences, in the order of the text."""

    opening: tuple[Span, ...]
    steps: tuple[Span, ...]


def draft_of(
    text: str, *, summary: Iterable[Span] = (), products: Collection[str] = (), pressing: Collection[str] = ()
) -> CardDraft | None:
    """The draft; None where no sentence says what to do. `pressing` are CVE numbers that are exploited."""
    told = list(_told(text[:READ]))
    steps = _best([(one, _step_weight(text[one.start : one.end], under)) for one, under in told], MOST_STEPS)
    if not steps:
        return None
    concerned = _best(
        [
            (one, _concern_weight(text[one.start : one.end], products, pressing))
            for one, _under in told
            if (one.start, one.end) not in steps
        ],
        1,
    )
    prose = [(one.start, one.end) for one, _under in told if one.form is Form.PROSE]
    first = next((span for span in (*summary, *prose) if span not in steps), None)
    opening = sorted({*concerned, *((first,) if first else ())})
    return CardDraft(tuple(opening), tuple(steps))


def _told(text: str) -> Iterable[tuple[Sentence, bool]]:
    """Sentences that could stand on a card, and whether they stand under a heading that promises advice."""
    under = False
    for one in sentences(text):
        words = text[one.start : one.end]
        if one.form is Form.HEADING:
            under = _ADVICE.search(simplified(words)) is not None
        elif one.form in (Form.PROSE, Form.ITEM) and words[-1] not in "?？:：" and _fits(words):
            yield one, under


def _fits(words: str) -> bool:
    return SHORTEST <= sum(2 if sign > "\u2e80" else 1 for sign in words) <= LONGEST


def _best(weighed: Sequence[tuple[Sentence, float]], most: int) -> list[Span]:
    """The spans that weigh most, in the order of the text; those that weigh nothing never."""
    order = sorted((one for one in weighed if one[1] > 0), key=lambda one: (-one[1], one[0].start))
    return sorted((one.start, one.end) for one, _weight in order[:most])


def _step_weight(words: str, under: bool) -> float:
    """More for an order than for a duty, more under advice, more for what helps against most."""
    words = _QUOTED.sub("", simplified(words))  # what somebody is told by others is no advice
    if _THEIRS.search(words):
        return 0
    helps = _REMEDY.search(words) is not None
    if _ORDER.match(words):
        weight = 2.0
    elif _DUTY.search(words) and (helps or under):
        weight = 1.0
    else:
        return 0
    return weight + (1.5 if under else 0) + (0.5 if helps else 0)


def _concern_weight(words: str, products: Collection[str], pressing: Collection[str]) -> float:
    lower = words.casefold()
    weight = 1.0 if _CONCERNS.search(simplified(words)) else 0.0
    weight += any(name.casefold() in lower for name in products)
    return weight + 0.5 * any(number.casefold() in lower for number in pressing)
