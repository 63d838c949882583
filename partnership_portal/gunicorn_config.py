"""gunicorn, for the demo and for production (docs/operations.md)."""

import os

from partnership_portal.children import die_with_parent

wsgi_app = "partnership_portal.wsgi"
bind = os.environ.get("WEB_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True


def post_fork(server, worker):
    die_with_parent(server.pid)
