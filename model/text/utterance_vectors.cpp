#include "model/text/utterance_vectors.h"

#include <string_view>
#include <vector>

namespace eddy {

Result<std::size_t> add_vectors(std::span<Utterance* const> utterances, const TextEncoder& encoder) {
  std::vector<Utterance*> wanted;
  std::vector<std::string_view> texts;
  for (Utterance* said : utterances) {
    const bool has_it = !said->embedding.empty() && said->encoder == encoder.name();
    if (!said->is_final || said->text.empty() || has_it) continue;
    wanted.push_back(said);
    texts.emplace_back(said->text);
  }
  std::vector<float> vectors;
  EDDY_TRY(encoder.encode(texts, vectors));
  const float* vector = vectors.data();
  for (Utterance* said : wanted) {
    said->embedding.assign(vector, vector + encoder.width());
    said->encoder = encoder.name();
    vector += encoder.width();
  }
  return wanted.size();
}

}  // namespace eddy
