from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note_sizes(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write the size of each object beside what places it."""
    size = "LENGTH(CAST(o.raw AS BLOB))" if editor.connection.vendor == "sqlite" else "OCTET_LENGTH(o.raw)"
    text = f"SELECT {size} FROM intel_stixobject o WHERE o.id = object_id"  # noqa: S608  (our own names)
    editor.execute(f"UPDATE intel_placement SET size = ({text})")  # noqa: S608  (our own names)


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0018_apart"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="size",
            field=models.PositiveIntegerField(default=0, help_text="Bytes of the object's text"),
            preserve_default=False,
        ),
        migrations.RunPython(note_sizes, migrations.RunPython.noop),
    ]
