"""The search index of a sealed segment: it saves reading, changes no answer,
and what is wrong with it is said."""
import hashlib
import json
import os
import struct
import subprocess
import sys
import unittest

import cli_case
from cli_case import DONE, FINDINGS


def lines(count):
    """Several MiB, so that there are several blocks; each has ids of its own."""
    return b"".join(
        b'{"time":"2026-03-%02dT06:00:00Z","event":"token.issue",'
        b'"client_id":"client-%d","sub":"user-%d","jti":"token-%08d",'
        b'"ip":"192.0.2.%d","pad":"%s"}\n' %
        (1 + n * 20 // count, n % 7, n % 100, n, n % 250, b"x" * 900)
        for n in range(count))


def sip_hash(key, message):
    """SipHash-2-4, 64 bits."""
    mask = (1 << 64) - 1
    k0, k1 = struct.unpack("<QQ", key)
    v = [k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
         k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573]

    def rotate(i, bits):
        v[i] = (v[i] << bits | v[i] >> (64 - bits)) & mask

    def rounds(count):
        for _ in range(count):
            for a, b, bits, turn in ((0, 1, 13, True), (2, 3, 16, False),
                                     (0, 3, 21, False), (2, 1, 17, True)):
                v[a] = (v[a] + v[b]) & mask
                rotate(b, bits)
                v[b] ^= v[a]
                if turn:
                    rotate(a, 32)

    end = len(message) // 8 * 8
    last = message[end:] + bytes(7 - len(message) % 8) + bytes(
        [len(message) % 256])
    for at in range(0, end, 8):
        word, = struct.unpack_from("<Q", message, at)
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    word, = struct.unpack("<Q", last)
    v[3] ^= word
    rounds(2)
    v[0] ^= word
    v[2] ^= 0xff
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


class Bits:
    """The stream of bits of a bucket, as the page has it."""

    def __init__(self, data):
        self.text = "".join(format(byte, "08b")[::-1] for byte in data)
        self.at = 0

    def plain(self, width):
        self.at += width
        return int(self.text[self.at - width:self.at][::-1] or "0", 2)

    def zeros(self):
        begin, self.at = self.at, self.text.index("1", self.at) + 1
        return self.at - 1 - begin

    def count(self):
        width = self.zeros()
        return 1 << width | self.plain(width)

    def distance(self, width):
        return self.zeros() << width | self.plain(width)


def find_term(index, genesis, field, value):
    """The blocks of a term, as authseal-format(5), INDEX, has them."""
    assert index[:4] == b"ASX2"
    blocks, bits = struct.unpack_from("<II", index, 52)
    buckets, = struct.unpack_from("<Q", index, 70 + 20 + 4)
    terms, size = struct.unpack_from("<QQ", index, 70 + 40 + 4)
    number = sip_hash(genesis[:16], bytes([field]) + value) >> 32
    bucket = number >> (32 - bits)
    wanted = number >> (16 - bits) & 0xffff
    begin, end = struct.unpack_from("<II", index, buckets + 4 * bucket)
    assert begin <= end <= size
    if begin == end:
        return []
    stream = Bits(index[terms + begin:terms + end])
    count = stream.count()
    found, rest = [], -1
    for _ in range(count):
        rest += 1 + stream.distance((65536 // count).bit_length() - 1)
        of_term = stream.count()
        block = stream.plain((blocks - 1).bit_length())
        run = [block]
        for _ in range(of_term - 1):
            block += 1 + stream.distance((blocks // of_term).bit_length() - 1)
            run.append(block)
        assert rest < 65536 and block < blocks
        found += run if rest == wanted else []
    assert 0 <= len(stream.text) - stream.at < 8
    assert "1" not in stream.text[stream.at:]
    return found


def packed_list(data, count):
    """The numbers of a packed list, as the page has it."""
    low, high = data[:2]
    bits, at = int.from_bytes(data[2:], "little"), 0
    numbers = []
    for _ in range(count):
        width = low
        if low != high:
            width = high if bits >> at & 1 else low
            at += 1
        numbers.append(bits >> at & (1 << width) - 1)
        at += width
    assert (at + 7) // 8 == len(data) - 2
    return numbers


def times_column(data, count):
    """Nanoseconds since 1970."""
    unit, latest = struct.unpack_from("<Bq", data)
    times = []
    for number in packed_list(data[9:], count):
        time = latest + (number >> 1 if number % 2 == 0
                         else -(number >> 1) - 1)
        times.append(time * 1000 ** unit)
        latest = max(latest, time)
    return times


def clients_and_times(index):
    """Of each event, from the columns."""
    blocks, = struct.unpack_from("<I", index, 52)
    (words, _), (columns, _) = (
        struct.unpack_from("<QQ", index, 70 + 20 * number + 4)
        for number in (3, 4))
    at = words
    acts, = struct.unpack_from("<I", index, at)
    at += 4 + 3 * acts
    details, = struct.unpack_from("<I", index, at)
    at += 4
    for _ in range(details):
        at += 2
        for _ in range(4):
            at += 1 + index[at]
    names = []
    count, = struct.unpack_from("<I", index, at)
    at += 4
    for _ in range(count):
        texts = []
        for _ in range(2):
            texts.append(index[at + 1:at + 1 + index[at]])
            at += 1 + index[at]
        names.append(texts)
    entries = [struct.unpack_from("<6I", index, columns + 24 * block)
               for block in range(blocks)]
    at = columns + 24 * blocks
    pieces = []
    for column in range(5):
        pieces.append([])
        for entry in entries:
            pieces[column].append(index[at:at + entry[1 + column]])
            at += entry[1 + column]
    found = []
    for block, entry in enumerate(entries):
        assert pieces[0][block] == b""  # an event a record
        clients = packed_list(pieces[4][block], entry[0])
        found += zip((names[number][0] for number in clients),
                     times_column(pieces[1][block], entry[0]))
    return found


class Index(cli_case.CliCase):
    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()
        self.authseal("ingest", self.archive, "-", stdin=lines(6000))
        self.authseal("seal", self.archive)
        self.index = next((self.archive / "segments").glob("*.idx"))

    def query(self, *options, status=DONE, archive=None):
        run = self.authseal("query", archive or self.archive, "--key",
                            self.key_of(self.archive), "--explain", *options,
                            status=status)
        return run.stdout, run.stderr.decode()

    def blocks_read(self, text):
        self.assertIn("; by the index of ", text)
        return int(text.partition("blocks ")[2].partition(" read")[0])

    def change(self, data):
        os.chmod(self.index, 0o600)
        self.index.write_bytes(data)

    def test_needle_reads_one_block(self):
        for option in (("--token", "token-00003333"), ("--record", "3333")):
            out, text = self.query(*option)
            self.assertEqual(json.loads(out)["jti"], "token-00003333")
            self.assertEqual(self.blocks_read(text), 1, text)

    def test_index_is_what_the_page_says(self):
        index = self.index.read_bytes()
        note = (self.archive / "archive.note").read_bytes()
        genesis = hashlib.sha256(
            note[:note.rindex(b"\n\n") + 1]).digest()
        directory, = struct.unpack_from("<Q", index, 70 + 4)
        blocks, = struct.unpack_from("<I", index, 52)
        for number in range(0, 6000, 37):
            found = find_term(index, genesis, 1, b"token-%08d" % number)
            records = []
            for block in found:
                self.assertLess(block, blocks)
                first, count = struct.unpack_from(
                    "<QI", index, directory + 96 * block + 16)
                records.append(range(first, first + count))
            self.assertTrue(any(number in run for run in records), number)
        self.assertEqual(
            len(find_term(index, genesis, 5,
                          bytes(10) + b"\xff\xff" + bytes([192, 0, 2, 7]))),
            blocks)

    def test_columns_are_what_the_page_says(self):
        day = 86_400 * 10 ** 9
        first = 1_772_344_800 * 10 ** 9  # 2026-03-01T06:00:00Z
        self.assertEqual(
            clients_and_times(self.index.read_bytes()),
            [(b"client-%d" % (n % 7), first + n * 20 // 6000 * day)
             for n in range(6000)])

    def test_counts_need_no_block(self):
        for options in (("--by", "client"), ("--by", "kind,outcome"),
                        ("--histogram", "1d"), ("--count",),
                        ("--client", "client-3", "--by", "provider"),
                        ("--since", "2026-03-04T07:00:00Z", "--count")):
            out, text = self.query(*options)
            self.assertIn(", blocks 0 read", text)
            self.assertIn("blocks counted by it without reading them", text)
            read, text = self.query(*options, "--no-index")
            self.assertEqual(out, read, options)
            self.assertNotIn("by the index", text)
        out, text = self.query("--by", "user", "--top", "1")
        self.assertNotIn("blocks 0 read", text)

    def test_counts_say_what_was_sealed(self):
        """As the page has it: a block that was damaged since is counted, and
        is not with --no-index."""
        segment = next((self.archive / "segments").glob("*.zst"))
        os.chmod(segment, 0o600)
        data = bytearray(segment.read_bytes())
        data[100] ^= 1
        segment.write_bytes(data)
        out, _ = self.query("--count")
        self.assertEqual(out, b"6000\n")
        out, text = self.query("--count", "--no-index", status=FINDINGS)
        self.assertLess(int(out), 6000)
        self.assertIn("finding: stored-hash-mismatch", text)
        self.verify(self.archive, key=self.key_of(self.archive),
                    status=FINDINGS)

    def test_times_read_only_their_blocks(self):
        out, text = self.query("--since", "2026-03-05", "--until",
                               "2026-03-06", "--count")
        self.assertEqual(out, b"300\n")
        self.assertLessEqual(self.blocks_read(text), 2)

    def test_absent_values_read_nothing(self):
        out, text = self.query("--user", "nobody", "--count")
        self.assertEqual(out, b"0\n")
        self.assertEqual(self.blocks_read(text), 0)

    def test_trace_reads_few_blocks(self):
        out, text = self.query("--trace", "token-00003333", "--count")
        self.assertEqual(out, b"1\n")
        self.assertLessEqual(self.blocks_read(text), 2, text)

    def test_index_is_verified_and_made_again(self):
        for depth in ((), ("--quick",), ("--derived",)):
            result = self.verify(self.archive, *depth)
            self.assertNotIn("index", " ".join(result["not_checked"]))

    def test_what_became_of_the_index_changes_no_answer(self):
        whole = self.index.read_bytes()
        needle = ("--token", "token-00003333", "--output", "raw")
        expected, _ = self.query(*needle)
        self.assertTrue(expected)
        for change in (whole[:-1], whole[:4096], b"", whole + b"\0",
                       bytes([whole[0] ^ 1]) + whole[1:],
                       whole[:-1] + bytes([whole[-1] ^ 1])):
            self.change(change)
            out, text = self.query(*needle, status=FINDINGS)
            self.assertEqual(out, expected)
            self.assertIn("finding: index-mismatch segments/" +
                          self.index.name, text)
            self.assertIn("read without index", text)
            self.assert_findings(self.archive, ["index-mismatch"])
        self.index.unlink()
        out, text = self.query(*needle, status=FINDINGS)
        self.assertEqual(out, expected)
        self.assertIn("finding: file-missing segments/" + self.index.name,
                      text)
        self.assert_findings(self.archive, ["file-missing"])

    def test_index_of_another_archive_is_found(self):
        other = self.new_archive("other")
        self.authseal("ingest", other, "-", stdin=lines(6000))
        self.authseal("seal", other)
        self.change((other / "segments" / self.index.name).read_bytes())
        out, _ = self.query("--token", "token-00003333", "--count",
                            status=FINDINGS)
        self.assertEqual(out, b"1\n")

    def test_merged_blocks_are_indexed(self):
        trickle = self.new_archive("trickle")
        for n in range(20):
            self.authseal("ingest", trickle, "-", "--source", f"s{n}",
                          stdin=b'{"event":"login","user":"u%d"}\n' % n)
        self.authseal("seal", trickle)
        run = self.authseal("query", trickle, "--user", "u7", "--explain")
        self.assertEqual(run.stdout, b'{"event":"login","user":"u7"}\n')
        self.assertIn(b"by the index", run.stderr)
        self.verify(trickle, "--derived")

    def test_heartbeats_have_no_index(self):
        self.authseal("seal", self.archive)
        self.assertEqual(len(list((self.archive / "segments").iterdir())), 3)
        self.verify(self.archive, "--derived")

    def test_second_verifier_checks_it_too(self):
        def verified():
            return subprocess.run(
                [sys.executable, "-B", cli_case.VERIFY_PY, "--key",
                 self.key_of(self.archive), self.archive],
                capture_output=True, check=False).returncode
        self.assertEqual(verified(), 0)
        data = bytearray(self.index.read_bytes())
        data[5000] ^= 1
        self.change(bytes(data))
        self.assertEqual(verified(), 1)


if __name__ == "__main__":
    unittest.main()
