#include "lib/witness/cosigning.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "lib/archive/archive_reader.h"
#include "lib/archive/layout.h"
#include "lib/note/signed_note.h"
#include "lib/witness/consistency_source.h"
#include "lib/witness/cosignature_file.h"

namespace authseal {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Older checkpoints get this part of the time; the rest is the newest's.
constexpr int kShareForMissed = 3;

struct Span {
  SteadyClock::time_point begin;
  std::chrono::milliseconds time_max{0};

  std::chrono::milliseconds Left() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        begin + time_max - SteadyClock::now());
  }
};

struct Pending {
  SignedCheckpoint checkpoint;
  std::vector<NoteSignature> cosignatures;  // that are there already
};

Result<Pending> ReadPending(const ArchiveReader& archive, std::uint64_t size) {
  Pending pending;
  TRY_ASSIGN(pending.checkpoint.note, archive.ReadCheckpoint(size));
  TRY_ASSIGN(SignedNote note, ParseSignedNote(pending.checkpoint.note));
  TRY_ASSIGN(pending.checkpoint.checkpoint, ParseCheckpointText(note.text));
  pending.checkpoint.text = std::move(note.text);
  if (pending.checkpoint.checkpoint.size != size) {
    return Error{ErrorCode::kDamaged,
                 "a checkpoint is named for another size than it has",
                 "authseal verify tells what is damaged"};
  }
  TRY_ASSIGN(pending.cosignatures,
             ReadCosignatures(archive.checkpoints(), size));
  return pending;
}

// Proofs are the same for all witnesses that know the same.
class Proofs {
 public:
  Proofs(const ArchiveReader& archive, const ArchiveListing& listing)
      : archive_(archive), listing_(listing) {}

  Result<std::vector<Hash>> Prove(std::uint64_t old_size,
                                  const Checkpoint& next) {
    const std::lock_guard lock(mutex_);
    const std::pair key(old_size, next.size);
    const auto made = made_.find(key);
    if (made != made_.end()) {
      return made->second;
    }
    TRY_ASSIGN(std::vector<Hash> proof,
               ProveConsistency(archive_, listing_, old_size, next));
    made_.emplace(key, proof);
    return proof;
  }

 private:
  const ArchiveReader& archive_;
  const ArchiveListing& listing_;
  std::mutex mutex_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<Hash>> made_;
};

// One witness, on a thread of its own.
class Asking {
 public:
  Asking(const WitnessEndpoint& witness, const std::vector<Pending>& pending,
         Proofs& proofs, const TimedPost& post, std::uint64_t now_seconds,
         Span span)
      : witness_(witness),
        pending_(pending),
        proofs_(proofs),
        post_(post),
        now_seconds_(now_seconds),
        span_(span) {
    outcome_.name = witness.name;
    outcome_.url = witness.url;
  }

  // On a thread of its own, where nobody catches.
  void RunCaught() {
    try {
      Run();
    } catch (const std::bad_alloc&) {
      outcome_.error = Error{ErrorCode::kTemporary, "no memory to ask it"};
    }
  }

  const CosignOutcome& outcome() const { return outcome_; }
  const std::map<std::uint64_t, NoteSignature>& lines() const { return lines_; }

 private:
  void Run() {
    for (const Pending& one : pending_) {
      const CosignatureCheck check = Check(one);
      if (check.verdict == NoteVerdict::kVerified) {
        Cosigned(one, check.time_seconds);
      }
    }
    for (const Pending& one : pending_) {
      const bool is_newest = &one == &pending_.back();
      if (Check(one).verdict == NoteVerdict::kBadSignature) {
        // What it signs now could not be added: lines stay, one a key.
        outcome_.error =
            Error{ErrorCode::kDamaged,
                  CosignaturesName(one.checkpoint.checkpoint.size) +
                      " has a line by it that does not verify",
                  "authseal verify --policy tells more"};
      } else if (one.checkpoint.checkpoint.size > outcome_.size &&
                 (is_newest || LeftFor(false).count() > 0)) {
        Ask(one, is_newest);
      }
    }
  }

  CosignatureCheck Check(const Pending& one) const {
    return VerifyCosignature(one.checkpoint.text, one.cosignatures,
                             witness_.key);
  }

  std::chrono::milliseconds LeftFor(bool is_newest) const {
    const std::chrono::milliseconds kept =
        span_.time_max - span_.time_max / kShareForMissed;
    return is_newest ? span_.Left() : span_.Left() - kept;
  }

  void Cosigned(const Pending& one, std::uint64_t time_seconds) {
    outcome_.size = one.checkpoint.checkpoint.size;
    outcome_.time_seconds = time_seconds;
    outcome_.is_newest = &one == &pending_.back();
  }

