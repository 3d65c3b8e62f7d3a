#include "server/operations/partiql/next_token.h"

#include <absl/strings/escaping.h>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>

#include "protocol/attribute_value_json.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

// A token is the base64 of: a version, a digest of the statement, the index of the read in four
// bytes, big-endian, and the key.
constexpr char version = 1;
constexpr std::size_t digest_bytes = 16;
constexpr std::size_t header_bytes = 1 + digest_bytes + 4;

std::string digest_of_statement(JsonValue body) {
  std::string text(text_parameter(body, "Statement"));
  if (const auto parameters = body.find("Parameters")) parameters->write_canonical(text);
  boost::uuids::name_generator_sha1 digest(boost::uuids::ns::oid());
  const boost::uuids::uuid uuid = digest(text.data(), text.size());
  return {uuid.begin(), uuid.end()};
}

}  // namespace

std::string make_next_token(JsonValue body, const ReadPosition& position) {
  std::string bytes(1, version);
  bytes += digest_of_statement(body);
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(position.read >> shift & 0xFF);
  }
  bytes += position.last_key;
  const auto token = absl::Base64Escape({bytes.data(), bytes.size()});
  return {token.data(), token.size()};
}

Result<ReadPosition> parse_next_token(JsonValue body) {
  if (!body.find("NextToken")) return ReadPosition{};
  const std::string bytes = decode_base64(text_parameter(body, "NextToken"));
  if (bytes.size() < header_bytes || bytes[0] != version) {
    return validation_error("Invalid NextToken");
  }
  if (bytes.substr(1, digest_bytes) != digest_of_statement(body)) return mismatched_next_token();
  ReadPosition position;
  for (std::size_t i = 1 + digest_bytes; i < header_bytes; ++i) {
    position.read = position.read << 8 | static_cast<unsigned char>(bytes[i]);
  }
  position.last_key = bytes.substr(header_bytes);
  return position;
}

Error mismatched_next_token() { return validation_error("The provided starting key is invalid"); }

}  // namespace pageturner
