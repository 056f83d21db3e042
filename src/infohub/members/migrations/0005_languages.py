from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_mark"),
    ]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="languages",
            field=models.JSONField(blank=True, default=list, help_text="Of pages and mail; empty = all three"),
        ),
    ]
