#include "server/operations/items/capacity.h"

#include <algorithm>

#include "protocol/limits.h"
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

void ConsumedCapacity::write(std::string& out, CapacityDetail detail) const {
  std::int64_t total = table_half_units_;
  for (const auto& [index, half_units] : index_half_units_) total += half_units;
  out += "{\"TableName\":";
  append_json_string(out, table_.description.name);
  out += ',';
  append_units(out, total);
  if (detail == CapacityDetail::indexes) {
    out += ",\"Table\":{";
    append_units(out, table_half_units_);
    out += '}';
    write_indexes(out, false);
    write_indexes(out, true);
  }
  out += '}';
}

void ConsumedCapacity::append_units(std::string& out, std::int64_t half_units) const {
  const std::string units = std::to_string(half_units / half_units_per_unit) +
                            (half_units % half_units_per_unit == 0 ? ".0" : ".5");
  out += "\"CapacityUnits\":" + units;
  if (kind_ == CapacityKind::transaction_read) out += ",\"ReadCapacityUnits\":" + units;
  if (kind_ == CapacityKind::transaction_write) out += ",\"WriteCapacityUnits\":" + units;
}

void ConsumedCapacity::write_indexes(std::string& out, bool global) const {
  bool any = false;
  // In the order of the table, not of the map, which is by address.
  for (const auto& index : table_.indexes) {
    const auto consumed = index_half_units_.find(index.get());
    if (consumed == index_half_units_.end() || index->description.is_global != global) continue;
    out += any ? "," : global ? ",\"GlobalSecondaryIndexes\":{" : ",\"LocalSecondaryIndexes\":{";
    any = true;
    append_json_string(out, index->description.name);
    out += ":{";
    append_units(out, consumed->second);
    out += '}';
  }
  if (any) out += '}';
}

void append_capacity(std::string& out, const ConsumedCapacity& capacity, CapacityDetail detail) {
  if (detail == CapacityDetail::none) return;
  out += out.back() == '{' ? "\"ConsumedCapacity\":" : ",\"ConsumedCapacity\":";
  capacity.write(out, detail);
}

ConsumedCapacity& TableCapacities::of(const Table& table) {
  for (auto& [known, capacity] : tables_) {
    if (known == &table) return capacity;
  }
  return tables_.emplace_back(&table, ConsumedCapacity(table, kind_)).second;
}

void TableCapacities::append(std::string& out, CapacityDetail detail) const {
  if (detail == CapacityDetail::none) return;
  out += out.back() == '{' ? "\"ConsumedCapacity\":[" : ",\"ConsumedCapacity\":[";
  for (const auto& [table, capacity] : tables_) {
    if (out.back() != '[') out += ',';
    capacity.write(out, detail);
  }
  out += ']';
}

}  // namespace pageturner
