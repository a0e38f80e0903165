// Errors as values: Error, Result<T> and Status (= Result<void>).
//
// Names follow std::expected, so that Result can become an alias of it.
// An Error means "could not look" or "could not do"; evidence of damage is a
// Finding (lib/verify/finding.h), never an Error.
#ifndef AUTHSEAL_BASE_RESULT_H_
#define AUTHSEAL_BASE_RESULT_H_

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace authseal {

// What the caller can do about it; cmd/exit_status.h maps each to an exit
// status, so a new code needs a row there.
enum class ErrorCode {
  kInvalidArgument,  // usage or configuration: the caller must change the call
  kNotFound,         // the named thing does not exist
  kAlreadyExists,    // exclusive creation met an existing file
  kNotArchive,       // a path without archive.note, or one that is no archive
  kLocked,           // another writer holds the lock
  kKey,              // key missing, wrong, or readable by others
  kNewerVersion,     // format newer than this tool
  kDamaged,          // bytes contradict what is signed, or do not decode
  kIo,               // the operating system refused: EIO, ENOSPC, EACCES …
  kTemporary,        // may go through when tried again: EAGAIN, ENOMEM …
  kInternal,         // a bug of ours
};

// Stable kebab-case name, as in JSON errors ("code").
std::string_view ErrorCodeName(ErrorCode code);

struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;    // lower case, no full stop, says what was met
  std::string hint = {};  // what to do next; empty when there is nothing

  // Adds context in front: With("segment 000012") gives "segment 000012: …".
  Error With(std::string_view context) && {
    message.insert(0, std::string(context) + ": ");
    return std::move(*this);
  }
  Error WithHint(std::string_view text) && {
    hint = text;
    return std::move(*this);
  }
};

template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): return value; reads as one
  Result(T value) : state_(std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): return Error{…} reads as one
  Result(Error error) : state_(std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): return Error{…} reads as one
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  bool has_value() const { return ok_; }
  explicit operator bool() const { return ok_; }
  Error& error() & { return error_; }
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  Error error_;
  bool ok_ = true;
};

using Status = Result<void>;

inline Status Ok() {
  return {};
}

}  // namespace authseal

#define AUTHSEAL_CONCAT_INNER(a, b) a##b
#define AUTHSEAL_CONCAT(a, b) AUTHSEAL_CONCAT_INNER(a, b)

// TRY(expr): returns the error of a Status or Result from this function.
#define TRY(expr)                           \
  do {                                      \
    auto try_status = (expr);               \
    if (!try_status.has_value()) {          \
      return std::move(try_status).error(); \
    }                                       \
  } while (false)

// TRY_ASSIGN(auto x, expr): x takes the value, or this function returns the
// error.
#define TRY_ASSIGN(lhs, expr) \
  TRY_ASSIGN_INNER(AUTHSEAL_CONCAT(try_result_, __LINE__), lhs, expr)
#define TRY_ASSIGN_INNER(name, lhs, expr) \
  auto name = (expr);                     \
  if (!name.has_value()) {                \
    return std::move(name).error();       \
  }                                       \
  lhs = *std::move(name)

#endif  // AUTHSEAL_BASE_RESULT_H_
