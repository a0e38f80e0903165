"""Named ways to damage a golden archive or bundle, and what must be found."""
import dataclasses
import hashlib
import os
import struct
import subprocess
import typing

SEGMENT = "segments/000000000000.jsonl.zst"
DATA, HEADER, FOOTER, SEEK = 0xFD2FB528, 0x184D2A50, 0x184D2A51, 0x184D2A5E


@dataclasses.dataclass(frozen=True)
class Mutation:
    name: str
    golden: str  # what it is made from
    apply: typing.Callable  # changes the archive or bundle at a path
    findings: frozenset  # exactly the names that verify must report


def data_frame_size(data, at):
    """Bytes of the zstd frame at `at` (RFC 8878), which has a checksum."""
    descriptor = data[at + 4]
    single = descriptor >> 5 & 1
    size = 6 - single + (single, 2, 4, 8)[descriptor >> 6]
    last = 0
    while not last:
        block = int.from_bytes(data[at + size:at + size + 3], "little")
        last, is_rle = block & 1, block >> 1 & 3 == 1
        size += 3 + (1 if is_rle else block >> 3)
    return size + 4


def frames_of(data):
    """[magic, bytes] of each frame of a segment."""
    frames, at = [], 0
    while at < len(data):
        magic, length = struct.unpack_from("<II", data, at)
        size = data_frame_size(data, at) if magic == DATA else 8 + length
        frames.append([magic, bytearray(data[at:at + size])])
        at += size
    return frames


def zstd(data, *options):
    return subprocess.run(["zstd", "-cq", *options], input=data, check=True,
                          capture_output=True).stdout


def change_frames(path, change):
    frames = frames_of(path.read_bytes())
    frames = change(frames) or frames
    path.write_bytes(b"".join(frame for _, frame in frames))


def flip_in(magic, number, offset):
    """Flips a bit in the `number`th frame of a kind of the first segment."""
    def apply(root, name=SEGMENT):
        def change(frames):
            frame = [f for m, f in frames if m == magic][number]
            frame[offset] ^= 1
        change_frames(root / name, change)
    return apply


def frame_of_another_size(plain, levels, size):
    """The first of `levels` that does not happen to yield `size` bytes: where
    blocks end depends on timing, so no single level is sure to differ."""
    frames = (zstd(plain, f"-{level}", f"--stream-size={len(plain)}")
              for level in levels)
    return next(frame for frame in frames if len(frame) != size)


def replace_data(root, edit, levels, patch_header):
    """Compresses the second block's records anew, changed by `edit`."""
    def change(frames):
        at = [i for i, f in enumerate(frames) if f[0] == DATA][1]
        plain = edit(zstd(bytes(frames[at][1]), "-d"))
        frame = frame_of_another_size(plain, levels, len(frames[at][1]))
        frames[at][1] = frame
        if patch_header:
            header = frames[at + 1][1]
            struct.pack_into("<I32s", header, 8 + 28, len(frame),
                             hashlib.sha256(frame).digest())
    change_frames(root / SEGMENT, change)


def recompress(root):
    replace_data(root, lambda plain: plain, range(19, 0, -1),
                 patch_header=False)


def rewrite_record(root):
    replace_data(root, lambda plain: plain.replace(b'"c3"', b'"c4"', 1),
                 range(3, 20), patch_header=True)


def swap_blocks(root):
    def change(frames):
        return frames[2:4] + frames[:2] + frames[4:]
    change_frames(root / SEGMENT, change)


def drop_block(root):
    change_frames(root / SEGMENT, lambda frames: frames[:2] + frames[4:])


def append_frame(root):
    path = root / SEGMENT
    path.write_bytes(path.read_bytes() + zstd(b'{"event":"forged"}\n'))


def cut_footer(root):
    change_frames(root / SEGMENT, lambda frames: frames[:-2])


