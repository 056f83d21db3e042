"""Puts pieces of the demonstration on the release desk, each at another step, and takes one the whole way."""

from __future__ import annotations

from infohub.members.models import Person, RoleName
from infohub.policy.viewer import person_viewer
from infohub.releases.actions import consent, prepare, propose, release
from infohub.releases.models import Proposal
from infohub.releases.words import Words
from infohub.sharing.models import Item, ItemState

_RELEASED, _READY, _OFFERED, _ASKED = (
    "Courier-fee texts, third wave",
    "Stickers with false payment codes",
    "Mail gateway flaw: exploited",
    "Rebuild a mail gateway",
)
_CRITICAL, _MEDIUM = 4, 2

_COURIER = (
    Words(
        language="en",
        title="Fake courier payment pages now know your street name",
        summary=(
            "Text messages ask for a small redelivery fee and name the recipient's own street. "
            "The page behind the link takes the card and relays the one-time code within seconds."
        ),
        everyone="No courier asks for a redelivery fee by text message. Do not follow the link.",
        small_firms="Check today whether an export of your orders lies where the web server offers it to everybody.",
        teams="Block the two domains and look for them in your mail and proxy logs of the last month.",
        body=(
            "Several members have seen the same messages. They contain the recipient's street, and in some cases the "
            "name of a shop where something was really ordered. An export of orders was probably taken from small web "
            "shops.\n\n## If you typed in card details\n\n1. Call the bank on the number on the back of the card.\n"
            "2. Report the message to your mobile operator by forwarding it.\n3. Look at the next two statements.\n\n"
            "## If you run a web shop\n\nLook for exports and backups in folders the web server shows. Delete what you "
            "do not need, and ask whoever hosts the shop for the access log of the file."
        ),
    ),
    Words(
        language="zh-hant",
        title="假冒速遞付款網頁，短訊已寫出你的街道名稱",
        summary="短訊要求繳付小額重新派件費用，並寫出收件人的街道。連結後的網頁會騙取信用卡資料，並在數秒內轉交一次性密碼。",
        everyone="速遞公司不會以短訊收取重新派件費用，切勿開啟連結。",
        small_firms="今日檢查訂單匯出檔是否放在任何人都可下載的資料夾。",
        teams="封鎖該兩個網域，並在過去一個月的郵件及代理伺服器紀錄中搜尋。",
        body=(
            "多間成員機構收到同類短訊，內有收件人的街道，部分更寫出確曾光顧的商店名稱。相信有小型網店的訂單匯出檔被盜。\n\n"
            "## 如已輸入信用卡資料\n\n1. 立即致電卡背所印的銀行電話。\n2. 把短訊轉寄給流動網絡商舉報。\n"
            "3. 留意之後兩期月結單。\n\n## 如你經營網店\n\n檢查網頁伺服器公開的資料夾內有沒有匯出檔及備份，"
            "刪除不需要的檔案，並向寄存商索取該檔案的存取紀錄。"
        ),
    ),
)
_STICKERS = (
    Words(
        language="en",
        title="Stickers with false payment codes on parking machines",
        summary="Stickers on pay machines lead to a copy of the payment page, which keeps the card.",
        everyone="Run a thumb over the code: a sticker on the machine is a reason not to scan it.",
        small_firms="Look at your own codes on every round, and print where people can report a sticker.",
        body=(
            "Attendants of two car parks removed stickers from pay machines. The code opens a good copy of the payment "
            "page that charges a small sum and keeps the card. Most victims noticed days later."
        ),
    ),
)


def fill_desk() -> None:
    """Do it, as far as the pieces are there and two moderators can share the work."""
    officers = list(Person.objects.filter(roles__name=RoleName.MODERATOR, status="active").order_by("pk")[:2])
    if len(officers) < 2:
        return
    editor, second = officers
    _offered(_OFFERED)
    for row in _offered(_READY):
        _agreed(editor, row, _STICKERS, severity=_MEDIUM)
    for row in _offered(_RELEASED):
        ready = _agreed(editor, row, _COURIER, severity=_CRITICAL)
        release(person_viewer(second), proposal=ready, wording=ready.wording)
    for item in _pieces(_ASKED):
        reader = item.label.audience().exclude(pk=_writer(item).pk).first()
        if reader is not None:
            propose(person_viewer(reader), item=item)


def _agreed(editor: Person, row: Proposal, texts: tuple[Words, ...], *, severity: int) -> Proposal:
    """The proposal with a public wording its owner agreed to."""
    viewer = person_viewer(editor)  # made anew for each act: it remembers what was readable
    row = prepare(viewer, proposal=row, wording=row.wording, texts=texts, indicators=row.offered, severity=severity)
    return consent(person_viewer(_writer(row.item)), proposal=row, wording=row.wording)


def _offered(title: str) -> list[Proposal]:
    return [propose(person_viewer(_writer(item)), item=item) for item in _pieces(title)]


def _pieces(title: str) -> list[Item]:
    """The piece of this title, if the demonstration has it."""
    pieces = Item.objects.as_system("the demonstration is its own author").filter(title__startswith=title)
    return list(
        pieces.filter(state=ItemState.PUBLISHED).select_related("author__person", "seal__membership__person")[:1]
    )


def _writer(item: Item) -> Person:
    """Who wrote it, under a seal or not."""
    membership = item.author or (item.seal.membership if item.seal else None)
    assert membership is not None
    return membership.person
