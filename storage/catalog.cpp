#include "storage/catalog.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include "protocol/assert.h"
#include "protocol/limits.h"
#include "protocol/text.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

std::vector<KeyAttribute> all_attributes(const KeySchema& schema) {
  std::vector<KeyAttribute> attributes = schema.partition;
  attributes.insert(attributes.end(), schema.sort.begin(), schema.sort.end());
  return attributes;
}

std::unique_ptr<const Index> new_index(const IndexDescription& description,
                                       const KeySchema& table_keys, KeyspaceId space) {
  const KeySchema& keys = description.key_schema;
  return std::make_unique<Index>(
      Index{description,
            {space, keys.partition, keys.sort, all_attributes(table_keys), description.is_global}});
}

// Whether the transition DELETING of a dropped table is over.
bool is_gone(const Table& table) {
  const Transition& transition = table.description.transition;
  return transition.status == Status::deleting && transition.is_over(now_milliseconds());
}

// The largest number of keyspaces that a table of this description needs.
KeyspaceId space_count(const TableDescription& description) {
  constexpr KeyspaceId items_and_expiry_times = 2;
  return items_and_expiry_times + static_cast<KeyspaceId>(description.indexes.size());
}

DescriptionPointer shared(TableDescription description, MemoryCharge charge) {
  struct Charged {
    TableDescription description;
    MemoryCharge charge;
  };
  const auto charged =
      std::make_shared<const Charged>(Charged{std::move(description), std::move(charge)});
  return {charged, &charged->description};
}

}  // namespace

bool Index::projects(std::string_view name) const {
  const auto& included = description.projection.non_key_attributes;
  return description.projection.type == ProjectionType::all || is_key_attribute(layout, name) ||
         has_attribute(layout.suffix, name) ||
         std::find(included.begin(), included.end(), name) != included.end();
}

Table::Table(DescriptionPointer table_description, KeyspaceId first_space,
             StreamPointer table_stream)
    : shared_description(std::move(table_description)),
      layout{first_space, description.key_schema.partition, description.key_schema.sort, {}},
      counters(std::make_shared<Counters>()),
      state(std::make_shared<TableState>()),
      stream(std::move(table_stream)) {
  for (const IndexDescription& index : description.indexes) {
    indexes.push_back(new_index(index, description.key_schema, ++first_space));
  }
  if (has_time_to_live()) expiry_space = ++first_space;
  state->current_version = this;
}

Table::Table(const Table& before, DescriptionPointer table_description, KeyspaceId first_space,
             StreamPointer table_stream)
    : shared_description(std::move(table_description)),
      layout(before.layout),
      counters(before.counters),
      state(before.state),
      stream(std::move(table_stream)) {
  for (const IndexDescription& index : description.indexes) {
    if (const Index* known = before.find_index(index.name)) {
      indexes.push_back(std::make_unique<Index>(Index{index, known->layout, known->counters}));
    } else {
      indexes.push_back(new_index(index, description.key_schema, first_space++));
    }
  }
  if (!has_time_to_live()) return;
  expiry_space = description.time_to_live_attribute == before.description.time_to_live_attribute
                     ? before.expiry_space
                     : first_space;
}

const Index* Table::find_index(std::string_view name) const {
  const auto found = std::find_if(indexes.begin(), indexes.end(), [&](const auto& index) {
    return index->description.name == name;
  });
  return found == indexes.end() ? nullptr : found->get();
}

Result<TablePointer> Catalog::add(TableDescription description, StreamPointer stream,
                                  std::unique_lock<ReadWriteLock>* lock, MemoryCharge charge) {
  const std::unique_lock guard(lock_);
  remove_deleted_locked();
  PAGETURNER_RETURN_IF_ERROR(check_new_locked(description.name));
  const KeyspaceId spaces = space_count(description);
  auto table = std::make_shared<const Table>(shared(std::move(description), std::move(charge)),
                                             next_space_, std::move(stream));
  next_space_ += spaces;
  tables_.emplace(table->description.name, table);
  // Behind everything that can throw: the caller's lock must not outlive the table.
  if (lock != nullptr) *lock = std::unique_lock(table->state->lock);
  if (table->has_time_to_live()) ++tables_with_time_to_live_;
  return TablePointer(std::move(table));
}

TablePointer Catalog::find(std::string_view name) const {
  const std::shared_lock guard(lock_);
  const auto found = tables_.find(name);
  return found == tables_.end() || is_gone(*found->second) ? nullptr : found->second;
}

KeyspaceId Catalog::new_space() {
  const std::unique_lock guard(lock_);
  return next_space_++;
}

TablePointer Catalog::make_version(const Table& before, TableDescription description,
                                   StreamPointer stream, MemoryCharge charge) {
  const std::unique_lock guard(lock_);
  const KeyspaceId first_space = next_space_;
  next_space_ += space_count(description);
  return std::make_shared<const Table>(before, shared(std::move(description), std::move(charge)),
                                       first_space, std::move(stream));
}

void Catalog::replace(const TablePointer& before, TablePointer after) {
  const std::unique_lock guard(lock_);
  const auto found = tables_.find(before->description.name);
  PAGETURNER_ASSERT(found != tables_.end() && found->second == before);
  if (after->has_time_to_live()) ++tables_with_time_to_live_;
  if (before->has_time_to_live()) --tables_with_time_to_live_;
  if (after->description.transition.status == Status::deleting) has_deleted_ = true;
  found->second = std::move(after);
}

bool Catalog::remove(const TablePointer& table) {
  const std::unique_lock guard(lock_);
  const auto found = tables_.find(table->description.name);
  if (found == tables_.end() || found->second != table) return false;
  tables_.erase(found);
  if (table->has_time_to_live()) --tables_with_time_to_live_;
  return true;
}

std::vector<std::string> Catalog::names(std::string_view after, std::size_t count) const {
  const std::shared_lock guard(lock_);
  std::vector<std::string> names;
  for (auto at = tables_.upper_bound(after); at != tables_.end() && names.size() < count; ++at) {
    if (!is_gone(*at->second)) names.push_back(at->first);
  }
  return names;
}

Result<void> Catalog::check_new(const std::string& name) const {
  const std::shared_lock guard(lock_);
  return check_new_locked(name);
}

Result<void> Catalog::check_new_locked(const std::string& name) const {
  if (tables_.contains(name)) {
    return Error{ErrorType::resource_in_use, concat("Table already exists: ", name)};
  }
  if (tables_.size() >= limits::tables_max) {
    return Error{ErrorType::limit_exceeded,
                 concat("Subscriber limit exceeded: There is a limit of ", limits::tables_max,
                        " tables per subscriber")};
  }
  return {};
}

void Catalog::remove_deleted() {
  if (!has_deleted_) return;
  const std::unique_lock guard(lock_);
  remove_deleted_locked();
}

void Catalog::remove_deleted_locked() {
  if (!has_deleted_) return;
  std::erase_if(tables_, [](const auto& entry) { return is_gone(*entry.second); });
  has_deleted_ = std::any_of(tables_.begin(), tables_.end(), [](const auto& entry) {
    return entry.second->description.transition.status == Status::deleting;
  });
}

std::vector<TablePointer> Catalog::tables_with_time_to_live() const {
  const std::shared_lock guard(lock_);
  std::vector<TablePointer> tables;
  for (const auto& [name, table] : tables_) {
    if (table->has_time_to_live()) tables.push_back(table);
  }
  return tables;
}

}  // namespace pageturner
