"""authseal compare: same, consistent, forked, or said that it cannot tell."""
import base64
import hashlib
import shutil
import unittest

import cli_case
from cli_case import DONE, FINDINGS, KEY, NO_ARCHIVE, USAGE, WEAKER


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def leads_from(proof, old_size, new_size, old_root, new_root):
    """RFC 9162, 2.1.4.2, by itself."""
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    first, second = old_size - 1, new_size - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    old = new = path.pop(0)
    for hash_ in path:
        if second == 0:
            return False
        if first & 1 or first == second:
            old, new = node(hash_, old), node(hash_, new)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            new = node(new, hash_)
        first, second = first >> 1, second >> 1
    return (old, new, second) == (old_root, new_root, 0)


class Compare(cli_case.CliCase):
    def grow(self, archive, count, first):
        self.authseal("ingest", archive, "-",
                      stdin=cli_case.lines_of(count, first))
        self.authseal("seal", archive)

    def histories(self):
        """One archive, and another that parted from it at 11 records."""
        one = self.sealed_archive(10)
        shutil.copytree(one, self.dir / "two")
        shutil.copytree(f"{one}.keys", self.dir / "two.keys")
        self.grow(one, 10, 100)
        self.grow(one, 12, 200)
        self.grow(self.dir / "two", 10, 300)
        self.grow(self.dir / "two", 20, 400)
        return one, self.dir / "two"

    def note(self, archive, size):
        return archive / "checkpoints" / f"{size:012}.note"

    def compare(self, relation, status, *arguments):
        result = self.json_of("compare", *arguments, status=status)
        self.assertEqual((result["relation"], result["exit"]),
                         (relation, status), result)
        run = self.authseal("compare", *arguments, status=status)
        self.assertTrue(run.stdout.decode().startswith(relation + ": "))
        self.assertEqual(b"signatures were not checked" in run.stderr,
                         "--key" not in arguments)
        return result

    def test_what_needs_no_archive(self):
        one, two = self.histories()
        key = ("--key", self.key_of(one))
        for options in (key, ()):
            self.compare("same", DONE, self.note(one, 11), self.note(two, 11),
                         *options)
            self.compare("forked", FINDINGS, self.note(one, 22),
                         self.note(two, 22), *options)
            result = self.compare("undecided", WEAKER, self.note(one, 22),
                                  self.note(one, 11), *options)
            self.assertIn("--archive", result["text"])
            self.assertIsNone(result["proof"])
            self.assertIsNone(result["archive_size"])

    def test_consistent_with_a_proof_that_others_can_check(self):
        one, _ = self.histories()
        self.grow(one, 3, 500)
        sizes = (11, 22, 35, 39)
        for old in sizes:
            for new in sizes:
                if old >= new:
                    continue
                result = self.compare(
                    "consistent", DONE, self.note(one, new),
                    self.note(one, old), "--archive", one, "--key",
                    self.key_of(one))
                self.assertEqual(
                    [result[side]["size"] for side in ("older", "newer")],
                    [old, new])
                self.assertEqual(result["older"]["signature"], "valid")
                roots = [base64.b64decode(result[side]["root"])
                         for side in ("older", "newer")]
                proof = [base64.b64decode(line) for line in result["proof"]]
                self.assertTrue(leads_from(proof, old, new, *roots))
                self.assertFalse(leads_from(proof[::-1] + proof[:1], old, new,
                                            *roots))

    def test_what_an_archive_shows(self):
        one, two = self.histories()
        archive = ("--archive", one)
        # The larger one's tree has another root at the size of the smaller.
        self.compare("forked", FINDINGS, self.note(one, 35),
                     self.note(two, 22), *archive)
        # Both parted before, and the archive's own checkpoint says so.
        for options in ((), ("--key", self.key_of(one))):
            self.compare("forked", FINDINGS, self.note(one, 11),
                         self.note(two, 22), *archive, *options)
        # Neither is of this archive, though they are of one history.
        self.compare("undecided", WEAKER, self.note(two, 22),
                     self.note(two, 43), *archive)
        self.compare("consistent", DONE, self.note(two, 22),
                     self.note(two, 43), "--archive", two)
        # It does not reach that far.
        result = self.compare("undecided", WEAKER, self.note(one, 11),
                              self.note(two, 43), *archive)
        self.assertEqual(result["archive_size"], 35)
        # Without checkpoints of its own it only continues otherwise.
        for path in one.glob("checkpoints/*.note"):
            shutil.copy(path, self.dir / path.name)
            path.unlink()
        result = self.compare("undecided", WEAKER,
                              self.dir / "000000000011.note",
                              self.note(two, 22), *archive)
        self.assertIn("contradicts", result["text"])

    def test_a_damaged_archive_is_no_witness(self):
        one, _ = self.histories()
        notes = (self.note(one, 11), self.note(one, 35))
        for segment in cli_case.segments_of(one):
            whole = segment.read_bytes()
            cli_case.overwrite(segment, b"x" * len(whole))
            self.compare("undecided", WEAKER, *notes, "--archive", one)
            cli_case.overwrite(segment, whole)
        self.compare("consistent", DONE, *notes, "--archive", one)

    def test_signatures(self):
        one, two = self.histories()
        self.authseal("init", "other", "--origin", cli_case.ORIGIN)
        other = ("--key", "other.keys/identity.pub")
        result = self.compare("unsigned", FINDINGS, self.note(one, 22),
                              self.note(two, 22), *other)
        self.assertEqual(result["newer"]["signature"], "invalid")
        forged = self.write("forged.note", self.note(one, 22).read_bytes()
                            .replace(b"\n22\n", b"\n21\n"))
        result = self.compare("unsigned", FINDINGS, forged, self.note(one, 35),
                              "--archive", one, "--key", self.key_of(one))
        self.assertEqual([result[side]["signature"]
                          for side in ("older", "newer")],
                         ["invalid", "valid"])
        self.assertIn("forged.note is", result["text"])
        # A root that nobody signed, for a size within a block.
        self.compare("forked", FINDINGS, forged, self.note(one, 35),
                     "--archive", one)
        witnessed = self.write(
            "witnessed.note", self.note(one, 22).read_bytes() +
            "\u2014 witness.example AQIDBAUGBwgJ\n".encode("utf-8"))
        self.compare("same", DONE, witnessed, self.note(one, 22), "--key",
                     self.key_of(one))

    def test_usage(self):
        one, _ = self.histories()
        note = self.note(one, 11)
        self.authseal("init", "other", "--origin", "example.com/other")
        self.authseal("seal", "other")
        foreign = self.note(self.dir / "other", 1)
        self.assert_refused("compare", note, foreign, status=USAGE,
                            words=["example.com/other"])
        for bad in ("missing", one, one / "archive.note"):
            self.assert_refused("compare", note, bad, status=USAGE,
                                words=[str(bad)])
        self.authseal("compare", note, status=USAGE)
        self.authseal("compare", note, note, note, status=USAGE)
        self.assert_refused("compare", note, note, "--key", "x", status=KEY)
        self.assert_refused("compare", note, note, "--archive", "nowhere",
                            status=NO_ARCHIVE)


if __name__ == "__main__":
    unittest.main()
