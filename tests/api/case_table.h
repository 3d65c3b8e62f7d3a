// The tables of tests/api/*.json: raw requests and the exact answers to them.
//
// A file:
//   {"why": "what the table is for, and where its answers come from",
//    "setup": [{"call": "CreateTable", "send": {…}}, …],     each has to answer 200
//    "cases": [{"name": "…", "call": "PutItem", "send": {…}, "answer": {…}}, …]}
// with "local_only": "why", if no case of it can be run against another endpoint than our own.
//
// A case:
//   "name"      what it is about; no other case of the file has the same
//   "call"      the operation, or a whole target with a dot in it
//   "send"      the request; or "raw": text that is no JSON; or "raw_bytes": text whose characters
//               U+0000 to U+00FF stand for bytes
//   "answer"    the answer, {} where it is not given; order counts in arrays only, numbers are
//               compared by value
//   "error"     in place of "answer": "Type: message", or "Type" for one without a message; with
//               "error_item" where the answer shows the item too, and "reasons" for the
//               CancellationReasons of a transaction
//   "status"    the HTTP status, where it is not 200, or that of the error's type
//   "any_order" true: the order of arrays does not count (AWS documents no order of a Scan)
//   "follow"    true: sends the request again with each LastEvaluatedKey until there is none. The
//               answer is {"Items": all of them, "Count": …, "ScannedCount": …, "Pages": …}
//   "segments"  n, with "follow": does so for each of n segments
//   "source"    where the answer comes from, if that differs from the file's "why"
//   "keep"      {"arn": "Streams.0.StreamArn"}: later cases find the string at that path of the
//               answer under "$kept:arn"
//   "pending"   why the case is skipped: a known difference. PAGETURNER_RUN_PENDING=1 runs it.
//   "local_only"  why the case is skipped when the tables run against another endpoint
//
// Anywhere in a request or an answer:
//   {"$repeat": ["x", 1000]}           the text 1000 times
//   {"$join": [3, "a$i = :v", " OR "]} "a0 = :v OR a1 = :v OR a2 = :v"
//   {"$concat": ["a", {"$repeat": …}]} the texts one after the other
//   {"$list": [3, {"S": "k$i"}]}       [{"S": "k0"}, {"S": "k1"}, {"S": "k2"}]
//   {"$nest": 31}                      an attribute value: a string in 31 maps
//   "…$kept:name…"                     the text that an earlier case has kept as name, made of a-z
//                                      and _, in that place
// In answers only:
//   "$any", "$any_number", "$any_string", "$uuid"   any value, any value of that kind
//   "…$*…"                                  any text in that place
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace pageturner {

// A case, or a step of the setup, which has no name.
struct Case {
  std::string name;
  // The name as GoogleTest can have it, of letters, digits and '_', unique in its file.
  std::string test_name;
  int line = 0;  // where it begins in the file, from 1
  boost::json::object members;

  // The member's value; the empty string or false where it is not given.
  std::string text(std::string_view member) const;
  bool flag(std::string_view member) const;
};

struct CaseTable {
  std::string name;  // of the file, without folder and extension
  std::string path;
  std::string local_only;  // empty: it can run against other endpoints
  std::vector<Case> setup;
  std::vector<Case> cases;
};

// Parses a file's text. Throws std::runtime_error, "path:line: what is wrong", where it is not as
// described above: no JSON, an unknown member, two cases of one name.
CaseTable parse_case_table(const std::string& path, const std::string& text);

// Reads all tables of a folder, in the order of their names. Throws as parse_case_table().
std::vector<CaseTable> read_case_tables(const std::string& folder);

}  // namespace pageturner
