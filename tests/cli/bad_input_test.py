"""Input that is not what it should be: kept, reported, nothing lost."""
import base64
import hashlib
import json
import subprocess
import unittest

import cli_case
from cli_case import DONE, PARTIAL, USAGE

GOOD = b'{"event":"login","n":1}'
AFTER = b'{"event":"login","n":2}'


class BadInput(cli_case.CliCase):
    def take(self, data, *options, status=PARTIAL):
        """Ingests a file of `data` into a new archive."""
        number = len(list(self.dir.glob("in*.jsonl")))
        self.archive = self.new_archive(f"archive{number}")
        self.input = self.write(f"in{number}.jsonl", data)
        return self.json_of("ingest", self.archive, self.input, *options,
                            status=status)

    def assert_nothing_lost(self, expected):
        self.assertEqual(self.raw(self.archive), expected)
        again = self.json_of("ingest", self.archive, self.input)
        self.assertEqual(again["records"], 0, "a second delivery adds some")
        self.authseal("seal", self.archive)
        result = self.verify(self.archive)
        self.assertEqual((result["verdict"], result["notes"]),
                         ("verified", []))
        self.assertEqual(self.raw(self.archive), expected)

    def records(self):
        lines = self.authseal("query", self.archive).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def assert_kept_unparsed(self, line, reason):
        """`line` between two good ones becomes an unparsed record."""
        data = GOOD + b"\n" + line + b"\n" + AFTER + b"\n"
        result = self.take(data)
        self.assertEqual((result["records"], result["unparsed"]), (3, 1))
        kept = self.records()[1]["authseal"]["unparsed"]
        self.assertEqual(kept["reason"], reason)
        text = (base64.b64decode(kept["base64"]) if "base64" in kept
                else kept["text"].encode())
        self.assertEqual(text, line)
        self.assert_nothing_lost(data)

    def test_not_json(self):
        self.assert_kept_unparsed(b"Listening on port 8080", "not-json")

    def test_json_that_is_no_object(self):
        self.assert_kept_unparsed(b'"just a string"', "not-object")

    def test_a_cut_line(self):
        self.assert_kept_unparsed(b'{"event":"login","user":"al', "not-json")

    def test_a_cut_last_line_without_its_end(self):
        data = GOOD + b'\n{"event":"lo'
        result = self.take(data)
        self.assertEqual((result["records"], result["unparsed"]), (2, 1))
        self.assert_nothing_lost(data + b"\n")

    def test_invalid_utf8(self):
        for line in (b'{"user":"\xff\xfe"}', b'{"user":"\xc0\xaf"}',
                     b'{"user":"\xed\xa0\x80"}'):
            with self.subTest(line=line):
                self.assert_kept_unparsed(line, "utf8")

    def test_nul_bytes(self):
        self.assert_kept_unparsed(b'{"user":"a\0b"}', "nul")

    def test_a_line_that_looks_like_ours(self):
        self.assert_kept_unparsed(b'{"authseal":{"seal":{"epoch":0}}}',
                                  "reserved")

    def test_depth_100_000(self):
        depth = 100_000
        self.assert_kept_unparsed(
            b'{"a":' + b"[" * depth + b"]" * depth + b"}", "too-deep")
        self.assert_kept_unparsed(b'{"a":' * depth + b"1" + b"}" * depth,
                                  "too-deep")

    def test_crlf(self):
        result = self.take(GOOD + b"\r\n\r\n" + AFTER + b"\r\n", status=DONE)
        self.assertEqual((result["records"], result["blank"]), (2, 1))
        self.assert_nothing_lost(GOOD + b"\n" + AFTER + b"\n")

    def test_bom(self):
        result = self.take(b"\xef\xbb\xbf" + GOOD + b"\n" + AFTER + b"\n",
                           status=DONE)
        self.assertEqual(result["unparsed"], 0)
        self.assertEqual(self.records(), [json.loads(GOOD),
                                          json.loads(AFTER)])
        self.assert_nothing_lost(GOOD + b"\n" + AFTER + b"\n")

    def test_duplicate_keys_and_big_numbers_stay_as_they_are(self):
        data = (b'{"a":1,"a":2,"a":{"a":1}}\n{"n":12345678901234567890123}\n'
                b'{"s":"\\ud800","e":1e999,"z":-0}\n')
        result = self.take(data, status=DONE)
        self.assertEqual(result["unparsed"], 0)
        self.assert_nothing_lost(data)

    def test_a_100_mb_line(self):
        line = b'{"a":"' + b"0123456789" * 10_000_000 + b'"}'
        archive = self.new_archive()
        big = self.write("big.jsonl", GOOD + b"\n" + line + b"\n" + AFTER)
        result = self.json_of("ingest", archive, big, status=PARTIAL)
        self.assertEqual((result["lines"], result["unparsed"]), (3, 1))
        expected = hashlib.sha256(GOOD + b"\n" + line + b"\n" + AFTER + b"\n")
        self.assertEqual(hashlib.sha256(self.raw(archive)).hexdigest(),
                         expected.hexdigest())
        parts = self.authseal("query", archive, "--record",
                              "1..3").stdout.splitlines()
        for number, part in enumerate(parts):
            body = json.loads(part)["authseal"]["part"]
            self.assertEqual(body["number"], number)
            self.assertLessEqual(len(body["text"]), 512 * 1024)
        self.authseal("seal", archive)
        self.verify(archive)

    def test_an_empty_file(self):
        result = self.take(b"", status=DONE)
        self.assertEqual((result["lines"], result["records"]), (0, 0))
        self.assertEqual(self.raw(self.archive), b"")
        # It is the same source when it has grown.
        self.input.write_bytes(GOOD + b"\n")
        result = self.json_of("ingest", self.archive, self.input)
        self.assertEqual(result["records"], 1)

    def test_nothing_but_blank_lines(self):
        result = self.take(b"\n\n \t\n\r\n", status=DONE)
        self.assertEqual((result["records"], result["blank"]), (0, 4))

    def test_a_directory_as_input(self):
        archive = self.new_archive()
        (self.dir / "logs").mkdir()
        self.assert_refused("ingest", archive, "logs", status=USAGE,
                            words=("is a directory",))
        self.assertEqual(self.raw(archive), b"")

    def test_a_missing_input_is_found_before_anything_is_taken(self):
        archive = self.new_archive()
        good = self.write("good.jsonl", GOOD + b"\n")
        self.assert_refused("ingest", archive, good, "gone.jsonl",
                            status=USAGE, words=("gone.jsonl",))
        self.assertEqual(self.raw(archive), b"")

    def test_strict_stops_before_the_line(self):
        result = self.take(GOOD + b"\nnonsense\n" + AFTER + b"\n", "--strict")
        self.assertEqual(result["records"], 1)
        self.assertEqual(self.raw(self.archive), GOOD + b"\n")
        self.json_of("ingest", self.archive, self.input, status=PARTIAL)
        self.assertEqual(self.raw(self.archive),
                         GOOD + b"\nnonsense\n" + AFTER + b"\n")

    def test_text_before_an_object(self):
        data = b"<14>Mar  1 00:00:00 host app: " + GOOD + b"\n"
        self.take(data, status=DONE)
        self.assertEqual(
            self.records(),
            [{"authseal": {"prefix": "<14>Mar  1 00:00:00 host app: ",
                           "line": json.loads(GOOD)}}])
        self.assert_nothing_lost(data)

    def test_an_array_and_a_pretty_printed_object(self):
        self.take(b'[{"a":1},\n {"b" : "x y"}]\n{\n  "c": [1,\n    2]\n}\n',
                  status=DONE)
        self.assertEqual(self.raw(self.archive),
                         b'{"a":1}\n{"b" : "x y"}\n{"c":[1,2]}\n')

    def test_a_damaged_compressed_file(self):
        archive = self.new_archive()
        plain = self.write("a.jsonl", cli_case.lines_of(2000))
        subprocess.run(["gzip", "-k", str(plain)], check=True)
        whole = (self.dir / "a.jsonl.gz").read_bytes()
        cut = self.write("cut.jsonl.gz", whole[:len(whole) // 2])
        run = subprocess.run(
            [cli_case.BINARY, "ingest", str(archive), str(cut)],
            cwd=self.dir, env=self.environment, capture_output=True,
            check=False)
        self.assertNotEqual(run.returncode, 0, "a cut file went unnoticed")
        self.assertIn(b"authseal: hint: ", run.stderr)
        self.assertTrue(cli_case.lines_of(2000).startswith(self.raw(archive)))
        # The whole file, once it is there, gives every record.
        cut.write_bytes(whole)
        self.authseal("ingest", archive, cut)
        self.assertEqual(self.raw(archive, "--dedup"),
                         cli_case.lines_of(2000))

    def test_a_closed_pipe_is_no_failure(self):
        archive = self.new_archive()
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(20_000))
        for output in ("jsonl", "raw", "events", "csv", "table"):
            with self.subTest(output=output):
                process = self.start("query", archive, "--output", output)
                self.assertTrue(process.stdout.readline())
                process.stdout.close()
                self.assertEqual(process.wait(cli_case.TIMEOUT_SECONDS), DONE)
                self.assertNotIn(b"error", process.stderr.read())

    HOSTILE = (b'{"event":"login","user":"\\u001b[2J\\u001b]0;x\\u0007"}\n'
               b"\x1b[31mred\n")

    def test_escape_sequences_never_reach_a_terminal(self):
        self.take(self.HOSTILE)
        for options in (("--output", "table"), ("--by", "user", "--output",
                                                "table")):
            run = self.authseal("query", self.archive, *options)
            self.assertNotIn(b"\x1b", run.stdout)
            self.assertNotIn(b"\x07", run.stdout)
        hostile = self.write("\x1b[2J.jsonl", self.HOSTILE)
        run = self.authseal("ingest", self.archive, hostile, status=PARTIAL)
        self.assertNotIn(b"\x1b", run.stderr)

    def test_escape_sequences_never_reach_a_csv_file(self):
        self.take(self.HOSTILE)
        run = self.authseal("query", self.archive, "--output", "csv")
        self.assertNotIn(b"\x1b", run.stdout)

    def test_formulas_are_text_in_a_csv_file(self):
        self.take(b'{"event":"login","user":"=1+1"}\n', status=DONE)
        run = self.authseal("query", self.archive, "--output", "csv",
                            "--fields", "user_name")
        self.assertEqual(run.stdout, b"user_name\r\n\"'=1+1\"\r\n")


if __name__ == "__main__":
    unittest.main()
