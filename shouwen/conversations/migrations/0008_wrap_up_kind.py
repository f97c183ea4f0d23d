"""The kind of a summary is one of the kinds of matters."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0007_first_contact_kinds")]

    operations = [
        migrations.AlterField(
            model_name='wrapup',
            name='kind',
            field=models.ForeignKey(db_column='kind', default='enquiry', on_delete=django.db.models.deletion.PROTECT, related_name='wrap_ups', to='conversations.contactkind', to_field='code'),
        ),
    ]
