"""The WSGI application that granian serves: the static files in front, Django behind."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infohub.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

# In front and not as Django middleware, which is asynchronous and would move every request between threads (2 ms each).
application = ServeStatic(
    get_wsgi_application(),
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    max_age=3600,
    allow_all_origins=False,
    immutable_file_test=r"\.[0-9a-f]{12}\.",
    add_headers_function=lambda headers, _path, _url: headers.add_header("X-Content-Type-Options", "nosniff"),
)
