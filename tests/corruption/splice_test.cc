// Whole files, blocks and segments removed, repeated, exchanged and moved.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/corruption/attack.h"
#include "tests/corruption/segment_forger.h"

namespace authseal {
namespace {

const std::string kFirst = "segments/000000000000.jsonl.zst";
const std::string kSecond = "segments/000000000011.jsonl.zst";
const std::string kOpen = "segments/000000000020.jsonl.zst.open";

// What taking a segment out, or putting another in, may be called.
const std::string kSplice =
    kSegmentDamage +
    " epoch-key-mismatch file-missing file-unexpected root-mismatch rollback "
    "index-mismatch";

class Splice : public ::testing::Test {
 protected:
  Splice() : archive_("log.example.org", 300) {
    FillSample(archive_);
    files_ = archive_.Files();
    oracle_.emplace(files_);
    const auto sound = Verify(files_, archive_.pin());
    sound_root_ = sound.has_value() ? sound->root : Hash();
  }

  // At both depths; the report of the full one is kept.
  void ExpectFound(const ArchiveFiles& changed, const std::string& names,
                   const std::string& what) {
    for (const VerifyDepth depth : {VerifyDepth::kQuick, VerifyDepth::kFull}) {
      auto report = Verify(changed, archive_.pin(), depth);
      ASSERT_EQ(Misjudged(report, "", names), "") << what;
      ASSERT_EQ(oracle_->WronglyTrusted(*report, changed), "") << what;
      report_ = *std::move(report);
    }
  }
  bool Has(FindingKind kind) const {
    return std::any_of(
        report_.findings.begin(), report_.findings.end(),
        [kind](const Finding& finding) { return finding.kind == kind; });
  }

