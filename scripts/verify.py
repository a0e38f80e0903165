#!/usr/bin/env python3
"""Verifies an authseal archive or evidence bundle, without authseal.

    verify.py ARCHIVE|BUNDLE --key IDENTITY.PUB|KEY [--checkpoint NOTE]... [--witness KEY]... [--tsa-ca PEM]

Written from the manual page authseal-format(5) alone, with Python's standard library and the programs zstd
and openssl; authseal_format.py, beside it, reads the pieces. Prints "VERIFIED …" or "NOT VERIFIED …" and one
line for each finding; exits with 0 or 1, with 3 when an epoch was reopened that was not accepted, and with 2 when
it could not look. It reads whole segments into memory, and stops at the first damage of the chain, since nothing
behind it can be traced any more. Timestamps are checked with `openssl ts`, against CA certificates that are given.
"""
import argparse, base64, os, re, shutil, struct, sys

sys.dont_write_bytecode = True  # nothing is left beside the sources

from authseal_format import (
    BLOCKS_MAX, DATA, FINDINGS, FOOTER, HEADER, SEEK, CannotLook, Fault, Footer, Header, Identities, Key, Rotation,
    b64, check, check_search_index, check_timestamp, check_timestamps, cosigned_at, decompress, finding, frame_at,
    inclusion_ok, is_file, leaf_of, marks_of, merge, need, note, open_checkpoint, open_genesis, parse, parse_note,
    range_of, read, root_of, sha, signature_ok, stated_size)

PATTERNS = {"": r"archive\.note|segments|checkpoints|salvage",
            "segments": r"[0-9]{12}\.(jsonl\.zst(\.open)?|idx)|.+\.tmp",
            "checkpoints": r"[0-9]{12}\.(note|cosig|tsq|tsr|rotation)|.+\.tmp"}
REOPENED = {}  # epochs that the identity key closed, and the SHA-256 of what says so

WITNESSES = []  # keys that were given; lines of others count for nothing

def cosignatures(data, lines, size):
    """Checks the lines of witnesses under the checkpoint `data`."""
    text, own = parse_note(data)
    both, signatures = parse_note(data + lines)
    need(lines and both == text, "bad cosignatures")
    for witness in WITNESSES:
        when = cosigned_at(text, signatures[len(own):], witness)
        if when:
            note("%d records: cosigned by %s at %d" % (size, witness.name, when))

