"""The same jobs on few records and on many: cost per record, and memory."""
import os
import statistics
import sys

from measure import Sample, find_needle, needles
from report import target

# Ingest seals what is over 1 GiB by itself, so only the two together are the
# same work at every size.
COSTS = {"ingest and seal": ("ingest", "seal"), "verify, full": ("verify",),
         "query --by client": ("by",)}
MEMORY = {"ingest": "ingest", "seal": "seal", "verify, full": "verify",
          "query --request-id": "needle", "query --by client": "by"}
WITHIN = 1.10
MEMORY_MB = 128
NEEDLE_SECONDS = 0.010
RECORD_BYTES = 1000
WARM_SHARE = 0.7


def physical_memory_bytes():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def one_size(bench, records):
    """Samples by job; leaves no file behind."""
    before = bench.samples
    if records * RECORD_BYTES > WARM_SHARE * physical_memory_bytes():
        print(f"{records} records may not stay in the page cache: their wall "
              "times are the disk's", file=sys.stderr)
    bench.samples = {}
    bench.generate(records, "large.jsonl")
    value = needles(bench, "large.jsonl")["request-id"]
    key = bench.new_archive()
    bench.authseal("ingest", "ingest", "a", "large.jsonl", ok=(0, 4))
    bench.remove("large.jsonl")
    bench.authseal("seal", "seal", "a")
    bench.authseal("verify", "verify", "a", "--no-state", *key)
    find_needle(bench, "needle", "request-id", value, key)
    bench.authseal("by", "query", "a", "--by", "client", *key)
    bench.remove("a", "a.keys", "state")
    samples = {job: taken[0] for job, taken in bench.samples.items()}
    bench.samples = before
    return samples


def median(runs):
    """Sample by job, of several such."""
    return {job: Sample(*(statistics.median(getattr(run[job], part)
                                            for run in runs)
                          for part in ("seconds", "user", "system")),
                        max(run[job].peak_kb for run in runs))
            for job in runs[0]}


def compare(small, small_records, large, large_records):
    def per_record(samples, records, jobs, part):
        return sum(getattr(samples[job], part) for job in jobs) / records

    costs = []
    for text, jobs in COSTS.items():
        cost = {"job": text, "targets": []}
        for part in ("seconds", "cpu"):
            few = per_record(small, small_records, jobs, part)
            many = per_record(large, large_records, jobs, part)
            cost[f"{part}_per_record_small"] = few
            cost[f"{part}_per_record_large"] = many
            cost["targets"].append(
                target(f"{part}_growth", WITHIN, many / few))
        costs.append(cost)
    memory = [{"job": text, "small_kb": small[job].peak_kb,
               "large_kb": large[job].peak_kb,
               "targets": [
                   target("memory_mb", MEMORY_MB,
                          max(small[job].peak_kb, large[job].peak_kb) / 1024),
                   target("memory_growth", WITHIN,
                          large[job].peak_kb / small[job].peak_kb)]}
              for text, job in MEMORY.items()]
    return {"small_records": small_records, "large_records": large_records,
            "costs": costs, "memory": memory,
            "needle": {"seconds": large["needle"].seconds, "targets": [
                target("seconds", NEEDLE_SECONDS, large["needle"].seconds)]}}


def run(bench, small_records, large_records, runs):
    """The small size before and after each large one, so that a machine that
    becomes slower or faster meanwhile does not look like a cost of size."""
    small, large = [one_size(bench, small_records)], []
    for _ in range(runs):
        large.append(one_size(bench, large_records))
        small.append(one_size(bench, small_records))
    return compare(median(small), small_records, median(large), large_records)
