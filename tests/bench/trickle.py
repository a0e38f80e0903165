"""A writer that follows a log of some lines a second, as of a quiet server.

A line counts as there when it is durable and a query finds it. Durable: the
segment files have been fdatasynced by this observer too, so that what the
query then counts is on the disk whoever had put it there. The observer's own
sync and query are within the time that is reported.
"""
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import threading
import time

from machine import field

LINES_A_SECOND = 100
POLL_SECONDS = 0.01
PATIENCE_SECONDS = 60.0


def processor_seconds(pid):
    """User and system of all threads so far: proc(5), fields 14 and 15."""
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text("ascii")
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


class Feed:  # pylint: disable=too-few-public-methods
    """Appends lines of a log to a file, evenly, on a thread of its own."""

    def __init__(self, log, feed, count):
        with open(log, "rb") as lines:
            self.lines = [lines.readline() for _ in range(count)]
        self.feed = feed
        self.written_at = []  # of each line
        self.thread = threading.Thread(target=self.write, daemon=True)

    def write(self):
        begin = time.monotonic()
        with open(self.feed, "ab", buffering=0) as feed:
            for i, line in enumerate(self.lines):
                due = begin + i / LINES_A_SECOND
                time.sleep(max(0.0, due - time.monotonic()))
                feed.write(line)
                self.written_at.append(time.monotonic())


def segment_sizes(archive):
    return {entry.name: entry.stat().st_size
            for entry in os.scandir(archive / "segments")}


def sync(archive):
    for entry in os.scandir(archive / "segments"):
        descriptor = os.open(entry.path, os.O_RDONLY)
        os.fdatasync(descriptor)
        os.close(descriptor)


def watch(bench, feed, archive, key):
    """Seconds from written to there, of each line."""
    waited, sizes = [], {}
    end = time.monotonic() + len(feed.lines) / LINES_A_SECOND
    while len(waited) < len(feed.lines):
        if time.monotonic() > end + PATIENCE_SECONDS:
            sys.exit(f"only {len(waited)} of {len(feed.lines)} lines arrived")
        now = segment_sizes(archive)
        if now == sizes:
            time.sleep(POLL_SECONDS)
            continue
        sizes = now
        sync(archive)
        found = subprocess.run(
            [bench.program, "query", archive, "--count", *key],
            cwd=bench.work, env=bench.env, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, check=False).stdout
        there = int(found or 0)
        moment = time.monotonic()
        waited += [moment - written
                   for written in feed.written_at[len(waited):there]]
    return waited


def run(bench, seconds):
    key = bench.new_archive("trickle")
    archive = bench.work / "trickle"
    path = bench.work / "feed.jsonl"
    path.write_bytes(b"")
    feed = Feed(bench.work / "log.jsonl", path, seconds * LINES_A_SECOND)
    with subprocess.Popen(
            [bench.program, "ingest", archive, "--follow", path],
            cwd=bench.work, env=bench.env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL) as writer:
        try:
            time.sleep(0.5)  # started, and with nothing to do
            begin, used = time.monotonic(), processor_seconds(writer.pid)
            feed.thread.start()
            waited = watch(bench, feed, archive, key)
            share = ((processor_seconds(writer.pid) - used)
                     / (time.monotonic() - begin))
            peak_kb = int(field(f"/proc/{writer.pid}/status",
                                "VmHWM").split()[0])
        finally:
            writer.send_signal(signal.SIGTERM)
            writer.wait()
    if writer.returncode != 0:
        sys.exit(f"ingest --follow ended with {writer.returncode}")
    bench.remove("trickle", "trickle.keys", "feed.jsonl")
    return {"lines": len(waited), "lines_a_second": LINES_A_SECOND,
            "median_seconds": statistics.median(waited),
            "max_seconds": max(waited), "cpu_share": share,
            "peak_memory_kb": peak_kb}
