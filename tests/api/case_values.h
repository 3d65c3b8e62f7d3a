// What stands for something else in the values of a table: helpers such as {"$repeat": …}, values
// that earlier cases have kept, and characters that stand for bytes. case_table.h describes them.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace pageturner {

// What cases have kept, by its name.
using KeptValues = std::map<std::string, std::string, std::less<>>;

// Replaces each `from` in `text` by `to`.
void replace_all(std::string& text, std::string_view from, std::string_view to);

// Returns a copy of `value` with the helpers carried out. Throws std::runtime_error for a helper
// that does not exist.
boost::json::value expand(const boost::json::value& value);

// Returns a copy of `value` in which "$kept:name" is replaced by what was kept under that name.
// Throws std::runtime_error where nothing was.
boost::json::value with_kept(const boost::json::value& value, const KeptValues& kept);

// Returns the string at a path such as "Streams.0.StreamArn". Throws where there is none.
std::string text_at(const boost::json::value& value, const std::string& path);

// Returns the bytes for which the characters U+0000 to U+00FF of `text` stand.
std::string bytes_of(std::string_view text);

}  // namespace pageturner
