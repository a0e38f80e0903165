"""What authseal-format(5) defines: hashes, trees, signed notes, frames, headers and footers.

Written from that page alone, for verify.py. Malformed data raises ValueError or struct.error.
"""
import base64, calendar, functools, hashlib, os, re, stat, struct, subprocess, sys, tempfile, time

DATA, HEADER, FOOTER, SEEK = 0xFD2FB528, 0x184D2A50, 0x184D2A51, 0x184D2A5E
CONTENT_MAX, BLOCKS_MAX, NOTE_MAX, RECORDS_MAX = 18 << 20, 65536, 65536, 10**12
FINDINGS = []

class Fault(Exception):
    """A finding behind which nothing more can be checked."""

class CannotLook(Exception):
    """Nothing can be said about the data."""

def finding(name, file, text=""): FINDINGS.append((name, file, text))
def note(text): print("note " + ascii(text)[1:-1], file=sys.stderr)
def sha(data): return hashlib.sha256(data).digest()
def leaf_of(record): return sha(b"\x00" + record)
def node(left, right): return sha(b"\x01" + left + right)

def check(condition, name, file, text=""):
    if not condition: raise Fault(name, file, text)

def need(condition, text):
    if not condition: raise ValueError(text)

def parse(name, file, function, *data):
    """What `function` makes of data; a Fault when it cannot."""
    try:
        return function(*data)
    except (ValueError, struct.error) as error:
        raise Fault(name, file, str(error)) from error

def is_file(*path):
    """A regular file: no link leads out of the archive, no FIFO is waited for."""
    return os.path.lexists(os.path.join(*path)) and stat.S_ISREG(os.lstat(os.path.join(*path)).st_mode)

def read(*path):
    with open(os.path.join(*path), "rb") as file: return file.read()

def b64(text, size=None):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text and size in (None, len(data)), "base64 of a wrong form")
    return data

def small_order(key):
    """Whether y is that of a point of order 1, 2, 4 or 8."""
    p = 2**255 - 19
    d, y = -121665 * pow(121666, -1, p), int.from_bytes(key, "little") % 2**255 % p
    return y in (0, 1, p - 1) or (d * y**4 + 2 * y * y - 1) % p == 0

def signature_ok(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, name) for name in ("key", "message", "signature")]
        for path, data in zip(files, (bytes.fromhex("302a300506032b6570032100") + key, message, signature)):
            with open(path, "wb") as file: file.write(data)
        command = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey".split()
        run = subprocess.run(command + [files[0], "-in", files[1], "-sigfile", files[2]], capture_output=True)
    return run.returncode == 0 and not small_order(key)

# TIMESTAMPS

def openssl_ts(*arguments):
    run = subprocess.run(["openssl", "ts", *arguments], capture_output=True)
    return run.returncode == 0, run.stdout.decode(errors="replace") + run.stderr.decode(errors="replace")

def check_request(path, about):
    """A request in DER holds the SHA-256 digest it is for, and nothing stands behind it."""
    data = read(path)
    need(len(data) <= 65536 and der_size(data) == len(data) and bytes.fromhex("0420") + sha(read(about)) in data,
         "no request for this checkpoint")

def check_timestamp(reply, authorities, *what):
    """`what` is -data NOTE or -queryfile REQUEST; certificates must be valid when the reply says it was made."""
    need(os.path.getsize(reply) <= NOTE_MAX, "the timestamp is longer than 64 KiB")
    good, text = openssl_ts("-reply", "-in", reply, "-text")
    match = re.search(r"^Time stamp: (\w{3} [ \d]\d \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", text, re.MULTILINE)
    need(good and match, "no RFC 3161 reply with a time")
    seconds = calendar.timegm(time.strptime(match[1] + " " + match[2], "%b %d %H:%M:%S %Y"))
    # openssl takes a file that begins with a reply; a reply says how long it is.
    need(der_size(read(reply)) == os.path.getsize(reply), "bytes stand behind the timestamp")
    good, text = openssl_ts("-verify", *what, "-in", reply, "-CAfile", authorities, "-attime", str(seconds),
                            "-auth_level", "2")
    need(good and "Verification: OK" in text, "openssl ts: " + text.strip().replace("\n", "; "))
    need(re.search(r"^Hash Algorithm: sha256$", openssl_ts("-reply", "-in", reply, "-text")[1], re.MULTILINE),
         "not about a SHA-256 digest")

