"""Changes of archives and bundles, each of which both verifiers must find unless it says otherwise."""
import hashlib
import os
import re
import shutil

from authseal_format import DATA, FOOTER, HEADER, SEEK, frame_at
from forge import compress, source

FIRST = "segments/000000000000.jsonl.zst"
FIRST_INDEX = "segments/000000000000.idx"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    if os.path.exists(path):
        os.chmod(path, 0o600)
    with open(path, "wb") as file:
        file.write(data)


def frames(data):
    """(magic, begin, end) of each frame."""
    at, found = 0, []
    while at < len(data):
        magic, frame = frame_at(data, at)
        found.append((magic, at, at + len(frame)))
        at += len(frame)
    return found


# CHANGES. Each takes the path of a copy and changes it.

def flip(file, where, bit=1):
    """Of a byte; `where` is an offset, from the end when below 0, or finds one."""
    def change(path):
        data = bytearray(read(os.path.join(path, file)))
        data[where(data) if callable(where) else where] ^= bit
        write(os.path.join(path, file), bytes(data))
    return change


def inside(magic, number, offset):
    """Offset within the n-th frame of a kind; from its end when below 0."""
    def find(data):
        found = [frame for frame in frames(bytes(data)) if frame[0] == magic][number]
        return (found[1] if offset >= 0 else found[2]) + offset
    return find


def edit(file, function):
    def change(path):
        write(os.path.join(path, file), function(read(os.path.join(path, file))))
    return change


def remove(file):
    return lambda path: os.remove(os.path.join(path, file))


def add(file, data=b"x"):
    return lambda path: write(os.path.join(path, file), data)


def swap(one, two):
    def change(path):
        first, second = (read(os.path.join(path, name)) for name in (one, two))
        write(os.path.join(path, one), second)
        write(os.path.join(path, two), first)
    return change


def link(file):
    def change(path):
        kept = os.path.join(os.path.dirname(path), "kept")
        os.rename(os.path.join(path, file), kept)
        os.symlink(kept, os.path.join(path, file))
    return change


def cut_at_frame(number_from_end):
    return lambda data: data[:frames(data)[-number_from_end][1]]


def drop_block(number):
    def change(data):
        found = frames(data)
        return data[:found[2 * number][1]] + data[found[2 * number + 1][2]:]
    return change


def rebag(*changes):
    """Changes of a bundle by somebody who can compute checksums."""
    def change(path):
        for one in changes:
            one(path)
        for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            names = [line[66:] for line in read(os.path.join(path, manifest)).decode().splitlines()]
            lines = ["%s  %s\n" % (hashlib.sha256(read(os.path.join(path, name))).hexdigest(), name)
                     for name in names if os.path.exists(os.path.join(path, name))]
            write(os.path.join(path, manifest), "".join(lines).encode())
    return change


def line_edit(number, function):
    def change(data):
        lines = data.split(b"\n")
        lines[number:number + 1] = function(lines[number])
        return b"\n".join(lines)
    return change


