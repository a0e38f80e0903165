// The example of the signed-note specification, and one of Go's own tests.
#ifndef AUTHSEAL_TESTS_UNIT_NOTE_KNOWN_NOTE_H_
#define AUTHSEAL_TESTS_UNIT_NOTE_KNOWN_NOTE_H_

#include <string>
#include <string_view>

namespace authseal {

inline constexpr std::string_view kSpecKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
inline constexpr std::string_view kSpecText = "This is an example message.\n";
inline constexpr std::string_view kSpecLine =
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E"
    "RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

inline constexpr std::string_view kGoSigningKey =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+"
    "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
inline constexpr std::string_view kGoKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
inline constexpr std::string_view kGoText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
inline constexpr std::string_view kGoLine =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2p"
    "ZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

inline std::string Note(std::string_view text, std::string_view lines) {
  return std::string(text) + "\n" + std::string(lines);
}

}  // namespace authseal

#endif  // AUTHSEAL_TESTS_UNIT_NOTE_KNOWN_NOTE_H_
