#include "tests/api/difference.h"

#include <algorithm>
#include <regex>
#include <string_view>
#include <vector>

namespace pageturner {
namespace {

namespace json = boost::json;

// Whether `text` is `pattern`, in which "$*" stands for anything.
bool matches_text(std::string_view pattern, std::string_view text) {
  constexpr std::string_view anything = "$*";
  const auto at = pattern.find(anything);
  if (at == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, at))) return false;
  const std::string_view rest = pattern.substr(at + anything.size());
  for (std::size_t begin = at; begin <= text.size(); ++begin) {
    if (matches_text(rest, text.substr(begin))) return true;
  }
  return false;
}

bool matches_string(std::string_view expected, const json::value& actual) {
  if (expected == "$any") return true;
  if (expected == "$any_number") return actual.is_number();
  if (!actual.is_string()) return false;
  if (expected == "$any_string") return true;
  if (expected == "$uuid") {
    static const std::regex uuid(
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    return std::regex_match(std::string(actual.as_string()), uuid);
  }
  return matches_text(expected, actual.as_string());
}

// An element of an array and its index in it.
using Element = std::pair<std::size_t, const json::value*>;

std::vector<Element> elements_of(const json::array& array) {
  std::vector<Element> elements;
  for (const json::value& element : array) elements.emplace_back(elements.size(), &element);
  return elements;
}

// Takes from both arrays the elements that match. Without `any_order` these are those at the begin
// and the end.
void take_matching(std::vector<Element>& expected, std::vector<Element>& actual, bool any_order) {
  const auto same = [&](const Element& left, const Element& right) {
    return matches(*left.second, *right.second, any_order);
  };
  if (any_order) {
    std::erase_if(expected, [&](const Element& wanted) {
      const auto found = std::find_if(actual.begin(), actual.end(), [&](const Element& candidate) {
        return same(wanted, candidate);
      });
      if (found == actual.end()) return false;
      actual.erase(found);
      return true;
    });
    return;
  }
  while (!expected.empty() && !actual.empty() && same(expected.back(), actual.back())) {
    expected.pop_back();
    actual.pop_back();
  }
  const auto stop =
      std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end(), same);
  expected.erase(expected.begin(), stop.first);
  actual.erase(actual.begin(), stop.second);
}

bool matches_array(const json::array& expected, const json::array& actual, bool any_order) {
  if (expected.size() != actual.size()) return false;
  std::vector<Element> missing = elements_of(expected);
  std::vector<Element> unexpected = elements_of(actual);
  take_matching(missing, unexpected, any_order);
  return missing.empty();
}

// Cuts a text at most `length` bytes behind `begin`, and never inside of a character of UTF-8.
std::string_view part_of(std::string_view text, std::size_t begin, std::size_t length) {
  const auto is_continuation = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  while (begin > 0 && is_continuation(begin)) --begin;
  std::size_t end = std::min(text.size(), begin + length);
  while (end > begin && is_continuation(end)) --end;
  return text.substr(begin, end - begin);
}

std::string in_brackets(std::size_t index) { return "[" + std::to_string(index) + "]"; }

class Description {
 public:
  Description(bool any_order, std::size_t lines_max)
      : any_order_(any_order), lines_max_(lines_max) {}

  void compare(const json::value& expected, const json::value& actual, const std::string& path) {
    if (matches(expected, actual, any_order_)) return;
    if (expected.is_object() && actual.is_object()) {
      compare_objects(expected.as_object(), actual.as_object(), path);
    } else if (expected.is_array() && actual.is_array()) {
      compare_arrays(expected.as_array(), actual.as_array(), path);
    } else if (expected.is_string() && actual.is_string()) {
      compare_strings(expected.as_string(), actual.as_string(), path);
    } else {
      add(path, "expected " + shorten_json(expected, value_max) + ", was " +
                    shorten_json(actual, value_max));
    }
  }

  std::string text() const {
    if (count_ <= lines_max_) return text_;
    return text_ + "… and " + std::to_string(count_ - lines_max_) + " more\n";
  }

 private:
  static constexpr std::size_t value_max = 300;  // bytes of a value in a line

