"""The WSGI application that granian serves: the static files in front, Django behind."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infohub.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic

django = get_wsgi_application()

from infohub.intel.actions import keep_writing_calls  # noqa: E402  (models need Django to be set up)

keep_writing_calls()

# In front and not as Django middleware, which is asynchronous and would move every request between threads (2 ms each).
application = ServeStatic(
    django,
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    max_age=3600,
    allow_all_origins=False,
    immutable_file_test=r"\.[0-9a-f]{12}\.",
    add_headers_function=lambda headers, _path, _url: headers.add_header("X-Content-Type-Options", "nosniff"),
)
