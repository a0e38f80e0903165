#include "lib/archive/open_segment.h"

#include <utility>

#include "lib/archive/layout.h"

namespace authseal {

OpenSegment::OpenSegment(Directory& segments, SegmentStart start)
    : segments_(&segments),
      start_(std::move(start)),
      progress_(ProgressAt(start_)) {}

Result<OpenSegment> OpenSegment::Resume(Directory& segments, SegmentStart start,
                                        SegmentProgress progress) {
  OpenSegment segment(segments, std::move(start));
  segment.progress_ = std::move(progress);
  TRY(segment.OpenFile());
  return segment;
}

std::string OpenSegment::name() const {
  return OpenSegmentName(start_.first_record);
}

Status OpenSegment::OpenFile() {
  const OpenMode mode =
      exists() ? OpenMode::kAppendExisting : OpenMode::kCreateExclusive;
  TRY_ASSIGN(file_, segments_->OpenWrite(name(), mode, kOpenSegmentMode));
  if (file_->size_bytes() != progress_.size_bytes) {
    file_.reset();
    return Error{ErrorCode::kDamaged,
                 name() + " changed its size behind the writer's back",
                 "let nothing else write into the archive"};
  }
  return Ok();
}

// Best effort, for an archive without a half block: what stays is a torn tail,
// which the next writer cuts.
void OpenSegment::TakeBack(std::uint64_t size_bytes) {
  if (!file_->Truncate(size_bytes).has_value() ||
      !file_->SyncData().has_value()) {
    return;
  }
  if (size_bytes == 0) {
    static_cast<void>(segments_->Remove(name()));
  }
}

Status OpenSegment::AppendDurably(Bytes bytes, SegmentProgress after) {
  const bool is_new = !exists();
  if (file_ == nullptr) {
    TRY(OpenFile());
  }
  Status status = file_->Append(bytes);
  if (!status.has_value()) {
    TakeBack(progress_.size_bytes);
    return std::move(status).error().With(name());
  }
  status = file_->SyncData();
  if (status.has_value() && is_new) {
    status = segments_->Sync();
  }
  if (!status.has_value()) {
    return std::move(status).error().With(name()).WithHint(
        "what reached the disk is unknown; start again");
  }
  progress_ = std::move(after);
  return Ok();
}

Status OpenSegment::Seal(Bytes tail) {
  if (file_ == nullptr) {
    TRY(OpenFile());
  }
  // Not taken back on failure: seal.tail has these bytes, and the next writer
  // makes the file anew.
  TRY(file_->Append(tail));
  TRY(file_->SetMode(kWrittenOnceMode));
  TRY(file_->SyncData());
  file_.reset();
  TRY(segments_->Rename(name(), SealedSegmentName(start_.first_record)));
  return segments_->Sync();
}

}  // namespace authseal
