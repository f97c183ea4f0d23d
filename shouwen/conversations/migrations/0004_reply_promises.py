"""Answers are promised by channel and queue, mail is received and framed by mailbox, calls answer mails."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_job_descriptions'),
        ('conversations', '0003_queue_surge_and_staffing'),
        ('customers', '0001_initial'),
        ('mailroom', '0002_rules_that_drop'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MailDesk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('has_frame', models.BooleanField(default=True)),
                ('opening', models.TextField(blank=True, max_length=500)),
                ('closing', models.TextField(blank=True, max_length=1000)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReplyTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('channel', models.CharField(max_length=10)),
                ('minutes', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='conversation',
            name='continues',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='conversations.conversation'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='reply_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='queue',
            name='is_fault_intake',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('reply_due_at__isnull', False)), fields=['reply_due_at', 'id'], name='conversation_reply_due'),
        ),
        migrations.AddField(
            model_name='maildesk',
            name='mailbox',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='desk', to='mailroom.mailbox'),
        ),
        migrations.AddField(
            model_name='maildesk',
            name='queue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mail_desks', to='conversations.queue', verbose_name='queue'),
        ),
        migrations.AddField(
            model_name='replytime',
            name='queue',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reply_times', to='conversations.queue'),
        ),
        migrations.AddConstraint(
            model_name='replytime',
            constraint=models.UniqueConstraint(fields=('queue', 'channel'), name='reply_time_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='replytime',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='reply_time_is_some_time'),
        ),
    ]
