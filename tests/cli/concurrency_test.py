"""One writer, any number of readers, and writers that die."""
import os
import signal
import subprocess
import unittest

import cli_case
from cli_case import LOCKED


class Concurrency(cli_case.CliCase):
    def records_in(self, archive):
        status = self.json_of("status", archive)
        return status["tree_size"] + status["unsealed_records"]

    def writer(self, archive, *options):
        return self.start("ingest", archive, "-", *options,
                          stdin=subprocess.PIPE)

    def feed(self, writer, data):
        writer.stdin.write(data)
        writer.stdin.flush()

    def finish(self, writer):
        _, stderr = writer.communicate(timeout=cli_case.TIMEOUT_SECONDS)
        self.assertEqual(writer.returncode, 0, stderr)

    def test_a_second_writer_is_turned_away(self):
        archive = self.new_archive()
        first = self.writer(archive)
        self.feed(first, cli_case.lines_of(5))
        self.until(lambda: self.records_in(archive) == 5, "five records")
        self.assert_refused("ingest", archive, "-", status=LOCKED,
                            stdin=cli_case.lines_of(5, 50))
        self.feed(first, cli_case.lines_of(5, 5))
        self.finish(first)
        self.assertEqual(self.raw(archive), cli_case.lines_of(10))
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(5, 10))
        self.assertEqual(self.raw(archive), cli_case.lines_of(15))

    def test_seal_asks_the_running_writer(self):
        archive = self.new_archive()
        os.mkfifo(self.dir / "fifo")
        writer = self.start("ingest", archive, "fifo")
        # Opened for both, so that a writer that died blocks nobody.
        both = os.open(self.dir / "fifo", os.O_RDWR)
        with open(both, "wb", buffering=0) as fifo:
            fifo.write(cli_case.lines_of(7))
            self.until(lambda: self.records_in(archive) == 7, "7 records")
            sealed = self.json_of("seal", archive, "--wait", 20)
            self.assertEqual((sealed["end_record"], sealed["checkpoint"]),
                             (8, "000000000008.note"))
            self.assertEqual(self.verify(archive)["tree_size"], 8)
            fifo.write(cli_case.lines_of(3, 7))
        self.finish(writer)
        self.assertEqual(self.raw(archive), cli_case.lines_of(10))
        self.assertEqual(self.verify(archive)["unsealed_records"], 3)

    def test_readers_never_see_a_false_finding(self):
        archive = self.new_archive()
        writer = self.writer(archive)
        count = 0
        for _ in range(8):
            self.feed(writer, cli_case.lines_of(400, count))
            count += 400
            # Not before the writer has the lock: seal would take it.
            self.until(lambda: self.records_in(archive) >= 400, "a writer")
            sealer = self.start("seal", archive, "--wait", 20)
            for _ in range(2):
                self.verify(archive, "--no-state")
                lines = self.raw(archive)
                self.assertTrue(
                    cli_case.lines_of(count).startswith(lines))
            _, stderr = sealer.communicate(timeout=cli_case.TIMEOUT_SECONDS)
            self.assertEqual(sealer.returncode, 0, stderr)
        self.finish(writer)
        self.assertEqual(self.raw(archive), cli_case.lines_of(count))
        self.verify(archive)

    def assert_only_a_torn_tail(self, archive, *others):
        result = self.verify(archive)
        self.assertTrue(
            {note["name"] for note in result["notes"]} <=
            {"torn-tail", "salvage-present", *others}, result["notes"])

    def test_killed_while_it_reads_a_file(self):
        archive = self.new_archive()
        data = cli_case.lines_of(200_000)
        source = self.write("in.jsonl", data)
        kills = 0
        while kills < 3:
            known = self.records_in(archive)
            writer = self.start("ingest", archive, source, "--jobs", 1)
            self.until(lambda known=known, writer=writer:
                       writer.poll() is not None or
                       self.records_in(archive) > known, "some records")
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            kills += 1
            kept = self.raw(archive)
            self.assertTrue(data.startswith(kept))
            self.assertGreaterEqual(kept.count(b"\n"), known)
            self.assert_only_a_torn_tail(archive)
        self.authseal("ingest", archive, source)
        self.assertEqual(self.raw(archive), data)
        self.authseal("seal", archive)
        self.assert_only_a_torn_tail(archive)

    def test_killed_in_the_middle_of_a_named_pipe(self):
        archive = self.new_archive()
        data = cli_case.lines_of(3000)
        for part in (1000, 2000):
            writer = self.writer(archive, "--source", "pipe")
            self.feed(writer, data[:data.index(b'"n":%d}' % part) + 3])
            self.until(lambda part=part: self.records_in(archive) == part,
                       f"{part} records")
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            self.assertEqual(self.raw(archive), cli_case.lines_of(part))
            self.assert_only_a_torn_tail(archive)
        # Delivered again, the same log gives what is missing and no more.
        self.authseal("ingest", archive, "-", "--source", "pipe", stdin=data)
        self.assertEqual(self.raw(archive), data)
        self.authseal("seal", archive)
        self.assert_only_a_torn_tail(archive)

    def test_killed_after_acknowledging(self):
        archive = self.new_archive()
        writer = self.writer(archive, "--protocol", "omprog")
        self.assertEqual(writer.stdout.readline(), b"OK\n")
        acknowledged = 0
        lines = cli_case.lines_of(200).splitlines(keepends=True)
        for line in lines[:120]:
            self.feed(writer, line)
            answer = writer.stdout.readline()
            self.assertIn(answer, (b"OK\n", b"DEFER_COMMIT\n"))
            if answer == b"OK\n":
                acknowledged += 1
        self.feed(writer, lines[120])
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        self.assertGreater(acknowledged, 0)
        kept = self.raw(archive)
        self.assertTrue(kept.startswith(b"".join(lines[:acknowledged])))
        self.assert_only_a_torn_tail(archive)
        self.authseal("ingest", archive, "-", "--source", "again",
                      stdin=b"".join(lines[121:]))
        self.assertTrue(self.raw(archive).startswith(kept))
        self.authseal("seal", archive)
        self.assert_only_a_torn_tail(archive)

    def test_killed_while_it_seals(self):
        archive = self.new_archive()
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(5000))
        sealer = self.start("seal", archive)
        self.until(lambda: sealer.poll() is not None or
                   any((self.dir / "archive.keys").glob("*intent*")) or
                   cli_case.segments_of(archive), "the seal began")
        sealer.send_signal(signal.SIGKILL)
        sealer.wait()
        self.assert_only_a_torn_tail(archive, "unpublished")
        self.authseal("seal", archive)
        self.assertEqual(self.raw(archive), cli_case.lines_of(5000))
        self.assertEqual(self.verify(archive)["unsealed_records"], 0)

    def test_a_torn_tail_is_set_aside(self):
        archive = self.new_archive()
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(9))
        segment = next(archive.glob("segments/*.open"))
        os.chmod(segment, 0o600)
        with open(segment, "ab") as file:
            file.write(b"\x28\xb5\x2f\xfd half a frame")
        result = self.verify(archive)
        self.assertEqual([note["name"] for note in result["notes"]],
                         ["torn-tail"])
        run = self.authseal("ingest", archive, "-", "--source", "again",
                            stdin=cli_case.lines_of(1, 9))
        self.assertIn(b"torn-tail", run.stderr)
        salvaged = list((archive / "salvage").iterdir())
        self.assertEqual([path.read_bytes() for path in salvaged],
                         [b"\x28\xb5\x2f\xfd half a frame"])
        self.assertEqual(self.raw(archive), cli_case.lines_of(10))
        self.assert_only_a_torn_tail(archive)

    def test_a_second_pipe_is_no_restarted_source(self):
        archive = self.new_archive()
        for first in (0, 9):
            self.authseal("ingest", archive, "-",
                          stdin=cli_case.lines_of(9, first))
        self.assertEqual(self.verify(archive)["notes"], [])

    def test_half_a_line_that_waited_is_kept_when_the_pipe_ends(self):
        archive = self.new_archive()
        writer = self.writer(archive)
        self.feed(writer, cli_case.lines_of(5) + b'{"event":"lo')
        self.until(lambda: self.records_in(archive) == 5, "five records")
        _, stderr = writer.communicate(timeout=cli_case.TIMEOUT_SECONDS)
        self.assertEqual(writer.returncode, cli_case.PARTIAL, stderr)
        self.assertEqual(self.raw(archive),
                         cli_case.lines_of(5) + b'{"event":"lo\n')
        # Its time is when it came in, and no clock went back.
        self.assertEqual(self.verify(archive)["notes"], [])

    def test_terminated_politely_it_keeps_what_it_read(self):
        archive = self.new_archive()
        writer = self.writer(archive)
        self.feed(writer, cli_case.lines_of(5))
        self.until(lambda: self.records_in(archive) == 5, "five records")
        writer.send_signal(signal.SIGTERM)
        writer.wait(cli_case.TIMEOUT_SECONDS)
        self.assertEqual(self.raw(archive), cli_case.lines_of(5))
        self.assertEqual(self.verify(archive)["notes"], [])


if __name__ == "__main__":
    unittest.main()
