"""What a verifier remembers between runs, and checkpoints kept elsewhere."""
import json
import os
import shutil
import subprocess
import unittest

import cli_case
from cli_case import FINDINGS, LOCKED, NO_ARCHIVE, USAGE, WEAKER
from memory_case import MemoryCase


class State(MemoryCase):
    def test_the_state_moves_forward_only_and_only_when_all_passed(self):
        archive = self.sealed_archive(10)
        self.authseal("verify", archive)
        first = self.states()
        self.assertEqual(len(first), 1)
        self.authseal("verify", archive)
        self.assertEqual(self.states(), first)
        self.grow(archive)
        self.authseal("verify", archive, "--require-witness", "9",
                      status=WEAKER)
        self.assertEqual(self.states(), first)
        (archive / "stray").write_bytes(b"x")
        self.authseal("verify", archive, status=FINDINGS)
        self.assertEqual(self.states(), first)
        (archive / "stray").unlink()
        self.authseal("verify", archive)
        (name,), (text,) = self.states().keys(), self.states().values()
        self.assertIn(name, first)
        self.assertIn(b"\ncheckpoint 22 ", text)

    def test_a_damaged_state_is_said_and_never_a_first_use(self):
        archive = self.sealed_archive(10)
        self.authseal("verify", archive)
        (path,) = (self.dir / "state").rglob("*.state")
        good = path.read_bytes()
        for damage in (b"", good[:1], good[:-1], good + b"\n", b"\0" * 300,
                       good.replace(b"checkpoint 11", b"checkpoint 1x"),
                       good.replace(b"authseal verifier", b"authseal vErifier"),
                       b"x" * 300_000):
            with self.subTest(damage=damage[:40]):
                path.write_bytes(damage)
                run = self.authseal("verify", archive, status=FINDINGS)
                self.assertIn(b"NOT VERIFIED ", run.stdout)
                self.assertIn(b"verifier state", run.stderr)
                self.assertIn(b"authseal: hint: ", run.stderr)
                self.assertNotIn(b"first use", run.stderr)
                self.assertEqual(path.read_bytes(), damage)
                # Reading with a pin of its own does not need it.
                self.authseal("verify", archive, "--no-state")
                self.authseal("query", archive, "--count", status=FINDINGS)
        path.write_bytes(good)
        self.authseal("verify", archive)

    def test_a_place_that_cannot_be_written_is_no_first_use_either(self):
        archive = self.sealed_archive(10)
        (self.dir / "file").write_bytes(b"")
        for place in ("file", "file/below", "/proc/authseal"):
            with self.subTest(place=place):
                run = self.authseal("verify", archive, "--state-dir", place,
                                    status=USAGE)
                self.assertIn(b"--no-state", run.stderr)
                self.assertNotIn(b"first use", run.stderr)

    def test_two_verifiers_of_one_target(self):
        archive = self.sealed_archive(10)
        self.authseal("verify", archive)
        (lock,) = (self.dir / "state").rglob("*.lock")
        script = ("import fcntl, subprocess, sys\n"
                  "file = open(sys.argv[1])\n"
                  "fcntl.flock(file, fcntl.LOCK_EX)\n"
                  "sys.exit(subprocess.run(sys.argv[2:]).returncode)\n")
        run = subprocess.run(
            ["python3", "-c", script, str(lock), cli_case.BINARY, "verify",
             str(archive)], cwd=self.dir, env=self.environment, check=False,
            capture_output=True, timeout=cli_case.TIMEOUT_SECONDS)
        self.assertEqual(run.returncode, LOCKED, run.stderr)

    def test_every_way_to_a_path_is_the_same_memory(self):
        archive = self.sealed_archive(10)
        old = self.copy(archive, "old")
        self.grow(archive)
        (self.dir / "link").symlink_to("archive")
        key = ("--key", self.key_of(archive))
        self.authseal("verify", archive, *key)
        self.put(old, archive)
        for way in ("archive", "./archive/", "old/../archive", archive,
                    "link", self.dir / "link"):
            with self.subTest(way=way):
                self.assert_findings(way, ["rollback"],
                                     key=self.key_of(archive))

    def test_a_link_in_a_known_place_forgets_nothing(self):
        archive = self.sealed_archive(10)
        shutil.copy(self.key_of(archive), self.dir / "pin")
        self.copy(archive, "old")
        self.grow(archive)
        self.authseal("verify", archive, "--key", "pin")
        self.remove(archive)
        archive.symlink_to("old")
        self.assert_findings(archive, ["rollback"], key="pin")
        # Where it leads to nothing is known, which is said.
        self.assertIn(b"rollback and fork not excluded",
                      self.authseal("verify", "old", "--key", "pin").stdout)

    def test_a_link_remembers_for_both_names(self):
        archive = self.sealed_archive(10)
        old = self.copy(archive, "old")
        self.grow(archive)
        (self.dir / "link").symlink_to("archive")
        self.verify("link", key=self.key_of(archive))
        self.assertEqual(len(self.states()), 2)
        self.put(old, archive)
        self.assert_findings(archive, ["rollback"])

    def test_a_moved_archive_is_new_and_says_so(self):
        archive = self.sealed_archive(10)
        self.authseal("verify", archive)
        for end in ("", ".keys"):
            shutil.move(f"{archive}{end}", self.dir / f"moved{end}")
        run = self.authseal("verify", "moved", "--key", "moved.keys/"
                            "identity.pub")
        self.assertIn(b"rollback and fork not excluded", run.stdout)
        run = self.authseal("verify", archive, status=NO_ARCHIVE)
        self.assertIn(b"was verified here before", run.stderr)
        self.assertIn(b"11 sealed records", run.stderr)

    def test_a_bundle_in_an_archives_place_is_a_finding(self):
        archive = self.sealed_archive(10)
        pin = shutil.copy(self.key_of(archive), self.dir / "pin")
        self.authseal("verify", archive, "--key", pin)
        self.authseal("export", archive, "--out", "bundle")
        self.remove(archive)
        shutil.move(self.dir / "bundle", archive)
        self.assert_findings(archive, ["file-missing"], key=pin)
        self.verify(archive, "--no-state", key=pin)

    def test_several_targets_have_a_line_each_and_the_gravest_exit(self):
        good = self.sealed_archive(10)
        bad = self.copy(good, "bad")
        (bad / "stray").write_bytes(b"x")
        weak = self.copy(good, "weak")
        self.authseal("ingest", weak, "-", stdin=b"{}\n")
        keys = ("--key", self.key_of(good))
        run = self.authseal("verify", good, "none", bad, weak, good, *keys,
                            "--require-sealed", status=FINDINGS)
        verdicts = [line for line in run.stdout.decode().splitlines()
                    if "VERIFIED" in line]
        self.assertEqual([line.split(":")[0] for line in verdicts], [
            f"VERIFIED {good}", "NOT VERIFIED none", f"NOT VERIFIED {bad}",
            f"VERIFIED {weak}", f"VERIFIED {good}"])
        run = self.authseal("verify", good, "none", bad, weak, *keys,
                            "--json", status=FINDINGS)
        objects = [json.loads(line) for line in run.stdout.splitlines()]
        self.assertEqual([o.get("exit") for o in objects],
                         [0, NO_ARCHIVE, FINDINGS, 0])
        self.authseal("verify", weak, "none", *keys, "--require-sealed",
                      status=NO_ARCHIVE)
        self.authseal("verify", weak, good, *keys, "--require-sealed",
                      status=WEAKER)
        self.authseal("verify", weak, good, *keys)


