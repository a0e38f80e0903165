// Whatever became of an index, the answers are those of a scan, and what is
// wrong is said.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/query/indexed_twins.h"

namespace authseal {
namespace {

// What became of one index, and what must come of it.
class DamagedIndex : public ::testing::Test {
 protected:
  DamagedIndex() : files_(SampleTwins().indexed.Files()) {
    paths_ = IndexPaths(files_);
    const Values values = SampleValues();
    filters_.resize(4);
    filters_[0].request_ids = {values.requests.front()};
    filters_[1].users = {values.users[values.users.size() / 2]};
    filters_[2].outcomes = {EventOutcome::kFailure};
    filters_[3].clients = {"absent"};
  }

  // The answers are those of a scan, and what is wrong is said.
  void ExpectFound(FindingKind kind) {
    for (const EventFilter& filter : filters_) {
      const auto rows = Ask(files_, SampleTwins().indexed.pin(), filter);
      EXPECT_EQ(rows.text, AskPlain(filter).text);
      ASSERT_EQ(rows.result.scan.findings.size(), 1u)
          << FindingLines(rows.result.scan);
      EXPECT_EQ(rows.result.scan.findings[0].kind, kind);
      EXPECT_EQ(rows.result.scan.findings[0].file, paths_[1]);
      EXPECT_EQ(rows.result.scan.indexes_used, 2u);
      EXPECT_EQ(rows.result.scan.indexes_unused.size(), 1u);
    }
  }

