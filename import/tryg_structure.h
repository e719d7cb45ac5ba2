#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace eddy::tryg {

/// Hears how many stored bytes of the file that is being read were read; 0 when one begins.
using ReadProgress = std::function<void(std::uint64_t bytes)>;

/// A conversation or a session, as published.
struct Interaction {
  bool is_call = false;
  std::uint32_t id = 0;

  friend bool operator==(const Interaction&, const Interaction&) = default;
};

/// One purchase event.
struct PurchaseEvent {
  std::uint32_t id = 0;
  std::size_t user = 0;            ///< index into Structure::users
  std::vector<Interaction> fresh;  ///< those that no earlier purchase of the user lists, in their order
  std::size_t earlier = 0;         ///< how many interactions the user's earlier purchases list
  std::uint32_t first_number = 1;  ///< event_number of the first that it lists
  std::size_t listed_earlier = 0;  ///< how many of those this one lists again
  /// Whether it leaves out some of the latest `history` earlier ones for which its list has room.
  [[nodiscard]] bool leaves_out_of(std::size_t history) const;
  std::vector<std::uint32_t> items;     ///< as published: sorted, unique, never empty
  std::vector<std::uint32_t> sellable;  ///< from the post-filter; sorted, unique
};

/// Who bought what after which interactions. Published ids of purchases ascend in time.
struct Structure {
  std::vector<std::string> users;        ///< in the order of their first rows
  std::vector<PurchaseEvent> purchases;  ///< by id

  /// Numbers of interactions in the order of purchases and, before one, of its fresh ones, from 0.
  [[nodiscard]] std::size_t interactions() const { return interactions_.size(); }
  /// The number of an interaction; nothing for one that no purchase lists.
  [[nodiscard]] std::optional<std::uint32_t> number_of(Interaction interaction) const;

  /// Counts the interactions anew, after purchases were added or left out.
  void number_interactions();

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> interactions_;
};

/// Reads users and purchases. Error (user's), with file, line and column: a field that is not as published; a
/// purchase or interaction of two users, or one that is listed twice; a purchase without items or users.
Result<Structure> read_structure(const std::filesystem::path& users, const std::filesystem::path& purchases,
                                 const ReadProgress& progress = {});

/// Adds what could be sold. Returns how many rows name a purchase that is not in the structure, where that is
/// allowed. Error (user's), with its place: such a row, where it is not; a purchase without any row,
/// likewise.
Result<std::uint64_t> read_post_filter(const std::filesystem::path& file, bool allow_missing,
                                       Structure& structure, const ReadProgress& progress = {});

}  // namespace eddy::tryg
