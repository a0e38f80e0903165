"""What tests of a verifier's memory share."""
import base64
import hashlib
import shutil
import subprocess

import cli_case


def sign_note(path, keys):
    """Replaces the signatures of a note by one with another identity key."""
    word = (keys / "identity.key").read_text("utf-8").strip()
    name, _, blob = word.removeprefix("PRIVATE+KEY+").split("+", 2)
    seed = base64.b64decode(blob)[1:]
    public = (keys / "identity.pub").read_text("utf-8").split("\n")[0]
    key_id = bytes.fromhex(public.split("+", 2)[1])
    text = path.read_bytes().rpartition(b"\n\n")[0] + b"\n"
    der, message = keys.parent / "key.der", keys.parent / "message"
    der.write_bytes(bytes.fromhex("302e020100300506032b657004220420") + seed)
    message.write_bytes(text)
    signature = subprocess.run(
        ["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER",
         "-inkey", str(der), "-in", str(message)],
        check=True, capture_output=True).stdout
    line = base64.b64encode(key_id + signature).decode()
    cli_case.overwrite(
        path, text + f"\n\u2014 {name} {line}\n".encode("utf-8"))
    return hashlib.sha256(text).hexdigest()


class MemoryCase(cli_case.CliCase):
    def grow(self, archive, count=10, first=100):
        self.authseal("ingest", archive, "-",
                      stdin=cli_case.lines_of(count, first))
        return self.json_of("seal", archive)

    def copy(self, archive, name):
        shutil.copytree(archive, self.dir / name)
        shutil.copytree(f"{archive}.keys", self.dir / f"{name}.keys")
        return self.dir / name

    def put(self, source, archive):
        """`source`, with its keys, in place of `archive`."""
        for end in ("", ".keys"):
            self.remove(f"{archive}{end}")
            shutil.copytree(f"{source}{end}", f"{archive}{end}")

    def states(self):
        return {path.name: path.read_bytes()
                for path in (self.dir / "state").rglob("*.state")}
