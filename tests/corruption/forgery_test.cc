// An attacker who makes every hash come out right: without a key, with a key
// of his own, and with the epoch's key that an operator kept.
#include <algorithm>

#include <gtest/gtest.h>

#include "lib/crypto/sha256.h"
#include "lib/merkle/tree_hash.h"
#include "tests/corruption/attack.h"
#include "tests/corruption/segment_forger.h"

namespace authseal {
namespace {

const std::string kFirst = "segments/000000000000.jsonl.zst";
const std::string kSecond = "segments/000000000011.jsonl.zst";
const std::string kOpen = "segments/000000000020.jsonl.zst.open";

class Forgery : public ::testing::Test {
 protected:
  Forgery() : archive_("log.example.org", 0) {
    FillSample(archive_);
    files_ = archive_.Files();
    oracle_.emplace(files_);
  }

  ForgeStart StartOf(const std::string& path) {
    if (path == kFirst) {
      return {*archive_.pin().genesis, *archive_.pin().genesis, CompactRange(),
              0};
    }
    const std::string before = path == kSecond ? kFirst : kSecond;
    const SegmentFooter footer = *TakeApart(files_[before], true).footer;
    return {*archive_.pin().genesis, FooterHash(footer), footer.end,
            footer.epoch + 1};
  }

  Result<VerifyReport> VerifyForged(const ArchiveFiles& changed) {
    return Verify(changed, archive_.pin());
  }

  // What an attacker may want with a segment's blocks.
  static std::vector<TakenApart> Edits(const TakenApart& parts) {
    std::vector<TakenApart> edits;
    for (std::size_t i = 0; i + 1 < parts.blocks.size(); ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      std::vector<std::string> records = RecordsOf(parts.blocks[i]);
      edits.push_back(parts);  // a record replaced by one as long
      records.front() = std::string(records.front().size(), 'x');
      edits.back().blocks[i] = WithRecords(parts.blocks[i], records);
      edits.push_back(parts);  // inserted
      records.insert(records.begin(), "{}");
      edits.back().blocks[i] = WithRecords(parts.blocks[i], records);
      edits.push_back(parts);  // removed
      edits.back().blocks.erase(edits.back().blocks.begin() + at);
      edits.push_back(parts);  // repeated
      edits.back().blocks.insert(edits.back().blocks.begin() + at,
                                 parts.blocks[i]);
      edits.push_back(parts);  // reordered
      std::swap(edits.back().blocks[i],
                edits.back().blocks[i == 0 ? parts.blocks.size() - 2 : 0]);
    }
    return edits;
  }

