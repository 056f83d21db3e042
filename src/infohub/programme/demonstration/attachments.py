"""The small files that come with some pieces: indicator tables, timelines, counts."""

from datetime import timedelta

from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.words import Setting

_STEPS = {
    "en": (
        "first sign in the logs",
        "seen by the person on duty",
        "account or host isolated",
        "supplier called",
        "indicators blocked at DNS and mail",
        "management told",
        "normal working confirmed",
    ),
    "zh-hant": (
        "日誌出現首個跡象",
        "當值人員發現",
        "隔離帳戶或主機",
        "致電供應商",
        "在DNS及電郵閘道封鎖指標",
        "通知管理層",
        "確認恢復正常",
    ),
    "zh-hans": (
        "日志出现首个迹象",
        "值班人员发现",
        "隔离账号或主机",
        "致电供应商",
        "在DNS及邮件网关封堵指标",
        "通知管理层",
        "确认恢复正常",
    ),
}


def attachment(form: str, setting: Setting) -> dict[str, object]:
    """A file of the form asked for; its contents are live values, as a machine would want them."""
    if form == "csv":
        return _file(f"{setting.key}-indicators.csv", "text/csv", _indicators(setting))
    if form == "timeline":
        return _file(f"{setting.key}-timeline.txt", "text/plain", _timeline(setting))
    return _file(f"{setting.key}-figures.csv", "text/csv", _figures(setting))


def _file(name: str, kind: str, lines: list[str]) -> dict[str, object]:
    return {"name": name, "type": kind, "text": "\n".join(lines) + "\n"}


def _indicators(setting: Setting) -> list[str]:
    roll = dice("csv", setting.key)
    rows = ["type,value,first_seen,times_seen"]
    for mark in setting.marks:
        seen = setting.published - timedelta(hours=roll.randint(3, 90))
        rows.append(f"{mark.sort},{mark.value},{seen.isoformat()},{roll.randint(1, 140)}")
    return rows


def _timeline(setting: Setting) -> list[str]:
    roll = dice("timeline", setting.key)
    moment = setting.published - timedelta(hours=roll.randint(20, 60))
    rows = []
    for step in _STEPS[setting.theme.language]:
        rows.append(f"{moment:%Y-%m-%d %H:%M}  {step}")
        moment += timedelta(minutes=roll.randint(6, 170))
    return rows


def _figures(setting: Setting) -> list[str]:
    roll = dice("figures", setting.key)
    rows = ["week_beginning,seen,blocked,reported_by_staff"]
    monday = setting.published.date() - timedelta(days=setting.published.weekday())
    for week in range(8, 0, -1):
        seen = roll.randint(40, 420)
        blocked = seen - roll.randint(0, 12)
        rows.append(f"{monday - timedelta(weeks=week)},{seen},{blocked},{roll.randint(2, 38)}")
    return rows
