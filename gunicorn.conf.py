"""How gunicorn serves the application, in production (`gunicorn 'app:create_app()'`) and in `flask serve`.

Two processes of four threads suit two cores; PORT, HOST, WEB_CONCURRENCY and THREADS change that.
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("THREADS", "4"))
worker_class = "gthread"
# Imported once and shared by the processes: faster start, less memory. So nothing may keep a database
# connection open from before the fork; `create_app` opens none and `flask serve` closes its own.
preload_app = True
timeout = 60  # an import of 50,000 rows is read in a child process and stays below it
graceful_timeout = 30
keepalive = 5
max_requests = 20_000  # a slow leak never grows for weeks
max_requests_jitter = 2_000
limit_request_line = 4094
limit_request_fields = 60
control_socket_disable = True  # nobody steers the server but its unit file
accesslog = None  # the application writes its own log, without names and numbers in it
