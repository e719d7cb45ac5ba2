#include "state/profile/profile_codec.h"

#include <protozero/exception.hpp>

namespace {

/// A field whose type on the wire is not that of profile.proto.
struct WrongWireType final : protozero::exception {
  const char* what() const noexcept override { return "a field has another type than it should"; }
};

}  // namespace

// Damaged bytes are the world's fault, not a programmer's: protozero lets its users turn its assertions to
// exceptions.
// NOLINTNEXTLINE(readability-identifier-naming): the name is protozero's
#define protozero_assert(condition)          \
  do {                                       \
    if (!(condition)) throw WrongWireType(); \
  } while (false)
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>

namespace eddy {
namespace {

// The fields of profile.proto.
enum class ActionField : protozero::pbf_tag_type { kTimeDelta = 1, kTags = 2 };
enum class SessionField : protozero::pbf_tag_type { kId = 1, kActions = 2 };
enum class UtteranceField : protozero::pbf_tag_type {
  kSeqDelta = 1,
  kTimeDelta = 2,
  kIsPartial = 3,
  kIsAgent = 4,
  kWords = 5,
  kKeywords = 6
};
enum class EmbeddingField : protozero::pbf_tag_type { kEncoder = 1, kSum = 2, kSeqs = 3, kFirstTime = 4 };
enum class CallField : protozero::pbf_tag_type {
  kId = 1,
  kStarted = 2,
  kEnded = 3,
  kUtterances = 4,
  kEmbedding = 5
};
enum class PurchaseField : protozero::pbf_tag_type { kId = 1, kTime = 2, kItems = 3 };
enum class PortfolioField : protozero::pbf_tag_type { kTime = 1, kItems = 2 };
enum class IdentityField : protozero::pbf_tag_type { kTime = 1, kUser = 2 };
enum class ProfileField : protozero::pbf_tag_type {
  kSchemaVersion = 1,
  kSessions = 2,
  kCalls = 3,
  kPurchases = 4,
  kPortfolio = 5,
  kIdentifiedAs = 6,
  kForgottenBefore = 7
};

template <class Field>
using Builder = protozero::pbf_builder<Field>;
template <class Field>
using Message = protozero::pbf_message<Field>;

void encode(const SessionFacts& session, Builder<SessionField> out) {
  if (!session.id.value().empty()) out.add_string(SessionField::kId, session.id.value());
  std::int64_t before = 0;
  for (const ActionFact& action : session.actions) {
    Builder<ActionField> stored(out, SessionField::kActions);
    stored.add_sint64(ActionField::kTimeDelta, action.time.milliseconds - before);
    before = action.time.milliseconds;
    for (const std::string_view tag : action.tags)
      stored.add_string(ActionField::kTags, tag.data(), tag.size());
  }
}

void encode(const UtteranceFact& utterance, std::uint32_t seq_before, std::int64_t time_before,
            Builder<UtteranceField> out) {
  if (utterance.seq != seq_before) out.add_uint32(UtteranceField::kSeqDelta, utterance.seq - seq_before);
  out.add_sint64(UtteranceField::kTimeDelta, utterance.time.milliseconds - time_before);
  if (!utterance.is_final) out.add_bool(UtteranceField::kIsPartial, true);
  if (utterance.speaker == Speaker::kAgent) out.add_bool(UtteranceField::kIsAgent, true);
  out.add_packed_uint32(UtteranceField::kWords, utterance.words.begin(), utterance.words.end());
  for (const std::string_view keyword : utterance.keywords) {
    out.add_string(UtteranceField::kKeywords, keyword.data(), keyword.size());
  }
}

void encode(const CallFacts& call, Builder<CallField> out) {
  out.add_string(CallField::kId, call.id.value());
  if (call.started) out.add_sint64(CallField::kStarted, call.started->milliseconds);
  if (call.ended) out.add_sint64(CallField::kEnded, call.ended->milliseconds);
  std::uint32_t seq = 0;
  std::int64_t time = 0;
  for (const UtteranceFact& utterance : call.utterances) {
    encode(utterance, seq, time, Builder<UtteranceField>(out, CallField::kUtterances));
    seq = utterance.seq;
    time = utterance.time.milliseconds;
  }
  if (call.embedding) {
    Builder<EmbeddingField> stored(out, CallField::kEmbedding);
    stored.add_string(EmbeddingField::kEncoder, call.embedding->encoder);
    stored.add_packed_sint64(EmbeddingField::kSum, call.embedding->sum.begin(), call.embedding->sum.end());
    stored.add_packed_uint32(EmbeddingField::kSeqs, call.embedding->seqs.begin(), call.embedding->seqs.end());
    stored.add_sint64(EmbeddingField::kFirstTime, call.embedding_time.milliseconds);
  }
}

template <class Field, class Out>
void encode_items(const std::vector<ItemId>& items, Field field, Out& out) {
  for (const ItemId& item : items) out.add_string(field, item.value());
}

/// Bytes from outside may hold any delta: the sum wraps instead of overflowing.
std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

std::string_view view(const protozero::data_view& data) {
  return {data.data(), data.size()};
}

ActionFact decode_action(Message<ActionField> in, std::int64_t& time) {
  ActionFact action;
  while (in.next()) {
    switch (in.tag()) {
      case ActionField::kTimeDelta:
        time = sum_of(time, in.get_sint64());
        break;
      case ActionField::kTags:
        action.tags.insert(view(in.get_view()));
        break;
      default:
        in.skip();
    }
  }
  action.time.milliseconds = time;
  return action;
}

SessionFacts decode_session(Message<SessionField> in) {
  SessionFacts session;
  std::int64_t time = 0;
  while (in.next()) {
    switch (in.tag()) {
      case SessionField::kId:
        session.id = SessionId(in.get_string());
        break;
      case SessionField::kActions:
        session.actions.push_back(decode_action(Message<ActionField>(in.get_message()), time));
        break;
      default:
        in.skip();
    }
  }
  return session;
}

UtteranceFact decode_utterance(Message<UtteranceField> in, std::uint32_t seq, std::int64_t time) {
  UtteranceFact utterance;
  while (in.next()) {
    switch (in.tag()) {
      case UtteranceField::kSeqDelta:
        seq += in.get_uint32();
        break;
      case UtteranceField::kTimeDelta:
        time = sum_of(time, in.get_sint64());
        break;
      case UtteranceField::kIsPartial:
        utterance.is_final = !in.get_bool();
        break;
      case UtteranceField::kIsAgent:
        utterance.speaker = in.get_bool() ? Speaker::kAgent : Speaker::kCustomer;
        break;
      case UtteranceField::kWords: {
        const auto words = in.get_packed_uint32();
        std::vector<std::uint32_t> hashes;
        hashes.reserve(words.size());
        hashes.assign(words.begin(), words.end());
        utterance.set_words(std::move(hashes));
        break;
      }
      case UtteranceField::kKeywords:
        utterance.keywords.insert(view(in.get_view()));
        break;
      default:
        in.skip();
    }
  }
  utterance.seq = seq;
  utterance.time.milliseconds = time;
  return utterance;
}

void decode_embedding(Message<EmbeddingField> in, CallFacts& call) {
  EmbeddingSum& sum = call.embedding.emplace();
  while (in.next()) {
    switch (in.tag()) {
      case EmbeddingField::kEncoder:
        sum.encoder = in.get_string();
        break;
      case EmbeddingField::kSum: {
        const auto values = in.get_packed_sint64();
        sum.sum.assign(values.begin(), values.end());
        break;
      }
      case EmbeddingField::kSeqs: {
        const auto seqs = in.get_packed_uint32();
        sum.seqs.assign(seqs.begin(), seqs.end());
        break;
      }
      case EmbeddingField::kFirstTime:
        call.embedding_time.milliseconds = in.get_sint64();
        break;
      default:
        in.skip();
    }
  }
}

CallFacts decode_call(Message<CallField> in) {
  CallFacts call;
  while (in.next()) {
    switch (in.tag()) {
      case CallField::kId:
        call.id = CallId(in.get_string());
        break;
      case CallField::kStarted:
        call.started = EventTime{in.get_sint64()};
        break;
      case CallField::kEnded:
        call.ended = EventTime{in.get_sint64()};
        break;
      case CallField::kUtterances: {
        const bool is_first = call.utterances.empty();
        const std::uint32_t seq = is_first ? 0 : call.utterances.back().seq;
        const std::int64_t time = is_first ? 0 : call.utterances.back().time.milliseconds;
        call.utterances.push_back(decode_utterance(Message<UtteranceField>(in.get_message()), seq, time));
        break;
      }
      case CallField::kEmbedding:
        decode_embedding(Message<EmbeddingField>(in.get_message()), call);
        break;
      default:
        in.skip();
    }
  }
  return call;
}

PurchaseFact decode_purchase(Message<PurchaseField> in) {
  PurchaseFact purchase;
  while (in.next()) {
    switch (in.tag()) {
      case PurchaseField::kId:
        purchase.id = EventId(in.get_string());
        break;
      case PurchaseField::kTime:
        purchase.time.milliseconds = in.get_sint64();
        break;
      case PurchaseField::kItems:
        purchase.items.emplace_back(in.get_string());
        break;
      default:
        in.skip();
    }
  }
  return purchase;
}

PortfolioFact decode_portfolio(Message<PortfolioField> in) {
  PortfolioFact portfolio;
  while (in.next()) {
    switch (in.tag()) {
      case PortfolioField::kTime:
        portfolio.time.milliseconds = in.get_sint64();
        break;
      case PortfolioField::kItems:
        portfolio.items.emplace_back(in.get_string());
        break;
      default:
        in.skip();
    }
  }
  return portfolio;
}

IdentityFact decode_identity(Message<IdentityField> in) {
  IdentityFact identity;
  while (in.next()) {
    switch (in.tag()) {
      case IdentityField::kTime:
        identity.time.milliseconds = in.get_sint64();
        break;
      case IdentityField::kUser:
        identity.user = UserId(in.get_string());
        break;
      default:
        in.skip();
    }
  }
  return identity;
}

void decode_field(Message<ProfileField>& in, Facts& facts, std::uint32_t& version) {
  switch (in.tag()) {
    case ProfileField::kSchemaVersion:
      version = in.get_uint32();
      break;
    case ProfileField::kSessions:
      facts.sessions.push_back(decode_session(Message<SessionField>(in.get_message())));
      facts.sessions.back().revision = ++facts.last_revision;
      break;
    case ProfileField::kCalls:
      facts.calls.push_back(decode_call(Message<CallField>(in.get_message())));
      facts.calls.back().revision = ++facts.last_revision;
      break;
    case ProfileField::kPurchases:
      facts.purchases.push_back(decode_purchase(Message<PurchaseField>(in.get_message())));
      break;
    case ProfileField::kPortfolio:
      facts.portfolio = decode_portfolio(Message<PortfolioField>(in.get_message()));
      break;
    case ProfileField::kIdentifiedAs:
      facts.identified_as = decode_identity(Message<IdentityField>(in.get_message()));
      break;
    case ProfileField::kForgottenBefore:
      facts.forgotten_before = EventTime{in.get_sint64()};
      break;
    default:
      in.skip();
  }
}

Error unreadable(std::string what) {
  return {Fault::kExternal, Remedy::kStop, "stored profile cannot be read: " + std::move(what), {}};
}

}  // namespace

void encode_facts(const Facts& facts, std::string& out) {
  out.clear();
  Builder<ProfileField> stored(out);
  stored.add_uint32(ProfileField::kSchemaVersion, kProfileSchemaVersion);
  for (const SessionFacts& session : facts.sessions) {
    encode(session, Builder<SessionField>(stored, ProfileField::kSessions));
  }
  for (const CallFacts& call : facts.calls) encode(call, Builder<CallField>(stored, ProfileField::kCalls));
  for (const PurchaseFact& purchase : facts.purchases) {
    Builder<PurchaseField> builder(stored, ProfileField::kPurchases);
    builder.add_string(PurchaseField::kId, purchase.id.value());
    builder.add_sint64(PurchaseField::kTime, purchase.time.milliseconds);
    encode_items(purchase.items, PurchaseField::kItems, builder);
  }
  if (facts.portfolio) {
    Builder<PortfolioField> builder(stored, ProfileField::kPortfolio);
    builder.add_sint64(PortfolioField::kTime, facts.portfolio->time.milliseconds);
    encode_items(facts.portfolio->items, PortfolioField::kItems, builder);
  }
  if (facts.identified_as) {
    Builder<IdentityField> builder(stored, ProfileField::kIdentifiedAs);
    builder.add_sint64(IdentityField::kTime, facts.identified_as->time.milliseconds);
    builder.add_string(IdentityField::kUser, facts.identified_as->user.value());
  }
  if (facts.forgotten_before != EventTime::never()) {
    stored.add_sint64(ProfileField::kForgottenBefore, facts.forgotten_before.milliseconds);
  }
}

Result<Facts> decode_facts(std::string_view bytes) {
  try {  // protozero says by exception that bytes are no message
    Facts facts;
    std::uint32_t version = 0;
    Message<ProfileField> in(bytes.data(), bytes.size());
    while (in.next()) decode_field(in, facts, version);
    for (const SessionFacts& session : facts.sessions) {
      if (session.actions.empty()) return unreadable("a session without actions");
    }
    if (version == 0) return unreadable("no schema version");
    if (version > kProfileSchemaVersion) {
      return unreadable("schema version " + std::to_string(version) + " is newer than this program's " +
                        std::to_string(kProfileSchemaVersion) + "; run the newer program");
    }
    return facts;
  } catch (const protozero::exception& error) {
    return unreadable(error.what());
  }
}

}  // namespace eddy
