"""Whoever changes an archive, and how a verifier finds out."""
import hashlib
import os
import shutil
import subprocess
import unittest

import cli_case
from cli_case import FINDINGS, USAGE
from memory_case import MemoryCase, sign_note


class Attackers(MemoryCase):
    def test_an_outsider_flips_one_byte(self):
        archive = self.sealed_archive(50_000)
        size = self.verify(archive)["tree_size"]
        segment = cli_case.segments_of(archive)[0]
        data = bytearray(segment.read_bytes())
        data[len(data) // 2] ^= 0x20
        cli_case.overwrite(segment, data)
        for depth in ((), ("--quick",), ("--derived",)):
            with self.subTest(depth=depth):
                result = self.verify(archive, *depth, status=FINDINGS)
                self.assertEqual(result["verdict"], "not-verified")
                finding = result["findings"][0]
                self.assertEqual(set(finding), {
                    "name", "file", "offset", "block", "first_record",
                    "end_record", "text"})
                self.assertEqual(finding["file"],
                                 "segments/000000000000.jsonl.zst")
                self.assertIsNotNone(finding["block"])
                first, end = finding["first_record"], finding["end_record"]
                self.assertTrue(0 < first < end < size, finding)
                self.assertTrue(finding["text"])
                for begin, stop in result["trustworthy"]:
                    self.assertTrue(stop <= first or begin >= end, result)
                self.assertTrue(result["trustworthy"])
        run = self.authseal("verify", archive, "-v", "--key",
                            self.key_of(archive), status=FINDINGS)
        self.assertIn(str(first).encode(), run.stdout.replace(b" ", b""))
        # Reading is checking: what is damaged is never printed as good.
        run = self.authseal("query", archive, status=FINDINGS)
        printed = run.stdout.splitlines()
        self.assertLess(len(printed), 50_000)
        self.assertTrue(set(printed) <= set(
            cli_case.lines_of(50_000).splitlines()))
        self.authseal("export", archive, "--out", "bundle", status=FINDINGS)

    def test_one_record_rewritten_with_everything_outsiders_can_redo(self):
        archive = self.sealed_archive(20)
        segment = cli_case.segments_of(archive)[0]
        plain = subprocess.run(["zstd", "-dcq", str(segment)], check=True,
                               capture_output=True).stdout
        forged = subprocess.run(
            ["zstd", "-cq"], check=True, capture_output=True,
            input=plain.replace(b'"n":7}', b'"n":8}')).stdout
        original = segment.read_bytes()
        tail = original[original.index(b"\x50\x2a\x4d\x18"):]
        cli_case.overwrite(segment, forged + tail)
        result = self.verify(archive, status=FINDINGS)
        self.assertTrue(result["findings"])

    def test_a_missing_segment(self):
        archive = self.sealed_archive(10)
        self.grow(archive)
        self.grow(archive)
        kept = self.copy(archive, "kept")
        cli_case.segments_of(archive)[1].unlink()
        result = self.verify(archive, status=FINDINGS)
        names = cli_case.finding_names(result)
        self.assertIn("file-missing", names)
        missing = [f for f in result["findings"]
                   if f["name"] == "file-missing"][0]
        self.assertEqual((missing["first_record"], missing["end_record"]),
                         (11, 22))
        self.assertIn([0, 11], result["trustworthy"])
        self.assertEqual(self.verify(kept)["verdict"], "verified")

    def test_what_only_the_identity_key_vouches_for(self):
        archive = self.sealed_archive(10)
        self.grow(archive)
        self.grow(archive, first=300)
        note = self.dir / "kept.note"
        shutil.copy(archive / "checkpoints" / "000000000033.note", note)
        cli_case.segments_of(archive)[1].unlink()
        lines = cli_case.lines_of(10), cli_case.lines_of(10, 300)
        state = {"XDG_STATE_HOME": str(self.dir / "none")}
        self.environment |= state

        result = self.verify(archive, "--no-state", status=FINDINGS)
        self.assertEqual(result["trustworthy"], [[0, 11]])
        self.assertEqual(result["vouched"], [[22, 33]])
        told = self.authseal("verify", archive, "--no-state", status=FINDINGS)
        self.assertIn(b"records 0 to 10 still trustworthy; records 22 to 32 "
                      b"unless the identity key was stolen", told.stdout)
        shown = self.authseal("query", archive, status=FINDINGS)
        self.assertEqual(shown.stdout, lines[0])
        self.assertIn(b"only the identity key vouches", shown.stderr)
        self.assertEqual(
            self.authseal("query", archive, "--vouched",
                          status=FINDINGS).stdout, b"".join(lines))

        kept = ("--checkpoint", note)
        result = self.verify(archive, "--no-state", *kept, status=FINDINGS)
        self.assertEqual(result["trustworthy"], [[0, 11], [22, 33]])
        self.assertEqual(result["vouched"], [])
        self.assertEqual(
            self.authseal("query", archive, *kept, status=FINDINGS).stdout,
            b"".join(lines))
        other = self.sealed_archive(3, name="other")
        foreign = sorted(other.glob("checkpoints/*.note"))[0]
        self.assert_refused("query", archive, "--checkpoint", foreign,
                            status=USAGE, words=("signed by another key",))

    def test_what_verify_remembers_proves_records_behind_damage(self):
        archive = self.sealed_archive(10)
        self.grow(archive)
        self.grow(archive, first=300)
        self.authseal("verify", archive)
        cli_case.segments_of(archive)[1].unlink()
        self.assertEqual(
            self.authseal("query", archive, status=FINDINGS).stdout,
            cli_case.lines_of(10) + cli_case.lines_of(10, 300))

    def test_sealed_segments_cut_off(self):
        archive = self.sealed_archive(10)
        self.grow(archive)
        self.verify(archive)
        last = cli_case.segments_of(archive)[1]
        last.unlink()
        self.assert_findings(archive, ["rollback"], "--no-state")
        # Its index may be there: while a seal goes on it comes first.
        (last.parent / f"{last.name[:12]}.idx").unlink()
        self.assert_findings(archive, ["rollback"], "--no-state")
        # With its checkpoint gone too, the verifier's memory tells.
        sorted(archive.glob("checkpoints/*.note"))[1].unlink()
        self.assert_findings(archive, ["rollback"])

    def test_an_older_copy_put_back(self):
        archive = self.sealed_archive(10)
        self.authseal("verify", archive)
        old = self.copy(archive, "old")
        self.grow(archive)
        self.authseal("verify", archive)
        new = self.copy(archive, "new")
        self.remove(archive)
        shutil.copytree(old, archive)
        for _ in range(2):  # the memory never goes back
            result = self.assert_findings(archive, ["rollback"])
            self.assertEqual(result["previous"]["size"], 22)
            self.assertFalse(result["previous"]["consistent"])
            run = self.authseal("verify", archive, status=FINDINGS)
            self.assertIn(b"NOT VERIFIED ", run.stdout)
        note = sorted(new.glob("checkpoints/*.note"))[-1]
        self.assert_findings(archive, ["rollback"], "--no-state",
                             "--checkpoint", note)
        self.remove(archive)
        shutil.copytree(new, archive)
        self.authseal("verify", archive)

    def test_two_faces_for_two_auditors(self):
        one = self.sealed_archive(10)
        two = self.copy(one, "two")
        self.grow(one, 10, 100)
        self.grow(two, 10, 200)
        key = self.key_of(one)
        for face in (one, two):
            self.verify(face, key=key)
        newest = {face: sorted(face.glob("checkpoints/*.note"))[-1]
                  for face in (one, two)}
        self.assert_findings(one, ["fork"], "--checkpoint", newest[two],
                             key=key)
        self.assert_findings(two, ["fork"], "--checkpoint", newest[one],
                             key=key)
        # What they have in common proves nothing against either.
        common = sorted(one.glob("checkpoints/*.note"))[0]
        self.verify(two, "--checkpoint", common, key=key)
        # The longer history does not hide the fork.
        self.grow(one, 30, 300)
        self.assert_findings(one, ["fork"], "--checkpoint", newest[two],
                             key=key)

    def test_an_archive_under_another_key(self):
        archive = self.sealed_archive(10)
        shutil.copy(self.key_of(archive), self.dir / "pin")
        self.authseal("verify", archive)
        self.remove(archive)
        self.remove(self.dir / "archive.keys")
        self.sealed_archive(10)
        for options in (("--key", self.dir / "pin", "--no-state"), (),
                        ("--key", self.dir / "pin")):
            with self.subTest(options=options):
                result = self.json_of("verify", archive, *options,
                                      status=FINDINGS)
                self.assertIn("key-changed", cli_case.finding_names(result))
                self.assertEqual(result["trustworthy"], [])

    def test_a_rebuilt_archive_under_the_same_key(self):
        archive = self.sealed_archive(10)
        self.authseal("verify", archive)
        pin = shutil.copy(self.key_of(archive), self.dir / "pin")
        old_keys = shutil.move(self.dir / "archive.keys", self.dir / "k")
        self.remove(archive)
        self.new_archive()
        keys = self.dir / "archive.keys"
        genesis = sign_note(archive / "archive.note", old_keys)
        shutil.copy(old_keys / "identity.key", keys)
        first_line = (old_keys / "identity.pub").read_text().split("\n")[0]
        (keys / "identity.pub").write_text(
            f"{first_line}\ngenesis {genesis}\n")
        self.grow(archive)
        # Whole in itself, which is all that its own key can say.
        self.verify(archive, "--no-state")
        for options in (("--no-state", "--key", pin), ()):
            result = self.json_of("verify", archive, *options,
                                  status=FINDINGS)
            names = cli_case.finding_names(result)
            self.assertIn("genesis-mismatch", names)
            self.assertNotIn("key-changed", names)
            self.assertEqual(result["trustworthy"], [])

    def test_a_file_slipped_in(self):
        archive = self.sealed_archive(10)
        for name in ("notes.txt", "segments/000000000005.idx",
                     "checkpoints/latest.note", "segments/x.jsonl.zst"):
            with self.subTest(name=name):
                (archive / name).write_bytes(b"{}\n")
                self.assert_findings(archive, ["file-unexpected"])
                (archive / name).unlink()
        self.verify(archive)

    def test_a_link_or_a_pipe_in_place_of_a_file(self):
        archive = self.sealed_archive(10)
        key = shutil.copy(self.key_of(archive), self.dir / "pin")
        for path in sorted(archive.rglob("*")):
            if not path.is_file():
                continue
            kept = self.dir / "kept"
            shutil.move(path, kept)
            for make in (lambda p: p.symlink_to(kept), os.mkfifo, os.mkdir):
                with self.subTest(path=path.name, make=make):
                    make(path)
                    result = self.verify(archive, "--no-state", key=key,
                                         status=FINDINGS)
                    self.assertTrue(result["findings"])
                    (path.rmdir if path.is_dir() and not path.is_symlink()
                     else path.unlink)()
            shutil.move(kept, path)
        self.verify(archive, "--no-state", key=key)

    def test_a_changed_bundle(self):
        archive = self.sealed_archive(10)
        self.authseal("export", archive, "--out", "bundle")
        key = self.key_of(archive)
        self.verify("bundle", key=key)
        records = self.dir / "bundle" / "data" / "records.jsonl"
        forged = records.read_bytes().replace(b'"n":3}', b'"n":4}')
        cli_case.overwrite(records, forged)
        result = self.verify("bundle", key=key, status=FINDINGS)
        self.assertIn("manifest-mismatch", cli_case.finding_names(result))
        # Checksums anyone can redo, the proof nobody.
        for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            redo_manifest(self.dir / "bundle", manifest)
        result = self.assert_findings("bundle", ["record-mismatch"], key=key)
        finding = result["findings"][0]
        self.assertEqual((finding["first_record"], finding["end_record"]),
                         (3, 4))

    def test_the_epoch_key_of_a_seal_is_gone(self):
        archive = self.new_archive()
        keys = self.dir / "archive.keys"
        before = (keys / "epoch.key").read_bytes()
        self.grow(archive)
        for folder, _, names in os.walk(self.dir):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(before, file.read(), name)


def redo_manifest(bundle, manifest):
    lines = (bundle / manifest).read_text().splitlines()
    names = [line.split("  ", 1)[1] for line in lines]
    cli_case.overwrite(bundle / manifest, "".join(
        f"{hashlib.sha256((bundle / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names).encode())


if __name__ == "__main__":
    unittest.main()