class Archive:
    def __init__(self, path, identities, genesis, epoch_key):
        self.path, self.identities, self.genesis, self.epoch_key = path, identities, genesis, epoch_key
        self.epoch = self.next = self.sealed = 0
        self.previous, self.tree, self.roots, self.complete = genesis, [], {0: sha(b"")}, False

    def signed(self, what, by):
        message = b"authseal/v1/" + what + b"\n" + self.genesis + by.signed
        key = self.identities.at(by.end).key if what == b"reopen" else self.epoch_key
        return by.signature and signature_ok(key, message, by.signature)

    def block(self, file, frame, head):
        """Checks one block; its header and records."""
        header = parse("header-invalid", file, Header, head)
        where = "block of record %d" % header.first
        check(header.epoch == self.epoch, "epoch-gap", file, where)
        check(header.first == self.next, "count-mismatch", file, where)
        check(header.previous == self.previous, "chain-broken", file, where)
        check((header.stored_hash, header.stored) == (sha(frame), len(frame)),
              "stored-hash-mismatch", file, where)
        content = decompress(frame)
        records = content.split(b"\n")
        check(records.pop() == b"" and len(records) == header.count and len(content) == header.content,
              "count-mismatch", file, where)
        check(range_of(header.first, map(leaf_of, records)) == header.range, "leaf-mismatch", file, where)
        check(marks_of(records) == header.marks, "header-invalid", file, where)
        check(not header.signature or self.signed(b"header", header), "header-signature-invalid", file, where)
        return header, records

    def blocks(self, file, data, end):
        """Checks blocks up to `end`: where they end, the last one, sums, entries of the seek table."""
        at = blocks = total = unsigned = 0
        header, records, table, self.places = None, [], b"", []
        while at < end and frame_at(data, at)[0] == DATA:
            frame = frame_at(data, at)[1]
            magic, head = frame_at(data, at + len(frame))
            check(magic == HEADER, "header-invalid", file, "no header behind byte %d" % at)
            header, records = self.block(file, frame, head)
            unsigned = 0 if header.signature else unsigned + 1
            check(unsigned < 16, "header-signature-invalid", file, "more than 15 unsigned headers in a row")
            self.previous, self.next, self.tree = sha(head), header.end, merge(self.tree, header.range)
            self.places.append((at, len(frame), len(head), header.first, header.count, sha(head)))
            table += struct.pack("<IIII", len(frame), header.content, len(head), 0)
            at, blocks, total = at + len(frame) + len(head), blocks + 1, total + header.content
            check(blocks <= BLOCKS_MAX, "count-mismatch", file, "more than 65536 blocks")
        return at, header, records, blocks, total, table, unsigned

    def open_segment(self, file, data):
        """What counts ends with the last header that the epoch's key signed."""
        at, end, foreign = len(data), 0, 0
        while not end and (at := data.rfind(struct.pack("<I", HEADER), 0, at)) >= 0:
            try:
                header, size = Header(frame_at(data, at)[1]), len(frame_at(data, at)[1])
                end = at + size if self.signed(b"header", header) else 0
                foreign += not end and len(header.signature) // 64
            except (ValueError, struct.error):
                pass  # no header
        check(self.blocks(file, data, end)[0] == end, "frame-corrupt", file, "damage before a signed header")
        if foreign > 1:  # a torn commit has one signature at most
            finding("header-signature-invalid", file, "%d signatures by another key" % foreign)
        if end < len(data) or not data:
            note("torn-tail %s: %d bytes are not counted" % (file, len(data) - end))

    def sealed_segment(self, file, data):
        first, start = self.next, self.tree
        at, header, records, blocks, total, table, unsigned = self.blocks(file, data, len(data))
        check(header and at < len(data) and frame_at(data, at)[0] == FOOTER, "seal-missing", file)
        frame = frame_at(data, at)[1]
        footer = Footer(frame)
        check(self.signed(b"reopen" if footer.reopens else b"seal", footer), "seal-invalid", file,
              "not signed by the key it should be")
        # The identity key closes what the lost key signed, and adds nothing but the unsigned last block.
        check(unsigned == (1 if footer.reopens else 0), "seal-invalid", file, "signed by the wrong key")
        if footer.reopens:
            REOPENED[footer.epoch] = sha(footer.seal_record(header.previous)).hex()
        check((footer.epoch, footer.first, footer.end, footer.blocks, footer.content, footer.previous) ==
              (self.epoch, first, self.next, blocks, total, self.previous) and
              (footer.start_range, footer.end_range) == (start, self.tree) and
              not header.sources and records == [footer.seal_record(header.previous)],
              "seal-invalid", file, "does not follow from the blocks")
        table += struct.pack("<II", len(frame), 0)
        table += struct.pack("<IBI", len(table) // 8, 0, 0x8F92EAB1)
        table, rest = struct.pack("<II", SEEK, len(table)) + table, data[at + len(frame):]
        if rest != table:
            finding("trailing-bytes" if rest.startswith(table) else "seek-table-mismatch", file)
        self.index(footer)
        self.previous, self.epoch_key = sha(frame), footer.next_key
        self.epoch, self.sealed = self.epoch + 1, self.next
        self.roots[self.next] = root_of(self.tree)

    def index(self, footer):
        name = "segments/%012d.idx" % footer.first
        if is_file(self.path, name) != (footer.index_kind != 0):
            finding("file-missing" if footer.index_kind else "file-unexpected", name)
        elif footer.index_kind:
            data = read(self.path, name)
            pages = [leaf_of(data[i:i + 4096]) for i in range(0, len(data), 4096)]
            if (len(data), root_of(range_of(0, pages))) != (footer.index_size, footer.index_root):
                finding("index-mismatch", name)
            elif footer.index_kind == 1:
                parse("index-mismatch", name, check_search_index, data, pages, footer, self.places[:-1])

    def names(self):
        """The names in segments and checkpoints that may be there; any other is a finding."""
        known = []
        beside = dict.fromkeys(("cosig", "tsq", "tsr"), (".note",))
        beside["idx"] = (".jsonl.zst", ".jsonl.zst.open")  # open: a seal may be under way
        for folder, pattern in PATTERNS.items():
            check(os.path.isdir(os.path.join(self.path, folder)), "file-missing", folder)
            there = sorted(os.listdir(os.path.join(self.path, folder)))
            for name in there:
                needed = beside.get(name.rpartition(".")[2])
                # The index of an empty segment is there before it, while it is sealed.
                next_idx = name.endswith(".idx") and name[:12] > max(
                    (n[:12] for n in there if ".jsonl.zst" in n), default="")
                if (re.fullmatch(pattern, name) and (not folder or is_file(self.path, folder, name)) and
                        (not needed or next_idx or any(name[:12] + suffix in there for suffix in needed))):
                    known.append((folder, name))
                else:
                    finding("file-unexpected", os.path.join(folder, name))
        return known

    def run(self, names):
        segments = [name for folder, name in names if re.fullmatch(r"[0-9]{12}\.jsonl\.zst(\.open)?", name)]
        for name in segments:
            file, is_open = "segments/" + name, name.endswith(".open")
            check(int(name[:12]) == self.next, "file-missing", "segments/%012d.jsonl.zst" % self.next)
            check(not is_open or name == segments[-1], "file-unexpected", file, "open, and not the last")
            parse("frame-corrupt", file, self.open_segment if is_open else self.sealed_segment,
                  file, read(self.path, file))
        for name in (name for folder, name in names if name.endswith(".idx")):
            check(int(name[:12]) == self.sealed or any(s[:12] == name[:12] for s in segments),
                  "file-unexpected", "segments/" + name)
        self.complete = True

    def checkpoint(self, path, name, names):
        data = read(path)
        stated, root = open_checkpoint(data, self.identities.at(stated_size(data)), bool(name))
        need(not name or int(name[:12]) == stated > 0, "named for another size")
        if name and ("checkpoints", name[:12] + ".cosig") in names:
            cosignatures(data, read(path[:-5] + ".cosig"), stated)
        if self.roots.get(stated) != root and (self.complete or stated <= self.sealed):
            finding("rollback" if stated > self.sealed else "root-mismatch" if name else "fork", path)

    def checkpoints(self, names, known):
        for rotation in self.identities.rotations:
            if self.roots.get(rotation.size) != rotation.root and (self.complete or rotation.size <= self.sealed):
                finding("rollback" if rotation.size > self.sealed else "root-mismatch",
                        "checkpoints/%012d.rotation" % rotation.size)
        own = [name for folder, name in names if folder == "checkpoints" and name.endswith(".note")]
        paths = [(os.path.join(self.path, "checkpoints", name), name) for name in own]
        for path, name in paths + [(path, "") for path in known]:
            try:
                parse("checkpoint-invalid", path, self.checkpoint, path, name, names)
            except Fault as fault:
                finding(*fault.args)

# EVIDENCE BUNDLES

PAYLOAD = {"data/" + name for name in ("records.jsonl", "proofs.jsonl", "checkpoint.note", "archive.note",
                                       "epochs.txt", "export.json")}
COSIGNATURES, STAMP = "data/checkpoint.cosig", "data/checkpoint.tsr"
TAGS = {"bagit.txt", "bag-info.txt", "README.txt", "manifest-sha256.txt"}
ROTATIONS = "data/rotations.txt"  # where the identity key was rotated
OPTIONAL = {COSIGNATURES, STAMP, ROTATIONS}
HASH, NUMBER = "[A-Za-z0-9+/]{43}=", "(0|[1-9][0-9]*)"
PROOF = '{"index":%s,"leaf":"(%s)","proof":\\[("%s"(?:,"%s")*)?\\]}' % (NUMBER, HASH, HASH, HASH)
EPOCH = ('%s (-|%s(?:,%s)*) ({"authseal":{"(?:seal|reopen)":{"epoch":%s,"first_record":%s,"end_record":%s,.*)' %
         (NUMBER, HASH, HASH, NUMBER, NUMBER, NUMBER))

def manifest(path, name, covered):
    text = read(path, name).decode()
    lines = [re.fullmatch("([0-9a-f]{64})  ([^\n]+)", line) for line in text.split("\n")[:-1]]
    check(text.endswith("\n") and all(lines) and sorted(line[2] for line in lines) == sorted(covered),
          "manifest-mismatch", name, "it does not list what it covers")
    for line in lines:
        if sha(read(path, line[2])).hex() != line[1]:
            finding("manifest-mismatch", line[2])

def bundle_files(path):
    optional = {name for name in OPTIONAL if os.path.lexists(os.path.join(path, name))}
    expected = PAYLOAD | optional | TAGS | {"tagmanifest-sha256.txt"}
    there = set(os.listdir(path)) - {"data"}
    there |= {"data/" + name for name in os.listdir(os.path.join(path, "data"))}
    for name in sorted(there - expected):
        finding("file-unexpected", name)
    for name in sorted(expected):
        check(is_file(path, name), "file-missing", name)
    if read(path, "bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        finding("manifest-mismatch", "bagit.txt")
    manifest(path, "tagmanifest-sha256.txt", TAGS)
    manifest(path, "manifest-sha256.txt", PAYLOAD | optional)

def lines_of(path, name):
    lines = read(path, name).split(b"\n")
    check(lines.pop() == b"", "count-mismatch", name, "the last line is cut short")
    return lines

def prove(file, index, record, leaf, hashes, checkpoint):
    if leaf_of(record) != leaf:
        finding("record-mismatch", "data/records.jsonl", "record %d" % index)
    proof = [b64(digest, 32) for digest in re.findall(HASH, hashes)]
    if not inclusion_ok(index, checkpoint[0], leaf, proof, checkpoint[1]):
        finding("proof-invalid", file, "record %d" % index)

def bundle_records(path, checkpoint):
    """The numbers of the records."""
    records, proofs = lines_of(path, "data/records.jsonl"), lines_of(path, "data/proofs.jsonl")
    check(len(records) == len(proofs), "count-mismatch", "data/proofs.jsonl")
    numbers = []
    for record, line in zip(records, proofs):
        match = re.fullmatch(PROOF, line.decode())
        need(match and int(match[1]) > (numbers[-1] if numbers else -1), "a line of another form, or out of order")
        numbers.append(int(match[1]))
        prove("data/proofs.jsonl", numbers[-1], record, b64(match[2], 32), match[3] or "", checkpoint)
    return numbers

def bundle_epochs(path, checkpoint, numbers):
    end = seen = 0
    for line in lines_of(path, "data/epochs.txt"):
        match = re.fullmatch(EPOCH, line.decode())
        need(match, "a line of another form")
        seal = match[3].encode()
        prove("data/epochs.txt", int(match[1]), seal, leaf_of(seal), match[2], checkpoint)
        if seal.startswith(b'{"authseal":{"reopen"'):
            REOPENED[int(match[4])] = sha(seal).hex()
        before, first, end = end, int(match[5]), int(match[6])
        here = sum(first <= number < end for number in numbers)
        check(before <= first and end == int(match[1]) + 1 and here, "epoch-gap", "data/epochs.txt")
        seen += here
    check(seen == len(numbers), "epoch-gap", "data/epochs.txt", "the epoch of a record is missing")

def bundle(path, key, pinned, known, authorities):
    parse("manifest-mismatch", "manifest-sha256.txt", bundle_files, path)
    notes = []
    if is_file(path, ROTATIONS):
        lines = lines_of(path, ROTATIONS)
        check(lines and len(lines) % 10 == 0, "checkpoint-invalid", ROTATIONS)
        notes = [b"".join(line + b"\n" for line in lines[i:i + 10]) for i in range(0, len(lines), 10)]
    data = os.path.join(path, "data")
    identities = chain(key, data, pinned, [(ROTATIONS, None, one) for one in notes])
    open_genesis(data, identities.keys[0], pinned, "data/archive.note")
    file = "data/checkpoint.note"
    text = read(path, file)
    size = parse("checkpoint-invalid", file, stated_size, text)
    checkpoint = parse("checkpoint-invalid", file, open_checkpoint, text, identities.at(size))
    for rotation in identities.rotations:
        check(rotation.size != checkpoint[0] or rotation.root == checkpoint[1], "root-mismatch", ROTATIONS)
    if is_file(path, COSIGNATURES):
        parse("checkpoint-invalid", COSIGNATURES, cosignatures, text, read(path, COSIGNATURES), checkpoint[0])
    for other in known:
        stated = open_checkpoint(read(other), identities.at(stated_size(read(other))), False)
        check(stated[0] != checkpoint[0] or stated == checkpoint, "fork", other)
        if stated != checkpoint:
            note("%s: of another size; a bundle holds no proof of consistency" % other)
    if authorities and is_file(path, STAMP):
        parse("checkpoint-invalid", STAMP, check_timestamp, os.path.join(path, STAMP), authorities,
              "-data", os.path.join(path, file))
    numbers = parse("proof-invalid", "data/proofs.jsonl", bundle_records, path, checkpoint)
    parse("proof-invalid", "data/epochs.txt", bundle_epochs, path, checkpoint, numbers)
    return "%d records in the tree of %d" % (len(numbers), checkpoint[0])

def chain(key, folder, pinned, notes):
    """The identity keys around the pinned one. `notes`: file, size by its name, bytes; by size."""
    genesis = {pinned, sha(parse("key-changed", "archive.note", parse_note, read(folder, "archive.note"))[0])}
    rotations = []
    for file, size, data in notes:
        try:
            rotation = Rotation(data, key.name, genesis)
            need(size in (None, rotation.size), "named for another size")
            rotations.append((file, rotation))
        except ValueError as error:
            finding("checkpoint-invalid", file, str(error))
    identities = parse("checkpoint-invalid", "rotations", Identities, key, [one for _, one in rotations])
    for file, rotation in rotations:
        if rotation in identities.rest:
            finding("checkpoint-invalid", file, "between keys that are not this log's")
    return identities

def archive(path, key, pinned, known, authorities):
    folder = os.path.join(path, "checkpoints")
    there = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    notes = [("checkpoints/" + name, int(name[:12]), read(folder, name)) for name in there
             if re.fullmatch(r"[0-9]{12}\.rotation", name) and is_file(folder, name)]
    identities = chain(key, path, pinned, notes)
    one = Archive(path, identities, *open_genesis(path, identities.keys[0], pinned, "archive.note"))
    names = one.names()
    try:
        one.run(names)
    finally:
        one.checkpoints(names, known)
        if authorities:
            check_timestamps(path, names, authorities)
    for rotation in identities.rotations:
        note("identity-rotated: another identity key from record %d on" % rotation.size)
    root = base64.b64encode(one.roots[one.sealed]).decode()
    return "%d records, %d of them sealed, root %s" % (one.next, one.sealed, root)

def load_pin(text):
    lines = (read(text).decode() if os.path.exists(text) else text).strip().split("\n")
    need(len(lines) == 1 or len(lines) == 2 and lines[1].startswith("genesis "), "a key, then genesis")
    return Key(lines[0]), bytes.fromhex("".join(lines[1:])[8:]) or None

def verify(options):
    """What is verified. Whatever the data does to us is a finding, too."""
    try:
        key, pinned = load_pin(options.key)
        for known in options.checkpoint:
            parse_note(read(known))
        WITNESSES.extend(Key(text, 4) for text in options.witness)
    except ValueError as error:
        raise CannotLook("--key, --checkpoint or --witness: %s" % error) from error
    check_one = bundle if is_file(options.path, "bagit.txt") else archive
    try:
        return check_one(options.path, key, pinned, options.checkpoint, options.tsa_ca)
    except Fault as fault:
        finding(*fault.args)
    except (CannotLook, OSError, MemoryError):
        raise
    except Exception as error:  # by design: see above
        finding("manifest-mismatch" if check_one is bundle else "frame-corrupt", options.path,
                "unexpected %s: %s" % (type(error).__name__, error))
    return options.path

def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("path")
    parser.add_argument("--key", required=True, help="verification key, or a file with it and the genesis")
    parser.add_argument("--checkpoint", action="append", default=[], help="one kept elsewhere")
    parser.add_argument("--tsa-ca", help="CA certificates of the timestamping authorities that count, PEM")
    parser.add_argument("--witness", action="append", default=[], help="key of a witness")
    parser.add_argument("--accept-reopened", action="append", default=[], metavar="EPOCH[:STATEMENT]",
                        help="one that is known to have been closed by the identity key")
    options = parser.parse_args()
    try:
        if not (shutil.which("zstd") and shutil.which("openssl")):
            raise CannotLook("the programs zstd and openssl are needed")
        summary = verify(options)
    except (CannotLook, OSError, MemoryError) as error:
        print("verify.py: error: %s" % error, file=sys.stderr)
        return 2
    if REOPENED:
        reopened = ", ".join("%d:%s" % one for one in sorted(REOPENED.items()))
        summary += ", reopened by the identity key: epoch " + reopened
    print(("NOT VERIFIED " if FINDINGS else "VERIFIED ") + ascii(summary)[1:-1])
    for name, file, text in FINDINGS:
        print(name, ascii(file)[1:-1], ascii(text)[1:-1])
    known = [one for one in REOPENED.items() if {"%d" % one[0], "%d:%s" % one} & set(options.accept_reopened)]
    return 1 if FINDINGS else 3 if len(known) < len(REOPENED) else 0

if __name__ == "__main__":
    sys.exit(main())
