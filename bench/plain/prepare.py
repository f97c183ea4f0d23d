"""The plain way's tables and its conversations; prints their ids."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.plain.settings")
django.setup(set_prefix=False)

from django.db import connection  # noqa: E402

from bench.plain.models import Message, Talk  # noqa: E402

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Talk)
        editor.create_model(Message)
    talks = Talk.objects.bulk_create([Talk() for _number in range(int(sys.argv[1]))])
    print(json.dumps([talk.pk for talk in talks]))