class Checkpoints(MemoryCase):
    def test_any_number_with_lines_of_others(self):
        archive = self.sealed_archive(10)
        for i in range(3):
            self.grow(archive, 5, 100 + i)
        notes = sorted(archive.glob("checkpoints/*.note"))
        witnessed = self.write(
            "witnessed.note", notes[1].read_bytes() +
            "\u2014 witness.example AQIDBAUGBwgJ\n".encode("utf-8"))
        options = [word for note in [*notes, witnessed]
                   for word in ("--checkpoint", note)]
        result = self.verify(archive, *options, "--no-state")
        self.assertEqual([known["size"] for known in result["known"]],
                         [11, 17, 23, 29, 17])
        self.assertTrue(all(known["consistent"] for known in result["known"]))

    def test_what_is_no_checkpoint_is_a_usage_error(self):
        archive = self.sealed_archive(10)
        note = sorted(archive.glob("checkpoints/*.note"))[0]
        bad = {"empty": b"", "text": b"no note\n", "long": b"x" * 70_000,
               "cut": note.read_bytes()[:40], "archive.note":
               (archive / "archive.note").read_bytes()}
        for name, data in bad.items():
            self.write(name, data)
        for option in ("--checkpoint", "--after-checkpoint"):
            for name in [*bad, "missing", "archive", "archive/checkpoints"]:
                with self.subTest(name=name, option=option):
                    self.assert_refused("verify", archive, "--no-state",
                                        option, name, status=USAGE,
                                        words=[name])

    def test_a_changed_checkpoint_is_a_finding(self):
        archive = self.sealed_archive(10)
        note = sorted(archive.glob("checkpoints/*.note"))[0].read_bytes()
        kept = self.write("kept.note", note.replace(b"\n11\n", b"\n10\n"))
        for option in ("--checkpoint", "--after-checkpoint"):
            result = self.assert_findings(
                archive, ["checkpoint-invalid"], "--no-state", option, kept)
            self.assertEqual(result["findings"][0]["file"], str(kept))
            self.assertEqual(result["skipped"], {"segments": 0, "records": 0})

    def test_after_a_checkpoint_only_what_is_new_is_read(self):
        archive = self.sealed_archive(10)
        for i in range(3):
            self.grow(archive, 10, 100 + i)
        self.authseal("ingest", archive, "-", stdin=b"{}\n")
        notes = sorted(archive.glob("checkpoints/*.note"))
        result = self.verify(archive, "--after-checkpoint", notes[1],
                             "--no-state")
        self.assertEqual(result["skipped"], {"segments": 2, "records": 22})
        self.assertEqual(result["segments"], {"total": 3, "ok": 3})
        self.assertEqual(result["records"], {"total": 23, "ok": 23})
        self.assertEqual(result["trustworthy"], [[22, 45]])
        self.assertEqual(result["tree_size"], 44)
        self.assertEqual(result["previous"],
                         {"source": str(notes[1]), "size": 22,
                          "consistent": True})
        self.assertIn("were not read", " ".join(result["not_checked"]))
        text = self.authseal("verify", archive, "--after-checkpoint", notes[1],
                             "--no-state").stdout.decode()
        self.assertIn("after 22 that were not read", text)
        # Damage is seen behind it, and not before.
        for number, names in ((0, []), (3, ["frame-corrupt"])):
            segment = cli_case.segments_of(archive)[number]
            whole = segment.read_bytes()
            cli_case.overwrite(segment, b"x" + whole[1:])
            result = self.verify(
                archive, "--after-checkpoint", notes[1], "--no-state",
                status=FINDINGS if names else cli_case.DONE)
            self.assertEqual(bool(result["findings"]), bool(names))
            self.verify(archive, "--no-state", status=FINDINGS)
            cli_case.overwrite(segment, whole)
        # Its index is left over.
        os.unlink(cli_case.segments_of(archive)[0])
        self.assert_findings(archive, ["file-missing", "file-unexpected"],
                             "--no-state", "--after-checkpoint", notes[1])

    def test_an_older_memory_is_compared_before_it_is_replaced(self):
        archive = self.sealed_archive(10)
        self.verify(archive)
        for i in range(3):
            self.grow(archive, 10, 100 + i)
        notes = sorted(archive.glob("checkpoints/*.note"))
        result = self.verify(archive, "--after-checkpoint", notes[2])
        self.assertEqual(result["skipped"], {"segments": 1, "records": 11})
        self.assertEqual([(known["source"], known["consistent"])
                          for known in result["known"]],
                         [("state", True), (str(notes[2]), True)])
        result = self.verify(archive, "--after-checkpoint", notes[2])
        self.assertEqual(result["skipped"], {"segments": 3, "records": 33})


if __name__ == "__main__":
    unittest.main()
