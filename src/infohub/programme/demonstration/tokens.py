"""The tokens and the collections of the demonstration: a script, some sensors, a peer community."""

from datetime import datetime, timedelta

from infohub.programme.demonstration.almanac import HARBOUR_TIME, written

COLLECTIONS: tuple[dict[str, object], ...] = (
    {
        "id": "banking-indicators",
        "title": "Banking indicators",
        "tlp": "AMBER",
        "audience": {"groups": ["banking"]},
        "writers": {"organisations": ["lantern", "ferrypoint", "tidewater"]},
    },
    {
        "id": "phishing-hosts",
        "title": "Phishing hosts seen by members",
        "tlp": "GREEN",
        "audience": {"everyone": True},
        "writers": {"organisations": ["seagull", "peakline", "marlow"]},
    },
)


def _token(
    key: str, name: str, scopes: str, ceiling: str, expires: datetime | None, **holder: str
) -> dict[str, object]:
    return {
        "id": key,
        **holder,
        "name": name,
        "scopes": scopes.split(),
        "ceiling": ceiling,
        "expires": written(expires),
    }


def tokens(now: datetime) -> list[dict[str, object]]:
    """Tokens of all three kinds; one of them ends in a month."""
    moment = now.astimezone(HARBOUR_TIME).replace(second=0, microsecond=0)
    soon, later = moment + timedelta(days=30), moment + timedelta(days=300)
    return [
        _token("ann-script", "morning script", "read", "AMBER", later, kind="personal", person="ann"),
        _token("ben-feed", "feed reader", "feed", "GREEN", None, kind="personal", person="ben"),
        _token("eve-notebook", "analysis notebook", "read write", "AMBER", soon, kind="personal", person="eve"),
        _token("lantern-siem", "SIEM", "read taxii", "AMBER", later, kind="organisation", organisation="lantern"),
        _token(
            "ferrypoint-siem", "SIEM", "read taxii", "AMBER+STRICT", later, kind="organisation",
            organisation="ferrypoint",
        ),
        _token(
            "tidewater-misp", "MISP server", "read taxii misp", "AMBER", None, kind="organisation",
            organisation="tidewater",
        ),
        _token(
            "seagull-sensors", "DNS sensors", "taxii taxii-write", "GREEN", later, kind="organisation",
            organisation="seagull",
        ),
        _token(
            "copperisland-soc", "control room SOC", "read taxii", "AMBER", None, kind="organisation",
            organisation="copperisland",
        ),
        _token("straits-peer", "Straits Sharing Circle", "taxii misp", "GREEN", later, kind="peer"),
    ]  # fmt: skip
