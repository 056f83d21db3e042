from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_languages"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="named_at",
            field=models.DateTimeField(
                help_text="When its name or sectors changed: machines get a new version", null=True
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="named_at",
            field=models.DateTimeField(help_text="When its name changed: machines get a new version", null=True),
        ),
    ]
