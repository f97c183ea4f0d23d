"""Settings of the plain way: nothing but Channels, its layer in memory, and the database."""

import os

import dj_database_url

SECRET_KEY = "a bench keeps no secrets"
INSTALLED_APPS = ["channels", "bench.plain"]
DATABASES = {"default": {**dj_database_url.parse(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": None}}
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ASGI_APPLICATION = "bench.plain.asgi.application"
