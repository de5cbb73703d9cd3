"""A way to the store that can be broken: HTTP requests pass, or nothing answers, or every third one fails."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

BLOCK = 1 << 20


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Clients that are killed break off: that is what they are here for."""


class Proxy:
    """Listens on loopback from the beginning to the end; only what it does with requests changes."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.mode = "pass"
        self.uploading = threading.Event()
        """Set while content is on its way up."""
        self.refused = 0
        self._count = 0
        self._gate = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def verdict(self) -> int | None:
        """What becomes of a request: None lets it pass, 0 breaks its connection, and else the status that it gets."""
        with self._gate:
            self._count += 1
            if self.mode == "away":
                self.refused += 1
                return 0
            if self.mode == "failing" and self._count % 3 == 0:
                self.refused += 1
                return 500 if self._count % 2 else 503
            return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def handle_expect_100(self) -> bool:
                # Who is told "continue" by a store that is away would wait for it.
                return True if proxy.mode == "away" else super().handle_expect_100()

            def serve(self) -> None:
                verdict = proxy.verdict()
                if verdict == 0:
                    self.close_connection = True
                    return
                length = int(self.headers.get("Content-Length") or 0)
                if length and self.command == "PUT":
                    proxy.uploading.set()
                body = self.rfile.read(length) if length else None
                if verdict is not None:
                    self.send_response(verdict)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.forward(body)

            def forward(self, body: bytes | None) -> None:
                connection = http.client.HTTPConnection(proxy.upstream, timeout=60)
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in ("expect", "connection"):
                        connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                self.send_response_only(answer.status, answer.reason)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "transfer-encoding"):
                        self.send_header(name, value)
                content = answer.read() if answer.getheader("Content-Length") is None else None
                if content is not None and self.command != "HEAD" and answer.status not in (204, 304):
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if content is not None:
                    self.wfile.write(content)
                while content is None and (block := answer.read(BLOCK)):
                    self.wfile.write(block)
                connection.close()

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve

        return Handler
