"""What the parts of the program cost, beside what the whole costs.

The parts are timed by bench_parts on one block of the same generator, which
stays in the cache; the whole is the processor time of the processes, all
threads, user and kernel apart, on a million. What is left between the two is
said, not spread over the parts. The kernel counts in ticks: short runs give
poor shares of user and kernel.
"""
import json
import statistics
import subprocess

# Commits are signed, at most 16 blocks each.
BLOCKS_A_COMMIT = 16

# Part in words, benchmark, share of its cost, benchmark to take away from it.
READING = [
    ("hash of the stored frame", "FrameHash", 1, None),
    ("decompress", "DecompressBlock", 1, None),
    ("split into records", "SplitBlock", 1, None),
    ("leaf hashes", "LeafHashes", 1, None),
    ("node hashes", "NodeHashes", 1, None),
    ("decode the header", "DecodeHeader", 1, None),
    ("chain hash", "HeaderChainHash", 1, None),
    ("verify the signature", "VerifySignature", 1 / BLOCKS_A_COMMIT, None),
]
WHOLES = {
    "ingest": [
        ("parse and validate JSON", "ParseJson", 1, None),
        ("find the shape", "FindShape", 1, None),
        ("recognise the provider", "Recognise", 1, None),
        ("scrub", "Scrub", 1, None),
        ("map to events", "MapEvents", 1, None),
        ("terms for the index", "MakeIndexPart", 1, "MapEvents"),
        ("leaf hashes", "LeafHashes", 1, None),
        ("node hashes", "NodeHashes", 1, None),
        ("compress", "CompressBlock", 1, None),
        ("hash of the stored frame", "FrameHash", 1, None),
        ("encode the header", "EncodeHeader", 1, None),
        ("chain hash", "HeaderChainHash", 1, None),
        ("sign", "SignHeader", 1 / BLOCKS_A_COMMIT, None),
    ],
    "seal": READING + [("put the index together", "FinishSegmentIndex", 1,
                        None)],
    "verify": READING,
}
KERNEL = {"ingest": "kernel: read, write, sync, page faults",
          "seal": "kernel: read back, write, sync, page faults",
          "verify": "kernel: read, page faults"}
REST = {
    "ingest": "the rest: splitting, copying, index kept, handing over",
    "seal": "the rest: merging, index pages hashed; records mapped again, "
            "where ingest left no terms of them",
    "verify": "the rest: index pages hashed, handing over",
}
OTHERS = {"SHA-256 kernel alone, the limit of leaf hashes": "HashKernel",
          "simdjson's first stage alone, the limit of parsing":
          "IndexStructure",
          "leaf hashes by OpenSSL": "LeafHashesOpenSsl",
          "node hashes by OpenSSL": "NodeHashesOpenSsl",
          "a block made: hashes, frame, its hash": "BuildBlock",
          "a block read and checked": "DecodeBlock"}
# Those that touch every byte: of the others a rate means nothing.
RATED = {"FrameHash", "DecompressBlock", "SplitBlock", "LeafHashes",
         "ParseJson", "Recognise", "Scrub", "MapEvents", "CompressBlock"}
NANO = 1e9


def time_parts(bench, min_time_seconds, repetitions=3):
    """Per benchmark, the median: seconds a record, bytes a second."""
    program = bench.tool("bench_parts")
    if not program.exists():
        return None
    out = subprocess.run(
        [program, "--benchmark_format=json",
         f"--benchmark_min_time={min_time_seconds}",
         f"--benchmark_repetitions={repetitions}"],
        check=True, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL).stdout
    runs = {}
    for one in json.loads(out)["benchmarks"]:
        if one["run_type"] == "iteration":
            runs.setdefault(one["name"].split("/")[0], []).append(one)

    def middle(taken, name):
        return statistics.median(run.get(name, 0.0) for run in taken)
    return {name: {"seconds_per_record": middle(taken, "per_record"),
                   "bytes_per_second": middle(taken, "bytes_per_second"),
                   "seconds": middle(taken, "cpu_time") / NANO}
            for name, taken in runs.items()}


def table(whole, sample, start, records, parts):
    """Rows of one whole: parts, kernel, the rest, their sum. `start`: a
    process that does nothing."""
    rows = []
    for text, name, share, without in WHOLES[whole]:
        cost = parts[name]["seconds_per_record"] * share
        if without is not None:
            cost = max(0.0, cost - parts[without]["seconds_per_record"])
        rows.append({"part": text, "benchmark": name, "seconds": cost,
                     "bytes_per_second": parts[name]["bytes_per_second"]
                     if name in RATED else None})
    rows.append({"part": "start of the process",
                 "seconds": start.user / records})
    explained = sum(row["seconds"] for row in rows)
    user, system = sample.user / records, sample.system / records
    rows.append({"part": KERNEL[whole], "seconds": system})
    rows.append({"part": REST[whole], "seconds": user - explained})
    return {"whole": whole, "seconds": user + system, "rows": rows,
            "explained_share": (explained + system) / (user + system)}


def run(bench, min_time_seconds=0.2):
    """After runs that timed ingest, seal and verify."""
    parts = time_parts(bench, min_time_seconds)
    if parts is None:
        return None
    start = bench.run(bench.program, "--version", times=20)
    tables = []
    for whole in WHOLES:
        samples = sorted(bench.samples[whole], key=lambda one: one.cpu)
        tables.append(table(whole, samples[len(samples) // 2], start,
                            bench.records, parts))
    return {"tables": tables, "look_up_seconds": parts["LookUpTerm"]["seconds"],
            "others": {text: parts[name] for text, name in OTHERS.items()}}


def print_markdown(result):
    for whole in result["tables"]:
        print(f"\n| {whole['whole']}: part | ns a record | share | log, a core "
              "|\n|---|---|---|---|")
        for row in whole["rows"]:
            rate = row.get("bytes_per_second")
            print(f"| {row['part']} | {row['seconds'] * NANO:.1f} | "
                  f"{row['seconds'] / whole['seconds']:.1%} | "
                  f"{f'{rate / 1e9:.2f} GB/s' if rate else ''} |")
        print(f"| all of it, as measured | {whole['seconds'] * NANO:.1f} | "
              f"explained {whole['explained_share']:.0%} | |")
    print("\n| to compare with | ns a record | log, a core |\n|---|---|---|")
    for text, cost in result["others"].items():
        print(f"| {text} | {cost['seconds_per_record'] * NANO:.1f} | "
              f"{cost['bytes_per_second'] / 1e9:.2f} GB/s |")
    print("| one term looked up in an index, opened anew | "
          f"{result['look_up_seconds'] * NANO:.0f} ns each | |")
