// bench_run REPORT TIMES COMMAND [ARGUMENT…]: runs a command so often and
// writes to the file REPORT one line of JSON for each: wall seconds from start
// to exit, processor seconds of user and system, peak memory, exit status.
//
// A program of its own because a child inherits the peak memory of whoever
// forked it: measured from Python, nothing is below Python's 17 MB.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) * 1e-6;
}

bool RunOnce(char** command, std::FILE* report) {
  const auto begin = std::chrono::steady_clock::now();
  pid_t child = 0;
  if (posix_spawnp(&child, command[0], nullptr, nullptr, command, environ) !=
      0) {
    std::perror(command[0]);
    return false;
  }
  int status = 0;
  rusage usage = {};
  if (wait4(child, &status, 0, &usage) != child) {
    std::perror("wait4");
    return false;
  }
  const std::chrono::duration<double> wall =
      std::chrono::steady_clock::now() - begin;
  std::fprintf(report,
               "{\"seconds\":%.6f,\"user\":%.6f,\"system\":%.6f,"
               "\"peak_kb\":%ld,\"status\":%d}\n",
               wall.count(), Seconds(usage.ru_utime), Seconds(usage.ru_stime),
               usage.ru_maxrss,
               WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const long times = argc > 3 ? std::strtol(argv[2], nullptr, 10) : 0;
  if (times <= 0) {
    std::fputs("usage: bench_run REPORT TIMES COMMAND [ARGUMENT…]\n", stderr);
    return 2;
  }
  std::FILE* const report = std::fopen(argv[1], "we");
  if (report == nullptr) {
    std::perror(argv[1]);
    return 1;
  }
  for (long i = 0; i < times; ++i) {
    if (!RunOnce(argv + 3, report)) {
      return 1;
    }
  }
  return std::fclose(report) == 0 ? 0 : 1;
}
