from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_ceiling_of_programs"),
    ]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="mark",
            field=models.CharField(
                blank=True, default="", help_text="Name of its picture; empty = the built-in mark", max_length=80
            ),
            preserve_default=False,
        ),
    ]
