#pragma once

#include <span>
#include <string_view>

#include "simulate/need_model.h"

/// The raw material of simulated calls. In a pattern, "#" is a slot for a word and "@" one for a name.
namespace eddy::phrases {

[[nodiscard]] std::span<const std::string_view> greetings();
[[nodiscard]] std::span<const std::string_view> farewells();
[[nodiscard]] std::span<const std::string_view> agent_patterns();
[[nodiscard]] std::span<const std::string_view> customer_patterns();
/// Space-separated words; none of them is in another list.
[[nodiscard]] std::string_view product_words(ItemIndex item);
[[nodiscard]] std::string_view general_words();

}  // namespace eddy::phrases