  TestArchive archive_;
  ArchiveFiles files_;
  std::optional<RecordOracle> oracle_;
  Hash sound_root_;  // of what is sealed
  VerifyReport report_;
};

TEST_F(Splice, EachRemovedFileIsFound) {
  for (const auto& [path, bytes] : files_) {
    // Without its checkpoint a segment is unpublished, without the open one
    // there are fewer unsealed records: nobody can tell.
    if (path.starts_with("checkpoints/") || path == kOpen ||
        path == "archive.note") {
      continue;
    }
    ArchiveFiles changed = files_;
    changed.erase(path);
    ExpectFound(changed, "file-missing rollback file-unexpected", path);
    if (path != kSecond) {
      EXPECT_TRUE(Has(FindingKind::kFileMissing)) << path;
    }
  }
}

TEST_F(Splice, ARemovedMiddleSegmentLosesItsRecordsAndNoMore) {
  ArchiveFiles changed = files_;
  changed.erase(kFirst);
  changed.erase("segments/000000000000.idx");
  ExpectFound(changed, "file-missing", "first segment removed");
  // The second has a checkpoint, and through it the open one has its key: but
  // a thief of the identity key could have made all of it.
  EXPECT_TRUE(report_.trustworthy.empty()) << Describe(report_);
  EXPECT_EQ(report_.vouched, (std::vector<RecordRange>{{11, 28}}));

  VerifyOptions options;
  options.pin = archive_.pin();
  options.known = {{"kept.note", {"log.example.org", 20, sound_root_}}};
  const auto remembered = Verify(changed, options);
  ASSERT_TRUE(remembered.has_value());
  EXPECT_EQ(remembered->trustworthy, (std::vector<RecordRange>{{11, 28}}));
  EXPECT_TRUE(remembered->vouched.empty());
}

TEST_F(Splice, RemovedSegmentsAtTheEndAreARollback) {
  ArchiveFiles changed = files_;
  for (const std::string& path :
       {kOpen, kSecond, std::string("segments/000000000011.idx")}) {
    changed.erase(path);
  }
  ExpectFound(changed, "rollback", "end removed");
  EXPECT_EQ(report_.trustworthy, (std::vector<RecordRange>{{0, 11}}));
}

TEST_F(Splice, EachCopyUnderAnotherNameIsFound) {
  for (const auto& [path, bytes] : files_) {
    for (const std::string& copy :
         {std::string("segments/000000000005.jsonl.zst"),
          std::string("segments/000000000005.jsonl.zst.open"),
          std::string("segments/000000000005.idx"),
          std::string("segments/000000000099.jsonl.zst"),
          std::string("segments/000000000000.jsonl.zst.open"),
          std::string("checkpoints/000000000005.note"),
          std::string("checkpoints/000000000011.cosig"),
          std::string("checkpoints/000000000099.tsr"),
          std::string("segments/x"), std::string("archive.note~"),
          std::string("checkpoints/11.note")}) {
      ArchiveFiles changed = files_;
      changed[copy] = bytes;
      ExpectFound(changed, kSplice + " checkpoint-invalid", path + " " + copy);
    }
  }
}

TEST_F(Splice, EachRenamedSegmentIsFound) {
  for (const std::string& path : {kFirst, kSecond, kOpen}) {
    for (const std::string_view name : {"000000000001", "000000000012"}) {
      ArchiveFiles changed = files_;
      const std::string renamed =
          "segments/" + std::string(name) +
          (path == kOpen ? ".jsonl.zst.open" : ".jsonl.zst");
      changed[renamed] = changed.extract(path).mapped();
      ExpectFound(changed, kSplice, path + " " + renamed);
    }
  }
}

TEST_F(Splice, ExchangedFilesAreFound) {
  for (const auto& [left, left_bytes] : files_) {
    for (const auto& [right, right_bytes] : files_) {
      if (left >= right || left_bytes == right_bytes) {
        continue;
      }
      ArchiveFiles changed = files_;
      std::swap(changed[left], changed[right]);
      ExpectFound(changed,
                  kSplice + " checkpoint-invalid key-changed genesis-mismatch",
                  left + " " + right);
    }
  }
}

TEST_F(Splice, EachFileOfAnotherArchiveIsFound) {
  TestArchive other("log.example.org", 300);
  FillSample(other);
  const ArchiveFiles others = other.Files();
  for (const auto& [path, bytes] : others) {
    if (bytes == files_.at(path)) {
      continue;  // indexes are the same
    }
    ArchiveFiles changed = files_;
    changed[path] = bytes;
    ExpectFound(changed,
                kSplice + " checkpoint-invalid key-changed genesis-mismatch",
                path);
  }
  // All of it but the note.
  ArchiveFiles changed = others;
  changed["archive.note"] = files_.at("archive.note");
  ExpectFound(changed, kSplice + " checkpoint-invalid", "all but the note");
  EXPECT_TRUE(report_.trustworthy.empty()) << Describe(report_);
}

TEST_F(Splice, BlocksRemovedRepeatedOrExchangedAreFound) {
  for (const std::string& path : {kFirst, kSecond, kOpen}) {
    const TakenApart parts = TakeApart(files_[path], path != kOpen);
    const std::size_t count = parts.blocks.size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      TakenApart removed = parts;
      removed.blocks.erase(removed.blocks.begin() + at);
      // The last commit of an open segment can be cut without a trace.
      if (path != kOpen || i + 1 < count) {
        ArchiveFiles changed = files_;
        changed[path] = PutTogether(removed);
        ExpectFound(changed, kSplice, path + " without " + std::to_string(i));
      }
      TakenApart repeated = parts;
      repeated.blocks.insert(repeated.blocks.begin() + at, parts.blocks[i]);
      ArchiveFiles changed = files_;
      changed[path] = PutTogether(repeated);
      ExpectFound(changed, kSplice, path + " twice " + std::to_string(i));
      for (std::size_t j = i + 1; j < count; ++j) {
        TakenApart swapped = parts;
        std::swap(swapped.blocks[i], swapped.blocks[j]);
        changed[path] = PutTogether(swapped);
        ExpectFound(changed, kSplice, path + " swapped");
        swapped = parts;
        std::swap(swapped.blocks[i].frame, swapped.blocks[j].frame);
        changed[path] = PutTogether(swapped);
        ExpectFound(changed, kSplice, path + " data swapped");
      }
    }
  }
}

TEST_F(Splice, FootersAndSeekTablesOfOtherSegmentsAreFound) {
  TakenApart first = TakeApart(files_[kFirst], true);
  const TakenApart second = TakeApart(files_[kSecond], true);
  std::swap(first.footer, const_cast<TakenApart&>(second).footer);
  ArchiveFiles changed = files_;
  changed[kFirst] = PutTogether(first);
  ExpectFound(changed, kSplice, "exchanged footer");

  first = TakeApart(files_[kFirst], true);
  first.footer.reset();
  changed[kFirst] = PutTogether(first);
  ExpectFound(changed, "seal-missing", "no footer");
  EXPECT_EQ(report_.trustworthy, (std::vector<RecordRange>{{0, 28}}))
      << "its checkpoint still covers the records\n"
      << Describe(report_);
}

TEST_F(Splice, ATableThatTilesTheFileOtherwiseCostsNothing) {
  // One byte more for the first frame, one less for the second: still as long
  // as the file.
  ArchiveFiles changed = files_;
  ByteVector& file = changed[kFirst];
  const TakenApart parts = TakeApart(file, true);
  const std::size_t entries = parts.blocks.size() * 2 + 1;
  const std::size_t table = file.size() - (8 + entries * 8 + 9);
  ++file[table + 8];
  --file[table + 16];
  ExpectFound(changed, "seek-table-mismatch", "shifted");
  EXPECT_EQ(report_.trustworthy, (std::vector<RecordRange>{{0, 28}}))
      << Describe(report_);
}

}  // namespace
}  // namespace authseal
