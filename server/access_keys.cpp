#include "server/access_keys.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "protocol/text.h"

namespace pageturner {
namespace {

using Keys = std::vector<AccessKey>;
using KeysResult = boost::system::result<Keys, std::string>;

// Returns an empty string, or what is wrong with a key. The Credential of a request contains the id
// between slashes.
std::string describe_problem(const AccessKey& key) {
  if (key.id.empty()) return "a secret key without its access key";
  const bool is_word = std::all_of(key.id.begin(), key.id.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '/' && c != ',';
  });
  if (!is_word) return "an access key may have no blanks, commas and slashes";
  if (key.secret.empty()) return concat("access key '", key.id, "' without its secret key");
  return {};
}

// Stores one setting of a profile.
void take_setting(std::string_view name, std::string_view value, AccessKey& key) {
  if (equals_ignoring_case(name, "aws_access_key_id")) key.id = value;
  if (equals_ignoring_case(name, "aws_secret_access_key")) key.secret = value;
  if (equals_ignoring_case(name, "aws_session_token")) key.session_token = value;
}

}  // namespace

KeysResult parse_credentials(std::string_view text) {
  Keys keys;
  AccessKey key;  // of the current profile
  std::string complaint;
  std::size_t number = 0;
  while (!text.empty() && complaint.empty()) {
    std::string_view line = take_part(text, '\n');
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = trim_blanks(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      complaint = add_access_key(std::exchange(key, {}), keys);
      continue;
    }
    if (line.find('=') == std::string_view::npos) {
      return concat("line ", number, " is neither a [profile] nor a setting = value");
    }
    const std::string_view name = take_part(line, '=');
    take_setting(trim_blanks(name), trim_blanks(line), key);
  }
  if (complaint.empty()) complaint = add_access_key(std::move(key), keys);
  if (!complaint.empty()) return complaint;
  return keys;
}

KeysResult read_credentials_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) return std::string(std::strerror(errno));
  // A directory can be opened, but reading it throws.
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::string("is a directory");
  std::string text;
  try {
    text.assign(std::istreambuf_iterator<char>(in), {});
  } catch (const std::ios_base::failure& failure) {
    return std::string(failure.what());
  }
  KeysResult keys = parse_credentials(text);
  if (keys && keys->empty()) return std::string("it holds no access key");
  return keys;
}

std::string add_access_key(AccessKey key, Keys& keys) {
  if (key.id.empty() && key.secret.empty()) return {};
  if (std::string complaint = describe_problem(key); !complaint.empty()) return complaint;
  const auto same = std::find_if(keys.begin(), keys.end(),
                                 [&](const AccessKey& other) { return other.id == key.id; });
  if (same == keys.end()) {
    keys.push_back(std::move(key));
  } else if (same->secret != key.secret || same->session_token != key.session_token) {
    return concat("access key '", key.id, "' with two different secrets");
  }
  return {};
}

}  // namespace pageturner
