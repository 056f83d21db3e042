"""Lines of runs keep each reason with its place and what was there, where they kept one text."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def apart(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for run in apps.get_model("intel", "SourceRun").objects.exclude(lines=[]).iterator():
        run.lines = [[subject, outcome, [["", why, ""]]] for subject, outcome, why in run.lines]
        run.save(update_fields=["lines"])


def together(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for run in apps.get_model("intel", "SourceRun").objects.exclude(lines=[]).iterator():
        run.lines = [[subject, outcome, "; ".join(one[1] for one in why)] for subject, outcome, why in run.lines]
        run.save(update_fields=["lines"])


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0012_retraction"),
    ]

    operations = [migrations.RunPython(apart, together)]
