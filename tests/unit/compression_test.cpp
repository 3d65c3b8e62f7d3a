// Why: import files are decompressed in pieces, whose ends may be anywhere: within a header, a
// checksum, or between two members. Source: RFC 1952; the contract in server/compression.h.
#include "server/compression.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace pageturner {
namespace {

struct Outcome {
  std::string text;
  bool is_complete = false;
  bool operator==(const Outcome&) const = default;
};

Outcome gunzip_in_pieces(std::string_view bytes, std::size_t piece_bytes) {
  Outcome outcome;
  GunzipStream stream;
  const auto sink = [&](std::string_view text) { outcome.text += text; };
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece_bytes, bytes.size()))) {
    if (!stream.add(bytes.substr(0, piece_bytes), sink)) return outcome;
  }
  outcome.is_complete = stream.is_complete();
  return outcome;
}

TEST(GunzipStream, DecompressesAsTheWholeFile) {
  const std::string text = "a text, and a text, and the same text";
  const std::string member = gzip(text);
  std::string damaged = member;
  damaged[damaged.size() - 5] ^= 1;  // of the checksum
  std::string named = member;
  named[3] = 8;  // a name follows the header
  named.insert(10, std::string("name", 5));
  const struct {
    const char* name;
    std::string bytes;
    Outcome outcome;
  } rows[] = {
      {"nothing", "", {"", false}},
      {"text", "text", {"", false}},
      {"half a magic number", "\x1f", {"", false}},
      {"one member", member, {text, true}},
      {"of no text", gzip(""), {"", true}},
      {"with a name", named, {text, true}},
      {"members", member + gzip("") + named, {text + text, true}},
      {"more data", member + "more", {text, true}},
      {"more data that begins as a member", member + "\x1f\x1f" + member, {text, true}},
      {"only the header of a member", member + member.substr(0, 10), {text, false}},
      {"damage", damaged, {text, false}},
      {"damage in the second member", member + damaged + member, {text + text, false}},
      {"no checksum", member.substr(0, member.size() - 8), {text, false}},
  };
  for (const auto& row : rows) {
    for (std::size_t bytes = 1; bytes <= row.bytes.size() + 1; ++bytes) {
      const Outcome outcome = gunzip_in_pieces(row.bytes, bytes);
      EXPECT_EQ(outcome.text, row.outcome.text) << row.name << ' ' << bytes;
      EXPECT_EQ(outcome.is_complete, row.outcome.is_complete) << row.name << ' ' << bytes;
    }
    std::string whole;
    EXPECT_EQ(gunzip(row.bytes, 1000, whole) == InflateStatus::ok, row.outcome.is_complete)
        << row.name;
  }
  // A result that is much larger than a piece.
  const std::string zeros(5'000'000, '\0');
  const Outcome outcome = gunzip_in_pieces(gzip(zeros), 100);
  EXPECT_TRUE(outcome.text == zeros && outcome.is_complete);
}

}  // namespace
}  // namespace pageturner
