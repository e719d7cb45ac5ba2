#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eddy {

/// What identifies a person in free text.
enum class PiiKind : std::uint8_t {
  kEmail,
  kPhone,        ///< 7 to 15 digits, grouped as people write them; also any other number of that length
  kCard,         ///< payment cards: 13 to 19 digits with a valid check digit (Luhn)
  kIban,         ///< a known country's length, and the check digits (mod 97)
  kNationalId,   ///< ten digits that begin with a birthday (Danish CPR, Swedish personnummer), US 3-2-4
  kCredentials,  ///< name and password in a URL
};
inline constexpr std::size_t kPiiKinds = 6;

/// The name as an option and as the token that replaces it: "email" → <email>.
[[nodiscard]] std::string_view name_of(PiiKind kind) noexcept;

/// Finds personal data in text and replaces it by tokens such as <email>. One pass, linear time. It goes by
/// the shape of what is written: names, and numbers that are spelled out in words, are not found.
class PiiScanner {
 public:
  /// `kinds` has a bit for each PiiKind to look for.
  explicit PiiScanner(std::uint32_t kinds = (1U << kPiiKinds) - 1) : kinds_(kinds) {}

  /// Cleans `text` in place; false if nothing was found, as in most texts, at the cost of a look at each
  /// byte.
  bool redact(std::string& text);

  /// How often each kind was found since the scanner was made.
  [[nodiscard]] const std::array<std::uint64_t, kPiiKinds>& found() const { return found_; }

 private:
  [[nodiscard]] bool wants(PiiKind kind) const { return (kinds_ & (1U << static_cast<unsigned>(kind))) != 0; }
  std::size_t step(std::string_view text, std::size_t at);
  std::size_t replace(PiiKind kind, std::size_t end);

  const std::uint32_t kinds_;
  std::array<std::uint64_t, kPiiKinds> found_{};
  std::string clean_;         // the text so far, with tokens; its memory is reused
  std::size_t word_end_ = 0;  // up to here the text was seen to belong to no e-mail address
};

}  // namespace eddy