  void add(const std::string& path, const std::string& what) {
    if (++count_ <= lines_max_) text_ += (path.empty() ? "the answer" : path) + ": " + what + "\n";
  }

  void compare_objects(const json::object& expected, const json::object& actual,
                       const std::string& path) {
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto& [name, value] : expected) {
      const std::string member = prefix + std::string(name);
      if (const json::value* found = actual.if_contains(name)) {
        compare(value, *found, member);
      } else {
        add(member, "missing, expected " + shorten_json(value, value_max));
      }
    }
    for (const auto& [name, value] : actual) {
      if (expected.contains(name)) continue;
      add(prefix + std::string(name), "not expected, was " + shorten_json(value, value_max));
    }
  }

  void compare_arrays(const json::array& expected, const json::array& actual,
                      const std::string& path) {
    std::vector<Element> missing = elements_of(expected);
    std::vector<Element> unexpected = elements_of(actual);
    take_matching(missing, unexpected, any_order_);
    const std::size_t pairs = std::min(missing.size(), unexpected.size());
    for (std::size_t i = 0; i < pairs; ++i) {
      compare(*missing[i].second, *unexpected[i].second, path + in_brackets(unexpected[i].first));
    }
    for (std::size_t i = pairs; i < missing.size(); ++i) {
      add(path + in_brackets(missing[i].first),
          "missing, expected " + shorten_json(*missing[i].second, value_max));
    }
    for (std::size_t i = pairs; i < unexpected.size(); ++i) {
      add(path + in_brackets(unexpected[i].first),
          "not expected, was " + shorten_json(*unexpected[i].second, value_max));
    }
  }

  // Of long texts, the part where the difference begins.
  void compare_strings(std::string_view expected, std::string_view actual,
                       const std::string& path) {
    constexpr std::size_t short_max = 60;
    constexpr std::size_t before = 20;
    const auto stop = std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end());
    const auto same = static_cast<std::size_t>(stop.first - expected.begin());
    const bool is_pattern = expected.find('$') != std::string_view::npos;
    if (is_pattern || same < before || std::max(expected.size(), actual.size()) <= short_max) {
      add(path, "expected " + shorten_json(json::string(expected), value_max) + ", was " +
                    shorten_json(json::string(actual), value_max));
      return;
    }
    const std::size_t begin = same - before;
    const auto part = [&](std::string_view text) {
      const std::string_view shown = part_of(text, begin, short_max);
      const bool reaches_end = shown.data() + shown.size() == text.data() + text.size();
      return "…" + json::serialize(json::string(shown)) + (reaches_end ? "" : "…");
    };
    add(path, "differs from byte " + std::to_string(same) + " on: expected " + part(expected) +
                  ", was " + part(actual));
  }

  bool any_order_;
  std::size_t lines_max_;
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace

bool matches(const json::value& expected, const json::value& actual, bool any_order) {
  if (const auto* text = expected.if_string()) return matches_string(*text, actual);
  if (expected.is_number()) {
    return actual.is_number() && expected.to_number<double>() == actual.to_number<double>();
  }
  if (const auto* array = expected.if_array()) {
    return actual.is_array() && matches_array(*array, actual.as_array(), any_order);
  }
  const auto* object = expected.if_object();
  if (object == nullptr) return expected == actual;
  if (!actual.is_object() || object->size() != actual.as_object().size()) return false;
  return std::all_of(object->begin(), object->end(), [&](const auto& member) {
    const json::value* found = actual.as_object().if_contains(member.key());
    return found != nullptr && matches(member.value(), *found, any_order);
  });
}

std::string describe_differences(const json::value& expected, const json::value& actual,
                                 bool any_order, std::size_t differences_max) {
  Description description(any_order, differences_max);
  description.compare(expected, actual, "");
  return description.text();
}

std::string shorten_text(std::string_view text, std::size_t length_max) {
  if (text.size() <= length_max) return std::string(text);
  const std::string_view begin = part_of(text, 0, length_max / 2);
  const std::string_view end = part_of(text, text.size() - length_max / 2, text.size());
  return std::string(begin) + " … " + std::string(end);
}

std::string shorten_json(const json::value& value, std::size_t length_max) {
  return shorten_text(json::serialize(value), length_max);
}

}  // namespace pageturner
