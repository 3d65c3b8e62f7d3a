#include "tests/api/case_table.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>

namespace pageturner {
namespace {

namespace json = boost::json;

constexpr std::string_view file_members[] = {"why", "local_only", "setup", "cases"};
constexpr std::string_view step_members[] = {"call", "send"};
constexpr std::string_view case_members[] = {
    "name",   "call",       "send",    "raw",       "raw_bytes", "answer",
    "error",  "error_item", "status",  "any_order", "follow",    "segments",
    "source", "pending",    "reasons", "keep",      "local_only"};

[[noreturn]] void fail(const std::string& path, int line, const std::string& message) {
  throw std::runtime_error(path + ":" + std::to_string(line) + ": " + message);
}

json::value parse_file(const std::string& path, std::string_view text) {
  json::stream_parser parser;
  boost::system::error_code error;
  const std::size_t parsed = parser.write(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (error) {
    const auto stop = text.begin() + static_cast<std::ptrdiff_t>(parsed);
    fail(path, 1 + static_cast<int>(std::count(text.begin(), stop, '\n')), error.message());
  }
  return parser.release();
}

// A misspelt member would make a case test something else than it says.
void check_members(const std::string& path, int line, const json::object& object,
                   std::span<const std::string_view> known) {
  for (const auto& member : object) {
    if (std::find(known.begin(), known.end(), member.key()) == known.end()) {
      fail(path, line, "unknown member \"" + std::string(member.key()) + "\"");
    }
  }
}

// The lines on which the objects of each top-level array begin, by the array's name. `text` is
// valid JSON. (Boost.JSON does not report positions.)
std::map<std::string, std::vector<int>> lines_of_objects(std::string_view text) {
  std::map<std::string, std::vector<int>> lines;
  std::string member;  // the last string at the top, which is the name in front of an array
  int line = 1;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '\n':
        ++line;
        break;
      case '"': {
        const std::size_t begin = ++i;
        while (text[i] != '"') i += text[i] == '\\' ? 2 : 1;
        if (depth == 1) member = text.substr(begin, i - begin);
        break;
      }
      case '{':
      case '[':
        if (depth == 2 && text[i] == '{') lines[member].push_back(line);
        ++depth;
        break;
      case '}':
      case ']':
        --depth;
        break;
      default:
        break;
    }
  }
  return lines;
}

// Many names are expressions, which differ by their operators alone.
std::string operators_in_words(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"<=", " le "}, {">=", " ge "}, {"<>", " ne "}, {"<", " lt "}, {">", " gt "}, {"=", " eq "}};
  std::string text;
  while (!name.empty()) {
    const auto found = std::find_if(std::begin(words), std::end(words),
                                    [&](const auto& word) { return name.starts_with(word.first); });
    if (found == std::end(words)) {
      text += name.front();
      name.remove_prefix(1);
    } else {
      text += found->second;
      name.remove_prefix(found->first.size());
    }
  }
  return text;
}

std::string make_test_name(std::string_view name, std::set<std::string>& taken) {
  std::string base;
  for (const char c : operators_in_words(name)) {
    const bool is_plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_plain) {
      base += c;
    } else if (!base.empty() && !base.ends_with('_')) {
      base += '_';
    }
  }
  if (base.ends_with('_')) base.pop_back();
  if (base.empty()) base = "case";
  std::string test_name = base;
  for (int i = 2; !taken.insert(test_name).second; ++i) test_name = base + "_" + std::to_string(i);
  return test_name;
}

// The objects of the array `member`, with their lines.
std::vector<Case> read_objects(const std::string& path, const json::object& file,
                               const std::string& member, const std::vector<int>& lines,
                               std::span<const std::string_view> known) {
  std::vector<Case> objects;
  const json::value* array = file.if_contains(member);
  if (array == nullptr) return objects;
  for (const json::value& value : array->as_array()) {
    Case read;
    read.line = lines.at(objects.size());
    read.members = value.as_object();
    check_members(path, read.line, read.members, known);
    if (read.text("call").empty()) fail(path, read.line, "no \"call\"");
    objects.push_back(std::move(read));
  }
  return objects;
}

void name_cases(const std::string& path, std::vector<Case>& cases) {
  std::map<std::string, int> line_by_name;
  std::set<std::string> taken;
  for (Case& each : cases) {
    each.name = each.text("name");
    if (each.name.empty()) fail(path, each.line, "no \"name\"");
    const auto [other, is_new] = line_by_name.emplace(each.name, each.line);
    if (!is_new) {
      fail(path, each.line,
           "the case of line " + std::to_string(other->second) + " has the same name");
    }
    each.test_name = make_test_name(each.name, taken);
  }
}

}  // namespace

std::string Case::text(std::string_view member) const {
  const json::value* value = members.if_contains(member);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

bool Case::flag(std::string_view member) const {
  const json::value* value = members.if_contains(member);
  return value != nullptr && value->as_bool();
}

CaseTable parse_case_table(const std::string& path, const std::string& text) {
  CaseTable table;
  table.path = path;
  table.name = std::filesystem::path(path).stem().string();
  const json::object file = parse_file(path, text).as_object();
  check_members(path, 1, file, file_members);
  auto lines = lines_of_objects(text);
  table.setup = read_objects(path, file, "setup", lines["setup"], step_members);
  table.cases = read_objects(path, file, "cases", lines["cases"], case_members);
  if (const json::value* why = file.if_contains("local_only")) table.local_only = why->as_string();
  name_cases(path, table.cases);
  return table;
}

std::vector<CaseTable> read_case_tables(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<CaseTable> tables;
  for (const std::string& path : paths) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    try {
      tables.push_back(parse_case_table(path, text.str()));
    } catch (const std::exception& error) {
      // Of a member of another type Boost.JSON says that, and not where.
      const std::string message = error.what();
      throw std::runtime_error(message.starts_with(path) ? message : path + ": " + message);
    }
  }
  return tables;
}

}  // namespace pageturner
