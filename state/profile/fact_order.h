#pragma once

#include "state/profile/facts.h"
#include "state/profile/fold.h"

namespace eddy {

/// Puts sessions and calls back in the order of (first time, id).
void restore_order(Facts& facts);

/// Restores the order, then drops the interactions that come before the latest max_interactions ones.
void restore_order_and_limit(const FoldOptions& options, Facts& facts);

/// Adds one action to a session's actions: a union. False if nothing was new, or if it is older than the
/// latest `options.max_actions_per_session`.
bool add_action(const ActionFact& action, const FoldOptions& options, SessionFacts& session);

/// Adds an action without a session id; may join two sessions into one. False as above.
bool add_separated_action(const ActionFact& action, const FoldOptions& options, Facts& facts);

/// Adds one version of an utterance. False if it loses against what is there.
bool add_utterance(UtteranceFact utterance, const FoldOptions& options, CallFacts& call);

/// Adds one purchase. False if it is known, or loses against one of the same id, or is older than what is
/// kept.
bool add_purchase(PurchaseFact purchase, const FoldOptions& options, Facts& facts);

/// Takes the later portfolio. False if the one that is there stays.
bool take_portfolio(PortfolioFact portfolio, Facts& facts);

/// The session or call of that id, made if there is none; `made` tells.
SessionFacts& session_of(const SessionId& id, Facts& facts, bool& made);
CallFacts& call_of(const CallId& id, Facts& facts, bool& made);

}  // namespace eddy
