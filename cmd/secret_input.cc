#include "cmd/secret_input.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <utility>

#include "cmd/key_options.h"
#include "cmd/terminal_question.h"
#include "lib/archive/key_files.h"

namespace authseal {

namespace {

constexpr std::string_view kDescriptorWords[] = {"fd:", "/dev/fd/"};
constexpr std::string_view kCredentialWord = "credential:";
constexpr std::size_t kPassphraseSizeBytesMax = 1024;
constexpr std::uint32_t kGroupRead = 0040;

Error TooLarge(const std::string& source) {
  return {ErrorCode::kKey, source + " is too large for what it should be",
          "name the file with the key or the passphrase"};
}

// The first `size_bytes` of `secret`, in memory of their own.
Secret FirstBytes(const Secret& secret, std::size_t size_bytes) {
  Secret first(size_bytes);
  std::copy_n(secret.view().begin(), size_bytes, first.span().begin());
  return first;
}

Result<Secret> ReadDescriptor(int descriptor, const std::string& source,
                              std::size_t limit_bytes) {
  Secret buffer(limit_bytes + 1);
  std::size_t size_bytes = 0;
  while (size_bytes < buffer.view().size()) {
    const ssize_t count = ::read(descriptor, buffer.span().data() + size_bytes,
                                 buffer.view().size() - size_bytes);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return Error{ErrorCode::kKey,
                   "cannot read " + source + ": " + std::strerror(errno),
                   "open it for reading, as in 'authseal … 3<FILE'"};
    }
    if (count == 0) {
      return FirstBytes(buffer, size_bytes);
    }
    size_bytes += static_cast<std::size_t>(count);
  }
  return TooLarge(source);
}

Result<Secret> ReadNumberedDescriptor(std::string_view number,
                                      const std::string& source,
                                      std::size_t limit_bytes) {
  int descriptor = -1;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), descriptor);
  if (error != std::errc() || end != number.data() + number.size() ||
      descriptor < 0) {
    return Error{ErrorCode::kInvalidArgument,
                 source + " names no file descriptor",
                 "write its number, as in fd:3"};
  }
  auto secret = ReadDescriptor(descriptor, source, limit_bytes);
  if (descriptor > STDERR_FILENO) {
    ::close(descriptor);
  }
  return secret;
}

Result<Secret> ReadCredential(Context& context, const std::string& name,
                              std::size_t limit_bytes) {
  const auto path = context.environment("CREDENTIALS_DIRECTORY");
  if (!path.has_value()) {
    return Error{ErrorCode::kKey,
                 "credential:" + name + ": $CREDENTIALS_DIRECTORY is not set",
                 "run it as a service with LoadCredential=, or name a file"};
  }
  TRY_ASSIGN(const auto directory, context.file_system.OpenDirectory(*path));
  auto file = directory->OpenRead(name);
  if (!file.has_value()) {
    return Error{ErrorCode::kKey, std::move(file).error().With(*path).message,
                 "name the credential in the service's LoadCredential="};
  }
  TRY_ASSIGN(FileInfo info, (*file)->Info());
  // The service manager lets another user than root read through an access
  // list, and that shows as a bit of the group.
  if (info.owner_uid == 0) {
    info.mode &= ~kGroupRead;
  }
  TRY(CheckKeptPrivate(info, *path + "/" + name, "400"));
  if (info.size_bytes > limit_bytes) {
    return TooLarge(*path + "/" + name);
  }
  Secret secret(static_cast<std::size_t>(info.size_bytes));
  TRY_ASSIGN(const std::size_t count, (*file)->ReadAt(0, secret.span()));
  return FirstBytes(secret, count);
}

Result<Secret> ReadFile(Context& context, const std::string& path,
                        std::size_t limit_bytes) {
  const FilePlace place = PlaceOf(path);
  auto directory = context.file_system.OpenDirectory(place.directory);
  if (!directory.has_value()) {
    return std::move(directory).error().With(path);
  }
  TRY_ASSIGN(auto secret, ReadPrivateFile(**directory, place.directory,
                                          place.name, limit_bytes));
  if (!secret.has_value()) {
    return Error{ErrorCode::kKey, path + " is not there",
                 "name the file with the key or the passphrase"};
  }
  return *std::move(secret);
}

Result<Secret> CheckPassphrase(Secret text, std::string_view where) {
  const Bytes bytes = text.view();
  const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{'\n'});
  const auto size_bytes = static_cast<std::size_t>(end - bytes.begin());
  if (size_bytes == 0) {
    return Error{ErrorCode::kKey, "the passphrase is empty",
                 "write it on the first line of " + std::string(where)};
  }
  return FirstBytes(text, size_bytes);
}

Result<Secret> AskPassphrase(Context& context, std::string_view question) {
  TRY_ASSIGN(auto answer,
             AskTerminal(question, kPassphraseSizeBytesMax, context.stop));
  if (!answer.has_value()) {
    return Error{ErrorCode::kKey,
                 "the identity key needs its passphrase, and there is no "
                 "terminal to ask on",
                 "give it with --passphrase-file FILE or fd:N"};
  }
  return CheckPassphrase(*std::move(answer), "the terminal");
}

}  // namespace

FilePlace PlaceOf(const std::string& path) {
  const std::string resolved = AbsolutePath(path);
  const std::size_t slash = resolved.rfind('/');
  if (slash == std::string::npos) {
    return {".", resolved};
  }
  return {slash == 0 ? "/" : resolved.substr(0, slash),
          resolved.substr(slash + 1)};
}

Result<Secret> ReadSecret(Context& context, const std::string& source,
                          std::size_t limit_bytes) {
  if (source == "-") {
    return ReadDescriptor(context.input_fd, "standard input", limit_bytes);
  }
  for (const std::string_view word : kDescriptorWords) {
    if (source.starts_with(word)) {
      return ReadNumberedDescriptor(
          std::string_view(source).substr(word.size()), source, limit_bytes);
    }
  }
  if (source.starts_with(kCredentialWord)) {
    return ReadCredential(context, source.substr(kCredentialWord.size()),
                          limit_bytes);
  }
  return ReadFile(context, source, limit_bytes);
}

Result<Secret> ReadPassphrase(Context& context, const std::string& source,
                              std::string_view question) {
  if (source.empty()) {
    return AskPassphrase(context, question);
  }
  TRY_ASSIGN(Secret text,
             ReadSecret(context, source, kPassphraseSizeBytesMax + 1));
  return CheckPassphrase(std::move(text), source);
}

Result<Secret> ReadNewPassphrase(Context& context, const std::string& source) {
  if (!source.empty()) {
    return ReadPassphrase(context, source, {});
  }
  TRY_ASSIGN(Secret first, AskPassphrase(context, "New passphrase: "));
  TRY_ASSIGN(const Secret second, AskPassphrase(context, "The same again: "));
  if (!std::equal(first.view().begin(), first.view().end(),
                  second.view().begin(), second.view().end())) {
    return Error{ErrorCode::kKey, "the two passphrases differ",
                 "nothing was changed; try again"};
  }
  return first;
}

}  // namespace authseal
