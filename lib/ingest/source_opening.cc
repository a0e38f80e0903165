#include "lib/ingest/source_opening.h"

#include <algorithm>
#include <cstring>

#include "lib/archive/format.h"
#include "lib/crypto/sha256.h"
#include "lib/ingest/decoded_stream.h"
#include "lib/ingest/followed_file.h"

namespace authseal {
namespace {

constexpr std::chrono::milliseconds kPatience{200};
constexpr std::size_t kSkipSizeBytes = 64u << 10;
// So much of a pipe is kept while it is compared, to be given after all.
constexpr std::size_t kReplaySizeBytesMax = 16u << 20;

// Gives `first`, then what `rest` gives.
class ReplayStream : public InputStream {
 public:
  ReplayStream(ByteVector first, std::unique_ptr<InputStream> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  Result<InputRead> Read(MutableBytes out,
                         std::chrono::milliseconds wait) override {
    if (used_ == first_.size()) {
      return rest_->Read(out, wait);
    }
    const std::size_t size = std::min(out.size(), first_.size() - used_);
    std::memcpy(out.data(), first_.data() + used_, size);
    used_ += size;
    return InputRead{.state = InputRead::State::kBytes, .size_bytes = size};
  }

 private:
  ByteVector first_;
  std::unique_ptr<InputStream> rest_;
  std::size_t used_ = 0;
};

// Reads up to the position and compares on the way.
class PositionCheck {
 public:
  PositionCheck(const SourcePosition& position, bool keep,
                const StopFunction& stop)
      : position_(position), keep_(keep), stop_(stop) {}

  enum class Outcome : std::uint8_t {
    kFits,
    kDiffers,
    kStopped,
  };
  Result<Outcome> Run(InputStream& stream);

  ByteVector& tail() { return tail_; }  // the last bytes read, at most 4 KiB
  // All bytes read, when `keep` was asked for and they are not too many.
  ByteVector& kept() { return kept_; }
  bool kept_all() const { return keep_; }

 private:
  Result<Outcome> ReadTo(InputStream& stream, std::uint64_t end_bytes);
  void Remember(Bytes bytes);

