// Why: one update can make many changes to nested values, and one transaction several updates, so a
// list of cases cannot cover the combinations. Random writes of a few items are compared with a
// naive model: the responses, the items afterwards, and the contents of tables and indexes. Source
// of the rules: guide, "Update expressions"; api: UpdateItem, TransactWriteItems.
//
// PAGETURNER_MODEL_UPDATES sets the number of requests (20,000), PAGETURNER_MODEL_SEED the first
// seed. A failure prints the seed of its run; a run with that seed reproduces it.
#include <gtest/gtest.h>

#include <deque>
#include <iostream>
#include <map>

#include "pageturner/emulator.h"
#include "tests/model/environment.h"
#include "tests/model/update_tables.h"
#include "tests/model/write_checks.h"
#include "tests/model/write_draws.h"
#include "tests/model/write_requests.h"

namespace pageturner::model {
namespace {

namespace json = boost::json;

// The number of requests by result.
struct RequestCounts {
  std::size_t made = 0;
  std::size_t condition_failed = 0;
  std::size_t refused = 0;
  std::size_t transactions_made = 0;
  std::size_t transactions_canceled = 0;
  std::size_t transactions_repeated = 0;

  std::size_t total() const {
    return made + condition_failed + refused + transactions_made + transactions_canceled +
           transactions_repeated;
  }
};

// A transaction that may be sent again.
struct SentTransaction {
  std::vector<Write> writes;
  json::object request;
  bool made = false;
};

int nesting_of(const json::value& value) {
  int below = 0;
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) below = std::max(below, nesting_of(member.value()));
  } else if (const auto* array = value.if_array()) {
    for (const auto& element : *array) below = std::max(below, nesting_of(element));
  }
  return below + 1;
}

std::string text_of(const MaybeItem& item) { return item ? json::serialize(*item) : "none"; }

// An emulator with two tables, their model, and random writes of a few items.
class UpdateRun {
 public:
  UpdateRun(std::uint64_t seed, RequestCounts& counts)
      : random_(seed), draws_(random_), counts_(counts), items_(update_tables().size()) {}

  void go(int requests);

 private:
  using Items = std::map<std::string, json::object>;  // by serialized key

  ResponseHead call(const char* operation, const json::object& request);
  MaybeItem modeled(const Write& write) const;
  MaybeItem served(const Write& write);
  void store(const Write& write, const MaybeItem& item);
  std::string failure_context(const std::vector<Write>& writes, const json::object& request) const;

  Write draw_write(WritingKind kind, ActionForm form, std::size_t table, const json::object& key);
  Write draw_single_write();
  std::vector<Write> draw_writes();
  json::object transaction_of(const std::vector<Write>& writes);

  void write_one();
  void write_several();
  void send(SentTransaction& transaction);
  void send_other_under_token(const SentTransaction& transaction);
  void check_items(const std::vector<Write>& writes);
  void check_scan(const UpdateTable& table, const json::object& request, const Items& expected);
  void check_table(std::size_t number);

  std::mt19937_64 random_;
  WriteDraws draws_;
  RequestCounts& counts_;
  Emulator emulator_{{.http = false}};
  std::vector<Items> items_;          // per table
  std::deque<SentTransaction> sent_;  // the most recent ones with a token
  int tokens_ = 0;
};

ResponseHead UpdateRun::call(const char* operation, const json::object& request) {
  const Response response = emulator_.call(operation, json::serialize(request));
  return {response.http_status, json::parse(response.body).as_object()};
}

MaybeItem UpdateRun::modeled(const Write& write) const {
  const Items& items = items_[write.table];
  const auto found = items.find(json::serialize(write.key));
  return found == items.end() ? std::nullopt : MaybeItem(found->second);
}

MaybeItem UpdateRun::served(const Write& write) {
  const ResponseHead response_head =
      call("GetItem", {{"TableName", update_tables()[write.table].name},
                       {"Key", write.key},
                       {"ConsistentRead", true}});
  const json::value* item = response_head.body.if_contains("Item");
  return item != nullptr ? MaybeItem(item->as_object()) : std::nullopt;
}

void UpdateRun::store(const Write& write, const MaybeItem& item) {
  const std::string key = json::serialize(write.key);
  if (item) {
    items_[write.table][key] = *item;
  } else {
    items_[write.table].erase(key);
  }
}

// Returns the context that a failure message needs.
std::string UpdateRun::failure_context(const std::vector<Write>& writes,
                                       const json::object& request) const {
  std::string text = "request: " + json::serialize(request);
  for (const Write& write : writes) text += "\nitem before: " + text_of(modeled(write));
  return text;
}

