"""Which kind of piece a text is: what it says of itself, by rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from infohub.analysis.assertions import Assertion, Subject
from infohub.analysis.classify.cues import Cue, cues

RULES = "rules"
_ENOUGH = 0.8  # what speaks for one kind alone, before it is suggested
_AHEAD = 0.3  # and so much more than for the next

_SAID = cues(
    incident=(
        (
            0.9,
            (
                r"\b(?:we|our (?:staff|users?|team|company|office|servers?|accounts? team|colleagues?)) (?:have |"
                r"has |had |were |was |just )?(?:been )?(?:hit|attacked|compromised|breached|received|found|"
                r"noticed|discovered|detected|clicked|lost|opened|got|saw)\b"
            ),
        ),
        (0.6, r"\b(?:one of our|our (?:own )?(?:network|server|mailbox|website|customers?))\b"),
        (0.9, r"我們(?:公司|的|收到|發現|中了|被)|我们(?:公司|的|收到|发现|中了|被)|本公司"),
        (0.5, r"\bthis morning\b|\byesterday\b|\blast night\b|今早|昨日|昨天|今天上午"),
    ),
    advisory=(
        (0.7, r"\bCVE-\d{4}-\d{4,}\b"),
        (
            0.6,
            (
                r"\b(?:patch(?:es|ed)?|hotfix|security update|upgrade to|fixed in|update to version|"
                r"affected versions?|workaround)\b|修補程式|补丁|更新至|受影響(?:版本|系統)|受影响(?:版本|系统)"
            ),
        ),
        (0.5, r"\b(?:advisory|vendor|vulnerabilit(?:y|ies))\b|漏洞|保安公告|安全公告"),
    ),
    alert=(
        (
            0.7,
            (
                r"\b(?:urgent|immediately|ongoing|right now|currently targeting|active campaign|"
                r"be on the lookout|beware)\b|緊急|紧急|請即|请立即|提防|留意|警惕"
            ),
        ),
        (
            0.6,
            (
                r"\b(?:phishing|smishing|scam|ransomware|malspam) (?:campaign|wave|mails?|emails?|messages?|"
                r"calls?)\b|釣魚(?:電郵|郵件|短訊|網站)|钓鱼(?:邮件|短信|网站)"
            ),
        ),
        (0.4, r"\b(?:block|indicators? of compromise|IOCs?)\b|入侵指標|入侵指标"),
    ),
    insight=(
        (
            0.8,
            (
                r"\b(?:we (?:assess|attribute|track|analy[sz]ed)|threat actors?|intrusion set|attributed to|"
                r"APT ?\d+|FIN\d+|UNC\d+|TA\d{3,})\b|威脅組織|威胁组织|黑客組織"
            ),
        ),
        (
            0.6,
            (
                r"\b(?:analysis|reverse engineer(?:ed|ing)|infection chain|kill chain|TTPs?|loader|campaign)\b|"
                r"分析|攻擊鏈|攻击链"
            ),
        ),
        (0.5, r"\b(?:trend|quarter(?:ly)?|statistics|per cent|%|year-on-year)\b|趨勢|趋势|季度"),
    ),
    practice=(
        (
            0.9,
            (
                r"\b(?:how to|how we|step[- ]by[- ]step|checklist|best practices?|good practice|"
                r"lessons? learn(?:ed|t)|playbook|guideline|hardening)\b|"
                r"最佳做法|良好做法|檢查清單|检查清单|經驗分享|经验分享|指引"
            ),
        ),
        (0.5, r"\b(?:we (?:introduced|rolled out|now (?:use|require))|recommend(?:ed|ations)?)\b"),
    ),
    news=(
        (
            0.8,
            (
                r"\b(?:announced|launch(?:es|ed)|seminar|webinar|conference|law enforcement|arrested|sentenced|"
                r"press release|new (?:law|regulation|ordinance))\b|"
                r"公布|宣布|研討會|研讨会|被捕|新聞稿|新闻稿|條例|条例"
            ),
        ),
    ),
    question=(
        (
            1.0,
            (
                r"(?:^|\n)[^\n]{0,160}(?:\bhas any(?:one|body)\b|\bdoes any(?:one|body)\b|\bcan any(?:one|"
                r"body)\b|\bis any(?:one|body)\b|\bany (?:ideas?|advice|experience)\b|\bhow (?:do|can|"
                r"should) (?:you|we|I)\b)[^\n]{0,200}[?？]"
            ),
        ),
        (1.0, r"(?:請問|请问|有沒有人|有没有人|有人(?:試過|试过|遇過|遇过)|如何)[^\n]{0,100}[?？]"),
    ),
)


def kind_of(text: str) -> Iterator[Assertion]:
    """The one kind that the text clearly is, if it is."""
    weights: defaultdict[str, float] = defaultdict(float)
    best: dict[str, Cue] = {}
    for cue in _SAID.found(text):
        weights[cue.answer] += cue.weight
        if cue.answer not in best or cue.weight > best[cue.answer].weight:
            best[cue.answer] = cue
    ranked = sorted(weights.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < _ENOUGH:
        return
    ahead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0)
    if ahead >= _AHEAD:
        kind, cue = ranked[0][0], best[ranked[0][0]]
        yield Assertion(Subject.KIND, kind, kind, cue.start, cue.end, min(0.9, 0.5 + ahead / 4), RULES)
