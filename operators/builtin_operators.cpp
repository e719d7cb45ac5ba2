#include "operators/builtin_operators.h"

#include "operators/decode/decode_operator.h"
#include "operators/encode/encode_operator.h"
#include "operators/fold/fold_operator.h"
#include "operators/publish/publish_operator.h"
#include "operators/redact/redact_operator.h"
#include "operators/refresh/refresh_factory.h"

namespace eddy {

Result<void> add_builtin_operators(OperatorRegistry& registry) {
  EDDY_TRY(registry.add("decode", make_decode_factory));
  EDDY_TRY(registry.add("redact", make_redact_factory));
  EDDY_TRY(registry.add("encode", make_encode_factory));
  EDDY_TRY(registry.add("fold", make_fold_factory));
  EDDY_TRY(registry.add("refresh", make_refresh_factory));
  EDDY_TRY(registry.add("publish", make_publish_factory));
  return {};
}

}  // namespace eddy
