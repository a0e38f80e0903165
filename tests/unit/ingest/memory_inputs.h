// Inputs in memory: files that grow and pipes that pause, under the test's
// control.
#ifndef AUTHSEAL_TESTS_UNIT_INGEST_MEMORY_INPUTS_H_
#define AUTHSEAL_TESTS_UNIT_INGEST_MEMORY_INPUTS_H_

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/ingest/input_stream.h"

namespace authseal {

struct MemoryInput {
  std::string content;
  bool is_regular = true;
  bool is_directory = false;
  std::size_t read_size_max = SIZE_MAX;
  // Called before each read of a pipe; false: nothing there right now.
  std::function<bool(std::size_t offset)> has_more;
  std::size_t fail_at = SIZE_MAX;  // reading this byte fails
  std::uint64_t inode = 0;
};

class MemoryInputFile : public InputFile {
 public:
  explicit MemoryInputFile(const MemoryInput& input) : input_(input) {}

  Result<InputRead> Read(MutableBytes out,
                         std::chrono::milliseconds /*wait*/) override {
    if (input_.has_more && !input_.has_more(offset_)) {
      return InputRead{.state = InputRead::State::kIdle};
    }
    if (offset_ >= input_.fail_at) {
      return Error{ErrorCode::kIo, "injected read error"};
    }
    const std::size_t size =
        std::min({out.size(), input_.read_size_max,
                  input_.content.size() - offset_, input_.fail_at - offset_});
    if (size == 0) {
      return InputRead{.state = InputRead::State::kEnd};
    }
    std::memcpy(out.data(), input_.content.data() + offset_, size);
    offset_ += size;
    return InputRead{.state = InputRead::State::kBytes, .size_bytes = size};
  }

  Result<InputInfo> Info() const override {
    return InputInfo{.is_directory = input_.is_directory,
                     .is_regular = input_.is_regular,
                     .device = 1,
                     .inode = input_.inode,
                     .size_bytes = input_.content.size()};
  }

  Status Seek(std::uint64_t offset_bytes) override {
    if (!input_.is_regular) {
      return Error{ErrorCode::kIo, "a pipe cannot seek"};
    }
    offset_ =
        std::min(static_cast<std::size_t>(offset_bytes), input_.content.size());
    return Ok();
  }

 private:
  const MemoryInput& input_;
  std::size_t offset_ = 0;
};

class MemoryInputs : public InputFiles {
 public:
  MemoryInput& Add(const std::string& path, std::string content) {
    MemoryInput& input = inputs_[path];
    input.content = std::move(content);
    input.inode = inputs_.size();
    return input;
  }
  MemoryInput& AddPipe(const std::string& path, std::string content) {
    MemoryInput& input = Add(path, std::move(content));
    input.is_regular = false;
    return input;
  }

  MemoryInput& Find(const std::string& path) { return inputs_.at(path); }

  Result<std::unique_ptr<InputFile>> Open(const std::string& path) override {
    const auto found = inputs_.find(path);
    if (found == inputs_.end()) {
      return Error{ErrorCode::kNotFound, path + ": no such file"};
    }
    return std::unique_ptr<InputFile>(
        std::make_unique<MemoryInputFile>(found->second));
  }

  Result<std::optional<InputInfo>> Look(const std::string& path) override {
    if (!inputs_.contains(path)) {
      return std::optional<InputInfo>();
    }
    TRY_ASSIGN(const auto file, Open(path));
    TRY_ASSIGN(const InputInfo info, file->Info());
    return std::optional<InputInfo>(info);
  }

 private:
  std::map<std::string, MemoryInput> inputs_;
};

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_INGEST_MEMORY_INPUTS_H_