def check_timestamps(root, names, authorities):
    """Each request and reply beside a checkpoint. `names`: folder and name."""
    for folder, name in names:
        path = os.path.join(root, folder, name)
        what = ["-data", path[:-4] + ".note"]
        try:
            if folder == "checkpoints" and name.endswith(".tsq"):
                parse("checkpoint-invalid", path, check_request, path, path[:-4] + ".note")
            elif folder == "checkpoints" and name.endswith(".tsr"):
                parse("checkpoint-invalid", path, check_timestamp, path, authorities, *what)
                if (folder, name[:-1] + "q") in names:
                    what = ["-queryfile", path[:-1] + "q"]
                    parse("checkpoint-invalid", path, check_timestamp, path, authorities, *what)
        except Fault as fault:
            finding(*fault.args)

def der_size(data):
    """Of the DER value that `data` begins with."""
    need(len(data) >= 2 and data[0] == 0x30, "no DER sequence")
    more = data[1] & 0x7F if data[1] & 0x80 else 0
    return 2 + more + (int.from_bytes(data[2:2 + more], "big") if more else data[1])

# THE TREE. A compact range is a list of (first, level, hash).

def shape(first, end):
    while first < end:
        size = min(first & -first or end, 1 << ((end - first).bit_length() - 1))
        yield first, size.bit_length() - 1
        first += size

def as_range(first, end, hashes):
    need(end <= RECORDS_MAX, "record numbers above twelve digits")
    places = list(shape(first, end))
    need(len(places) == len(hashes), "wrong number of hashes in a range")
    return [(first, level, digest) for (first, level), digest in zip(places, hashes)]

def merge(left, right):
    merged = list(left)
    for item in right:
        merged.append(item)
        while len(merged) > 1 and merged[-2][1] == merged[-1][1] and not merged[-2][0] >> merged[-2][1] & 1:
            (first, level, a), (_, _, b) = merged[-2:]
            merged[-2:] = [(first, level + 1, node(a, b))]
    return merged

def root_of(tree):
    hashes = [digest for _, _, digest in reversed(tree)]
    return functools.reduce(lambda right, left: node(left, right), hashes) if hashes else sha(b"")

def range_of(first, leaves): return merge([], [(first + i, 0, leaf) for i, leaf in enumerate(leaves)])

def inclusion_ok(index, size, leaf, proof, root):
    inner = (index ^ (size - 1)).bit_length() if index < size else 0
    if index >= size or len(proof) != inner + bin(index >> inner).count("1"):
        return False
    for i, other in enumerate(proof):
        leaf = node(other, leaf) if i >= inner or index >> i & 1 else node(leaf, other)
    return leaf == root

# NOTES

class Key:
    """A verification key of a log (algorithm 1) or of a witness (4)."""
    def __init__(self, text, algorithm=1):
        self.name, key_id, data = text.split("+", 2)
        blob, self.id = b64(data, 33), bytes.fromhex(key_id)
        self.key = blob[1:]
        need(self.name and blob[0] == algorithm and key_id == sha(self.name.encode() + b"\n" + blob)[:4].hex(),
             "not such an Ed25519 verification key")

def parse_note(data):
    """The text of a signed note, and (name, key id, signature) of each line."""
    split = data.rfind(b"\n\n")
    need(split >= 0 and data.endswith(b"\n") and len(data) <= NOTE_MAX, "no note")
    need(not re.search(r"[\0-\x09\x0b-\x1f]", data.decode()), "a control character")
    lines = data[split + 2:].decode().split("\n")[:-1]
    matches = [re.fullmatch("\u2014 ([^\\s+]+) ([^ ]+)", line) for line in lines]
    need(0 < len(lines) <= 100 and all(m and len(b64(m[2])) > 4 for m in matches), "bad signature lines")
    return data[:split + 1], [(m[1], b64(m[2])[:4], b64(m[2])[4:]) for m in matches]

