"""What every black-box test of the program needs: the binary, a directory of
its own, and a life apart from the user's state and keys.

AUTHSEAL_BINARY names the program, AUTHSEAL_SOURCE_DIR the source tree.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

BINARY = os.path.abspath(os.environ["AUTHSEAL_BINARY"])
SOURCE_DIR = pathlib.Path(
    os.environ.get("AUTHSEAL_SOURCE_DIR",
                   pathlib.Path(__file__).resolve().parents[2]))
LOGS_DIR = SOURCE_DIR / "testdata" / "logs"
VERIFY_PY = SOURCE_DIR / "scripts" / "verify.py"
ORIGIN = "example.com/test"
TIMEOUT_SECONDS = 60

DONE, FINDINGS, USAGE, WEAKER, PARTIAL, NOTHING = 0, 1, 2, 3, 4, 5
NO_ARCHIVE, LOCKED, KEY, NEWER = 10, 11, 12, 13
IO, TEMPORARY = 74, 75


class CliCase(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="authseal-cli-"))
        self.addCleanup(self.remove, self.dir)
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.dir),
            "XDG_STATE_HOME": str(self.dir / "state"),
            "XDG_CACHE_HOME": str(self.dir / "cache"),
            "TMPDIR": str(self.dir),
            "LC_ALL": "C.UTF-8",
        }

    @staticmethod
    def remove(path):
        for folder, _, _ in os.walk(path):
            os.chmod(folder, 0o700)
        shutil.rmtree(path)

    def start(self, *arguments, **options):
        """The running program; killed at the test's end if need be."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, **options}
        # pylint: disable=consider-using-with
        process = subprocess.Popen(
            [BINARY, *map(str, arguments)], cwd=self.dir,
            env=self.environment, **options)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream and not stream.closed:
                stream.close()

    def authseal(self, *arguments, status=DONE, stdin=b"", **options):
        """Runs the program to its end and expects an exit status."""
        run = subprocess.run(
            [BINARY, *map(str, arguments)], cwd=self.dir, input=stdin,
            env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=TIMEOUT_SECONDS, check=False,
            **options)
        self.assertEqual(
            run.returncode, status,
            f"authseal {' '.join(map(str, arguments))}\n"
            f"{run.stdout[-2000:].decode(errors='replace')}\n"
            f"{run.stderr[-2000:].decode(errors='replace')}")
        return run

    def json_of(self, command, *arguments, status=DONE, stdin=b""):
        """The one JSON object that `command --json` prints."""
        run = self.authseal(command, *arguments, "--json", status=status,
                            stdin=stdin)
        self.assertTrue(run.stdout.endswith(b"\n"), run.stdout)
        self.assertEqual(run.stdout.count(b"\n"), 1, run.stdout)
        result = json.loads(run.stdout)
        self.assertEqual(result["schema"], f"authseal/{command}@1")
        return result

    def assert_refused(self, *arguments, status, words=(), stdin=b"",
                       **options):
        """Fails with `status`, saying what is wrong and what to do next."""
        run = self.authseal(*arguments, status=status, stdin=stdin, **options)
        text = run.stderr.decode()
        self.assertIn("authseal: error: ", text)
        self.assertIn("authseal: hint: ", text, "says not what to do next")
        for word in words:
            self.assertIn(word, text)
        return run

    def new_archive(self, name="archive"):
        self.authseal("init", name, "--origin", ORIGIN)
        return self.dir / name

    def sealed_archive(self, records=30, name="archive"):
        archive = self.new_archive(name)
        self.authseal("ingest", archive, "-", stdin=lines_of(records))
        self.authseal("seal", archive)
        return archive

    def key_of(self, archive):
        return f"{archive}.keys/identity.pub"

    def write(self, name, data):
        path = self.dir / name
        path.write_bytes(data)
        return path

    def raw(self, archive, *options):
        return self.authseal("query", archive, "--output", "raw",
                             *options).stdout

    def verify(self, target, *options, status=DONE, key=None):
        result = self.json_of("verify", target, "--key",
                              key or self.key_of(target), *options,
                              status=status)
        self.assertEqual(result["exit"], status)
        return result

    def assert_findings(self, target, names, *options, key=None):
        """Not verified, with exactly the findings `names`."""
        result = self.verify(target, *options, status=FINDINGS, key=key)
        self.assertEqual(result["verdict"], "not-verified")
        self.assertEqual(finding_names(result), sorted(names),
                         result["findings"])
        return result

    @staticmethod
    def has_writer(archive):
        """Whether a process holds the archive's lock; does not touch it."""
        lock = pathlib.Path(f"{archive}.keys") / "lock"
        if not lock.exists():
            return False
        inode = f":{lock.stat().st_ino} "
        return any(inode in line for line in
                   pathlib.Path("/proc/locks").read_text().splitlines())

    def until(self, condition, what):
        """Polls, bounded, for a condition that another process brings."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.01)
        self.fail("never happened: " + what)


def finding_names(result):
    return sorted({finding["name"] for finding in result["findings"]})


def lines_of(count, first=0):
    """`count` made-up records of one provider, a line each."""
    return b"".join(
        b'{"time":"2026-03-01T00:%02d:%02dZ","event":"login","n":%d}\n' %
        (n // 60 % 60, n % 60, n) for n in range(first, first + count))


def segments_of(archive):
    """Sealed segments, in order."""
    return sorted(archive.glob("segments/*.jsonl.zst"))


def overwrite(path, data):
    os.chmod(path, 0o600)
    path.write_bytes(data)
