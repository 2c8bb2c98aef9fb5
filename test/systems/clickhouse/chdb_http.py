"""ClickHouse's HTTP interface in front of chDB (ClickHouse in a process), for tests, on loopback. It ends when its standard input does."""

import http.server
import re
import sys
import threading
import urllib.parse

from chdb import session

RESERVED = {"default_format", "wait_end_of_query", "query_id", "database", "query"}
SESSION = session.Session()
LOCK = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        query = urllib.parse.urlparse(self.path).query
        given = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        sql = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        settings = [f"{k} = {v}" for k, v in given.items() if k not in RESERVED]
        if sql.startswith("SELECT") and settings:
            sql += " SETTINGS " + ", ".join(settings)
        try:
            with LOCK:
                result = SESSION.query(sql, given.get("default_format", "TabSeparated"))
                body = b"" if result is None else result.bytes() or b""
            self.answer(200, body, {})
        except Exception as error:
            text = str(error)
            code = re.search(r"Code: (\d+)", text)
            self.answer(500, text.encode(), {"X-ClickHouse-Exception-Code": code.group(1)} if code else {})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"READY http://127.0.0.1:{server.server_address[1]}", flush=True)
sys.stdin.read()