def open_note(data, key, only=True):
    """The text of a note that `key` signed, alone if `only`."""
    text, signatures = parse_note(data)
    need(len(signatures) == 1 or not only, "not one signature line")
    own = [signature for name, key_id, signature in signatures if (name, key_id) == (key.name, key.id)]
    need(own, "not signed by the key")
    need(len(own[0]) == 64 and signature_ok(key.key, text, own[0]), "the signature does not verify")
    return text

def open_checkpoint(data, key, only=True):
    lines = open_note(data, key, only).decode().split("\n")
    need(len(lines) == 4 and not lines[3] and lines[0] == key.name and
         re.fullmatch("0|[1-9][0-9]*", lines[1]) and int(lines[1]) <= 2**63, "no checkpoint of this log")
    return int(lines[1]), b64(lines[2], 32)

def cosigned_at(text, signatures, witness):
    """When `witness` cosigned the checkpoint `text`; None when no line is by it."""
    own = [signature for name, key_id, signature in signatures if (name, key_id) == (witness.name, witness.id)]
    if not own:
        return None
    when = int.from_bytes(own[0][:8], "big")
    message = b"cosignature/v1\ntime %d\n" % when + text
    need(len(own[0]) == 72 and 0 < when < 2**63 and signature_ok(witness.key, message, own[0][8:]),
         "the cosignature by %s does not verify" % witness.name)
    return when
ROTATION = ("authseal rotation v1\norigin ([^\n]+)\ngenesis ([0-9a-f]{64})\nsize ([1-9][0-9]*)\n"
            "root ([A-Za-z0-9+/]{43}=)\nold-key ([A-Za-z0-9+/]{43}=)\nnew-key ([A-Za-z0-9+/]{43}=)\n")

def key_of(name, data):
    blob = b"\x01" + data
    key_id = sha(name.encode() + b"\n" + blob)[:4].hex()
    return Key("%s+%s+%s" % (name, key_id, base64.b64encode(blob).decode()))

class Rotation:
    """A note that both keys signed, the old one first."""
    def __init__(self, data, name, genesis):
        text, lines = parse_note(data)
        match = re.fullmatch(ROTATION, text.decode())
        need(match and match[1] == name and bytes.fromhex(match[2]) in genesis, "no rotation of this archive")
        self.size, self.root = int(match[3]), b64(match[4], 32)
        self.old, self.new = (key_of(name, b64(part, 32)) for part in match.group(5, 6))
        need(self.size <= RECORDS_MAX and self.old.id != self.new.id and
             [line[:2] for line in lines] == [(name, self.old.id), (name, self.new.id)], "bad signature lines")
        open_note(data, self.old, False)
        open_note(data, self.new, False)

class Identities:
    """The run of rotations, by size, that the pinned key has a place in; `rest`: the others."""
    def __init__(self, pin, rotations):
        at = next((i for i, one in enumerate(rotations) if pin.key in (one.old.key, one.new.key)), None)
        begin = end = len(rotations) if at is None else at
        self.keys = [pin] if at is None else [rotations[at].old, rotations[at].new]
        end += at is not None
        while begin > 0 and at is not None and rotations[begin - 1].new.key == self.keys[0].key:
            begin -= 1
            self.keys.insert(0, rotations[begin].old)
        while end < len(rotations) and rotations[end].old.key == self.keys[-1].key:
            self.keys.append(rotations[end].new)
            end += 1
        self.rotations, self.rest = rotations[begin:end], rotations[:begin] + rotations[end:]
        raw = [key.key for key in self.keys]
        need(len(set(raw)) == len(raw) and all(a.size < b.size for a, b in zip(rotations, rotations[1:])),
             "rotations out of order, or a key that comes back")

    def at(self, size): return self.keys[sum(one.size < size for one in self.rotations)]

def stated_size(data):
    """What a checkpoint says its size is."""
    lines = parse_note(data)[0].decode().split("\n")
    return int(lines[1]) if len(lines) == 4 and re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]) else 0