// Keeps items small: large ones make the test slow and reach limits that other tests cover.
Write UpdateRun::draw_write(WritingKind kind, ActionForm form, std::size_t table,
                            const json::object& key) {
  while (true) {
    const MaybeItem before = modeled({.table = table, .key = key});
    Write write = form == ActionForm::legacy ? draws_.legacy_update(table, key, before)
                                             : draws_.write(kind, table, key, before);
    const json::value after = outcome_of(write, before).item.value_or(json::object());
    if (json::serialize(after).size() < 3000 && nesting_of(after) < 24) return write;
  }
}

Write UpdateRun::draw_single_write() {
  const auto table = static_cast<std::size_t>(draws_.number(0, 1));
  const json::object key = draws_.one_of(update_tables()[table].keys);
  const int which = draws_.number(1, 100);
  const auto kind = which <= 88   ? WritingKind::update
                    : which <= 96 ? WritingKind::put
                                  : WritingKind::erase;
  const auto form = which <= 20 ? ActionForm::legacy : ActionForm::expression;
  Write write = draw_write(kind, form, table, key);
  // An UpdateItem without actions creates an item with only its key.
  if (draws_.chance(1)) write.actions.clear();
  return write;
}

// Writes of distinct items.
std::vector<Write> UpdateRun::draw_writes() {
  std::vector<std::pair<std::size_t, json::object>> keys;
  for (std::size_t table = 0; table < update_tables().size(); ++table) {
    for (const json::object& key : update_tables()[table].keys) keys.emplace_back(table, key);
  }
  draws_.shuffle(keys);
  keys.resize(static_cast<std::size_t>(draws_.number(1, 5)));
  std::vector<Write> writes;
  for (const auto& [table, key] : keys) {
    const int which = draws_.number(1, 100);
    const auto kind = which <= 60   ? WritingKind::update
                      : which <= 75 ? WritingKind::put
                      : which <= 85 ? WritingKind::erase
                                    : WritingKind::check;
    writes.push_back(draw_write(kind, ActionForm::expression, table, key));
  }
  return writes;
}

json::object UpdateRun::transaction_of(const std::vector<Write>& writes) {
  json::array actions;
  for (const Write& write : writes) {
    actions.push_back(json::object{{action_name(write.kind), request_of(write, random_)}});
  }
  return {{"TransactItems", actions}};
}

void UpdateRun::write_one() {
  const Write write = draw_single_write();
  static const std::vector<std::string> modes = {"",        "NONE",        "ALL_OLD",
                                                 "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"};
  const bool is_update = write.kind == WritingKind::update;
  const std::string mode = modes[static_cast<std::size_t>(draws_.number(0, is_update ? 5 : 2))];
  json::object request = request_of(write, random_);
  if (!mode.empty()) request["ReturnValues"] = mode;
  SCOPED_TRACE(failure_context({write}, request));
  const MaybeItem before = modeled(write);
  const Outcome outcome = outcome_of(write, before);
  const ResponseHead response_head = call(operation_name(write.kind), request);
  if (outcome.fails()) {
    ++(outcome.condition_failed ? counts_.condition_failed : counts_.refused);
    check_failure(response_head, write, outcome);
  } else {
    ++counts_.made;
    json::object expected;
    const MaybeItem attributes = returned_attribute_names(mode, write, before, outcome.item);
    if (attributes) expected["Attributes"] = *attributes;
    EXPECT_EQ(response_head.status, 200U);
    EXPECT_EQ(json::value(response_head.body), json::value(expected));
  }
  store(write, outcome.item);
  check_items({write});
}

void UpdateRun::write_several() {
  if (!sent_.empty() && draws_.chance(12)) {
    SentTransaction& earlier = draws_.one_of(sent_);
    return earlier.made && draws_.chance(20) ? send_other_under_token(earlier) : send(earlier);
  }
  SentTransaction transaction{.writes = draw_writes()};
  transaction.request = transaction_of(transaction.writes);
  const bool has_token = draws_.chance(60);
  if (has_token) {
    transaction.request["ClientRequestToken"] = "token-" + std::to_string(++tokens_);
  }
  send(transaction);
  if (has_token) sent_.push_back(std::move(transaction));
  if (sent_.size() > 8) sent_.pop_front();
}

// Sends a transaction for the first time or again. A successful one is not executed again; a
// canceled one is executed again and may succeed.
void UpdateRun::send(SentTransaction& transaction) {
  const auto& writes = transaction.writes;
  SCOPED_TRACE(failure_context(writes, transaction.request));
  std::vector<Outcome> outcomes;
  for (const Write& write : writes) outcomes.push_back(outcome_of(write, modeled(write)));
  const ResponseHead response_head = call("TransactWriteItems", transaction.request);
  const bool fails = std::any_of(outcomes.begin(), outcomes.end(),
                                 [](const Outcome& outcome) { return outcome.fails(); });
  if (!transaction.made && fails) {
    ++counts_.transactions_canceled;
    check_canceled(response_head, writes, outcomes);
  } else {
    ++(transaction.made ? counts_.transactions_repeated : counts_.transactions_made);
    EXPECT_EQ(response_head.status, 200U);
    EXPECT_EQ(json::value(response_head.body), json::value(json::object()));
    for (std::size_t i = 0; i < writes.size() && !transaction.made; ++i) {
      store(writes[i], outcomes[i].item);
    }
    transaction.made = true;
  }
  check_items(writes);
}