  ArchiveFiles files_;
  std::vector<std::string> paths_;
  std::vector<EventFilter> filters_;
};

TEST_F(DamagedIndex, RemovedIsAFinding) {
  files_.erase(paths_[1]);
  ExpectFound(FindingKind::kFileMissing);
}

TEST_F(DamagedIndex, TruncatedIsAFinding) {
  for (const std::size_t size : {0u, 1u, 4095u, 4096u}) {
    files_ = SampleTwins().indexed.Files();
    files_[paths_[1]].resize(size);
    ExpectFound(FindingKind::kIndexMismatch);
  }
  files_ = SampleTwins().indexed.Files();
  files_[paths_[1]].pop_back();
  ExpectFound(FindingKind::kIndexMismatch);
}

TEST_F(DamagedIndex, GrownIsAFinding) {
  files_[paths_[1]].push_back(0);
  ExpectFound(FindingKind::kIndexMismatch);
  files_ = SampleTwins().indexed.Files();
  files_[paths_[1]].resize(files_[paths_[1]].size() + 4128);
  ExpectFound(FindingKind::kIndexMismatch);
}

TEST_F(DamagedIndex, OfAnotherSegmentIsAFinding) {
  files_[paths_[1]] = files_[paths_[0]];
  ExpectFound(FindingKind::kIndexMismatch);
}

TEST_F(DamagedIndex, OfAnotherArchiveIsAFinding) {
  IndexedArchive other;
  other.FillSamples();
  files_[paths_[1]] = other.Files().at(paths_[1]);
  ExpectFound(FindingKind::kIndexMismatch);
}

TEST_F(DamagedIndex, MadeForFewerTermsIsAFinding) {
  // A whole index, made by who knows the format: only the seal tells.
  IndexedArchive other;
  other.indexer().change_part = [](BlockIndexPart& part) {
    part.terms.clear();
  };
  other.FillSamples();
  files_[paths_[1]] = other.Files().at(paths_[1]);
  ExpectFound(FindingKind::kIndexMismatch);
}

TEST_F(DamagedIndex, NoChangedByteChangesAnAnswerSilently) {
  IndexedArchive small;
  small.Commit({{R"({"client_id":"c1","jti":"t1"})"},
                {R"({"client_id":"c2","jti":"t2"})"},
                {R"({"client_id":"c1","jti":"t3"})"}});
  small.Seal();
  const ArchiveFiles sound = small.Files();
  const std::string path = IndexPaths(sound).at(0);
  ASSERT_EQ(sound.at(path).size(), 4128u);
  std::vector<EventFilter> filters(2);
  filters[0].tokens = {"t2"};
  filters[1].clients = {"c1"};
  for (const EventFilter& filter : filters) {
    const std::string expected = Ask(sound, small.pin(), filter).text;
    ASSERT_FALSE(expected.empty());
    for (std::size_t at = 0; at < sound.at(path).size(); ++at) {
      ArchiveFiles files = sound;
      files[path][at] ^= static_cast<std::uint8_t>(1u << (at % 8));
      const auto rows = Ask(files, small.pin(), filter);
      ASSERT_EQ(rows.text, expected) << at;
      ASSERT_EQ(rows.result.scan.findings.size(), 1u) << at;
      ASSERT_EQ(rows.result.scan.findings[0].kind, FindingKind::kIndexMismatch);
    }
  }
}

TEST_F(DamagedIndex, OfOtherMappingsIsNotUsed) {
  IndexedArchive stale;
  stale.rules().mapping_id.bytes[5] ^= 1;
  // What other mappings saw is nothing to go by.
  stale.indexer().change_part = [](BlockIndexPart& part) {
    part.terms.clear();
    part.kinds = 0;
  };
  stale.FillSamples();
  for (const EventFilter& filter : filters_) {
    const auto rows = Ask(stale.Files(), stale.pin(), filter);
    EXPECT_EQ(rows.text, AskPlain(filter).text);
    EXPECT_TRUE(rows.result.scan.findings.empty());
    EXPECT_EQ(rows.result.scan.indexes_used, 0u);
    EXPECT_EQ(rows.result.scan.indexes_unused.size(), 3u);
  }
}

TEST_F(DamagedIndex, DirectoryThatNamesOtherHeadersIsNotUsed) {
  IndexedArchive wrong;
  wrong.indexer().change_body = [](ByteVector& body) {
    const IndexHeader header =
        *DecodeIndexHeader(Bytes(body).first(kIndexPageSizeBytes),
                           body.size() / kIndexPageSizeBytes);
    for (std::size_t i = 0; i < header.block_count; ++i) {
      body[static_cast<std::size_t>(header.directory.offset_bytes) +
           (i + 1) * kIndexBlockSizeBytes - 1] ^= 1;
    }
  };
  wrong.FillSamples();
  for (const EventFilter& filter : filters_) {
    EXPECT_EQ(Ask(wrong.Files(), wrong.pin(), filter).text,
              AskPlain(filter).text);
  }
}

TEST_F(DamagedIndex, HeaderThatWasChangedIsNotBelieved) {
  const std::string segment = "segments/000000000000.jsonl.zst";
  const SegmentMap map = MapOf(files_, segment);
  EventFilter filter;
  filter.records = {0, 1};
  ASSERT_TRUE(Ask(files_, SampleTwins().indexed.pin(), filter)
                  .result.scan.findings.empty());
  // The low byte of ingest_first: it decodes and is as long as before.
  constexpr std::size_t kIngestFirst = 8 + 96;
  files_[segment][static_cast<std::size_t>(map.blocks[0].header.offset_bytes +
                                           kIngestFirst)] ^= 1;
  const auto rows = Ask(files_, SampleTwins().indexed.pin(), filter);
  ASSERT_EQ(rows.result.scan.findings.size(), 1u);
  EXPECT_EQ(rows.result.scan.findings[0].kind, FindingKind::kChainBroken);
  EXPECT_EQ(rows.result.scan.findings[0].file, segment);
}

TEST_F(DamagedIndex, SegmentThatIsDamagedHasTheFindingsOfAScan) {
  const ArchiveFiles sound = SampleTwins().indexed.Files();
  const std::string segment = "segments/000000000000.jsonl.zst";
  for (std::size_t at = 0; at < sound.at(segment).size(); at += 211) {
    ArchiveFiles files = sound;
    files[segment][at] ^= 0x10;
    for (const std::size_t i : {std::size_t{0}, std::size_t{2}}) {
      const EventFilter& filter = filters_[i];
      const auto rows = Ask(files, SampleTwins().indexed.pin(), filter);
      if (rows.result.scan.findings.empty()) {
        // Nothing that was read is damaged, so nothing may be missing.
        EXPECT_EQ(rows.text, AskPlain(filter).text) << at;
      }
    }
  }
}

TEST_F(DamagedIndex, IndexBesideAnOpenSegmentIsNotLookedAt) {
  // As a crash leaves it between the index and the seal.
  const auto open = std::find_if(files_.begin(), files_.end(), [](auto& file) {
    return file.first.ends_with(".open");
  });
  ASSERT_NE(open, files_.end());
  const std::string index = open->first.substr(0, 9 + 12) + ".idx";
  files_[index] = files_[paths_[0]];
  for (const EventFilter& filter : filters_) {
    const auto rows = Ask(files_, SampleTwins().indexed.pin(), filter);
    EXPECT_EQ(rows.text, AskPlain(filter).text);
    EXPECT_TRUE(rows.result.scan.findings.empty());
  }
}

}  // namespace
}  // namespace authseal