def open_genesis(folder, key, pinned, file):
    """Genesis, and the key of epoch 0."""
    data = read(folder, "archive.note")
    version = re.match(rb"authseal archive v(\d+)\n", data)
    if version and version[1] != b"1":
        raise CannotLook("the archive's format is newer than this")
    text = parse("key-changed", file, open_note, data, key)
    match = re.fullmatch("authseal archive v1\norigin ([^\n]+)\nleaf plain\nnonce ([A-Za-z0-9+/]{22}==)\n"
                         "epoch-key ([A-Za-z0-9+/]{43}=)\n", text.decode())
    check(match, "key-changed", file, "not an archive note")
    parse("key-changed", file, b64, match[2], 16)
    check(pinned in (None, sha(text)), "genesis-mismatch", file)
    check(match[1] == key.name, "origin-changed", file)
    return sha(text), parse("key-changed", file, b64, match[3], 32)

# SEGMENTS

def frame_at(data, at):
    """Magic and bytes of the frame at `at`."""
    need(at + 8 <= len(data), "frame is cut")
    magic, length = struct.unpack_from("<II", data, at)
    if magic >> 4 == 0x184D2A5:
        size = 8 + length
    else:
        descriptor, single = data[at + 4], data[at + 4] >> 5 & 1
        sizes = (single, 2, 4, 8)[descriptor >> 6]
        need(magic == DATA and descriptor & 15 == 4 and sizes, "no frame, or a dictionary, or no size or sum")
        need(single or data[at + 5] <= 12 << 3, "window too large")
        size, last = 6 - single + sizes, 0
        while not last:
            need(at + size + 3 <= len(data), "frame is cut")
            block = int.from_bytes(data[at + size:at + size + 3], "little")
            last = block & 1
            size += 3 + (1 if block >> 1 & 3 == 1 else block >> 3)
        size += 4
    need(at + size <= len(data), "frame is cut")
    return magic, data[at:at + size]