void UpdateRun::send_other_under_token(const SentTransaction& transaction) {
  const std::vector<Write> writes = draw_writes();
  json::object request = transaction_of(writes);
  request["ClientRequestToken"] = transaction.request.at("ClientRequestToken");
  if (request == transaction.request) return;
  SCOPED_TRACE(failure_context(writes, request));
  ++counts_.transactions_repeated;
  check_error(call("TransactWriteItems", request), "IdempotentParameterMismatchException",
              "DynamoDB rejected the request because you retried a request with a different "
              "payload but with an idempotent token that was already used.");
  check_items(writes);
}

// Compares the items of `writes` with the model, and prints them if anything has differed.
void UpdateRun::check_items(const std::vector<Write>& writes) {
  for (const Write& write : writes) {
    const MaybeItem expected = modeled(write);
    const MaybeItem found = served(write);
    if (found == expected && !testing::Test::HasFailure()) continue;
    ADD_FAILURE() << "item of the model:  " << text_of(expected)
                  << "\nitem of the server: " << text_of(found);
  }
}

// The order of a Scan is not specified, so items are compared by key.
void UpdateRun::check_scan(const UpdateTable& table, const json::object& request,
                           const Items& expected) {
  const ResponseHead response_head = call("Scan", request);
  ASSERT_EQ(response_head.status, 200U) << json::serialize(response_head.body);
  Items found;
  for (const json::value& item : response_head.body.at("Items").as_array()) {
    json::object key;
    for (const std::string& name : table.key_names) key[name] = item.at(name);
    found[json::serialize(key)] = item.as_object();
  }
  EXPECT_EQ(response_head.body.at("Count").to_number<std::size_t>(), expected.size());
  EXPECT_TRUE(found == expected) << "scan: " << json::serialize(request) << "\nby the model:  "
                                 << json::serialize(json::value_from(expected))
                                 << "\nby the server: " << json::serialize(json::value_from(found));
}

// Compares a table, its index and their item counts with the model.
void UpdateRun::check_table(std::size_t number) {
  const UpdateTable& table = update_tables()[number];
  Items entries;
  for (const auto& [key, item] : items_[number]) {
    if (const auto entry = table.index_entry(item)) entries[key] = *entry;
  }
  check_scan(table, {{"TableName", table.name}}, items_[number]);
  check_scan(table, {{"TableName", table.name}, {"IndexName", table.index_name}}, entries);
  const ResponseHead response_head = call("DescribeTable", {{"TableName", table.name}});
  const json::value& shown = response_head.body.at("Table");
  const json::value& index = shown.at("GlobalSecondaryIndexes").at(0);
  EXPECT_EQ(shown.at("ItemCount").to_number<std::size_t>(), items_[number].size());
  EXPECT_EQ(index.at("ItemCount").to_number<std::size_t>(), entries.size());
}

void UpdateRun::go(int requests) {
  for (const UpdateTable& table : update_tables()) {
    const ResponseHead response_head = call("CreateTable", table.create_request());
    ASSERT_EQ(response_head.status, 200U) << json::serialize(response_head.body);
  }
  for (int i = 1; i <= requests && !testing::Test::HasFailure(); ++i) {
    if (draws_.chance(70)) {
      write_one();
    } else {
      write_several();
    }
    if (i % 25 != 0 && i != requests) continue;
    for (std::size_t table = 0; table < items_.size(); ++table) check_table(table);
  }
}

TEST(UpdateModel, EveryWriteMatchesTheModel) {
  const std::uint64_t wanted = number_from_environment("PAGETURNER_MODEL_UPDATES", 20'000);
  std::uint64_t seed = number_from_environment("PAGETURNER_MODEL_SEED", std::random_device()());
  RequestCounts counts;
  for (; counts.total() < wanted; ++seed) {
    SCOPED_TRACE("PAGETURNER_MODEL_SEED=" + std::to_string(seed));
    UpdateRun(seed, counts).go(250);
    ASSERT_FALSE(HasFailure()) << "PAGETURNER_MODEL_SEED=" << seed << " reproduces this";
  }
  std::cout << counts.total() << " requests: of single writes " << counts.made << " made, "
            << counts.condition_failed << " conditions failed, " << counts.refused
            << " refused; of transactions " << counts.transactions_made << " made, "
            << counts.transactions_canceled << " canceled, " << counts.transactions_repeated
            << " repeated\n";
}

}  // namespace
}  // namespace pageturner::model
