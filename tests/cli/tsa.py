"""A timestamping authority for tests: made with openssl, asked over loopback.

Its clock is the host's, so what depends on the time of a reply is tested
below, in the unit tests.
"""
import contextlib
import http.server
import pathlib
import ssl
import subprocess
import threading

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
other_policies = 1.3.6.1.4.1.99999.2
digests = sha256
accuracy = secs:1
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamp]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


def openssl(*arguments, stdin=b""):
    run = subprocess.run(["openssl", *map(str, arguments)], input=stdin,
                         capture_output=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"openssl {arguments}: {run.stderr.decode()}")
    return run.stdout


class Tsa:
    """An authority with a CA of its own, below `folder`."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.config = self.folder / "tsa.cnf"
        self.config.write_text(CONFIG.format(folder=self.folder), "utf-8")
        (self.folder / "serial").write_text("01\n", "utf-8")
        self.ca = self.make("ca", "CA of the test")
        self.certificate = self.make("stamp", "TSA of the test", "ca")

    def make(self, name, common_name, issuer=None):
        """A certificate with the extensions [name] of the configuration."""
        key, request = self.folder / f"{name}.key", self.folder / f"{name}.csr"
        certificate = self.folder / f"{name}.pem"
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
                request, "-subj", f"/CN={common_name}", "-config", self.config)
        by = ("-CA", self.folder / f"{issuer}.pem", "-CAkey",
              self.folder / f"{issuer}.key") if issuer else ("-signkey", key)
        openssl("x509", "-req", "-in", request, "-out", certificate, "-days",
                2, "-extfile", self.config, "-extensions", name, *by)
        return certificate

    def reply(self, request):
        """The DER that answers a DER."""
        query = self.folder / "query.tsq"
        query.write_bytes(request)
        answer = self.folder / "answer.tsr"
        openssl("ts", "-reply", "-config", self.config, "-section", "one",
                "-queryfile", query, "-inkey", self.folder / "stamp.key",
                "-signer", self.certificate, "-out", answer)
        return answer.read_bytes()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):  # pylint: disable=invalid-name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        status, answer = self.server.answer(body)
        with contextlib.suppress(OSError):  # who asked may have gone
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            if status in (301, 302, 307):
                self.send_header("Location", answer.decode())
                answer = b""
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


@contextlib.contextmanager
def served(answer, tls=None):
    """(URL, list of what was asked) of a server with `answer(body)`; `tls` is
    a certificate and its key."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    server.answer, server.seen = answer, []
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.handle_error = lambda *_: None  # who asked may hang up
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        scheme = "https" if tls else "http"
        yield f"{scheme}://127.0.0.1:{server.server_port}/tsa", server.seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
