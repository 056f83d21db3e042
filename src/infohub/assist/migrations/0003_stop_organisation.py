import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0002_marks"),
        ("members", "0006_named_at"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="stop", name="stopped_once"),
        migrations.AddField(
            model_name="stop",
            name="organisation",
            field=models.ForeignKey(
                help_text="In whose piece it was rejected",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.organisation",
            ),
        ),
    ]