  TestArchive archive_;
  ArchiveFiles files_;
  std::optional<RecordOracle> oracle_;
};

TEST_F(Forgery, WithoutAKeyIsFound) {
  for (const std::string& path : {kFirst, kSecond, kOpen}) {
    const TakenApart parts = TakeApart(files_[path], path != kOpen);
    for (TakenApart& edit : Edits(parts)) {
      Relink(StartOf(path), nullptr, edit);
      ArchiveFiles changed = files_;
      changed[path] = PutTogether(edit);
      if (changed[path] == files_[path]) {
        continue;  // exchanged with itself
      }
      const auto report = VerifyForged(changed);
      if (path == kOpen && report.has_value() && report->verified()) {
        // One commit that nobody signed is no more than a cut and a torn tail.
        EXPECT_EQ(NoteNames(*report), "torn-tail");
        EXPECT_LT(report->unsealed_records, 8u);
        EXPECT_EQ(oracle_->WronglyTrusted(*report, changed), "");
        continue;
      }
      EXPECT_EQ(Misjudged(report, path,
                          kSegmentDamage + " epoch-key-mismatch rollback "
                                           "root-mismatch file-missing "
                                           "file-unexpected"),
                "")
          << path;
      EXPECT_EQ(oracle_->WronglyTrusted(*report, changed), "");
    }
  }
}

TEST_F(Forgery, WithAnotherKeyIsFound) {
  const auto own = Ed25519Signer::Generate();
  ASSERT_TRUE(own.has_value());
  for (const std::string& path : {kFirst, kSecond, kOpen}) {
    TakenApart parts = TakeApart(files_[path], path != kOpen);
    std::vector<TakenApart> edits = Edits(parts);
    edits.push_back(parts);  // the same records, signed anew
    for (TakenApart& edit : edits) {
      Relink(StartOf(path), &*own, edit);
      ArchiveFiles changed = files_;
      changed[path] = PutTogether(edit);
      const auto report = VerifyForged(changed);
      EXPECT_EQ(Misjudged(report, path,
                          "epoch-key-mismatch header-signature-invalid "
                          "count-mismatch seal-invalid rollback file-missing "
                          "file-unexpected chain-broken"),
                "")
          << path;
      EXPECT_EQ(oracle_->WronglyTrusted(*report, changed), "");
    }
  }
}

// The checkpoint is kept by leaving the claimed range alone, and another seal
// record is put under it, to name a key of one's own for what follows.
TEST_F(Forgery, ASealRecordOtherThanItsHeaderClaimsNamesNoKey) {
  const auto own = Ed25519Signer::Generate();
  ASSERT_TRUE(own.has_value());
  TakenApart sealed = TakeApart(files_[kSecond], true);
  EncodedBlock& seal_block = sealed.blocks.back();
  const std::vector<Hash> claimed = seal_block.header.range_hashes;
  sealed.footer->next_key = own->public_key();
  seal_block = WithRecords(
      seal_block, {SealRecord(*sealed.footer, seal_block.header.previous)});
  seal_block.header.range_hashes = claimed;
  sealed.footer->previous = Sha256Of(EncodeBlockHeader(seal_block.header));

  TakenApart open = TakeApart(files_[kOpen], false);
  std::vector<std::string> records = RecordsOf(open.blocks[0]);
  records[0] = std::string(records[0].size(), 'x');
  open.blocks[0] = WithRecords(open.blocks[0], records);
  ForgeStart start = StartOf(kOpen);
  start.previous = FooterHash(*sealed.footer);
  Relink(start, &*own, open);

  ArchiveFiles changed = files_;
  changed[kSecond] = PutTogether(sealed);
  changed[kOpen] = PutTogether(open);
  const auto report = VerifyForged(changed);
  ASSERT_TRUE(report.has_value());
  EXPECT_FALSE(report->verified());
  EXPECT_EQ(oracle_->WronglyTrusted(*report, changed), "");
}

// The archive as an operator makes it who kept the keys of both epochs: the
// first record is another, and everything after it is signed anew.
ArchiveFiles Rewritten(TestArchive& archive, ArchiveFiles files,
                       const ForgeStart& genesis) {
  ForgeStart start = genesis;
  const std::vector<std::string> paths = {kFirst, kSecond, kOpen};
  for (std::size_t epoch = 0; epoch < paths.size(); ++epoch) {
    const bool sealed = paths[epoch] != kOpen;
    TakenApart parts = TakeApart(files[paths[epoch]], sealed);
    if (epoch == 0) {
      std::vector<std::string> records = RecordsOf(parts.blocks[0]);
      records[0] = std::string(records[0].size(), 'x');
      parts.blocks[0] = WithRecords(parts.blocks[0], records);
    }
    const Ed25519Signer signer = archive.EpochSigner(epoch);
    Relink(start, &signer, parts);
    files[paths[epoch]] = PutTogether(parts);
    if (sealed) {
      start = {genesis.genesis, FooterHash(*parts.footer), parts.footer->end,
               epoch + 1};
    }
  }
  return files;
}

TEST_F(Forgery, WithEveryKeptKeyContradictsTheCheckpoints) {
  const ArchiveFiles changed = Rewritten(archive_, files_, StartOf(kFirst));
  const auto report = VerifyForged(changed);
  EXPECT_EQ(Misjudged(report, "checkpoints/000000000011.note", "root-mismatch"),
            "");
  EXPECT_EQ(report->findings_total, 2u);
  EXPECT_TRUE(report->trustworthy.empty()) << Describe(*report);
}

TEST_F(Forgery, WithEveryKeptKeyIsAForkForWhoKeptACheckpoint) {
  ArchiveFiles changed = Rewritten(archive_, files_, StartOf(kFirst));
  changed.erase("checkpoints/000000000011.note");
  changed.erase("checkpoints/000000000020.note");
  // Nothing in the archive contradicts: only a checkpoint kept elsewhere does.
  const auto alone = VerifyForged(changed);
  ASSERT_TRUE(alone.has_value());
  EXPECT_TRUE(alone->verified()) << Describe(*alone);
  EXPECT_EQ(NoteNames(*alone), "unpublished");

  const auto sound = Verify(files_, archive_.pin());
  VerifyOptions options;
  options.pin = archive_.pin();
  options.known = {{"kept.note", {"log.example.org", 20, sound->root}}};
  const auto report = Verify(changed, options);
  EXPECT_EQ(Misjudged(report, "", "fork"), "");
  EXPECT_TRUE(report->trustworthy.empty());
  ASSERT_EQ(report->known.size(), 1u);
  EXPECT_FALSE(report->known[0].consistent);
}

TEST_F(Forgery, ASealOfAnOldEpochWithTheCurrentKeyIsFound) {
  const Ed25519Signer current = archive_.EpochSigner(2);
  for (const std::string& path : {kFirst, kSecond}) {
    TakenApart parts = TakeApart(files_[path], true);
    Relink(StartOf(path), &current, parts);
    ArchiveFiles changed = files_;
    changed[path] = PutTogether(parts);
    EXPECT_EQ(Misjudged(VerifyForged(changed), path, "epoch-key-mismatch"), "");
  }
}

TEST_F(Forgery, WhatAKeyHolderGetsWrongIsFound) {
  const Ed25519Signer signer = archive_.EpochSigner(1);
  const ForgeStart start = StartOf(kSecond);
  const TakenApart sound = TakeApart(files_[kSecond], true);
  const auto judge = [&](TakenApart parts, std::string names) {
    parts.footer->signature =
        *signer.Sign(SegmentFooterSignedMessage(start.genesis, *parts.footer));
    ArchiveFiles changed = files_;
    changed[kSecond] = PutTogether(parts);
    const auto report = VerifyForged(changed);
    // The next segment names the footer that was there.
    EXPECT_EQ(Misjudged(report, kSecond, names + " chain-broken"), "");
  };
  TakenApart parts = sound;
  ++parts.footer->block_count;
  judge(parts, "seal-invalid");
  parts = sound;
  ++parts.footer->content_size_bytes;
  judge(parts, "seal-invalid");
  parts = sound;
  ++parts.footer->epoch;
  judge(parts, "seal-invalid epoch-gap");
  parts = sound;
  parts.footer->next_key.bytes[0] ^= 1;
  judge(parts, "seal-invalid epoch-key-mismatch");
  parts = sound;
  ++parts.footer->seal_time.value;
  judge(parts, "seal-invalid");
  parts = sound;
  parts.footer->previous.bytes[0] ^= 1;
  judge(parts, "");
  parts = sound;
  parts.footer->start = CompactRange::FromLeaves(
      0, std::vector<Hash>(parts.footer->first_record));
  judge(parts, "seal-invalid");
  // Marks that do not follow, in a header that is signed and sealed anew.
  parts = sound;
  Relink(start, &signer, parts);
  parts.blocks[0].header.marks = {{0, 1, RecordMark::kUnparsed}};
  parts.blocks[0].header.signature = *signer.Sign(
      BlockHeaderSignedMessage(start.genesis, parts.blocks[0].header));
  judge(parts, "header-invalid");
}

}  // namespace
}  // namespace authseal
