"""One identity key hands the log over to the next."""
import base64
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import cli_case
from cli_case import FINDINGS, KEY


def sign(directory, signing_key, text):
    """The signature line of `text` by a key as identity.key has it."""
    name, _, blob = signing_key.removeprefix("PRIVATE+KEY+").split("+", 2)
    seed = base64.b64decode(blob)[1:]
    der, message = directory / "sign.der", directory / "sign.txt"
    der.write_bytes(bytes.fromhex("302e020100300506032b657004220420") + seed)
    message.write_bytes(text)
    run = ["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER",
           "-inkey", str(der), "-in", str(message)]
    signature = subprocess.run(run, check=True, capture_output=True).stdout
    public = subprocess.run(
        ["openssl", "pkey", "-inform", "DER", "-in", str(der), "-pubout",
         "-outform", "DER"], check=True, capture_output=True).stdout[-32:]
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    line = base64.b64encode(key_id + signature).decode()
    return f"\u2014 {name} {line}\n".encode(), public


class Rotation(cli_case.CliCase):
    def rotated(self, rotations=1):
        """An archive, and identity.pub as it was before each rotation."""
        archive = self.sealed_archive(20)
        pins = [self.keep_pin(archive, 0)]
        self.old_keys = []
        for number in range(rotations):
            keys = pathlib.Path(f"{archive}.keys")
            self.old_keys.append((keys / "identity.key").read_text().strip())
            self.json_of("rotate", archive)
            pins.append(self.keep_pin(archive, number + 1))
            self.add(archive, 100 * (number + 1))
        return archive, pins

    def add(self, archive, first):
        self.authseal("ingest", archive, "-",
                      stdin=cli_case.lines_of(10, first))
        return self.json_of("seal", archive)

    def keep_pin(self, archive, number):
        pin = self.dir / f"{number}.pub"
        shutil.copy(f"{archive}.keys/identity.pub", pin)
        return pin

    def python_status(self, target, pin, *options):
        run = subprocess.run(
            [sys.executable, "-B", str(cli_case.VERIFY_PY), str(target),
             "--key", str(pin), *map(str, options)],
            capture_output=True, check=False,
            timeout=cli_case.TIMEOUT_SECONDS)
        return run.returncode, run.stdout.decode()

    def rotation_of(self, archive, place=0):
        return sorted(archive.glob("checkpoints/*.rotation"))[place]

    def test_every_pin_of_the_chain_stays_good(self):
        archive, pins = self.rotated(3)
        words = [pin.read_text().split("\n")[0] for pin in pins]
        self.assertEqual(len(set(words)), 4)
        for pin in pins:
            with self.subTest(pin=pin.name):
                result = self.verify(archive, "--no-state", key=pin)
                self.assertEqual(result["findings"], [])
                self.assertEqual(result["identities"], words)
                names = [note["name"] for note in result["notes"]]
                self.assertEqual(names, ["identity-rotated"] * 3)
                self.assertEqual(result["checkpoint_size"],
                                 result["tree_size"])
                self.verify(archive, "--no-state", "--quick", key=pin)
                self.assertEqual(self.python_status(archive, pin)[0], 0)
                run = self.authseal("query", archive, "--count", "--key", pin)
                self.assertEqual(run.stdout, b"50\n")
        run = self.authseal("verify", archive, "-v", "--key", pins[0])
        self.assertIn(b"identity-rotated", run.stdout)

    def test_a_bundle_stands_under_every_pin(self):
        archive, pins = self.rotated(2)
        self.authseal("export", archive, "--out", "b", "--key", pins[1])
        text = (self.dir / "b/data/rotations.txt").read_bytes()
        self.assertEqual(text.count(b"authseal rotation v1\n"), 2)
        for pin in pins:
            result = self.verify("b", key=pin)
            self.assertEqual(result["findings"], [])
            self.assertEqual(self.python_status(self.dir / "b", pin)[0], 0)
        kept = sorted(archive.glob("checkpoints/*.note"))
        for note in kept:
            self.verify("b", "--checkpoint", note, key=pins[0])
        other = self.new_archive("other")
        stranger = f"{other}.keys/identity.pub"
        result = self.verify("b", status=FINDINGS, key=stranger)
        self.assertIn("key-changed", cli_case.finding_names(result))

    def test_the_old_key_is_gone_and_files_have_their_modes(self):
        archive, _ = self.rotated(1)
        keys = pathlib.Path(f"{archive}.keys")
        self.assertFalse((keys / "identity.next").exists())
        new = (keys / "identity.key").read_text().strip()
        self.assertNotEqual(new, self.old_keys[0])
        self.assertEqual(os.stat(keys / "identity.key").st_mode & 0o777, 0o600)
        rotation = self.rotation_of(archive)
        self.assertEqual(os.stat(rotation).st_mode & 0o777, 0o440)
        lines = rotation.read_text("utf-8").split("\n")
        self.assertEqual(lines[0], "authseal rotation v1")
        self.assertEqual([line.split(" ")[0] for line in lines[1:7]],
                         ["origin", "genesis", "size", "root", "old-key",
                          "new-key"])
        self.assertEqual(lines[3], "size 22")
        self.assertEqual(len(lines), 11)

    def test_a_verifier_that_remembers_follows_the_new_key(self):
        archive = self.sealed_archive(20)
        pin = self.keep_pin(archive, 0)
        self.verify(archive, key=pin)
        self.json_of("rotate", archive)
        self.add(archive, 100)
        result = self.json_of("verify", archive)  # from its memory
        self.assertEqual(result["key_source"], "state")
        self.assertTrue(result["previous"]["consistent"])
        self.assertEqual(len(result["identities"]), 2)
        new = pathlib.Path(f"{archive}.keys/identity.pub").read_text()
        state = next((self.dir / "state/authseal").glob("*.state"))
        self.assertIn(f"key {new.splitlines()[0]}\n", state.read_text())
        # The old pin still leads there, and the memory is compared with it.
        result = self.verify(archive, key=pin)
        self.assertTrue(result["previous"]["consistent"])
        # And a memory that went ahead shows an archive that went back.
        rotation = self.rotation_of(archive)
        saved = rotation.read_bytes()
        os.chmod(rotation.parent, 0o700)
        os.remove(rotation)
        result = self.verify(archive, key=pin, status=FINDINGS)
        self.assertIn("key-changed", cli_case.finding_names(result))
        rotation.write_bytes(saved)
        self.verify(archive, key=pin)

    def test_checkpoints_kept_from_before_and_after_count(self):
        archive, pins = self.rotated(2)
        notes = sorted(archive.glob("checkpoints/*.note"))
        for pin in pins:
            for note in notes:
                result = self.verify(archive, "--no-state", "--checkpoint",
                                     note, key=pin)
                self.assertTrue(result["known"][0]["consistent"])
                self.assertEqual(
                    self.python_status(archive, pin, "--checkpoint", note)[0],
                    0)

    def test_compare_knows_every_key_of_the_chain(self):
        archive, pins = self.rotated(2)
        notes = sorted(archive.glob("checkpoints/*.note"))
        for pin in pins:
            result = self.json_of("compare", notes[0], notes[-1], "--key", pin,
                                  "--archive", archive)
            self.assertEqual(result["relation"], "consistent")
        run = self.authseal("compare", notes[0], notes[-1], "--key", pins[0],
                            status=FINDINGS)
        self.assertIn(b"give --archive", run.stdout)
        # Signed by a key of the chain, and not by the one of that size.
        text = notes[-1].read_bytes().rpartition(b"\n\n")[0] + b"\n"
        line, _ = sign(self.dir, self.old_keys[0], text)
        late = self.write("late.note", text + b"\n" + line)
        result = self.json_of("compare", notes[0], late, "--key", pins[0],
                              "--archive", archive, status=FINDINGS)
        self.assertEqual(result["relation"], "unsigned")

    def test_a_policy_may_name_any_key_of_the_chain(self):
        archive, pins = self.rotated(1)
        for named in pins:
            key = named.read_text().split("\n")[0]
            policy = self.write("policy", f"log {key}\nquorum none\n".encode())
            for pin in pins:
                self.verify(archive, "--no-state", "--policy", policy, key=pin)

    def test_a_key_from_elsewhere_publishes_beside_a_writer(self):
        archive, _ = self.rotated(1)
        identity = pathlib.Path(f"{archive}.keys/identity.key")
        identity.rename(self.dir / "new.key")
        old = self.write("old.key", self.old_keys[0].encode() + b"\n")
        os.chmod(old, 0o600)
        self.assert_refused("seal", archive, "--identity", old, status=KEY,
                            words=("rotated away",))
        sealed = len(list(archive.glob("segments/*.zst")))
        writer = self.start("ingest", archive, "-", stdin=subprocess.PIPE)
        writer.stdin.write(cli_case.lines_of(5, 700))
        writer.stdin.flush()
        self.until(lambda: list(archive.glob("segments/*.open")), "a record")
        self.assert_refused("seal", archive, "--identity", old, status=KEY,
                            words=("rotated away",))
        self.authseal("seal", archive, "--identity", "new.key")
        writer.stdin.close()
        self.assertEqual(writer.wait(cli_case.TIMEOUT_SECONDS), 0)
        self.assertGreater(len(list(archive.glob("segments/*.zst"))), sealed)
        result = self.verify(archive)
        self.assertEqual(result["checkpoint_size"], result["tree_size"])

    def test_a_key_under_a_passphrase_stays_as_it_is(self):
        archive = self.sealed_archive(5)
        secret = self.write("passphrase", b"correct horse battery\n")
        os.chmod(secret, 0o600)
        key = f"{archive}.keys/identity.key"
        self.authseal("key", "encrypt", key, "--passphrase-file", secret)
        before = pathlib.Path(key).read_bytes()
        for command in ("rotate", "reopen"):
            self.assert_refused(command, archive, status=KEY,
                                words=("passphrase", "--passphrase-file"))
        self.assertEqual(pathlib.Path(key).read_bytes(), before)
        self.assertEqual(len(list(archive.glob("segments/*.zst"))), 1)

    def test_a_rotation_that_is_changed_is_found(self):
        archive, pins = self.rotated(2)
        rotation = self.rotation_of(archive)
        good = rotation.read_bytes()
        for at in range(0, len(good), 7):
            bad = bytearray(good)
            bad[at] ^= 0x04
            cli_case.overwrite(rotation, bytes(bad))
            for pin in (pins[0], pins[2]):
                result = self.verify(archive, "--no-state", "--quick",
                                     status=FINDINGS, key=pin)
                self.assertIn("checkpoint-invalid",
                              cli_case.finding_names(result), at)
            if at % 70 == 0:
                self.assertEqual(self.python_status(archive, pins[0])[0], 1)
        cli_case.overwrite(rotation, good)
        self.verify(archive, key=pins[0])

    def test_a_lost_or_foreign_rotation_breaks_the_chain(self):
        archive, pins = self.rotated(2)
        first, second = (self.rotation_of(archive, i) for i in (0, 1))
        os.chmod(first.parent, 0o700)
        first.rename(self.dir / "first")
        result = self.verify(archive, "--no-state", status=FINDINGS,
                             key=pins[0])
        self.assertIn("checkpoint-invalid", cli_case.finding_names(result))
        result = self.verify(archive, "--no-state", status=FINDINGS,
                             key=pins[2])
        self.assertIn("key-changed", cli_case.finding_names(result))
        self.assertEqual(self.python_status(archive, pins[0])[0], 1)
        self.assertEqual(self.python_status(archive, pins[2])[0], 1)
        shutil.copy(self.dir / "first", first)
        # Named for another size.
        os.rename(second, second.with_name("000000000099.rotation"))
        result = self.verify(archive, "--no-state", status=FINDINGS,
                             key=pins[0])
        self.assertIn("checkpoint-invalid", cli_case.finding_names(result))

    def forged(self, archive, place, change, keys):
        """The rotation with its text changed and signed anew by `keys`."""
        rotation = self.rotation_of(archive, place)
        text = rotation.read_bytes().rpartition(b"\n\n")[0] + b"\n"
        text = change(text)
        lines = b"".join(sign(self.dir, key, text)[0] for key in keys)
        cli_case.overwrite(rotation, text + b"\n" + lines)

    def test_a_root_that_the_tree_does_not_have_is_found(self):
        archive, pins = self.rotated(1)
        new = pathlib.Path(f"{archive}.keys/identity.key").read_text().strip()
        root = base64.b64encode(bytes(32))

        def change(text):
            lines = text.split(b"\n")
            lines[4] = b"root " + root
            return b"\n".join(lines)
        self.forged(archive, 0, change, (self.old_keys[0], new))
        for pin in pins:
            self.assert_findings(archive, ["root-mismatch"], "--no-state",
                                 key=pin)
            status, said = self.python_status(archive, pin)
            self.assertEqual(status, 1)
            self.assertIn("root-mismatch", said)

    def test_the_old_key_can_sign_nothing_behind_the_rotation(self):
        archive, pins = self.rotated(1)
        note = sorted(archive.glob("checkpoints/*.note"))[-1]
        text = note.read_bytes().rpartition(b"\n\n")[0] + b"\n"
        line, _ = sign(self.dir, self.old_keys[0], text)
        cli_case.overwrite(note, text + b"\n" + line)
        for pin in pins:
            self.assert_findings(archive, ["checkpoint-invalid"],
                                 "--no-state", key=pin)
            self.assertEqual(self.python_status(archive, pin)[0], 1)

    def test_a_rotation_signed_by_one_key_alone_is_none(self):
        archive, pins = self.rotated(1)
        new = pathlib.Path(f"{archive}.keys/identity.key").read_text().strip()
        for keys in ((self.old_keys[0],), (new,), (new, self.old_keys[0]),
                     (self.old_keys[0], self.old_keys[0])):
            self.forged(archive, 0, lambda text: text, keys)
            for pin in pins:
                result = self.verify(archive, "--no-state", status=FINDINGS,
                                     key=pin)
                self.assertIn("checkpoint-invalid",
                              cli_case.finding_names(result))
                self.assertEqual(self.python_status(archive, pin)[0], 1)

    def test_a_key_of_no_chain_stays_a_stranger(self):
        archive, _ = self.rotated(1)
        other = self.new_archive("other")
        result = self.verify(archive, "--no-state", status=FINDINGS,
                             key=f"{other}.keys/identity.pub")
        self.assertIn("key-changed", cli_case.finding_names(result))

    def test_a_key_that_was_rotated_away_cannot_write(self):
        archive, _ = self.rotated(1)
        key = pathlib.Path(f"{archive}.keys/identity.key")
        key.write_text(self.old_keys[0] + "\n")
        run = self.authseal("seal", archive, status=KEY)
        self.assertIn(b"rotated away", run.stderr)

    def test_a_rotation_cut_off_is_completed_by_the_next_writer(self):
        archive, pins = self.rotated(1)
        keys = pathlib.Path(f"{archive}.keys")
        # As a crash leaves it: the note is there, the keys not changed yet.
        os.rename(keys / "identity.key", keys / "identity.next")
        (keys / "identity.key").write_text(self.old_keys[0] + "\n")
        os.chmod(keys / "identity.key", 0o600)
        shutil.copy(pins[0], keys / "identity.pub")
        run = self.authseal("rotate", archive, status=cli_case.USAGE)
        self.assertIn(b"complete now", run.stderr)
        self.assertFalse((keys / "identity.next").exists())
        self.assertEqual((keys / "identity.pub").read_text(),
                         pins[1].read_text())
        self.add(archive, 500)
        for pin in pins:
            self.verify(archive, "--no-state", key=pin)

    def test_without_the_identity_key_there_is_no_rotation(self):
        archive = self.sealed_archive(5)
        os.remove(f"{archive}.keys/identity.key")
        self.authseal("rotate", archive, status=KEY)
        self.assertEqual(list(archive.glob("checkpoints/*.rotation")), [])


if __name__ == "__main__":
    unittest.main()