def cut_in_the_middle(root):
    path = root / SEGMENT
    data = path.read_bytes()
    path.write_bytes(data[:len(data) // 2])


def sealed_segments(root):
    return sorted(root.glob("segments/*.jsonl.zst"))


def remove_middle_segment(root):
    sealed_segments(root)[1].unlink()


def cut_history(root):
    for path in root.glob("segments/*.open"):
        path.unlink()
    last = sealed_segments(root)[-1]
    last.unlink()
    (root / "segments" / f"{last.name[:12]}.idx").unlink(missing_ok=True)


def reopen_last_segment(root):
    """A sealed segment made to look as if it was never sealed."""
    for path in root.glob("segments/*.open"):
        path.unlink()
    last = sealed_segments(root)[-1]
    change_frames(last, lambda frames: frames[:-4])
    os.rename(last, f"{last}.open")


def damage_open_segment(root):
    path = next(root.glob("segments/*.open"))
    flip_in(DATA, 0, 20)(root, path.relative_to(root))


def forge_checkpoint(root):
    path = sorted(root.glob("checkpoints/*.note"))[-1]
    origin, size, _, rest = path.read_bytes().split(b"\n", 3)
    path.write_bytes(b"\n".join((origin, size, b"A" * 43 + b"=", rest)))


def rename_checkpoint(root):
    first, second = sorted(root.glob("checkpoints/*.note"))[:2]
    second.write_bytes(first.read_bytes())


INDEX = "segments/000000000000.idx"


def flip_in_index(root):
    data = bytearray((root / INDEX).read_bytes())
    data[300] ^= 1
    (root / INDEX).write_bytes(bytes(data))


def remove_index(root):
    (root / INDEX).unlink()


def slip_file_in(root):
    (root / "segments" / "000000000007.idx").write_bytes(b"not ours")


def change_origin(root):
    path = root / "archive.note"
    path.write_bytes(path.read_bytes().replace(b"/golden\n", b"/gulden\n", 1))


def change_record_in_bundle(root):
    path = root / "data" / "records.jsonl"
    path.write_bytes(path.read_bytes().replace(b"true", b"null", 1))
    redo_manifests(root)


def change_file_in_bundle(root):
    path = root / "data" / "export.json"
    path.write_bytes(path.read_bytes() + b" ")


def change_proof_in_bundle(root):
    path = root / "data" / "proofs.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    begin = lines[4].index(b'"proof":["') + len(b'"proof":["')
    other = b"A" if lines[4][begin:begin + 1] != b"A" else b"B"
    lines[4] = lines[4][:begin] + other + lines[4][begin + 1:]
    path.write_bytes(b"".join(lines))
    redo_manifests(root)


def change_checkpoint_in_bundle(root):
    path = root / "data" / "checkpoint.note"
    origin, size, root_hash, rest = path.read_bytes().split(b"\n", 3)
    path.write_bytes(b"\n".join((origin, b"9" + size, root_hash, rest)))
    redo_manifests(root)


def redo_manifests(root):
    """What anyone can do who changes a bundle."""
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        lines = (root / name).read_text("utf-8").splitlines()
        files = [line.split("  ", 1)[1] for line in lines]
        (root / name).write_text("".join(
            f"{hashlib.sha256((root / file).read_bytes()).hexdigest()}"
            f"  {file}\n" for file in files), "utf-8")


def change_rotation(root):
    rotation = sorted(root.glob("checkpoints/*.rotation"))[0]
    rotation.write_bytes(rotation.read_bytes().replace(b"\nsize ", b"\nsize 1"))


def remove_rotation(root):
    sorted(root.glob("checkpoints/*.rotation"))[0].unlink()


def reopened_of(root):
    """The segment that the identity key closed."""
    return next(path.relative_to(root)
                for path in sorted(root.glob("segments/*.zst"))
                if b"ASR1" in path.read_bytes())


def change_reopening(root):
    flip_in(FOOTER, 0, 8 + 40)(root, reopened_of(root))


def call_it_a_seal(root):
    path = root / reopened_of(root)
    path.write_bytes(path.read_bytes().replace(b"ASR1", b"ASF1"))


def mutation(name, golden, apply, findings):
    return Mutation(name, golden, apply, frozenset(findings.split()))


MUTATIONS = (
    mutation("data-bit-flip", "segments", flip_in(DATA, 1, 30),
             "stored-hash-mismatch"),
    mutation("data-recompressed", "segments", recompress,
             "header-invalid seek-table-mismatch stored-hash-mismatch"),
    mutation("record-rewritten", "segments", rewrite_record,
             "chain-broken leaf-mismatch seek-table-mismatch"),
    mutation("header-bit-flip", "segments",
             flip_in(HEADER, 1, 8 + 100), "chain-broken"),
    mutation("blocks-swapped", "segments", swap_blocks,
             "chain-broken count-mismatch seek-table-mismatch"),
    mutation("block-removed", "segments", drop_block,
             "chain-broken count-mismatch seek-table-mismatch"),
    mutation("footer-bit-flip", "segments", flip_in(FOOTER, 0, 8 + 40),
             "seal-invalid"),
    mutation("footer-removed", "segments", cut_footer, "seal-missing"),
    mutation("seek-table-bit-flip", "segments", flip_in(SEEK, 0, 9),
             "seek-table-mismatch"),
    mutation("frame-appended", "segments", append_frame, "trailing-bytes"),
    mutation("segment-cut", "segments", cut_in_the_middle,
             "frame-corrupt seal-missing"),
    mutation("segment-removed", "segments", remove_middle_segment,
             "file-missing"),
    mutation("history-cut", "segments", cut_history, "rollback"),
    mutation("segment-reopened", "segments", reopen_last_segment, "rollback"),
    mutation("open-segment-damaged", "segments", damage_open_segment,
             "stored-hash-mismatch"),
    mutation("checkpoint-forged", "segments", forge_checkpoint,
             "checkpoint-invalid"),
    mutation("checkpoint-renamed", "segments", rename_checkpoint,
             "checkpoint-invalid"),
    mutation("rotation-changed", "rotated", change_rotation,
             "checkpoint-invalid"),
    mutation("rotation-removed", "rotated", remove_rotation,
             "checkpoint-invalid"),
    mutation("reopening-changed", "reopened", change_reopening,
             "seal-invalid"),
    mutation("reopening-called-a-seal", "reopened", call_it_a_seal,
             "seal-invalid"),
    mutation("index-changed", "indexed", flip_in_index, "index-mismatch"),
    mutation("index-removed", "indexed", remove_index, "file-missing"),
    mutation("file-slipped-in", "small", slip_file_in, "file-unexpected"),
    mutation("origin-changed", "small", change_origin,
             "genesis-mismatch key-changed origin-changed"),
    mutation("bundle-file-changed", "bundle", change_file_in_bundle,
             "manifest-mismatch"),
    mutation("bundle-record-changed", "bundle", change_record_in_bundle,
             "record-mismatch"),
    mutation("bundle-proof-changed", "bundle", change_proof_in_bundle,
             "proof-invalid"),
    mutation("bundle-checkpoint-changed", "bundle",
             change_checkpoint_in_bundle, "checkpoint-invalid"),
)