  SourcePosition position_;
  bool keep_;
  const StopFunction& stop_;
  std::uint64_t offset_bytes_ = 0;
  ByteVector tail_;
  ByteVector kept_;
};

Result<PositionCheck::Outcome> PositionCheck::Run(InputStream& stream) {
  const std::uint64_t head_end =
      std::min<std::uint64_t>(position_.end_bytes, kSourceProbeSizeBytes);
  TRY_ASSIGN(Outcome outcome, ReadTo(stream, head_end));
  if (outcome == Outcome::kFits && Sha256Of(tail_) != position_.head_hash) {
    outcome = Outcome::kDiffers;
  }
  if (outcome != Outcome::kFits) {
    return outcome;
  }
  TRY_ASSIGN(outcome, ReadTo(stream, position_.end_bytes));
  if (outcome == Outcome::kFits && Sha256Of(tail_) != position_.tail_hash) {
    outcome = Outcome::kDiffers;
  }
  return outcome;
}

Result<PositionCheck::Outcome> PositionCheck::ReadTo(InputStream& stream,
                                                     std::uint64_t end_bytes) {
  ByteVector buffer(kSkipSizeBytes);
  while (offset_bytes_ < end_bytes) {
    if (stop_()) {
      return Outcome::kStopped;
    }
    const std::size_t size = static_cast<std::size_t>(
        std::min<std::uint64_t>(buffer.size(), end_bytes - offset_bytes_));
    TRY_ASSIGN(const InputRead read,
               stream.Read(MutableBytes(buffer).first(size), kPatience));
    if (read.state == InputRead::State::kEnd) {
      return Outcome::kDiffers;  // shorter than then
    }
    Remember(Bytes(buffer).first(read.size_bytes));
  }
  return Outcome::kFits;
}

void PositionCheck::Remember(Bytes bytes) {
  offset_bytes_ += bytes.size();
  if (keep_ && kept_.size() + bytes.size() > kReplaySizeBytesMax) {
    keep_ = false;
    kept_ = ByteVector();
  }
  if (keep_) {
    kept_.insert(kept_.end(), bytes.begin(), bytes.end());
  }
  tail_.insert(tail_.end(), bytes.begin(), bytes.end());
  if (tail_.size() > kSourceProbeSizeBytes) {
    tail_.erase(tail_.begin(), tail_.end() - static_cast<std::ptrdiff_t>(
                                                 kSourceProbeSizeBytes));
  }
}

void SetFit(const SourcePosition& position, ByteVector tail,
            OpenedSource& opened) {
  opened.offset_bytes = position.end_bytes;
  opened.head_hash = position.head_hash;
  opened.look_back = std::move(tail);
}

// Reads `size_bytes` from `offset_bytes`; shorter at the end of the file.
Result<ByteVector> ReadRange(InputFile& file, std::uint64_t offset_bytes,
                             std::size_t size_bytes) {
  TRY(file.Seek(offset_bytes));
  ByteVector bytes(size_bytes);
  std::size_t filled = 0;
  while (filled < size_bytes) {
    TRY_ASSIGN(const InputRead read,
               file.Read(MutableBytes(bytes).subspan(filled), kPatience));
    if (read.state != InputRead::State::kBytes) {
      break;
    }
    filled += read.size_bytes;
  }
  bytes.resize(filled);
  return bytes;
}

// A plain regular file needs no reading through: seek and compare.
Status ResumePlainFile(InputFile& file, const SourcePosition& position,
                       OpenedSource& opened) {
  const std::size_t probe = static_cast<std::size_t>(
      std::min<std::uint64_t>(position.end_bytes, kSourceProbeSizeBytes));
  TRY_ASSIGN(const ByteVector head, ReadRange(file, 0, probe));
  TRY_ASSIGN(ByteVector tail,
             ReadRange(file, position.end_bytes - probe, probe));
  if (head.size() == probe && tail.size() == probe &&
      Sha256Of(head) == position.head_hash &&
      Sha256Of(tail) == position.tail_hash) {
    SetFit(position, std::move(tail), opened);
    return Ok();
  }
  opened.restarted = true;
  return file.Seek(0);
}

Result<OpenedSource> OpenPlainFile(
    InputFiles& inputs, const IngestSource& source,
    std::unique_ptr<InputFile> file,
    const std::optional<SourcePosition>& position, bool follow) {
  OpenedSource opened;
  opened.live = opened.follows = follow;
  if (position.has_value()) {
    TRY(ResumePlainFile(*file, *position, opened));
  } else {
    TRY(file->Seek(0));
  }
  if (follow) {
    opened.stream =
        std::make_unique<FollowedFile>(inputs, source.path, std::move(file),
                                       opened.offset_bytes, opened.look_back);
  } else {
    opened.stream = std::move(file);
  }
  return opened;
}

Result<OpenedSource> OpenByReading(
    InputFiles& inputs, const IngestSource& source,
    std::unique_ptr<InputFile> file, bool is_regular,
    const std::optional<SourcePosition>& position, const StopFunction& stop) {
  OpenedSource opened;
  opened.live = !is_regular;
  opened.stream = std::make_unique<DecodedStream>(std::move(file), source.path);
  if (!position.has_value()) {
    return opened;
  }
  PositionCheck check(*position, /*keep=*/!is_regular, stop);
  TRY_ASSIGN(const PositionCheck::Outcome outcome, check.Run(*opened.stream));
  if (outcome == PositionCheck::Outcome::kFits) {
    SetFit(*position, std::move(check.tail()), opened);
    return opened;
  }
  opened.stopped = outcome == PositionCheck::Outcome::kStopped;
  opened.restarted = !opened.stopped;
  if (opened.stopped) {
    return opened;
  }
  if (is_regular) {
    TRY_ASSIGN(file, inputs.Open(source.path));
    opened.stream =
        std::make_unique<DecodedStream>(std::move(file), source.path);
  } else if (check.kept_all()) {
    opened.stream = std::make_unique<ReplayStream>(std::move(check.kept()),
                                                   std::move(opened.stream));
  } else {
    return Error{ErrorCode::kInvalidArgument,
                 source.name +
                     ": begins like what was delivered before, but is not the "
                     "same; nothing of it was taken",
                 "deliver it as a file, or under another --source name"};
  }
  return opened;
}

}  // namespace

Result<OpenedSource> OpenSource(InputFiles& inputs, const IngestSource& source,
                                const std::optional<SourcePosition>& position,
                                bool follow, const StopFunction& stop) {
  TRY_ASSIGN(std::unique_ptr<InputFile> file, inputs.Open(source.path));
  TRY_ASSIGN(const InputInfo info, file->Info());
  // Standard input may share its position with others: never seek in it.
  const bool seekable = info.is_regular && source.path != "-";
  bool plain = false;
  if (seekable) {
    TRY_ASSIGN(const ByteVector first, ReadRange(*file, 0, 4));
    plain = DetectStreamFormat(first) == StreamFormat::kPlain;
    TRY(file->Seek(0));
  }
  if (follow && !plain) {
    return Error{ErrorCode::kInvalidArgument,
                 source.path + ": cannot be followed",
                 "only plain files grow; leave --follow out"};
  }
  const auto& known = source.resumable ? position : std::nullopt;
  return plain ? OpenPlainFile(inputs, source, std::move(file), known, follow)
               : OpenByReading(inputs, source, std::move(file), seekable, known,
                               stop);
}

}  // namespace authseal