def archive_changes(world):
    second, open_file = world.segment_2, world.open
    note_1 = "checkpoints/%012d.note" % world.second
    note_2 = "checkpoints/%012d.note" % world.end
    other = {name: read(os.path.join(world.other, name)) for name in (FIRST, "archive.note")}
    return {
        "archive.note: text": flip("archive.note", 30),
        "archive.note: nonce": edit("archive.note", lambda d: re.sub(b"nonce .", b"nonce +", d)),
        "archive.note: signature": flip("archive.note", -20),
        "archive.note: of another archive": edit("archive.note", lambda d: other["archive.note"]),
        "archive.note: a line more": edit("archive.note", lambda d: d + d.split(b"\n")[-2] + b"\n"),
        "data frame: content": flip(FIRST, inside(DATA, 0, 40)),
        "data frame: checksum": flip(FIRST, inside(DATA, 0, -1)),
        "data frame: magic": flip(FIRST, 0),
        "header: tag": flip(FIRST, inside(HEADER, 0, 8)),
        "header: epoch": flip(FIRST, inside(HEADER, 0, 12)),
        "header: first record": flip(FIRST, inside(HEADER, 0, 20)),
        "header: record count": flip(FIRST, inside(HEADER, 0, 28)),
        "header: stored hash": flip(FIRST, inside(HEADER, 0, 45)),
        "header: previous": flip(second, inside(HEADER, 0, 75)),
        "header: ingest time": flip(second, inside(HEADER, 0, 105)),
        "header: range": flip(second, inside(HEADER, 0, 135)),
        "header: signature": flip(second, inside(HEADER, 0, -3)),
        "header: frame length": flip(FIRST, inside(HEADER, 0, 4)),
        "seal block: content": flip(FIRST, inside(DATA, -1, 25)),
        "footer: end record": flip(FIRST, inside(FOOTER, 0, 28)),
        "footer: next key": flip(FIRST, inside(FOOTER, 0, 90)),
        "footer: signature": flip(second, inside(FOOTER, 0, -1)),
        "seek table: entry": flip(second, inside(SEEK, 0, 10)),
        "seek table: end": flip(second, -1),
        "index: header": flip(FIRST_INDEX, 5),
        "index: directory": flip(FIRST_INDEX, 300),
        "index: padding": flip(FIRST_INDEX, 4090),
        "index: table": flip(FIRST_INDEX, -1),
        "index: a byte cut": edit(FIRST_INDEX, lambda d: d[:-1]),
        "index: a byte appended": edit(FIRST_INDEX, lambda d: d + b"\0"),
        "index: empty": edit(FIRST_INDEX, lambda d: b""),
        "index: removed": remove(FIRST_INDEX),
        "index: of another segment": swap(FIRST_INDEX, world.index_2),
        "sealed: a byte appended": edit(FIRST, lambda d: d + b"\0"),
        "sealed: a frame appended": edit(FIRST, lambda d: d + b"\x51\x2a\x4d\x18\0\0\0\0"),
        "sealed: without seek table": edit(FIRST, cut_at_frame(1)),
        "sealed: without footer": edit(second, cut_at_frame(2)),
        "sealed: without seal block": edit(second, cut_at_frame(4)),
        "sealed: last byte cut": edit(second, lambda d: d[:-1]),
        "sealed: first block dropped": edit(FIRST, drop_block(0)),
        "sealed: empty": edit(second, lambda d: b""),
        "segments: swapped": swap(FIRST, second),
        "segments: first removed": remove(FIRST),
        "segments: second removed": remove(second),
        "segments: first of another archive": edit(FIRST, lambda d: other[FIRST]),
        "segments: a link": link(second),
        "open: first block's data": flip(open_file, inside(DATA, 0, 30)),
        "open: first header": flip(open_file, inside(HEADER, 0, 75)),
        "open: last block's data": flip(open_file, inside(DATA, -1, 30)),
        "open: first block dropped": edit(open_file, drop_block(0)),
        "open: a gap": edit(open_file, lambda d: d[:frames(d)[2][1]] + b"gap" + d[frames(d)[2][1]:]),
        "open: of a segment that is sealed": lambda path: shutil.copy(
            os.path.join(path, open_file), os.path.join(path, FIRST + ".open")),
        "checkpoint: root": flip(note_2, lambda d: d.index(b"\n", 20) + 4, 2),
        "checkpoint: signature": flip(note_1, -20),
        "checkpoint: named for another size": swap(note_1, note_2),
        "checkpoint: size 0": lambda path: shutil.copy(
            os.path.join(path, note_1), os.path.join(path, "checkpoints/000000000000.note")),
        "checkpoint: cosignatures that are none": add(note_1[:-5] + ".cosig", b"no line"),
        "checkpoint: a timestamp of nothing": add("checkpoints/000000000001.tsr"),
        "rollback: sealed segment and open one cut": lambda path: (
            remove(second)(path), remove(open_file)(path)),
        "a file more": add("segments/notes.txt"),
        "an index that no footer names": add("segments/000000000000.idx"),
        "a folder more": lambda path: os.mkdir(os.path.join(path, "extra")),
        "segments missing": lambda path: shutil.rmtree(os.path.join(path, "segments")),
    }


def bundle_changes(world):
    records, proofs, epochs = "data/records.jsonl", "data/proofs.jsonl", "data/epochs.txt"
    other_note = read(os.path.join(world.other, "archive.note"))
    foreign = read(os.path.join(world.archive, "checkpoints/%012d.note" % world.second))
    pad = lambda proof: proof.replace(b'"]}', b'","' + b"A" * 43 + b'="]}')
    return {
        "records: a byte": flip(records, 100),
        "records: a byte, rebagged": rebag(flip(records, 100)),
        "records: last line cut": rebag(edit(records, lambda d: d[:-1])),
        "records: a line more": rebag(edit(records, lambda d: d + b"{}\n")),
        "records: two lines swapped": rebag(edit(records, line_edit(0, lambda line: [])),
                                            edit(records, lambda d: d + b"{}\n")),
        "records: a line and its proof twice": rebag(
            edit(records, line_edit(0, lambda line: [line, line])),
            edit(proofs, line_edit(0, lambda line: [line, line]))),
        "proofs: index": rebag(edit(proofs, lambda d: d.replace(b'"index":3,', b'"index":4,'))),
        "proofs: a hash": rebag(edit(proofs, lambda d: re.sub(rb'"proof":\["....', b'"proof":["AAAA', d, 1))),
        "proofs: a hash more": rebag(edit(proofs, line_edit(0, lambda line: [pad(line)]))),
        "proofs: white space": rebag(edit(proofs, line_edit(0, lambda line: [line + b" "]))),
        "proofs: no comma": rebag(edit(proofs, line_edit(0, lambda line: [line.replace(b'","', b'""', 3)]))),
        "proofs: not text": rebag(edit(proofs, line_edit(1, lambda line: [b"\xff\xfe"]))),
        "proofs: a huge number": rebag(edit(proofs, line_edit(0, lambda line: [
            line.replace(b'"index":0', b'"index":' + b"9" * 5000)]))),
        "epochs: one missing": rebag(edit(epochs, line_edit(0, lambda line: []))),
        "epochs: empty": rebag(edit(epochs, lambda d: b"")),
        "epochs: next key": rebag(edit(epochs, lambda d: re.sub(b'"next_epoch_key":"..', b'"next_epoch_key":"AA', d))),
        "epochs: garbage": rebag(edit(epochs, lambda d: d + b"x y z\n")),
        "checkpoint: signature": rebag(flip("data/checkpoint.note", -20)),
        "checkpoint: an older one": rebag(edit("data/checkpoint.note", lambda d: foreign)),
        "archive.note: another's": rebag(edit("data/archive.note", lambda d: other_note)),
        "archive.note: empty": rebag(edit("data/archive.note", lambda d: b"")),
        "export.json: changed": flip("data/export.json", 20),
        "bagit.txt: changed, rebagged": rebag(edit("bagit.txt", lambda d: d.replace(b"1.0", b"0.9"))),
        "README.txt: changed": flip("README.txt", 5),
        "a file more": add("data/more.txt"),
        "a file missing": remove("README.txt"),
        "a file missing, rebagged": rebag(remove("data/export.json")),
        "records: a link": link(records),
        "manifest: path outside": edit("manifest-sha256.txt", lambda d: d + b"0" * 64 + b"  ../../x\n"),
        "manifest: cut": edit("manifest-sha256.txt", lambda d: d[:-1]),
        "tagmanifest: missing": remove("tagmanifest-sha256.txt"),
    }


