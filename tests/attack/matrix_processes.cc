// Attempts in child processes: what a child counts is in memory that it shares
// with its parent, so that it outlives the child.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/check.h"
#include "tests/attack/matrix_run.h"

namespace authseal {
namespace {

constexpr std::size_t kFailuresMax = 10;  // kept of each child
constexpr std::size_t kTextSizeBytes = 1500;
constexpr unsigned kAttemptSecondsMax = 20;  // a longer one hangs

struct SharedFailure {
  std::uint64_t number = 0;
  std::array<char, kTextSizeBytes> text = {};
};

// Written by the child, read by the parent after its end.
struct Shared {
  std::atomic<std::uint64_t> begun = 0;  // places of attempts
  ClassCounts counts;
  std::size_t failure_count = 0;
  std::array<SharedFailure, kFailuresMax> failures;

  void Keep(std::uint64_t number, const std::string& text) {
    if (failure_count == kFailuresMax) {
      return;
    }
    SharedFailure& failure = failures[failure_count++];
    failure.number = number;
    const std::size_t size = std::min(text.size(), kTextSizeBytes - 1);
    std::memcpy(failure.text.data(), text.data(), size);
    failure.text[size] = '\0';
  }
};

Shared* MapShared(std::size_t count) {
  void* memory = mmap(nullptr, sizeof(Shared) * count, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  AUTHSEAL_CHECK(memory != MAP_FAILED);
  auto* shared = static_cast<Shared*>(memory);
  for (std::size_t i = 0; i < count; ++i) {
    new (&shared[i]) Shared();
  }
  return shared;
}

struct Work {
  const AttackClass& attacks;
  const MatrixOptions& options;
  const std::vector<std::uint64_t>& chosen;
  std::size_t first;  // of every `step`th attempt
  std::size_t step;
};

void RunChild(const Work& work, Shared& shared) {
  for (std::uint64_t turn = shared.begun;; ++turn) {
    const std::size_t position = work.first + turn * work.step;
    if (position >= work.chosen.size()) {
      return;
    }
    shared.begun = turn + 1;
    alarm(kAttemptSecondsMax);
    const Judgement judgement = work.attacks.judge(
        work.chosen[position], ScopeOf(position, work.options));
    const std::uint64_t faults_before = shared.counts.faults();
    Count(judgement.outcome, shared.counts);
    if (shared.counts.faults() > faults_before) {
      shared.Keep(work.chosen[position], judgement.text);
    }
  }
}

pid_t Start(const Work& work, Shared& shared) {
  const pid_t child = fork();
  AUTHSEAL_CHECK(child >= 0);
  if (child == 0) {
    RunChild(work, shared);
    _exit(0);
  }
  return child;
}

// Until the child's attempts are done; a child that dies is followed by one
// that goes on behind the attempt which killed it.
void Wait(const Work& work, Shared& shared, pid_t child) {
  for (;;) {
    int status = 0;
    AUTHSEAL_CHECK(waitpid(child, &status, 0) == child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      return;
    }
    const std::size_t position = work.first + (shared.begun - 1) * work.step;
    ++shared.counts.attempts;
    ++shared.counts.crashes;
    shared.Keep(
        work.chosen[position],
        WIFSIGNALED(status)
            ? std::string("ended by signal ") + strsignal(WTERMSIG(status))
            : "ended with status " + std::to_string(WEXITSTATUS(status)));
    child = Start(work, shared);
  }
}

}  // namespace

ClassResult RunApart(const AttackClass& attacks, const MatrixOptions& options,
                     unsigned processes) {
  const auto chosen = ChosenAttempts(attacks, options);
  Shared* const shared = MapShared(processes);
  std::vector<Work> works;
  std::vector<pid_t> children;
  for (unsigned i = 0; i < processes; ++i) {
    works.push_back({attacks, options, chosen, i, processes});
    children.push_back(Start(works.back(), shared[i]));
  }
  ClassResult result{attacks.name, {}, {}};
  for (unsigned i = 0; i < processes; ++i) {
    Wait(works[i], shared[i], children[i]);
    result.counts.Add(shared[i].counts);
    for (std::size_t j = 0; j < shared[i].failure_count; ++j) {
      const SharedFailure& failure = shared[i].failures[j];
      result.failures.push_back({failure.number, failure.text.data()});
    }
  }
  munmap(shared, sizeof(Shared) * processes);
  return result;
}

}  // namespace authseal
