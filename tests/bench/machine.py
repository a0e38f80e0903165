"""What was measured on."""
import os
import platform
import re


def field(path, name):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(name):
                return line.split(":", 1)[1].strip()
    return "unknown"


def describe():
    memory = re.match(r"\d+", field("/proc/meminfo", "MemTotal"))
    return {"cpu": field("/proc/cpuinfo", "model name"),
            "cores": len(os.sched_getaffinity(0)),
            "memory_mb": int(memory[0]) // 1024 if memory else 0,
            "kernel": f"{platform.system()} {platform.release()}",
            "load_at_begin": round(os.getloadavg()[0], 2)}
