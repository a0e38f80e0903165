"""What is left of keys: the order of system calls on their files, and the
memory of a writer."""
import base64
import os
import pathlib
import re
import resource
import shutil
import subprocess
import unittest

import cli_case
from cli_case import BINARY, DONE, lines_of


def seed_of_epoch(archive):
    text = pathlib.Path(f"{archive}.keys/epoch.key").read_bytes()
    return base64.b64decode(re.search(rb"seed (\S+)", text)[1])


class SystemCalls(cli_case.CliCase):
    def trace(self, *arguments):
        """Calls on key files, in order, as (call, file, rest of the line)."""
        if shutil.which("strace") is None:
            self.skipTest("strace is not installed")
        log = self.dir / "trace"
        run = subprocess.run(
            ["strace", "-f", "-y", "-s", "32", "-o", log, "-e",
             "trace=openat,openat2,write,fdatasync,fsync,renameat,renameat2,"
             "unlinkat", BINARY, *map(str, arguments)],
            cwd=self.dir, env=self.environment, capture_output=True,
            check=False, preexec_fn=lambda: os.umask(0))
        if run.returncode != DONE and b"ptrace" in run.stderr.lower():
            self.skipTest("strace may not trace here")
        self.assertEqual(run.returncode, DONE, run.stderr)
        return [line.split(None, 1)[1]
                for line in log.read_text("utf-8", "replace").split("\n")
                if ".keys" in line]

    def position(self, lines, pattern, start=0):
        for number in range(start, len(lines)):
            if re.match(pattern, lines[number]):
                return number
        self.fail(f"no {pattern} from line {start} on:\n" + "\n".join(lines))
        return -1

    def assert_created_privately(self, lines, name, start=0):
        place = self.position(
            lines, rf'openat2?\([^"]*"{re.escape(name)}", '
                   r'.*O_CREAT\|O_EXCL.*0600', start)
        for pattern in (rf"write\(\d+<[^>]*/{re.escape(name)}>",
                        rf"fdatasync\(\d+<[^>]*/{re.escape(name)}>",
                        r"fsync\(\d+<[^>]*\.keys>"):
            place = self.position(lines, pattern, place + 1)
        return place

    def test_init_creates_each_key_exclusively_with_0600(self):
        lines = self.trace("init", "archive", "--origin", cli_case.ORIGIN)
        for name in ("identity.key", "epoch.key"):
            self.assert_created_privately(lines, name)

    def test_a_seal_destroys_the_old_key_before_the_next_takes_its_place(self):
        self.new_archive()
        lines = self.trace("seal", "archive")
        place = self.assert_created_privately(lines, "epoch.next")
        for pattern in (r'openat2?\([^"]*"epoch.key", .*O_WRONLY',
                        r'write\(\d+<[^>]*/epoch.key>, "(\\0)+"',
                        r"fdatasync\(\d+<[^>]*/epoch.key>",
                        r'unlinkat\([^"]*"epoch.key"',
                        r"fsync\(\d+<[^>]*\.keys>",
                        r'renameat2?\([^"]*"epoch.next", [^"]*"epoch.key"',
                        r"fsync\(\d+<[^>]*\.keys>"):
            place = self.position(lines, pattern, place + 1)

    def test_a_passphrase_destroys_the_plain_key(self):
        self.write("passphrase", b"correct horse\n").chmod(0o600)
        os.mkdir(self.dir / "my.keys")
        self.authseal("key", "create", "my.keys/a", "--origin", "a.example")
        lines = self.trace("key", "encrypt", "my.keys/a", "--passphrase-file",
                           "passphrase")
        place = self.assert_created_privately(lines, "a.new")
        for pattern in (r'write\(\d+<[^>]*/a.old>, "(\\0)+"',
                        r"fdatasync\(\d+<[^>]*/a.old>",
                        r'unlinkat\([^"]*"a.old"'):
            place = self.position(lines, pattern, place + 1)


class Memory(cli_case.CliCase):
    @staticmethod
    def mappings(pid):
        """(begin, end, guarded) of what the process can write."""
        begin = end = None
        for line in pathlib.Path(f"/proc/{pid}/smaps").read_text().split("\n"):
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
            if match:
                begin, end = int(match[1], 16), int(match[2], 16)
                writable = match[3].startswith("rw")
            elif line.startswith("VmFlags:") and writable:
                flags = line.split()
                yield begin, end, "lo" in flags and "dd" in flags

    def places(self, pid, needle):
        """How often the process's memory holds `needle`: guarded, bare."""
        guarded = bare = 0
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for begin, end, is_guarded in self.mappings(pid):
                memory.seek(begin)
                found = memory.read(end - begin).count(needle)
                guarded += found if is_guarded else 0
                bare += 0 if is_guarded else found
        return guarded, bare

    def setUp(self):
        super().setUp()
        if b"__asan_init" in pathlib.Path(BINARY).read_bytes():
            self.skipTest("the sanitizer makes mlock do nothing")
        limit_bytes, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        if limit_bytes != resource.RLIM_INFINITY and limit_bytes < 1 << 20:
            self.skipTest("too little memory may be locked")

    def test_a_writer_after_a_seal_holds_no_old_seed_and_no_bare_one(self):
        archive = self.new_archive()
        old = seed_of_epoch(archive)
        identity = pathlib.Path(
            f"{archive}.keys/identity.key").read_bytes().strip()
        writer = self.start("ingest", archive, "-", stdin=subprocess.PIPE)
        writer.stdin.write(lines_of(200))
        writer.stdin.flush()
        self.until(lambda: list(archive.glob("segments/*.open")), "a commit")
        try:
            before = self.places(writer.pid, old)
        except OSError as error:
            self.skipTest(f"no look into another process's memory: {error}")
        self.assertEqual(before, (1, 0))
        self.authseal("seal", archive)
        new = seed_of_epoch(archive)
        self.assertNotEqual(old, new)
        for seed in (old, base64.b64encode(old), base64.b64encode(new)):
            self.assertEqual(self.places(writer.pid, seed), (0, 0))
        self.assertEqual(self.places(writer.pid, new), (1, 0))
        self.assertEqual(self.places(writer.pid, identity[-44:])[1], 0)
        writer.stdin.close()
        self.assertEqual(writer.wait(cli_case.TIMEOUT_SECONDS), DONE)

    def test_a_writer_leaves_no_core_and_is_not_looked_into(self):
        archive = self.new_archive()
        writer = self.start("ingest", archive, "-", stdin=subprocess.PIPE)
        writer.stdin.write(lines_of(2))
        writer.stdin.flush()
        self.until(lambda: list(archive.glob("segments/*.open")), "a commit")
        limits = pathlib.Path(f"/proc/{writer.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        self.assertEqual(os.stat(f"/proc/{writer.pid}/mem").st_uid, 0)


if __name__ == "__main__":
    unittest.main()