  void Ask(const Pending& one, bool is_newest) {
    const Checkpoint& next = one.checkpoint.checkpoint;
    Result<WitnessAnswer> answer =
        AskWitness(witness_, {.checkpoint = one.checkpoint,
                              .old_size = outcome_.size,
                              .proof =
                                  [this, &next](std::uint64_t old_size) {
                                    return proofs_.Prove(old_size, next);
                                  },
                              .post =
                                  [this, is_newest](const std::string& url,
                                                    const std::string& body) {
                                    return post_(url, body, LeftFor(is_newest));
                                  },
                              .now_seconds = now_seconds_});
    if (answer) {
      Cosigned(one, answer->time_seconds);
      lines_.emplace(next.size, std::move(answer->line));
    } else if (is_newest) {
      outcome_.error = std::move(answer).error();
    }
  }

  const WitnessEndpoint& witness_;
  const std::vector<Pending>& pending_;
  Proofs& proofs_;
  const TimedPost& post_;
  std::uint64_t now_seconds_;
  Span span_;
  CosignOutcome outcome_;
  std::map<std::uint64_t, NoteSignature> lines_;  // new ones, by size
};

void RunSideBySide(std::vector<Asking>& askings) {
  std::vector<std::thread> threads;
  threads.reserve(askings.size());
  for (Asking& asking : askings) {
    try {
      threads.emplace_back([&asking] { asking.RunCaught(); });
    } catch (const std::system_error&) {
      asking.RunCaught();  // no thread to be had: one after the other
    }
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

Status Store(FileSystem& file_system, std::string_view archive_path,
             KeyStore& keys, const std::vector<Asking>& askings) {
  std::map<std::uint64_t, std::vector<NoteSignature>> by_size;
  for (const Asking& asking : askings) {
    for (const auto& [size, line] : asking.lines()) {
      by_size[size].push_back(line);
    }
  }
  if (by_size.empty()) {
    return Ok();
  }
  TRY_ASSIGN(const auto lock, keys.LockCosignatures());
  TRY_ASSIGN(const auto root, file_system.OpenDirectory(archive_path));
  TRY_ASSIGN(const auto checkpoints, root->OpenDirectory(kCheckpointsName));
  for (const auto& [size, lines] : by_size) {
    const Status added = AddCosignatures(*checkpoints, size, lines);
    if (!added) {
      return Error(added.error()).With("cosignatures were not stored");
    }
  }
  return Ok();
}

}  // namespace

bool CosignResult::all_cosigned() const {
  return std::all_of(
      witnesses.begin(), witnesses.end(),
      [](const CosignOutcome& outcome) { return outcome.is_newest; });
}

TimedPost PostOverHttp() {
  return [](const std::string& url, const std::string& body,
            std::chrono::milliseconds left) {
    return FetchHttp({.method = HttpRequest::Method::kPost,
                      .url = url,
                      .content_type = "text/plain; charset=utf-8",
                      .body = body},
                     {.total = left});
  };
}

Result<CosignResult> CosignCheckpoints(
    FileSystem& file_system, std::string_view archive_path, KeyStore& keys,
    const std::vector<WitnessEndpoint>& witnesses, const Clock& clock,
    std::chrono::milliseconds time_max, const TimedPost& post) {
  if (witnesses.size() > kWitnessesAskedMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "more than " + std::to_string(kWitnessesAskedMax) +
                     " witnesses to ask"};
  }
  TRY_ASSIGN(const ArchiveReader archive,
             ArchiveReader::Open(file_system, archive_path));
  TRY_ASSIGN(const ArchiveListing listing, archive.List());
  const std::vector<std::uint64_t>& sizes = listing.checkpoints;
  if (sizes.empty()) {
    return Error{ErrorCode::kNotFound,
                 "there is no checkpoint yet that could be cosigned",
                 "seal it first, where its identity key is: authseal seal"};
  }
  std::vector<Pending> pending;
  const std::size_t count = std::min(sizes.size(), kMissedCheckpointsMax + 1);
  for (std::size_t i = sizes.size() - count; i < sizes.size(); ++i) {
    TRY_ASSIGN(Pending one, ReadPending(archive, sizes[i]));
    pending.push_back(std::move(one));
  }
  Proofs proofs(archive, listing);
  const auto now_seconds = static_cast<std::uint64_t>(
      std::max<std::int64_t>(clock.Now().value / kNanosPerSecond, 0));
  std::vector<Asking> askings;
  askings.reserve(witnesses.size());
  const Span span{SteadyClock::now(), time_max};
  for (const WitnessEndpoint& witness : witnesses) {
    askings.emplace_back(witness, pending, proofs, post, now_seconds, span);
  }
  RunSideBySide(askings);
  TRY(Store(file_system, archive_path, keys, askings));
  CosignResult result{.newest_size = sizes.back()};
  for (const Asking& asking : askings) {
    result.witnesses.push_back(asking.outcome());
  }
  return result;
}

}  // namespace authseal
