import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assist", "0004_stops_to_owners")]

    operations = [
        migrations.AlterField(
            model_name="stop",
            name="organisation",
            field=models.ForeignKey(
                help_text="In whose piece it was rejected",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(fields=("subject", "name", "organisation"), name="stopped_once_by_each"),
        ),
    ]
