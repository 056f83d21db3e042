"""What was stopped before belongs to the organisation whose piece it stood in."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def give(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Of an unattributed piece, or of one that is gone, nobody knows whose it was."""
    stops = apps.get_model("assist", "Stop").objects
    owner = apps.get_model("catalogue", "Entry").objects.filter(pk=OuterRef("entry")).values("owner")[:1]
    stops.update(organisation=Subquery(owner))
    stops.filter(organisation=None).delete()


def keep_one_of_each(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Before, each name stood there once."""
    stops = apps.get_model("assist", "Stop").objects
    first: dict[tuple[str, str], int] = {}
    for pk, subject, name in stops.order_by("pk").values_list("pk", "subject", "name"):
        first.setdefault((subject, name), pk)
    stops.exclude(pk__in=first.values()).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0003_stop_organisation"),
        ("catalogue", "0004_texts"),
    ]

    operations = [migrations.RunPython(give, keep_one_of_each)]
