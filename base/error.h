#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eddy {

/// Whose fault an error is.
enum class Fault : std::uint8_t {
  kUser,      ///< configuration or input that a person must mend
  kExternal,  ///< a broker, a disk, a network
  kInternal,  ///< a defect of Eddy
};

/// What the one who receives the error should do next.
enum class Remedy : std::uint8_t {
  kRetry,       ///< the same call may succeed later
  kDeadLetter,  ///< put the record aside and go on
  kRewind,      ///< what is not committed was given up: open the shard anew, and read on from its last commit
  kRelease,     ///< the shard is another process's now: drop what is not committed, and wait for the group
  kStop,        ///< stop the shard (or the process) with this one clear line
};

/// What failed, whose fault it is, what to do next, and where.
struct Error {
  Fault fault = Fault::kInternal;
  Remedy remedy = Remedy::kStop;
  std::string message;  ///< one line, for a person: what is wrong and what to do about it
  std::string where;    ///< operator, file:line or topic/partition/offset; may be empty
};

[[nodiscard]] Error user_error(std::string message, std::string where = {});
[[nodiscard]] Error external_error(std::string message, std::string where = {},
                                   Remedy remedy = Remedy::kStop);
[[nodiscard]] Error internal_error(std::string message, std::string where = {});

/// "where: message", or the message alone.
[[nodiscard]] std::string to_string(const Error& error);
[[nodiscard]] std::string_view to_string(Fault fault) noexcept;

}  // namespace eddy
