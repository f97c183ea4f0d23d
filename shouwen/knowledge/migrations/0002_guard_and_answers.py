"""Taboo phrases, and answers that are approved."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_job_descriptions'),
        ('knowledge', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('topic', models.CharField(blank=True, max_length=60, verbose_name='topic')),
                ('title', models.CharField(max_length=100, verbose_name='question')),
                ('text', models.TextField(max_length=2000, verbose_name='answer')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source or evidence')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('approved', 'Approved'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('approved_at', models.DateTimeField(null=True)),
                ('use_count', models.PositiveIntegerField(default=0)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('title_initials', models.CharField(blank=True, editable=False, max_length=100)),
                ('text_initials', models.CharField(blank=True, editable=False, max_length=60)),
                ('pinyin', models.CharField(blank=True, editable=False, max_length=400)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'answer',
                'indexes': [models.Index(fields=['state', 'topic'], name='answer_state_topic')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='answer_approved_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Taboo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('text', models.CharField(max_length=100, verbose_name='phrase')),
                ('severity', models.CharField(choices=[('block', 'Never sent'), ('warn', 'Sent only with a reason'), ('suggest', 'Better words are offered')], default='warn', max_length=8, verbose_name='what happens')),
                ('replacement', models.CharField(blank=True, max_length=200, verbose_name='say instead')),
                ('is_whole', models.BooleanField(default=False, verbose_name='only as a whole clause')),
                ('source', models.CharField(blank=True, max_length=100, verbose_name='source')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taboos', to='accounts.department', verbose_name='department')),
            ],
            options={
                'db_table': 'taboo',
                'constraints': [models.UniqueConstraint(fields=('text', 'department'), name='taboo_once', nulls_distinct=False)],
            },
        ),
    ]
