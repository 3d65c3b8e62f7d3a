#include "tests/api/case_values.h"

#include <cstdint>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace pageturner {
namespace {

namespace json = boost::json;

// A copy of `value` in which "$i" stands for `number`.
json::value numbered(const json::value& value, std::int64_t number) {
  std::string text = json::serialize(value);
  replace_all(text, "$i", std::to_string(number));
  return json::parse(text);
}

json::value expand_helper(std::string_view name, const json::value& argument) {
  if (name == "$nest") {
    json::value nested{{"S", "x"}};
    for (std::int64_t i = 0; i < argument.as_int64(); ++i) {
      nested = json::value{{"M", json::object{{"m", std::move(nested)}}}};
    }
    return nested;
  }
  const json::array& arguments = argument.as_array();
  if (name == "$repeat") {
    std::string text;
    for (std::int64_t i = 0; i < arguments[1].as_int64(); ++i) text += arguments[0].as_string();
    return json::value(text);
  }
  if (name == "$join") {
    std::string text;
    for (std::int64_t i = 0; i < arguments[0].as_int64(); ++i) {
      if (i > 0) text += arguments[2].as_string();
      text += numbered(arguments[1], i).as_string();
    }
    return json::value(text);
  }
  if (name == "$concat") {
    std::string text;
    for (const json::value& part : arguments) text += expand(part).as_string();
    return json::value(text);
  }
  if (name != "$list") throw std::runtime_error("no such helper: " + std::string(name));
  json::array list;
  for (std::int64_t i = 0; i < arguments[0].as_int64(); ++i) {
    list.push_back(expand(numbered(arguments[1], i)));
  }
  return list;
}

}  // namespace

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

json::value expand(const json::value& value) {
  if (const auto* array = value.if_array()) {
    json::array expanded;
    for (const json::value& element : *array) expanded.push_back(expand(element));
    return expanded;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return value;
  if (object->size() == 1 && object->begin()->key().starts_with('$')) {
    return expand_helper(object->begin()->key(), object->begin()->value());
  }
  json::object expanded;
  for (const auto& [name, member] : *object) expanded[name] = expand(member);
  return expanded;
}

json::value with_kept(const json::value& value, const KeptValues& kept) {
  static const std::regex mark(R"(\$kept:([a-z_]+))");
  std::string text = json::serialize(value);
  if (text.find("$kept:") == std::string::npos) return value;
  std::smatch found;
  while (std::regex_search(text, found, mark)) {
    const auto known = kept.find(found[1].str());
    if (known == kept.end()) throw std::runtime_error("nothing was kept as " + found[1].str());
    text = found.prefix().str() + known->second + found.suffix().str();
  }
  return json::parse(text);
}

std::string text_at(const json::value& value, const std::string& path) {
  const json::value* at = &value;
  std::istringstream steps(path);
  for (std::string step; std::getline(steps, step, '.');) {
    at = at->is_array() ? &at->as_array().at(std::stoul(step)) : &at->as_object().at(step);
  }
  return std::string(at->as_string());
}

std::string bytes_of(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    // U+0080 to U+00FF take two bytes of UTF-8.
    bytes +=
        first < 0x80
            ? text[i]
            : static_cast<char>((first & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F));
  }
  return bytes;
}

}  // namespace pageturner
