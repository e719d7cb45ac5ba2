#include "simulate/web_contents.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace eddy {

namespace {

// 24 products × 8 facets and 12 areas × 9 verbs make the 300 tags.
constexpr std::array<std::string_view, published::kItems> kProducts = {
    "cottage",    "electronics", "boat",   "car",      "valuables", "bicycle", "contents", "accident",
    "dog",        "horse",       "dental", "roadside", "glass",     "driver",  "leasing",  "trailer",
    "motorcycle", "travel",      "ski",    "tenant",   "house",     "garden",  "farm",     "pension"};
constexpr std::array<std::string_view, 8> kFacets = {"cover",   "price", "claim",  "terms",
                                                     "compare", "form",  "extras", "discount"};
constexpr std::array<std::string_view, 12> kAreas = {"account", "payment", "documents", "contact",
                                                     "help",    "search",  "news",      "about",
                                                     "login",   "claims",  "profile",   "start"};
constexpr std::array<std::string_view, 9> kVerbs = {"open", "read", "edit",  "send", "list",
                                                    "find", "save", "print", "back"};
constexpr std::size_t kPagesOfAProduct = 14;
constexpr std::size_t kGeneralPages = 160;

std::string joined(std::string_view a, std::string_view b) {
  return std::string(a) + "-" + std::string(b);
}

std::string general_tag(Random& random) {
  return joined(kAreas[random.below(kAreas.size())], kVerbs[random.below(kVerbs.size())]);
}

std::string product_tag(ItemIndex product, Random& random) {
  return joined(kProducts[product], kFacets[random.below(kFacets.size())]);
}

}  // namespace

std::string_view product_name(ItemIndex item) {
  return kProducts[item];
}

WebContents::Site WebContents::make_site() {
  Random random(20240524);  // the site is the same whatever the seed of the users
  Site site;
  std::set<std::vector<std::string>> known;
  // A page of the tags that `tag` gives: drawn anew until no other page has them, so that tags tell pages
  // apart.
  const auto add_page = [&](std::optional<ItemIndex> topic, double weight, const auto& first_tag) {
    for (;;) {
      std::set<std::string> tags{first_tag()};
      const std::size_t count = 1 + random.below(4);
      while (tags.size() < count) {
        tags.insert(topic && random.chance(0.4) ? product_tag(*topic, random) : general_tag(random));
      }
      std::vector<std::string> page(tags.begin(), tags.end());
      if (!known.insert(page).second) continue;
      site.pages.push_back(std::move(page));
      site.outcomes.push_back({topic, weight});
      return;
    }
  };
  for (ItemIndex product = 0; product < published::kItems; ++product) {
    for (std::size_t page = 0; page < kPagesOfAProduct; ++page) {
      add_page(product, 1.0 / static_cast<double>(page + 3),
               [&] { return joined(kProducts[product], kFacets[page % kFacets.size()]); });
    }
  }
  for (std::size_t page = 0; page < kGeneralPages; ++page) {
    add_page(std::nullopt, 1.0 / static_cast<double>(page + 5), [&] {
      return joined(kAreas[page % kAreas.size()], kVerbs[page / kAreas.size() % kVerbs.size()]);
    });
  }
  return site;
}

WebContents::WebContents() : WebContents(make_site()) {}

WebContents::WebContents(Site site) : pages_(std::move(site.pages)), mixture_(site.outcomes, kShares) {}

}  // namespace eddy
