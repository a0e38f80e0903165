"""What tests of witnesses share: our own witness on the loopback interface,
peers that misbehave, and copies of archives."""
import base64
import hashlib
import http.server
import pathlib
import shutil
import socket
import subprocess
import threading
import urllib.error
import urllib.request

import cli_case


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Witness:
    """A running `authseal witness`."""

    def __init__(self, process, url, vkey, options):
        self.process, self.url, self.vkey = process, url, vkey
        self.options = options


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answers every POST with what the server was given."""

    def do_POST(self):  # pylint: disable=invalid-name
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = self.server.answer
        if callable(body):
            body = body()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class WitnessCase(cli_case.CliCase):
    def log_key(self, archive):
        return pathlib.Path(self.key_of(archive)).read_text().split("\n")[0]

    def copy_of(self, archive, name):
        """The archive and its keys, as a thief or a backup has them."""
        shutil.copytree(archive, self.dir / name)
        shutil.copytree(f"{archive}.keys", self.dir / f"{name}.keys")
        return self.dir / name

    def vkey_of_key_file(self, name):
        """The log's verification key (0x01) of a key file in Go's format."""
        _, _, name, _, data = (self.dir / name).read_text().strip().split(
            "+", 4)
        seed = base64.b64decode(data)[1:]
        der = bytes.fromhex("302e020100300506032b657004220420") + seed
        public = subprocess.run(
            ["openssl", "pkey", "-inform", "DER", "-pubout", "-outform",
             "DER"], input=der, capture_output=True, check=True).stdout[-32:]
        typed = b"\x01" + public
        key_id = hashlib.sha256(name.encode() + b"\n" + typed).hexdigest()[:8]
        return f"{name}+{key_id}+{base64.b64encode(typed).decode()}"

    def start_witness(self, *logs, name="w", options=None):
        """A witness that knows the logs; with `options` the same one again."""
        if options is None:
            self.authseal("witness", "init", "--key", f"{name}.key",
                          "--name", f"{name}.example/1")
            options = ["--key", f"{name}.key", "--store", f"{name}.store"]
            for log in logs:
                options += ["--log", log]
        process = self.start("witness", *options, "--listen", "127.0.0.1:0")
        words = {}
        for line in process.stdout:
            key, value = line.decode().split()[:2]
            words[key] = value
            if key == "listening":
                return Witness(process, value, words["witness"], options)
        self.fail(process.stderr.read().decode())
        return None

    def restart_witness(self, witness):
        self.end(witness.process)
        return self.start_witness(options=witness.options)

    def scripted(self, status, body):
        """URL of a server that answers so."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
        server.answer = (status, body)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def policy(self, *witnesses, quorum="all", log=None, name="policy"):
        """A policy file with these (url, vkey), or (None, vkey)."""
        lines = [f"log {log}"] if log else []
        for i, (url, vkey) in enumerate(witnesses):
            lines.append(f"witness w{i} {vkey} {url or ''}".rstrip())
        members = " ".join(f"w{i}" for i in range(len(witnesses)))
        lines += [f"group g {quorum} {members}", "quorum g"]
        return self.write(name, "\n".join(lines).encode() + b"\n")

    @staticmethod
    def listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    @staticmethod
    def request(url, data=None, headers=None):
        """Status and body."""
        request = urllib.request.Request(
            url, data=data, headers=headers or {},
            method="GET" if data is None else "POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def get(self, witness, path):
        return self.request(f"{witness.url}/{path}")

    def post(self, witness, data):
        return self.request(f"{witness.url}/add-checkpoint", data)

    @staticmethod
    def cosigs(archive):
        return sorted(archive.glob("checkpoints/*.cosig"))
