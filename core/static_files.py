"""Static files: served before Flask by WhiteNoise, under a prefix that changes with their content."""

import hashlib
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise


def serve_static(app: Flask, folder: Path) -> str:
    """Wraps the application; returns the prefix. Files under it never change, so browsers may keep
    them for ever, and a slow line fetches them once."""
    prefix = f"static/{_fingerprint(folder)}"
    server = WhiteNoise(
        app.wsgi_app,
        immutable_file_test=lambda _path, _url: True,
        max_age=31536000,
        add_headers_function=_headers,
        allow_all_origins=False,
        charset="utf-8",
    )
    server.add_files(str(folder), prefix=prefix)
    app.wsgi_app = server  # type: ignore[method-assign]
    return prefix


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _headers(headers, _path: str, url: str) -> None:  # type: ignore[no-untyped-def]
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Referrer-Policy"] = "same-origin"
    if url.endswith(".svg"):
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
