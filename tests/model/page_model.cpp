#include "tests/model/page_model.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <set>

namespace pageturner::model {
namespace {

namespace json = boost::json;

int draw(std::mt19937_64& random, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

std::string base64(const std::string& bytes) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += i + j <= bytes.size() ? digits[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return text;
}

// Returns strings and binaries that are prefixes of each other and contain the bytes that are
// special in encoded keys.
std::string draw_text(std::mt19937_64& random, bool binary) {
  static const std::vector<std::string> text_parts = {
      std::string(1, '\0'), "\x01", "a", "b", "~", "é", "\xEF\xBF\xBF", "\xF0\x9F\x98\x80"};
  static const std::vector<std::string> binary_parts = {
      std::string(1, '\0'), "\x01", "\x7F", "\x80", "\xFE", "\xFF", "a", "b"};
  const auto& parts = binary ? binary_parts : text_parts;
  std::string text;
  for (int i = draw(random, 1, 6); i > 0; --i) {
    text += parts[static_cast<std::size_t>(draw(random, 0, static_cast<int>(parts.size()) - 1))];
  }
  return text;
}

// Returns a decimal in canonical form: up to four digits, the decimal point anywhere.
std::string draw_decimal(std::mt19937_64& random) {
  const int exponent = draw(random, -6, 6);
  int digits = draw(random, 1, 9999);
  while (digits % 10 == 0) digits /= 10;
  std::string text = std::to_string(digits);
  if (exponent >= 0) {
    text.append(static_cast<std::size_t>(exponent), '0');
  } else {
    const auto places = static_cast<std::size_t>(-exponent);
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    text.insert(text.size() - places, ".");
  }
  return (draw(random, 0, 1) == 0 ? "-" : "") + text;
}

// Returns the size of a canonical decimal other than 0: a byte for every two digits before the
// point and for every two after it, one more, and one for the sign. Zeros at the ends are not
// digits.
std::size_t decimal_size_bytes(const std::string& text) {
  const bool negative = text.front() == '-';
  const std::size_t begin = negative ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string whole = text.substr(begin, point - begin);
  std::string fraction = point < text.size() ? text.substr(point + 1) : "";
  if (whole == "0") {
    whole.clear();
    fraction.erase(0, fraction.find_first_not_of('0'));
  }
  while (fraction.empty() && whole.back() == '0') whole.pop_back();
  return (whole.size() + 1) / 2 + (fraction.size() + 1) / 2 + (negative ? 2 : 1);
}

std::size_t value_size_bytes(const KeyAttributeModel& attribute, int rank) {
  const std::string& raw = attribute.raw[static_cast<std::size_t>(rank)];
  return attribute.type == 'N' ? decimal_size_bytes(raw) : raw.size();
}

json::object schema_element(const std::string& name, const char* key_type) {
  return {{"AttributeName", name}, {"KeyType", key_type}};
}

json::array schema_json(const SourceModel& source) {
  json::array elements;
  for (const auto& name : source.partition) elements.push_back(schema_element(name, "HASH"));
  for (const auto& name : source.sort) elements.push_back(schema_element(name, "RANGE"));
  return elements;
}

json::object projection_json(Held held) {
  if (held == Held::all) return {{"ProjectionType", "ALL"}};
  if (held == Held::keys_only) return {{"ProjectionType", "KEYS_ONLY"}};
  return {{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", {"f"}}};
}

void add_names(const SourceModel& source, std::set<std::string>& names) {
  names.insert(source.partition.begin(), source.partition.end());
  names.insert(source.sort.begin(), source.sort.end());
}

// Returns the bytes of a decimal that the service hashes: the power of 100 of the first pair of
// digits, then the pairs. All is counted from the decimal point.
std::string hashed_decimal(const std::string& text) {
  const bool negative = text.front() == '-';
  std::string whole = text.substr(negative ? 1 : 0);
  const auto point = std::min(whole.find('.'), whole.size());
  std::string fraction = whole.substr(std::min(point + 1, whole.size()));
  whole.resize(point);
  if (whole.size() % 2 != 0) whole.insert(0, 1, '0');
  if (fraction.size() % 2 != 0) fraction += '0';
  int power = static_cast<int>(whole.size() / 2);
  std::string pairs = whole + fraction;
  while (pairs.starts_with("00")) {
    pairs.erase(0, 2);
    --power;
  }
  while (pairs.ends_with("00")) pairs.resize(pairs.size() - 2);
  const int first = 192 + power;
  std::string bytes(1, static_cast<char>(negative ? 255 - first : first));
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const int pair = std::stoi(pairs.substr(i, 2));
    bytes += static_cast<char>(negative ? 101 - pair : pair + 1);
  }
  if (negative && pairs.size() < 40) bytes += static_cast<char>(102);
  return bytes;
}

// Returns the first 8 bytes of the service's hash of the values of `names` in `item`.
std::vector<int> hash_of(const TableModel& table, const ItemModel& item,
                         const std::vector<std::string>& names) {
  std::string bytes = "Outliers";
  for (const auto& name : names) {
    const KeyAttributeModel& attribute = table.attributes.at(name);
    const std::string& raw = attribute.raw[static_cast<std::size_t>(*item.rank(name))];
    bytes += attribute.type == 'N' ? hashed_decimal(raw) : raw;
  }
  std::array<unsigned char, 16> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_md5(), nullptr);
  return {digest.begin(), digest.begin() + 8};
}

std::vector<int> joined(std::vector<int> left, const std::vector<int>& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Held draw_locked(std::mt19937_64& random) { return static_cast<Held>(draw(random, 0, 2)); }

SourceModel draw_global_index(std::mt19937_64& random, TableModel& table, int number) {
  SourceModel index{.index_name = "global" + std::to_string(number), .is_global = true};
  index.held = draw_locked(random);
  const auto add = [&](std::vector<std::string>& part, const std::string& kind, int count,
                       int values) {
    for (int i = 0; i < count; ++i) {
      const std::string name = kind + std::to_string(number) + std::to_string(i);
      table.attributes[name] = draw_attribute(random, name, values);
      part.push_back(name);
    }
  };
  add(index.partition, "h", draw(random, 1, 2), 2);
  // Few values, so that most entries share their index key with others.
  add(index.sort, "r", draw(random, 0, 2), draw(random, 1, 12));
  return index;
}

}  // namespace

KeyAttributeModel draw_attribute(std::mt19937_64& random, std::string name, int count) {
  KeyAttributeModel attribute;
  attribute.name = std::move(name);
  attribute.type = "SNB"[draw(random, 0, 2)];
  std::set<std::string> distinct;
  for (int i = 0; i < count; ++i) {
    distinct.insert(attribute.type == 'N' ? draw_decimal(random)
                                          : draw_text(random, attribute.type == 'B'));
  }
  attribute.raw.assign(distinct.begin(), distinct.end());
  if (attribute.type == 'N') {
    std::sort(attribute.raw.begin(), attribute.raw.end(),
              [](const std::string& left, const std::string& right) {
                return std::stold(left) < std::stold(right);
              });
  }  // std::set has sorted the others by unsigned bytes.
  for (const std::string& raw : attribute.raw) {
    attribute.values.push_back(
        {{std::string(1, attribute.type), attribute.type == 'B' ? base64(raw) : raw}});
  }
  return attribute;
}

std::optional<int> ItemModel::rank(const std::string& name) const {
  const auto found = ranks.find(name);
  return found == ranks.end() ? std::nullopt : std::optional(found->second);
}

bool TableModel::in_source(const ItemModel& item, const SourceModel& source) const {
  std::set<std::string> names;
  add_names(source, names);
  return std::all_of(names.begin(), names.end(),
                     [&](const std::string& name) { return item.rank(name).has_value(); });
}

std::size_t TableModel::entry_size_bytes(const ItemModel& item, const SourceModel& source) const {
  std::set<std::string> keys;
  add_names(table, keys);
  add_names(source, keys);
  std::size_t size = 0;
  for (const auto& [name, rank] : item.ranks) {
    if (source.held != Held::all && !keys.contains(name)) continue;
    size += name.size() + value_size_bytes(attributes.at(name), rank);
  }
  constexpr std::size_t filler_bytes = 1 + 2;  // the name and a one-digit number
  if (source.held != Held::keys_only) size += filler_bytes;
  if (source.held == Held::all) size += 1 + item.payload_bytes;
  return size;
}

std::vector<int> TableModel::order_key(const ItemModel& item, const SourceModel& source) const {
  std::vector<int> key;
  for (const auto& name : source.sort) key.push_back(*item.rank(name));
  if (source.is_global) {
    std::vector<std::string> names = table.partition;
    names.insert(names.end(), table.sort.begin(), table.sort.end());
    key = joined(std::move(key), hash_of(*this, item, names));
  }
  for (const auto& name : table.partition) key.push_back(*item.rank(name));
  for (const auto& name : table.sort) key.push_back(*item.rank(name));
  return key;
}

std::vector<int> TableModel::partition_order_key(const ItemModel& item,
                                                 const SourceModel& source) const {
  return joined(hash_of(*this, item, source.partition), partition_key(item, source));
}

std::vector<int> TableModel::partition_key(const ItemModel& item, const SourceModel& source) const {
  std::vector<int> key;
  for (const auto& name : source.partition) key.push_back(*item.rank(name));
  return key;
}

json::object TableModel::last_evaluated_key(const ItemModel& item,
                                            const SourceModel& source) const {
  std::set<std::string> names;
  add_names(table, names);
  add_names(source, names);
  json::object key;
  for (const auto& name : names) {
    key[name] = attributes.at(name).values[static_cast<std::size_t>(*item.rank(name))];
  }
  return key;
}

json::object TableModel::create_request() const {
  std::set<std::string> names;
  add_names(table, names);
  for (const auto& index : indexes) add_names(index, names);
  json::array definitions;
  for (const auto& name : names) {
    definitions.push_back(
        {{"AttributeName", name}, {"AttributeType", std::string(1, attributes.at(name).type)}});
  }
  json::object request{{"TableName", table_name},
                       {"BillingMode", "PAY_PER_REQUEST"},
                       {"AttributeDefinitions", definitions},
                       {"KeySchema", schema_json(table)}};
  for (const auto& index : indexes) {
    auto& list = request[index.is_global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes"];
    if (list.is_null()) list = json::array();
    list.as_array().push_back(json::object{{"IndexName", index.index_name},
                                           {"KeySchema", schema_json(index)},
                                           {"Projection", projection_json(index.held)}});
  }
  return request;
}

json::object TableModel::item_json(const ItemModel& item) const {
  json::object object;
  for (const auto& [name, rank] : item.ranks) {
    object[name] = attributes.at(name).values[static_cast<std::size_t>(rank)];
  }
  object["f"] = {{"N", std::to_string(item.filler)}};
  object["x"] = {{"S", std::string(item.payload_bytes, 'x')}};
  return object;
}

json::object TableModel::key_json(const ItemModel& item) const {
  return last_evaluated_key(item, table);
}

std::size_t TableModel::find_same_key(const ItemModel& item) const {
  const auto same = [&](const ItemModel& other) {
    return order_key(other, table) == order_key(item, table);
  };
  return static_cast<std::size_t>(std::find_if(items.begin(), items.end(), same) - items.begin());
}

TableModel draw_table(std::mt19937_64& random, int number) {
  TableModel drawn;
  drawn.table_name = "table" + std::to_string(number);
  drawn.attributes["p"] = draw_attribute(random, "p", draw(random, 1, 6));
  drawn.table.partition = {"p"};
  if (draw(random, 0, 3) > 0) {
    drawn.attributes["s"] = draw_attribute(random, "s", 120);
    drawn.table.sort = {"s"};
    drawn.attributes["l"] = draw_attribute(random, "l", draw(random, 1, 12));
    drawn.indexes.push_back(
        {.index_name = "local", .partition = {"p"}, .sort = {"l"}, .held = draw_locked(random)});
  } else {
    drawn.attributes["p"] = draw_attribute(random, "p", 120);
  }
  const int kind = draw(random, 0, 19);
  if (kind == 0) {
    drawn.items_max = 40;
    drawn.payload_max = 400'000;
  } else if (kind < 3) {
    drawn.items_max = 150;
    drawn.payload_max = 60'000;
  }
  for (int i = draw(random, 1, 2); i > 0; --i) {
    drawn.indexes.push_back(draw_global_index(random, drawn, i));
  }
  return drawn;
}

ItemModel draw_item(std::mt19937_64& random, const TableModel& table) {
  ItemModel item;
  for (const auto& [name, attribute] : table.attributes) {
    const bool is_key = name == "p" || name == "s";
    if (!is_key && draw(random, 0, 9) == 0) continue;
    item.ranks[name] = draw(random, 0, static_cast<int>(attribute.values.size()) - 1);
  }
  item.filler = draw(random, 1, 9);
  item.payload_bytes = static_cast<std::size_t>(draw(random, 0, table.payload_max));
  return item;
}

PageModel page_of(const TableModel& table, const SourceModel& source,
                  const std::vector<const ItemModel*>& entries, std::optional<std::size_t> limit,
                  std::optional<int> filler_below) {
  constexpr std::size_t page_bytes_max = 1'048'576;
  PageModel page;
  std::size_t bytes = 0;
  for (const ItemModel* entry : entries) {
    bytes += table.entry_size_bytes(*entry, source);
    if (bytes > page_bytes_max) return page;  // `last` is the previous item
    ++page.scanned;
    page.last = entry;
    if (!filler_below || entry->filler < *filler_below) page.returned.push_back(entry);
    if (page.scanned == limit) return page;
  }
  page.last = nullptr;
  return page;
}

}  // namespace pageturner::model
