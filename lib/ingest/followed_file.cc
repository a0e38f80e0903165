#include "lib/ingest/followed_file.h"

#include <algorithm>
#include <thread>

namespace authseal {
namespace {

constexpr std::size_t kRememberedSizeBytes = 1024;
// The writer may hold the old file a moment longer than the new one exists.
constexpr int kLooksAfterReplacement = 5;

}  // namespace

FollowedFile::FollowedFile(InputFiles& inputs, std::string path,
                           std::unique_ptr<InputFile> file,
                           std::uint64_t offset_bytes, Bytes before)
    : inputs_(inputs),
      path_(std::move(path)),
      file_(std::move(file)),
      offset_bytes_(offset_bytes) {
  Remember(before);
}

Result<InputRead> FollowedFile::Read(MutableBytes out,
                                     std::chrono::milliseconds wait) {
  if (was_idle_) {
    TRY_ASSIGN(const bool changed, TailChanged());
    if (changed) {
      return Restart();
    }
  }
  TRY_ASSIGN(const InputRead read, file_->Read(out, wait));
  if (read.state != InputRead::State::kBytes) {
    return AtEnd(wait);
  }
  was_idle_ = false;
  looks_since_replaced_ = 0;
  offset_bytes_ += read.size_bytes;
  Remember(Bytes(out).first(read.size_bytes));
  return read;
}

Result<InputRead> FollowedFile::AtEnd(std::chrono::milliseconds wait) {
  was_idle_ = true;
  TRY_ASSIGN(const InputInfo held, file_->Info());
  if (held.size_bytes < offset_bytes_) {
    return Restart();
  }
  TRY_ASSIGN(const auto named, inputs_.Look(path_));
  if (named.has_value() && !named->SameFile(held) &&
      ++looks_since_replaced_ >= kLooksAfterReplacement) {
    auto opened = inputs_.Open(path_);
    if (opened.has_value()) {
      file_ = *std::move(opened);
      offset_bytes_ = 0;
      before_.clear();
      was_idle_ = false;
      restarted_ = false;
      looks_since_replaced_ = 0;
      return InputRead{.state = InputRead::State::kNewFile};
    }
    if (opened.error().code != ErrorCode::kNotFound) {
      return std::move(opened).error();
    }
  }
  std::this_thread::sleep_for(wait);
  return InputRead{.state = InputRead::State::kIdle};
}

// Whether the bytes just before the position are others than those read.
Result<bool> FollowedFile::TailChanged() {
  TRY_ASSIGN(const InputInfo held, file_->Info());
  if (held.size_bytes <= offset_bytes_ || before_.empty()) {
    return false;
  }
  TRY(file_->Seek(offset_bytes_ - before_.size()));
  ByteVector now(before_.size());
  std::size_t filled = 0;
  while (filled < now.size()) {
    TRY_ASSIGN(const InputRead read,
               file_->Read(MutableBytes(now).subspan(filled),
                           std::chrono::milliseconds(0)));
    if (read.state != InputRead::State::kBytes) {
      return true;  // cut just now
    }
    filled += read.size_bytes;
  }
  return now != before_;
}

Result<InputRead> FollowedFile::Restart() {
  TRY(file_->Seek(0));
  offset_bytes_ = 0;
  before_.clear();
  was_idle_ = false;
  restarted_ = true;
  return InputRead{.state = InputRead::State::kNewFile};
}

void FollowedFile::Remember(Bytes bytes) {
  const Bytes last = bytes.last(std::min(bytes.size(), kRememberedSizeBytes));
  before_.insert(before_.end(), last.begin(), last.end());
  if (before_.size() > kRememberedSizeBytes) {
    before_.erase(before_.begin(), before_.end() - static_cast<std::ptrdiff_t>(
                                                       kRememberedSizeBytes));
  }
}

}  // namespace authseal
