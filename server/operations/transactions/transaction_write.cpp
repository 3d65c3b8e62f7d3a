#include "server/operations/transactions/transaction_write.h"

#include <algorithm>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"
#include "server/operations/transactions/transaction.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

// Allocates nothing once the writes are committed.
Result<std::vector<WriteOutcome>> make_writes(Database& database,
                                              const std::vector<ItemWrite>& writes) {
  std::vector<WriteOutcome> outcomes;
  outcomes.reserve(writes.size());
  std::vector<Result<void>> reasons;
  reasons.reserve(writes.size());
  bool canceled = false;
  for (Result<WriteOutcome>& outcome : write_items(database, writes)) {
    if (outcome) {
      outcomes.push_back(*std::move(outcome));
      reasons.emplace_back();
      continue;
    }
    if (!cancels_transaction(outcome.error())) return std::move(outcome).error();
    canceled = true;
    reasons.emplace_back(std::move(outcome).error());
  }
  if (canceled) return transaction_canceled(reasons);
  return outcomes;
}

std::int64_t read_units_of(const WriteOutcome& outcome) {
  return units_of(std::max(outcome.old_size_bytes, outcome.new_size_bytes),
                  limits::read_unit_bytes);
}

// The capacity of a repeated request: the items are read, not written.
TableCapacities cost_of_reading(const std::vector<ItemWrite>& writes,
                                const TransactionTokens::ReadUnits& read_units) {
  TableCapacities capacities(CapacityKind::transaction_read);
  for (std::size_t i = 0; i < writes.size(); ++i) {
    capacities.of(*writes[i].table).add_transaction_get(read_units[i]);
  }
  return capacities;
}

}  // namespace

Result<TableCapacities> make_transaction(Database& database, JsonValue body, std::string_view scope,
                                         const std::vector<ItemWrite>& writes) {
  std::optional<TransactionTokens::Claim> claim;
  if (const std::string_view token = text_parameter(body, "ClientRequestToken"); !token.empty()) {
    std::string content;
    body.write_canonical(content);
    PAGETURNER_ASSIGN_OR_RETURN(
        auto begun, database.transaction_tokens().begin(concat(scope, ' ', token), content,
                                                        steady_milliseconds()));
    if (begun.read_units) return cost_of_reading(writes, *begun.read_units);
    if (!begun.claim) {
      return transaction_canceled(
          std::vector<Result<void>>(writes.size(), Result<void>(database.no_room_for_item())));
    }
    claim.emplace(*std::move(begun.claim));
  }
  // Before the commit: behind it a failed allocation would free the token, and a repeated request
  // would make the transaction again.
  TransactionTokens::ReadUnits read_units(claim ? writes.size() : 0);
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<WriteOutcome> outcomes,
                              make_writes(database, writes));
  if (claim) {
    std::transform(outcomes.begin(), outcomes.end(), read_units.begin(), read_units_of);
    std::move(*claim).complete(std::move(read_units), steady_milliseconds());
  }
  TableCapacities capacities(CapacityKind::transaction_write);
  for (std::size_t i = 0; i < writes.size(); ++i) {
    capacities.of(*writes[i].table).add_transaction_write(outcomes[i]);
  }
  return capacities;
}

Result<void> check_distinct_writes(const std::vector<ItemWrite>& writes) {
  std::set<FullKey> seen_keys;
  for (const ItemWrite& write : writes)
    PAGETURNER_RETURN_IF_ERROR(check_distinct(seen_keys, {write.table->layout.space, write.key}));
  return {};
}

}  // namespace pageturner
