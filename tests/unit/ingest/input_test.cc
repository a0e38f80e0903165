// Opening, decompressing, resuming and following inputs.
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "lib/compress/zstd_frame.h"
#include "lib/crypto/sha256.h"
#include "lib/ingest/decoded_stream.h"
#include "lib/ingest/followed_file.h"
#include "lib/ingest/source_opening.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ingest/memory_inputs.h"

namespace authseal {
namespace {

using ::testing::HasSubstr;
constexpr std::chrono::milliseconds kNoWait{0};
using State = InputRead::State;

// Reads until nothing more comes now.
struct ReadAll {
  std::string bytes;
  State state = State::kBytes;
  std::optional<Error> error;

  explicit ReadAll(InputStream& stream) {
    ByteVector buffer(1000);
    while (state == State::kBytes) {
      auto read = stream.Read(buffer, kNoWait);
      if (!read) {
        error = read.error();
        return;
      }
      state = read->state;
      bytes += AsText(Bytes(buffer).first(read->size_bytes));
    }
  }
};

std::string Gzip(std::string_view text) {
  z_stream stream = {};
  EXPECT_EQ(
      deflateInit2(&stream, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY),
      Z_OK);
  std::string out(text.size() + 1000, '\0');
  std::string in(text);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(std::string_view text) {
  FrameCompressor compressor;
  ByteVector frame;
  EXPECT_TRUE(compressor.Compress(AsBytes(text), frame));
  return std::string(AsText(frame));
}

std::string LongText() {
  std::string text;
  for (int i = 0; i < 30'000; ++i) {
    text += "{\"n\":" + std::to_string(i * 7919 % 30'011) + "}\n";
  }
  return text;
}

class DecodedStreamTest : public ::testing::Test {
 protected:
  ReadAll Decode(std::string content, std::size_t read_size_max = SIZE_MAX) {
    inputs_.AddPipe("in", std::move(content)).read_size_max = read_size_max;
    DecodedStream stream(*inputs_.Open("in"), "in");
    return ReadAll(stream);
  }
  MemoryInputs inputs_;
};

TEST_F(DecodedStreamTest, GivesPlainBytesAsTheyAre) {
  for (const std::string& text :
       {std::string(), std::string("{}\n"), std::string("("),
        std::string("\x1F\x8B"), std::string("PQ"), LongText()}) {
    for (const std::size_t size : {std::size_t{1}, SIZE_MAX}) {
      const ReadAll read = Decode(text, size);
      EXPECT_EQ(read.bytes, text);
      EXPECT_EQ(read.state, State::kEnd);
    }
  }
}

TEST_F(DecodedStreamTest, DecompressesWhateverThePieces) {
  const std::string text = LongText();
  const std::string skippable("\x50\x2A\x4D\x18\x01\0\0\0x", 9);
  for (const std::string& stored :
       {Gzip(text), Gzip(text.substr(0, 100)) + Gzip(text.substr(100)),
        Zstd(text), Zstd(text.substr(0, 100)) + Zstd(text.substr(100)),
        skippable + Zstd(text)}) {
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{1000}, SIZE_MAX}) {
      const ReadAll read = Decode(stored, size);
      EXPECT_FALSE(read.error.has_value());
      EXPECT_TRUE(read.bytes == text);
      EXPECT_EQ(read.state, State::kEnd);
    }
  }
}

TEST_F(DecodedStreamTest, SaysThatCompressedBytesAreCutOrDamaged) {
  const std::string text = LongText();
  for (const std::string& stored : {Gzip(text), Zstd(text)}) {
    const ReadAll cut = Decode(stored.substr(0, stored.size() - 3));
    ASSERT_TRUE(cut.error.has_value());
    // Not kDamaged: the archive is whole.
    EXPECT_EQ(cut.error->code, ErrorCode::kIo);
    EXPECT_THAT(cut.error->message, HasSubstr("in"));
    std::string damaged = stored;
    damaged[stored.size() / 2] = static_cast<char>(
        static_cast<unsigned char>(damaged[stored.size() / 2]) ^ 0x55);
    EXPECT_TRUE(Decode(damaged).error.has_value());
    EXPECT_TRUE(Decode(stored + "tail").error.has_value());
  }
}

TEST_F(DecodedStreamTest, DoesNotHoldAShortLineBack) {
  inputs_.AddPipe("in", "{}\n").has_more = [](std::size_t offset) {
    return offset < 3;
  };
  DecodedStream stream(*inputs_.Open("in"), "in");
  const ReadAll read(stream);
  EXPECT_EQ(read.bytes, "{}\n");
  EXPECT_EQ(read.state, State::kIdle);
}

TEST_F(DecodedStreamTest, WaitsForAMagicThatMayStillCome) {
  const std::string stored = Gzip("x\n");
  std::size_t there = 1;
  inputs_.AddPipe("in", stored).has_more = [&](std::size_t offset) {
    return offset < there;
  };
  inputs_.Find("in").read_size_max = 1;
  DecodedStream stream(*inputs_.Open("in"), "in");
  EXPECT_EQ(ReadAll(stream).bytes, "");
  there = stored.size() + 1;
  EXPECT_EQ(ReadAll(stream).bytes, "x\n");
}

SourcePosition PositionAt(std::string_view text, std::size_t end) {
  const std::size_t probe = std::min<std::size_t>(end, 4096);
  return {.end_bytes = end,
          .head_hash = Sha256Of(AsBytes(text.substr(0, probe))),
          .tail_hash = Sha256Of(AsBytes(text.substr(end - probe, probe)))};
}

class SourceOpeningTest : public ::testing::Test {
 protected:
  Result<OpenedSource> Open(const std::string& path,
                            std::optional<SourcePosition> position,
                            bool follow = false) {
    return OpenSource(inputs_, {.path = path, .name = path}, position, follow,
                      [this] { return stop_; });
  }
  MemoryInputs inputs_;
  bool stop_ = false;
};

TEST_F(SourceOpeningTest, ResumesFilesAndPipesPlainAndCompressed) {
  const std::string text = LongText();
  inputs_.Add("plain", text);
  inputs_.Add("gz", Gzip(text));
  inputs_.Add("zst", Zstd(text));
  inputs_.AddPipe("pipe", text).read_size_max = 777;
  inputs_.AddPipe("gz-pipe", Gzip(text)).read_size_max = 777;
  for (const char* path : {"plain", "gz", "zst", "pipe", "gz-pipe"}) {
    for (const std::size_t end :
         {std::size_t{1}, std::size_t{4095}, std::size_t{4096},
          std::size_t{4097}, std::size_t{200'000}, text.size()}) {
      auto opened = Open(path, PositionAt(text, end));
      ASSERT_TRUE(opened.has_value());
      EXPECT_EQ(opened->offset_bytes, end) << path;
      EXPECT_FALSE(opened->restarted);
      const std::size_t probe = std::min<std::size_t>(end, 4096);
      EXPECT_EQ(AsText(opened->look_back), text.substr(end - probe, probe));
      EXPECT_TRUE(ReadAll(*opened->stream).bytes == text.substr(end)) << path;
    }
  }
}

TEST_F(SourceOpeningTest, BeginsAnewWhereTheBytesDiffer) {
  const std::string text = LongText();
  std::string head = text;
  head[4095] = '#';
  std::string tail = text;
  tail[200'000 - 1] = '#';
  const SourcePosition position = PositionAt(text, 200'000);
  for (const std::string& other : {head, tail, text.substr(0, 199'999)}) {
    inputs_.Add("plain", other);
    inputs_.Add("gz", Gzip(other));
    inputs_.AddPipe("pipe", other).read_size_max = 777;
    for (const char* path : {"plain", "gz", "pipe"}) {
      auto opened = Open(path, position);
      ASSERT_TRUE(opened.has_value());
      EXPECT_TRUE(opened->restarted);
      EXPECT_EQ(opened->offset_bytes, 0u);
      EXPECT_TRUE(ReadAll(*opened->stream).bytes == other) << path;
    }
  }
}

TEST_F(SourceOpeningTest, RefusesAPipeThatDiffersTooLate) {
  std::string text(20u << 20, 'x');
  const SourcePosition position = PositionAt(text, text.size());
  text[text.size() - 1] = '#';
  inputs_.AddPipe("pipe", text);
  const auto opened = Open("pipe", position);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(SourceOpeningTest, StopsWhileItSkips) {
  const std::string text = LongText();
  inputs_.AddPipe("pipe", text).has_more = [&](std::size_t offset) {
    stop_ = offset >= 4096;
    return !stop_;
  };
  const auto opened = Open("pipe", PositionAt(text, text.size()));
  ASSERT_TRUE(opened.has_value());
  EXPECT_TRUE(opened->stopped);
}

TEST_F(SourceOpeningTest, FollowsPlainFilesOnly) {
  inputs_.Add("plain", "x\n");
  inputs_.Add("gz", Gzip("x\n"));
  inputs_.AddPipe("pipe", "x\n");
  EXPECT_TRUE(Open("plain", {}, true)->live);
  EXPECT_FALSE(Open("gz", {}, true).has_value());
  EXPECT_FALSE(Open("pipe", {}, true).has_value());
}

class FollowedFileTest : public ::testing::Test {
 protected:
  void Append(std::string_view text) {
    std::ofstream(path_, std::ios::app) << text;
  }
  void Write(std::string_view text) {  // keeps the inode
    std::ofstream(path_, std::ios::trunc) << text;
  }
  FollowedFile Follow() {
    return {*inputs_, path_, *inputs_->Open(path_), 0, {}};
  }

  TemporaryDirectory directory_;
  std::string path_ = directory_.PathOf("log");
  std::unique_ptr<InputFiles> inputs_ = MakePosixInputFiles(0);
};

TEST_F(FollowedFileTest, GivesWhatIsAppended) {
  Append("a\n");
  FollowedFile file = Follow();
  EXPECT_EQ(ReadAll(file).bytes, "a\n");
  Append("b");
  Append("c\n");
  const ReadAll more(file);
  EXPECT_EQ(more.bytes, "bc\n");
  EXPECT_EQ(more.state, State::kIdle);
}

TEST_F(FollowedFileTest, FinishesTheRenamedFileBeforeTheNewOne) {
  Append("a\n");
  FollowedFile file = Follow();
  EXPECT_EQ(ReadAll(file).bytes, "a\n");
  const std::string old = directory_.PathOf("log.1");
  ASSERT_EQ(std::rename(path_.c_str(), old.c_str()), 0);
  EXPECT_EQ(ReadAll(file).state, State::kIdle);  // nothing has its name yet
  Append("new\n");
  EXPECT_EQ(ReadAll(file).state, State::kIdle);
  std::ofstream(old, std::ios::app) << "late\n";
  EXPECT_EQ(ReadAll(file).bytes, "late\n");
  State state = State::kIdle;
  for (int look = 0; look < 10 && state == State::kIdle; ++look) {
    state = ReadAll(file).state;
  }
  EXPECT_EQ(state, State::kNewFile);
  EXPECT_FALSE(file.restarted());
  EXPECT_EQ(ReadAll(file).bytes, "new\n");
}

TEST_F(FollowedFileTest, BeginsAnewWhenTheFileIsCut) {
  Append("first\nsecond\n");
  FollowedFile file = Follow();
  EXPECT_EQ(ReadAll(file).bytes, "first\nsecond\n");
  Write("new\n");
  EXPECT_EQ(ReadAll(file).state, State::kNewFile);
  EXPECT_TRUE(file.restarted());
  EXPECT_EQ(ReadAll(file).bytes, "new\n");
}

TEST_F(FollowedFileTest, SeesThatTheFileWasCutAndHasGrownAgain) {
  Append("first\n");
  FollowedFile file = Follow();
  EXPECT_EQ(ReadAll(file).bytes, "first\n");
  Write("another first line\nand a second\n");
  EXPECT_EQ(ReadAll(file).state, State::kNewFile);
  EXPECT_EQ(ReadAll(file).bytes, "another first line\nand a second\n");
}

TEST_F(FollowedFileTest, WaitsForAFileThatWasRemoved) {
  Append("a\n");
  FollowedFile file = Follow();
  EXPECT_EQ(ReadAll(file).bytes, "a\n");
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  for (int look = 0; look < 10; ++look) {
    EXPECT_EQ(ReadAll(file).state, State::kIdle);
  }
}

class PosixInputTest : public ::testing::Test {
 protected:
  TemporaryDirectory directory_;
};

TEST_F(PosixInputTest, ReadsAPipeAsItComes) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto inputs = MakePosixInputFiles(ends[0]);
  auto file = inputs->Open("-");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(ReadAll(**file).state, State::kIdle);
  ASSERT_EQ(::write(ends[1], "ab", 2), 2);
  const ReadAll some(**file);
  EXPECT_EQ(some.bytes, "ab");
  EXPECT_EQ(some.state, State::kIdle);
  ::close(ends[1]);
  EXPECT_EQ(ReadAll(**file).state, State::kEnd);
  ::close(ends[0]);
}

TEST_F(PosixInputTest, OpensAFifoNobodyWritesYet) {
  const std::string path = directory_.PathOf("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const auto inputs = MakePosixInputFiles(0);
  auto file = inputs->Open(path);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(ReadAll(**file).state, State::kIdle);
  const int writer = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  ASSERT_EQ(::write(writer, "x", 1), 1);
  ::close(writer);
  const ReadAll read(**file);
  EXPECT_EQ(read.bytes, "x");
  EXPECT_EQ(read.state, State::kEnd);
}

TEST_F(PosixInputTest, RefusesDirectoriesAndMissesWhatIsNotThere) {
  const auto inputs = MakePosixInputFiles(0);
  EXPECT_EQ(inputs->Open(directory_.path()).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(inputs->Open(directory_.PathOf("no")).error().code,
            ErrorCode::kNotFound);
  EXPECT_FALSE(inputs->Look(directory_.PathOf("no"))->has_value());
  EXPECT_TRUE((*inputs->Look(directory_.path()))->is_directory);
}

TEST_F(PosixInputTest, FollowsALink) {
  std::ofstream(directory_.PathOf("real")) << "x\n";
  const std::string link = directory_.PathOf("link");
  ASSERT_EQ(::symlink("real", link.c_str()), 0);
  auto file = MakePosixInputFiles(0)->Open(link);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(ReadAll(**file).bytes, "x\n");
}

}  // namespace
}  // namespace authseal
