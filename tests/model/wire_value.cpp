#include "tests/model/wire_value.h"

#include <algorithm>

namespace pageturner::model {
namespace {

namespace json = boost::json;

int sign_of(std::ptrdiff_t difference) { return difference < 0 ? -1 : difference > 0 ? 1 : 0; }

std::ptrdiff_t place_of_binary(const json::value& value) {
  const auto& known = known_binaries();
  return std::find(known.begin(), known.end(), content_of(value).as_string()) - known.begin();
}

// Sorts the members of a set of `type`.
void sort_set(const std::string& type, json::array& members) {
  const std::string member_type = type.substr(0, 1);
  std::sort(members.begin(), members.end(), [&](const json::value& left, const json::value& right) {
    return *order_of(json::object{{member_type, left}}, json::object{{member_type, right}}) < 0;
  });
}

const json::value* step_into(const json::value& value, const Step& step) {
  if (const auto* name = std::get_if<std::string>(&step)) {
    return type_of(value) == "M" ? content_of(value).as_object().if_contains(*name) : nullptr;
  }
  const std::size_t index = std::get<std::size_t>(step);
  return type_of(value) == "L" ? content_of(value).as_array().if_contains(index) : nullptr;
}

}  // namespace

std::string type_of(const json::value& value) { return value.as_object().begin()->key(); }

const json::value& content_of(const json::value& value) {
  return value.as_object().begin()->value();
}

bool is_set_type(const std::string& type) { return type.size() == 2 && type[1] == 'S'; }

std::int64_t hundredths_of(const json::value& number) {
  std::string text(content_of(number).as_string());
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string fraction = point < text.size() ? text.substr(point + 1) : "";
  fraction.resize(2, '0');
  const std::int64_t hundredths = std::stoll(text.substr(0, point) + fraction);
  return negative ? -hundredths : hundredths;
}

json::value number_value(std::int64_t hundredths) {
  std::string text = std::to_string(hundredths < 0 ? -hundredths : hundredths);
  if (text.size() < 3) text.insert(0, 3 - text.size(), '0');
  text.insert(text.size() - 2, ".");
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  if (hundredths < 0) text.insert(0, "-");
  return json::object{{"N", text}};
}

const json::value* find_value(const json::object& item, const Path& path) {
  const json::value* value = item.if_contains(std::get<std::string>(path.front()));
  for (std::size_t i = 1; i < path.size() && value != nullptr; ++i) {
    value = step_into(*value, path[i]);
  }
  return value;
}

json::value with_sorted_sets(const json::value& value) {
  const std::string type = type_of(value);
  json::value content = content_of(value);
  if (type == "M") {
    for (auto& member : content.as_object()) member.value() = with_sorted_sets(member.value());
  } else if (type == "L") {
    for (auto& element : content.as_array()) element = with_sorted_sets(element);
  } else if (is_set_type(type)) {
    sort_set(type, content.as_array());
  }
  return json::object{{type, content}};
}

bool are_equal(const json::value& left, const json::value& right) {
  return with_sorted_sets(left) == with_sorted_sets(right);
}

std::optional<int> order_of(const json::value& left, const json::value& right) {
  const std::string type = type_of(left);
  if (type != type_of(right)) return std::nullopt;
  if (type == "N") return sign_of(hundredths_of(left) - hundredths_of(right));
  if (type == "B") return sign_of(place_of_binary(left) - place_of_binary(right));
  if (type != "S") return std::nullopt;
  const std::string text(content_of(left).as_string());
  return sign_of(text.compare(std::string(content_of(right).as_string())));
}

const std::vector<std::string>& known_binaries() {
  static const std::vector<std::string> binaries = {"AA==", "AQ==", "YQ==", "gA==", "/w=="};
  return binaries;
}

}  // namespace pageturner::model
