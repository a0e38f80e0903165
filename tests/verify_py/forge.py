"""Blocks by somebody who holds the epoch's key: signed as they should be, and wrong all the same."""
import base64
import os
import struct
import subprocess
import tempfile

from authseal_format import frame_at, leaf_of, marks_of, range_of, sha


def sign(seed, message):
    with tempfile.TemporaryDirectory() as folder:
        key, text = os.path.join(folder, "key"), os.path.join(folder, "text")
        for path, data in ((key, bytes.fromhex("302e020100300506032b657004220420") + seed), (text, message)):
            with open(path, "wb") as file:
                file.write(data)
        return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", key,
                               "-in", text], capture_output=True, check=True).stdout


def compress(content, *options, sized=True):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        command = ["zstd", "-qc", *options]
        source = {} if sized else {"input": content}
        return subprocess.run(command + ([file.name] if sized else []), capture_output=True, check=True,
                              **source).stdout


def source(first=0, count=1, begin=0, end=9, name=b"s"):
    return struct.pack("<IIQQ32s32sH", first, count, begin, end, bytes(32), bytes(32), len(name)) + name


class Forger:
    """Appends blocks to an archive's open segment; each is right but for what is asked for."""

    def __init__(self, archive, open_file):
        with open(archive + ".keys/epoch.key", encoding="ascii") as file:
            lines = file.read().split("\n")
        self.epoch, self.seed = int(lines[1].split()[1]), base64.b64decode(lines[2].split()[1])
        with open(os.path.join(archive, "archive.note"), "rb") as file:
            self.genesis = sha(file.read().split(b"\n\n")[0] + b"\n")
        self.path = os.path.join(archive, open_file)
        with open(self.path, "rb") as file:
            data, at = file.read(), 0
        while at < len(data):
            frame = frame_at(data, at)[1]
            at += len(frame)
        self.previous = sha(frame)
        self.next = sum(struct.unpack_from("<QI", frame, 20))

    def block(self, records=(b'{"a":1}',), sources=(), signed=True, **wrong):
        """The block's bytes; `wrong` replaces what would be right."""
        content = wrong.get("content", b"".join(record + b"\n" for record in records))
        data = wrong.get("data") or compress(content)
        hashes = wrong.get("range", b"".join(h for _, _, h in range_of(self.next, map(leaf_of, records))))
        marks = b"".join(struct.pack("<IIB", *mark) for mark in wrong.get("marks", marks_of(records)))
        body = struct.pack(
            "<4sQQIII32s32sqqIBBHI", b"ASB1", wrong.get("epoch", self.epoch), wrong.get("first", self.next),
            wrong.get("count", len(records)), wrong.get("size", len(content)), wrong.get("stored", len(data)),
            sha(data), wrong.get("previous", self.previous), 1, 2, 0, wrong.get("flags", int(signed)),
            len(hashes) // 32, len(sources), len(marks) // 9)
        body += hashes + marks + b"".join(sources) + wrong.get("tail", b"")
        if signed:
            body += sign(self.seed, b"authseal/v1/header\n" + self.genesis + body)
        header = struct.pack("<II", 0x184D2A50, len(body)) + body
        self.next, self.previous = self.next + len(records), sha(header)
        return data + header

    def append(self, *blocks):
        with open(self.path, "ab") as file:
            file.write(b"".join(blocks))
