"""No room left: exit status 74, and what was acknowledged stays."""
import os
import re
import resource
import shutil
import signal
import subprocess
import unittest

import cli_case
from cli_case import IO

# Incompressible enough that a small disk fills soon.
LINES = b"".join(
    b'{"event":"login","n":%d,"id":"%s"}\n' % (n, os.urandom(60).hex().encode())
    for n in range(6000))


def acknowledged_of(stderr):
    """The number of records that the last words of ingest claim are kept."""
    found = re.search(r"authseal: ([\d ]+) records from", stderr.decode())
    return int(found[1].replace(" ", "")) if found else 0


class FullDisk(cli_case.CliCase):
    def assert_goes_on_without_loss(self, archive, source, acknowledged):
        """With room again, every line is there once."""
        kept = self.raw(archive)
        self.assertGreaterEqual(kept.count(b"\n"), acknowledged)
        self.assertTrue(LINES.startswith(kept))
        self.authseal("ingest", archive, source)
        self.assertEqual(self.raw(archive), LINES)
        self.authseal("seal", archive)
        self.verify(archive)

    def test_a_file_that_may_not_grow(self):
        archive = self.new_archive()
        source = self.write("in.jsonl", LINES)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

        run = self.assert_refused("ingest", archive, source, status=IO,
                                  preexec_fn=limit)
        self.assert_goes_on_without_loss(archive, source,
                                         acknowledged_of(run.stderr))

    def test_a_small_file_system(self):
        archive = self.new_archive()
        source = self.write("in.jsonl", LINES)
        disk = self.dir / "disk"
        disk.mkdir()
        probe = subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=64k",
             "tmpfs", str(disk)], capture_output=True, check=False)
        if probe.returncode != 0:
            self.skipTest("mounting a tmpfs needs root")
        # A mount namespace of its own: the disk is gone with the process.
        script = ('mount -t tmpfs -o size=300k tmpfs "$2" && '
                  'cp -a "$1" "$2/archive" && cp -a "$1.keys" "$2" && '
                  '"$3" ingest "$2/archive" "$4"; status=$?; '
                  'rm -rf "$1" "$1.keys"; '
                  'cp -a "$2/archive" "$1" && cp -a "$2/archive.keys" "$1.keys"'
                  '; exit $status')
        run = subprocess.run(
            ["unshare", "-m", "sh", "-c", script, "sh", str(archive),
             str(disk), cli_case.BINARY, str(source)], cwd=self.dir,
            env=self.environment, capture_output=True, check=False)
        self.assertEqual(run.returncode, IO, run.stderr)
        self.assertIn(b"authseal: hint: ", run.stderr)
        self.assert_goes_on_without_loss(archive, source,
                                         acknowledged_of(run.stderr))

    def test_output_to_a_full_device(self):
        archive = self.sealed_archive(2000)
        commands = [("query", archive), ("query", archive, "--output", "csv"),
                    ("query", archive, "--count"), ("query", archive, "--by",
                                                    "kind"),
                    ("verify", archive, "--json"), ("status", archive),
                    ("verify", archive), ("--help",), ("mappings",)]
        for command in commands:
            with self.subTest(command=command):
                with open("/dev/full", "wb") as full:
                    run = self.start(*command, stdout=full)
                    _, stderr = run.communicate(
                        timeout=cli_case.TIMEOUT_SECONDS)
                self.assertEqual(run.returncode, IO, stderr)
                self.assertIn(b"authseal: error: ", stderr)
                self.assertIn(b"authseal: hint: ", stderr)

    def test_no_room_for_a_bundle_leaves_no_half_of_one(self):
        archive = self.new_archive()
        self.authseal("ingest", archive, "-", stdin=LINES)
        self.authseal("seal", archive)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        self.assert_refused("export", archive, "--out", "bundle", status=IO,
                            preexec_fn=limit)
        self.assertFalse((self.dir / "bundle").exists())
        # What is left says so by its name.
        shutil.rmtree(self.dir / "bundle.partial", ignore_errors=True)
        self.authseal("export", archive, "--out", "bundle")
        self.verify("bundle", key=self.key_of(archive))


if __name__ == "__main__":
    unittest.main()
