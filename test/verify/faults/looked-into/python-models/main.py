import json
import mailbox
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from settings import places


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.answer()
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def answer(self):
        if self.path == "/health":
            return {"ok": True}
        if self.path == "/names":
            return Path(places()["names"]).read_text().split()
        if self.path == "/count":
            return {"count": int(Path(__file__).with_name("count.txt").read_text())}
        if self.path == "/graph":
            import rrdtool

            return {"library": rrdtool.lib_version() != ""}
        if self.path == "/visit":
            box = mailbox.mbox(Path("/").joinpath("var", "lib", places()["queue"], "box"))
            box.add("seen")
            box.close()
            return {"queued": True}
        return None

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
