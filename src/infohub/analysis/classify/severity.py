"""How bad it is, by what the text says of it: suggested with the words that say so, never decided."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infohub.analysis.assertions import Assertion, Subject
from infohub.analysis.classify.cues import READ, cues

RULES = "rules"
LEVELS = ("low", "medium", "high", "critical")

_STATED = re.compile(
    r"(?:severity|risk(?: level)?|rated|rating|嚴重程度|严重程度|風險級別|风险级别)\W{0,4}(?:it |is |as |of ){0,2}"
    r"(?P<level>critical|important|high|medium|moderate|low|嚴重|严重|危急|高|中|低)",
    re.IGNORECASE,
)
_SAME = {
    "important": "high",
    "moderate": "medium",
    "嚴重": "critical",
    "严重": "critical",
    "危急": "critical",
    "高": "high",
    "中": "medium",
    "低": "low",
}
# CVSS v3.1 and v4.0, qualitative severity rating scale: 9.0, 7.0, 4.0
_SCORE = re.compile(r"CVSS[^\n]{0,40}?\b(?P<score>10(?:\.0)?|[0-9]\.[0-9])\b", re.IGNORECASE)
_SCALE = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))
_SAID = cues(
    critical=(
        (
            0.8,
            (
                r"\b(?:actively|being|mass(?:ively)?|widely) exploited\b|\bexploit(?:ed|ation) in the wild\b|"
                r"正被(?:積極|广泛|廣泛)?利用"
            ),
        ),
        (0.75, r"\b(?:wormable|unauthenticated remote code execution|pre-auth(?:entication)? (?:rce|remote code))\b"),
        (0.7, r"\b(?:domain controllers?|backups?) (?:were|was|have been|has been) (?:encrypted|wiped|deleted)\b"),
        (0.7, r"\bzero[- ]day\b|\b0-day\b|零日(?:漏洞|攻擊|攻击)"),
    ),
    high=(
        (0.7, r"\bransomware\b|勒索(?:軟件|软件|軟體|病毒)"),
        (0.65, r"\bremote code execution\b|\bRCE\b|遠端執行|遥端执行|远程执行"),
        (
            0.65,
            (
                r"\b(?:credentials?|customer data|personal data|funds|money) (?:were |was |have been |"
                r"has been )?(?:stolen|leaked|exfiltrated|transferred)\b|資料外洩|数据泄露"
            ),
        ),
        (0.6, r"\b(?:command[- ]and[- ]control|C2 server|web ?shell|backdoor)\b|後門|后门"),
        (0.6, r"\b(?:privilege escalation|authentication bypass)\b"),
    ),
    medium=(
        (0.6, r"\b(?:phishing|smishing|vishing|spear[- ]?phishing|business email compromise)\b|釣魚|钓鱼"),
        (0.55, r"\b(?:denial[- ]of[- ]service|DDoS|cross-site scripting|information disclosure)\b|阻斷服務|拒绝服务"),
        (0.5, r"\b(?:malicious|suspicious|scam|fraud(?:ulent)?)\b|可疑|詐騙|诈骗"),
    ),
    low=((0.5, r"\b(?:for information only|no action (?:is )?(?:needed|required)|low risk)\b|僅供參考|仅供参考"),),
)


def severity_of(text: str) -> Iterator[Assertion]:
    """The one level that the text speaks for, if any: what it states, else a score, else what happened."""
    head = text[:READ]
    found = _stated(head) or _scored(head) or _told(head)
    if found is not None:
        yield found


def _stated(text: str) -> Assertion | None:
    match = _STATED.search(text)
    return (
        None if match is None else _level(_SAME.get(match["level"].lower(), match["level"].lower()), match.span(), 0.9)
    )


def _scored(text: str) -> Assertion | None:
    """The highest score counts: a text that has several is as bad as the worst."""
    best = max(_SCORE.finditer(text), key=lambda match: float(match["score"]), default=None)
    if best is None:
        return None
    score = float(best["score"])
    level = next((name for least, name in _SCALE if score >= least), None)
    return _level(level, best.span(), 0.8) if level else None


def _told(text: str) -> Assertion | None:
    cue = max(_SAID.found(text), key=lambda cue: (LEVELS.index(cue.answer), cue.weight), default=None)
    return _level(cue.answer, (cue.start, cue.end), cue.weight) if cue else None


def _level(name: str, span: tuple[int, int], confidence: float) -> Assertion:
    return Assertion(Subject.SEVERITY, name, name, *span, confidence, RULES)
