#include "tests/model/value_draws.h"

#include <algorithm>
#include <map>

#include "tests/model/update_tables.h"

namespace pageturner::model {
namespace {

namespace json = boost::json;

constexpr std::size_t path_steps_max = 3;

// Appends the paths of `value` and of all values in it; `path` is the path of `value`.
void collect_paths(const json::value& value, const Path& path, std::vector<Path>& paths) {
  paths.push_back(path);
  if (path.size() == path_steps_max) return;
  Path longer = path;
  longer.emplace_back();
  if (type_of(value) == "M") {
    for (const auto& [name, member] : content_of(value).as_object()) {
      longer.back() = std::string(name);
      collect_paths(member, longer, paths);
    }
  } else if (type_of(value) == "L") {
    const auto& list = content_of(value).as_array();
    for (std::size_t i = 0; i < list.size(); ++i) {
      longer.back() = i;
      collect_paths(list[i], longer, paths);
    }
  }
}

// Returns the paths of all values that are not part of a key.
std::vector<Path> paths_in(const json::object& item) {
  std::vector<Path> paths;
  for (const auto& [name, value] : item) {
    if (!is_key_name(name)) collect_paths(value, {std::string(name)}, paths);
  }
  return paths;
}

}  // namespace

const std::vector<std::string>& every_type() {
  static const std::vector<std::string> types = {"S",  "N",  "B",  "BOOL", "NULL",
                                                 "SS", "NS", "BS", "L",    "M"};
  return types;
}

// The last two require ExpressionAttributeNames.
const std::vector<std::string>& attribute_names() {
  static const std::vector<std::string> names = {"n",  "k",  "s",  "l", "ll",  "m",
                                                 "ss", "ns", "bs", "x", "m.n", "größe"};
  return names;
}

std::string usual_type(const std::string& name) {
  static const std::map<std::string, std::string> types = {
      {"n", "N"}, {"k", "N"},   {"s", "S"},   {"l", "L"},   {"ll", "L"},
      {"m", "M"}, {"m.n", "M"}, {"ss", "SS"}, {"ns", "NS"}, {"bs", "BS"}};
  const auto found = types.find(name);
  return found != types.end() ? found->second : "";
}

json::value ValueDraws::set(const std::string& type) {
  static const std::vector<std::string> texts = {"a", "b", "\"c\"", "é", "\xF0\x9F\x98\x80"};
  static const std::vector<std::string> numbers = {"-1.5", "0", "1", "2.25", "30"};
  std::vector<std::string> members = type == "SS"   ? texts
                                     : type == "NS" ? numbers
                                                    : known_binaries();
  shuffle(members);
  members.resize(static_cast<std::size_t>(number(1, 4)));
  return json::object{{type, json::value_from(members)}};
}

json::value ValueDraws::value(const std::string& type, int depth) {
  static const std::vector<std::string> texts = {"",
                                                 "a",
                                                 "b",
                                                 "ab",
                                                 "line\nbreak",
                                                 "\"\\",
                                                 "\xEF\xBF\xBF",
                                                 "\xF0\x9F\x98\x80",
                                                 std::string(200, 'x')};
  if (type == "N") return decimal();
  if (type == "S") return json::object{{"S", one_of(texts)}};
  if (type == "B") return json::object{{"B", one_of(known_binaries())}};
  if (type == "BOOL") return json::object{{"BOOL", chance(50)}};
  if (type == "NULL") return json::object{{"NULL", true}};
  if (is_set_type(type)) return set(type);
  json::array list;
  json::object map;
  for (int i = number(0, depth > 0 ? 3 : 0); i > 0; --i) {
    if (type == "L") {
      list.push_back(value(chance(40) ? "N" : this->type(), depth - 1));
    } else {
      const std::string member = name();
      map[member] = value_for(member, depth - 1);
    }
  }
  if (type == "L") return json::object{{"L", list}};
  return json::object{{"M", map}};
}

json::value ValueDraws::value_for(const std::string& name, int depth) {
  const std::string usual = usual_type(name);
  return value(usual.empty() || chance(10) ? type() : usual, depth);
}

json::value ValueDraws::index_value(const std::string& name) {
  static const std::vector<std::string> groups = {"g1", "g2", "g3"};
  if (name == "r") return decimal();
  return json::object{{"S", one_of(groups)}};
}

json::object ValueDraws::item(const json::object& key) {
  json::object item = key;
  for (int i = number(0, 8); i > 0; --i) {
    const std::string attribute = name();
    item[attribute] = value_for(attribute, 2);
  }
  for (const char* attribute : {"g", "r"}) {
    if (chance(60)) item[attribute] = index_value(attribute);
  }
  return item;
}

Path ValueDraws::path_nearby(const json::object& item) {
  std::vector<Path> parents = {{}};
  for (const Path& path : paths_in(item)) {
    const std::string type = type_of(*find_value(item, path));
    const bool has_elements = type == "M" || type == "L";
    if (path.size() < path_steps_max && (has_elements || chance(3))) parents.push_back(path);
  }
  Path path = one_of(parents);
  const json::value* parent = path.empty() ? nullptr : find_value(item, path);
  const bool in_list = parent != nullptr && type_of(*parent) == "L";
  if (in_list != chance(3)) {
    const int size = in_list ? static_cast<int>(content_of(*parent).as_array().size()) : 1;
    path.emplace_back(static_cast<std::size_t>(number(0, size + 2)));
  } else {
    path.emplace_back(name());
  }
  // An item is not a list.
  if (std::holds_alternative<std::size_t>(path.front())) path.front() = name();
  if (path.size() < path_steps_max && chance(4)) path.emplace_back(name());
  return path;
}

Path ValueDraws::path(const json::object& item, const std::vector<std::string>& types) {
  std::vector<Path> fitting;
  for (const Path& path : paths_in(item)) {
    const std::string type = type_of(*find_value(item, path));
    if (std::find(types.begin(), types.end(), type) != types.end()) fitting.push_back(path);
  }
  if (!fitting.empty() && chance(75)) return one_of(fitting);
  return path_nearby(item);
}

Path ValueDraws::path_beside(Path path) {
  Step& last = path.back();
  if (std::holds_alternative<std::string>(last)) {
    last = name();
  } else {
    last = static_cast<std::size_t>(number(0, 5));
  }
  return path;
}

}  // namespace pageturner::model