CONTROL, PREFIX = b'{"authseal":{"x":1}}', b'{"authseal":{"prefix":"p","line":{}}}'
PLAIN = b'{"a":1}'


def unsigned(count):
    def make(forger):
        return [forger.block(signed=False) for _ in range(count)] + [forger.block()]
    return make



def bad_signature(block):
    """One bit of the signature's middle, which is never 1 or 0 by itself."""
    return block[:-32] + bytes([block[-32] ^ 1]) + block[-31:]

# Commits by whoever holds the epoch's key: name, what it appends.
FORGED_GOOD = {
    "a plain block": lambda f: [f.block()],
    "marks of each kind": lambda f: [f.block([CONTROL, CONTROL, PREFIX, PLAIN])],
    "a control record between sources": lambda f: [f.block([PLAIN, CONTROL, PLAIN], [source(), source(2)])],
    "a source of no records": lambda f: [f.block(sources=[source(count=0)])],
    "15 unsigned headers": unsigned(15),
    "an empty record": lambda f: [f.block([b""])],
}
FORGED_BAD = {
    "a control record with a source": lambda f: [f.block([PLAIN, CONTROL], [source(count=2)])],
    "a source beyond the records": lambda f: [f.block(sources=[source(count=2)])],
    "a source that begins behind them": lambda f: [f.block(sources=[source(first=2, count=0)])],
    "sources that overlap": lambda f: [f.block([PLAIN, PLAIN], [source(count=2), source(first=1)])],
    "a source that ends before it begins": lambda f: [f.block(sources=[source(begin=9, end=8)])],
    "a source's name that is no UTF-8": lambda f: [f.block(sources=[source(name=b"\xff")])],
    "a source's name that is too long": lambda f: [f.block(sources=[source(name=b"n" * 4097)])],
    "257 sources": lambda f: [f.block([PLAIN] * 257, [source(first=i) for i in range(257)])],
    "a control record without mark": lambda f: [f.block([CONTROL], marks=[])],
    "a mark on a provider's record": lambda f: [f.block(marks=[(0, 1, 1)])],
    "a mark of another kind": lambda f: [f.block([PREFIX], marks=[(0, 1, 3)])],
    "marks that are not joined": lambda f: [f.block([CONTROL] * 2, marks=[(0, 1, 1), (1, 1, 1)])],
    "an unknown flag": lambda f: [f.block(flags=3)],
    "16 unsigned headers": unsigned(16),
    "bytes behind the sources": lambda f: [f.block(tail=b"more")],
    "a hash too few": lambda f: [f.block(range=b"")],
    "a hash of something else": lambda f: [f.block(range=bytes(32))],
    "no records": lambda f: [f.block([], content=b"", range=b"")],
    "more records than said": lambda f: [f.block(content=PLAIN + b"\n" + PLAIN + b"\n")],
    "no line end": lambda f: [f.block(content=PLAIN)],
    "a wrong content size": lambda f: [f.block(size=9)],
    "a wrong stored size": lambda f: [f.block(stored=9)],
    "another epoch": lambda f: [f.block(epoch=7)],
    "another first record": lambda f: [f.block(first=f.next + 1)],
    "another previous": lambda f: [f.block(previous=bytes(32))],
    "a frame without checksum": lambda f: [f.block(data=compress(PLAIN + b"\n", "--no-check"))],
    "a frame without content size": lambda f: [f.block(data=compress(PLAIN + b"\n", sized=False))],
    "two frames in a block": lambda f: [f.block(data=compress(PLAIN + b"\n") + compress(b"{}\n"))],
    "a block between that is not signed by the key": lambda f: [
        bad_signature(f.block()), f.block()],
    "a record beyond twelve digits": lambda f: [f.block(first=10**12)],
}
