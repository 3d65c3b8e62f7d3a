#include "server/operations/items/capacity.h"

#include <algorithm>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

constexpr std::int64_t half_units_per_unit = 2;

std::int64_t read_half_units(std::int64_t units, bool consistent) {
  return consistent ? units * half_units_per_unit : units;
}

std::int64_t write_units(const WriteOutcome& outcome) {
  return units_of(std::max(outcome.old_size_bytes, outcome.new_size_bytes),
                  limits::write_unit_bytes);
}

}  // namespace

CapacityDetail capacity_detail(JsonValue body) {
  const std::string_view detail = text_parameter(body, "ReturnConsumedCapacity");
  if (detail == "TOTAL") return CapacityDetail::total;
  return detail == "INDEXES" ? CapacityDetail::indexes : CapacityDetail::none;
}

void ConsumedCapacity::add_write(const WriteOutcome& outcome) {
  table_half_units_ += write_units(outcome) * half_units_per_unit;
  add_index_changes(outcome);
}

void ConsumedCapacity::add_transaction_write(const WriteOutcome& outcome) {
  table_half_units_ += 2 * write_units(outcome) * half_units_per_unit;
  add_index_changes(outcome);
}

void ConsumedCapacity::add_transaction_get(std::int64_t units) {
  table_half_units_ += 2 * units * half_units_per_unit;
}

void ConsumedCapacity::add_index_changes(const WriteOutcome& outcome) {
  for (const IndexChange& change : outcome.index_changes) {
    index_half_units_[change.index] += change.write_units * half_units_per_unit;
  }
}

void ConsumedCapacity::add_get(std::size_t size_bytes, bool consistent) {
  table_half_units_ += read_half_units(units_of(size_bytes, limits::read_unit_bytes), consistent);
}

void ConsumedCapacity::add_page(const PageResult& page, const Index* index, bool consistent) {
  const std::int64_t half_units = read_half_units(page.evaluated_units, consistent);
  if (index == nullptr) {
    table_half_units_ += half_units;
  } else {
    index_half_units_[index] += half_units;
    table_half_units_ += read_half_units(page.fetched_units, consistent);
  }
}

void ConsumedCapacity::append_to(std::string& out, CapacityDetail detail) const {
  std::int64_t total = table_half_units_;
  for (const auto& [index, half_units] : index_half_units_) total += half_units;
  ObjectWriter object(out);
  object.text("TableName", table_.description.name);
  write_capacity_units(object, total);
  if (detail != CapacityDetail::indexes) return;
  {
    ObjectWriter table(object.member("Table"));
    write_capacity_units(table, table_half_units_);
  }
  write_indexes(object, false);
  write_indexes(object, true);
}

void ConsumedCapacity::write_capacity_units(MemberWriter& object, std::int64_t half_units) const {
  const std::string units =
      concat(half_units / half_units_per_unit, half_units % half_units_per_unit == 0 ? ".0" : ".5");
  object.member("CapacityUnits") += units;
  if (kind_ == CapacityKind::transaction_read) object.member("ReadCapacityUnits") += units;
  if (kind_ == CapacityKind::transaction_write) object.member("WriteCapacityUnits") += units;
}

void ConsumedCapacity::write_indexes(MemberWriter& object, bool global) const {
  std::vector<std::pair<const Index*, std::int64_t>> consumed;
  // In the order of the table's indexes: the map is ordered by address.
  for (const auto& index : table_.indexes) {
    const auto half_units = index_half_units_.find(index.get());
    if (half_units == index_half_units_.end() || index->description.is_global != global) continue;
    consumed.push_back(*half_units);
  }
  if (consumed.empty()) return;
  ObjectWriter indexes(global ? object.member("GlobalSecondaryIndexes")
                              : object.member("LocalSecondaryIndexes"));
  for (const auto& [index, half_units] : consumed) {
    ObjectWriter units(indexes.member(index->description.name));
    write_capacity_units(units, half_units);
  }
}

void append_capacity(std::string& out, const ConsumedCapacity& capacity, CapacityDetail detail) {
  if (detail == CapacityDetail::none) return;
  capacity.append_to(MemberWriter(out).member("ConsumedCapacity"), detail);
}

ConsumedCapacity& TableCapacities::of(const Table& table) {
  for (auto& [known, capacity] : tables_) {
    if (known == &table) return capacity;
  }
  return tables_.emplace_back(&table, ConsumedCapacity(table, kind_)).second;
}

void TableCapacities::append(std::string& out, CapacityDetail detail) const {
  if (detail == CapacityDetail::none) return;
  append_list(MemberWriter(out).member("ConsumedCapacity"), tables_,
              [&](std::string& list, const auto& entry) { entry.second.append_to(list, detail); });
}

}  // namespace pageturner
