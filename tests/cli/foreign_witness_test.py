"""Our log with others' witness, and others' log with our witness.

litewitness (filippo.io/torchwood) and posix-oneshot (Tessera) are built by
scripts/interop-witness; where they are not, the tests are skipped.
"""
import base64
import hashlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import unittest

import cli_case
from cli_case import DONE, TEMPORARY
from witness_case import WitnessCase, free_port

CACHE = pathlib.Path(
    os.environ.get("AUTHSEAL_INTEROP_DIR") or
    pathlib.Path(os.environ.get("XDG_CACHE_HOME") or
                 pathlib.Path.home() / ".cache") / "authseal-interop")


def tool(name):
    path = CACHE / name
    if path.is_file():
        return str(path)
    raise unittest.SkipTest(f"no {name}: run scripts/interop-witness once")


class ForeignWitness(WitnessCase):
    def start_tool(self, *command, **options):
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, cwd=self.dir, env=self.environment,
            stdout=subprocess.DEVNULL, **options)
        self.addCleanup(self.end, process)
        return process

    def ssh_agent(self):
        """A fresh Ed25519 key in an agent: its socket and SHA-256."""
        if not (shutil.which("ssh-agent") and shutil.which("ssh-keygen")):
            self.skipTest("ssh-agent and ssh-keygen are not installed")
        agent = self.dir / "agent"
        self.start_tool("ssh-agent", "-D", "-a", str(agent),
                        stderr=subprocess.DEVNULL)
        self.until(agent.exists, "the agent's socket")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                        self.dir / "ssh"], check=True)
        subprocess.run(["ssh-add", "-q", self.dir / "ssh"], check=True,
                       env={**self.environment, "SSH_AUTH_SOCK": str(agent)})
        blob = base64.b64decode((self.dir / "ssh.pub").read_text().split()[1])
        fingerprint = base64.b64encode(hashlib.sha256(blob).digest())
        return agent, "SHA256:" + fingerprint.decode().rstrip("=")

    def litewitness(self, log_key):
        """A running litewitness that knows one log: URL and key."""
        agent, fingerprint = self.ssh_agent()
        origin, port = log_key.split("+")[0], free_port()
        database, log = self.dir / "lite.db", self.dir / "lite.log"
        with open(log, "wb") as messages:
            self.start_tool(tool("litewitness"), "-db", str(database),
                            "-name", "lite.example/w", "-key", fingerprint,
                            "-ssh-agent", str(agent),
                            "-listen", f"127.0.0.1:{port}", stderr=messages)
        self.until(lambda: "verifier key" in log.read_text() and
                   self.listens(port), "litewitness listens")
        # What `witnessctl add-log` and `add-key` do.
        empty = base64.b64encode(hashlib.sha256(b"").digest()).decode()
        with sqlite3.connect(database) as connection:
            connection.execute("INSERT INTO log VALUES (?, 0, ?)",
                               (origin, empty))
            connection.execute("INSERT INTO key VALUES (?, ?)",
                               (origin, log_key))
        connection.close()
        vkey = next(word for line in log.read_text().splitlines()
                    for word in line.split() if word.startswith("vkey="))
        return f"http://127.0.0.1:{port}", vkey[len("vkey="):].strip('"')

    def test_litewitness_cosigns_our_checkpoints(self):
        tool("litewitness")
        archive = self.new_archive()
        log_key = self.log_key(archive)
        url, vkey = self.litewitness(log_key)
        policy = self.write("policy", f"log {log_key}\nwitness lite {vkey} "
                                      f"{url}\nquorum lite\n".encode())
        size = 0
        for count in (1, 40, 0, 7):
            self.authseal("ingest", archive, "-",
                          stdin=cli_case.lines_of(count))
            sealed = self.json_of("seal", archive, "--policy", policy)
            size = sealed["tree_size"]
            self.assertEqual(sealed["witnesses"][0]["error"], None)
            self.assertEqual(sealed["witnesses"][0]["size"], size)
        result = self.verify(archive, "--policy", policy)
        self.assertEqual(result["witnesses"][0]["size"], size)
        self.assertEqual(result["unmet"], [])

        # An older copy, and a second history of the same log.
        copy = self.copy_of(archive, "copy")
        self.authseal("seal", archive, "--policy", policy)
        told = self.authseal("cosign", copy, "--policy", policy,
                             "--keys", f"{copy}.keys", status=DONE)
        self.assertIn(b"cosigned by lite", told.stdout)  # it has that line
        for path in copy.glob("checkpoints/*.cosig"):
            path.unlink()
        told = self.authseal("cosign", copy, "--policy", policy,
                             status=TEMPORARY)
        self.assertIn(b"it cosigned a tree of", told.stderr)
        self.authseal("ingest", copy, "-", stdin=b'{"forked":1}\n')
        for _ in range(2):
            self.authseal("seal", copy)
        told = self.authseal("cosign", copy, "--policy", policy,
                             status=TEMPORARY)
        self.assertIn(b"another history", told.stderr)

    def test_a_tessera_log_is_cosigned_by_our_witness(self):
        tessera = tool("posix-oneshot")
        # A log's key in Go's format is what a witness's key file holds.
        self.authseal("witness", "init", "--key", "log.key", "--name",
                      "tessera.example/log")
        log_key = self.vkey_of_key_file("log.key")
        witness = self.start_witness(log_key)
        policy = self.write("policy", f"witness ours {witness.vkey} "
                                      f"{witness.url}\nquorum ours\n".encode())
        (self.dir / "entries").mkdir()
        (self.dir / "tree").mkdir()
        for size in (1, 2, 6):
            for i in range(size):
                entry = self.dir / "entries" / f"{size}-{i}"
                entry.write_bytes(b"entry %d of %d" % (i, size))
            subprocess.run(
                [tessera, "--storage_dir", self.dir / "tree", "--entries",
                 self.dir / "entries" / f"{size}-*", "--private_key",
                 self.dir / "log.key", "--witness_policy_file", policy],
                check=True, env=self.environment, timeout=60,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            checkpoint = (self.dir / "tree" / "checkpoint").read_text()
            self.assertIn("\u2014 " + witness.vkey.split("+")[0], checkpoint)
            self.assertEqual(self.get(
                witness, hashlib.sha256(b"tessera.example/log").hexdigest() +
                "/checkpoint"), (200, checkpoint.encode()))
        self.assertEqual(checkpoint.split("\n")[1], "9")


if __name__ == "__main__":
    unittest.main()
