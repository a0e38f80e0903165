"""From samples to a table with targets, and to Markdown."""
import statistics

MEMORY_MB = 128
# Row, its peer, what is written, targets: of the ratio, of the seconds.
ROWS = [
    ("ingest", "zstd -1 -T2", "ingest until durable", 1.2, None),
    ("seal", "verify", "seal, read back from the disk", 1.2, None),
    ("verify", "zstd -dc | openssl dgst -sha256", "verify, full", 0.45, None),
    ("quick", "openssl dgst -sha256 over the files", "verify --quick", 0.7,
     None),
    ("needle token", "DuckDB needle token", "needle: query --token", 1.0,
     0.005),
    ("needle session", "DuckDB needle session", "needle: query --session",
     1.0, 0.005),
    ("needle request-id", "DuckDB needle request-id",
     "needle: query --request-id", 1.0, 0.005),
    ("by", "DuckDB by", "query --by client", 1.0, None),
    ("histogram", "DuckDB histogram", "query --histogram 1h", 1.0, None),
    ("match", "DuckDB match", "query --match, a member not indexed", 0.3,
     None),
    ("version", None, "authseal --version", None, 0.005),
]


def target(what, limit, measured):
    return {"what": what, "limit": limit, "measured": measured,
            "ok": measured <= limit}


def summarise(samples):
    table = []
    for row, peer, text, ratio_max, seconds_max in ROWS:
        taken = samples.get(row)
        if not taken:
            continue
        peers = samples.get(peer, [])
        ratios = [ours.seconds / theirs.seconds
                  for ours, theirs in zip(taken, peers)]
        seconds = statistics.median(one.seconds for one in taken)
        peak_kb = max(one.peak_kb for one in taken)
        targets = [target("memory_mb", MEMORY_MB, peak_kb / 1024)]
        if seconds_max is not None:
            targets.insert(0, target("seconds", seconds_max, seconds))
        if ratios:
            targets.insert(0, target("ratio", ratio_max,
                                     statistics.median(ratios)))
        table.append({
            "job": text, "seconds": seconds,
            "cpu_seconds": statistics.median(one.cpu for one in taken),
            "peak_memory_kb": peak_kb, "peer": peer if peers else None,
            "peer_peak_memory_kb": max(one.peak_kb for one in peers) or None
            if peers else None,
            "peer_seconds": statistics.median(one.seconds for one in peers)
            if peers else None,
            "ratio": statistics.median(ratios) if ratios else None,
            "ratio_range": [min(ratios), max(ratios)] if ratios else None,
            "targets": targets})
    return table


def size_row(archive_bytes, peer_bytes):
    ratio = archive_bytes / peer_bytes
    return {"archive_bytes": archive_bytes, "zstd_3_bytes": peer_bytes,
            "ratio": ratio, "targets": [target("ratio", 1.10, ratio)]}


def trickle_targets(trickle):
    return dict(trickle, targets=[
        target("seconds", 1.0, trickle["max_seconds"]),
        target("cpu_share", 0.03, trickle["cpu_share"]),
        target("memory_mb", MEMORY_MB, trickle["peak_memory_kb"] / 1024)])


FORMS = {"ratio": lambda value: f"{value:.4g}×",
         "seconds": lambda value: f"{value:.3g} s" if value >= 0.1
         else f"{value * 1000:.3g} ms",
         "memory_mb": lambda value: f"{value:.0f} MB",
         "cpu_share": lambda value: f"{value:.1%} CPU",
         "seconds_growth": lambda value: f"{value:.2f}× wall",
         "cpu_growth": lambda value: f"{value:.2f}× CPU",
         "memory_growth": lambda value: f"{value:.2f}× memory"}


def verdict(targets):
    """Two cells: the targets, and whether they are met."""
    limits = ", ".join("≤ " + FORMS[one["what"]](one["limit"])
                       for one in targets)
    missed = [FORMS[one["what"]](one["measured"]) for one in targets
              if not one["ok"]]
    return f"{limits} | " + (f"**missed**: {', '.join(missed)}" if missed
                             else "ok")


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def print_rows(rows):
    print("| job | wall | CPU | peak memory | peer | its wall | ratio (range) "
          "| targets | met |\n|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        peer = its = ratio = ""
        if row["peer"]:
            peer = row["peer"].replace("|", "\\|")
            its = milliseconds(row["peer_seconds"])
            low, high = row["ratio_range"]
            ratio = f"{row['ratio']:.2f} ({low:.2f}–{high:.2f})"
        print(f"| {row['job']} | {milliseconds(row['seconds'])} | "
              f"{milliseconds(row['cpu_seconds'])} | "
              f"{row['peak_memory_kb'] / 1024:.0f} MB | {peer} | {its} | "
              f"{ratio} | {verdict(row['targets'])} |")


def print_large(large):
    few, many = large["small_records"], large["large_records"]
    print(f"\n| job, a record | at {few} | at {many} | CPU at {few} | CPU at "
          f"{many} | targets | met |\n|---|---|---|---|---|---|---|")
    for row in large["costs"]:
        cells = " | ".join(
            f"{row[f'{part}_per_record_{size}'] * 1e9:.0f} ns"
            for part in ("seconds", "cpu") for size in ("small", "large"))
        print(f"| {row['job']} | {cells} | {verdict(row['targets'])} |")
    needle = large["needle"]
    print(f"| needle among {many} | | {milliseconds(needle['seconds'])} | | | "
          f"{verdict(needle['targets'])} |")
    print(f"\n| peak memory | at {few} | at {many} | targets | met |\n"
          "|---|---|---|---|---|")
    for row in large["memory"]:
        print(f"| {row['job']} | {row['small_kb'] / 1024:.0f} MB | "
              f"{row['large_kb'] / 1024:.0f} MB | {verdict(row['targets'])} |")


def print_markdown(result):
    machine = result["machine"]
    print(f"{result['records']} records, {result['raw_bytes']} bytes; medians "
          f"of {result['runs']} runs, each beside its peer\n\n"
          f"{machine['cores']} cores of {machine['cpu']}, "
          f"{machine['memory_mb']} MB, {machine['kernel']}, load at the begin "
          f"{machine['load_at_begin']}; {result['authseal']}; "
          + "; ".join(f"{name}: {version}" for name, version
                      in result["peers"].items()) + "\n")
    print_rows(result["rows"])
    if result["size"]:
        size = result["size"]
        print(f"\n| size | bytes | `zstd -3` | ratio | targets | met |\n"
              "|---|---|---|---|---|---|\n"
              f"| archive, index included | {size['archive_bytes']} | "
              f"{size['zstd_3_bytes']} | {size['ratio']:.3f} | "
              f"{verdict(size['targets'])} |")
    if result["trickle"]:
        trickle = result["trickle"]
        print(f"\n| {trickle['lines_a_second']} lines/s, {trickle['lines']} of "
              "them | median | longest | CPU | peak memory | targets | met |\n"
              "|---|---|---|---|---|---|---|\n"
              "| written until durable and found | "
              f"{milliseconds(trickle['median_seconds'])} | "
              f"{milliseconds(trickle['max_seconds'])} | "
              f"{trickle['cpu_share']:.1%} | "
              f"{trickle['peak_memory_kb'] / 1024:.0f} MB | "
              f"{verdict(trickle['targets'])} |")
    if result["large"]:
        print_large(result["large"])