def decompress(frame):
    """At most a byte more than a block may have."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(frame)
        file.flush()
        with subprocess.Popen(["zstd", "-dcq", file.name], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as run:
            content = run.stdout.read(CONTENT_MAX + 1)
            run.stdout.close()
    need(run.returncode == 0, "zstd cannot decompress it")
    return content

def cut(body, at, count): return [body[at + 32 * i:at + 32 * i + 32] for i in range(count)]

class Header:
    def __init__(self, frame):
        body = frame[8:]
        (tag, self.epoch, self.first, self.count, self.content, self.stored, self.stored_hash, self.previous,
         _, _, _, flags, ranges, sources, marks) = struct.unpack_from("<4sQQIII32s32sqqIBBHI", body)
        at, before, self.sources = 124 + 32 * ranges + 9 * marks, 0, sources
        need(tag == b"ASB1" and flags < 2 and 0 < self.count <= 1 << 19 and sources <= 256 and at <= len(body) <= 2 << 20 and
             self.content <= CONTENT_MAX, "bad header")
        self.end = self.first + self.count
        self.range = as_range(self.first, self.end, cut(body, 124, ranges))
        self.marks = list(struct.iter_unpack("<IIB", body[124 + 32 * ranges:at]))
        for (mark, run, kind), (last, last_run, last_kind) in zip(self.marks, [(0, 0, 0)] + self.marks):
            need(1 <= kind <= 4 and run and last + last_run <= mark <= mark + run <= self.count and
                 (mark, kind) != (last + last_run, last_kind), "bad mark")
        for _ in range(sources):
            first, count, begin, end, _, _, length = struct.unpack_from("<IIQQ32s32sH", body, at)
            need(before <= first <= first + count <= self.count and begin <= end and length <= 4096,
                 "bad source")
            need(not any(kind == 1 and mark < first + count and first < mark + run and count
                         for mark, run, kind in self.marks), "a control record with a source")
            body[at + 90:at + 90 + length].decode()
            before, at = first + count, at + 90 + length
        need(len(body) == at + 64 * flags, "bad header length")
        self.signed, self.signature = body[:at], body[at:]

class Footer:
    def __init__(self, frame):
        body = frame[8:]
        (tag, self.epoch, self.first, self.end, self.blocks, self.content, self.time, self.previous,
         self.next_key, self.index_root, self.index_size, self.index_kind, starts, ends) = struct.unpack_from(
             "<4sQQQIQq32s32s32sQHBB", body)
        self.reopens = tag == b"ASR1"
        need(tag in (b"ASF1", b"ASR1") and len(body) == 220 + 32 * (starts + ends), "bad footer")
        need(self.index_kind or not (self.index_size or any(self.index_root)), "an index of kind 0")
        self.start_range = as_range(0, self.first, cut(body, 156, starts))
        self.end_range = as_range(0, self.end, cut(body, 156 + 32 * starts, ends))
        self.signed, self.signature = body[:-64], body[-64:]

    def seal_record(self, chain):
        seconds, nanos = divmod(self.time, 10**9)
        return ('{"authseal":{"%s":{"epoch":%d,"first_record":%d,"end_record":%d,"chain":"%s",'
                '"next_epoch_key":"%s","index_kind":%d,"index_size":%d,"index_root":"%s",'
                '"time":"%s.%09dZ"}}}' %
                ("reopen" if self.reopens else "seal", self.epoch, self.first, self.end, chain.hex(),
                 base64.b64encode(self.next_key).decode(),
                 self.index_kind, self.index_size, self.index_root.hex(),
                 time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)), nanos)).encode()

def check_search_index(data, pages, footer, places):
    """Of an index of kind 1 with the right root: its table, header and directory, against the blocks' places."""
    body = len(data) // 4128
    need(body and len(data) == 4128 * body and body <= 1 << 18, "a size that no index has")
    need(data[4096 * body:] == b"".join(pages[:body]), "the table does not hold the leaves of the pages")
    (tag, _, first, end, blocks, bits, terms, sections, providers) = struct.unpack_from("<4s32sQQIIQBB", data)
    packed = tag == b"ASX2"
    need((packed or tag == b"ASX1") and (first, end, blocks) == (footer.first, footer.end - 1, len(places)) and
         blocks and bits <= (16 if packed else 20) and terms < 1 << 32 and providers <= 64 and
         (sections == 5 or sections == 3 and not packed), "a header about something else")
    at, names = 70 + 20 * sections, []
    for _ in range(providers):
        need(1 <= data[at] <= 48 and at + 1 + data[at] <= 4096, "bad provider")
        names.append(data[at + 1:at + 1 + data[at]])
        at += 1 + data[at]
    need(all(a < b for a, b in zip(names, names[1:])), "providers out of order")
    width = 3 if (blocks - 1).bit_length() <= 11 else 4
    (of_terms, *chosen) = struct.unpack_from("<12xQ12xQ12xQ", data, 110)[:sections - 2]
    of_terms = of_terms if packed else width * terms
    for kind, size in enumerate((96 * blocks, 4 * ((1 << bits) + 1), of_terms, *chosen)):
        at = (at + 7) // 8 * 8
        need(struct.unpack_from("<IQQ", data, 70 + 20 * kind) == (kind + 1, at, size), "sections out of place")
        directory = at if kind == 0 else directory
        at += size
    need((at + 4095) // 4096 == body, "another number of pages")
    for i, place in enumerate(places):
        offset, stored, head, number, count, digest = struct.unpack_from("<QIIQI36x32s", data, directory + 96 * i)
        need((offset, stored, head, number, count, digest) == place, "not the place of block %d" % i)

KINDS = {b"prefix": 2, b"unparsed": 3, b"part": 4}

def marks_of(records):
    marks = []
    for i, record in enumerate(records):
        match = re.match(rb'\{"authseal":(?:\{"(prefix|unparsed|part)":)?', record)
        kind = KINDS.get(match[1], 1) if match else 0
        if kind and marks and marks[-1][2] == kind and sum(marks[-1][:2]) == i:
            marks[-1] = (marks[-1][0], marks[-1][1] + 1, kind)
        elif kind:
            marks.append((i, 1, kind))
    return marks
