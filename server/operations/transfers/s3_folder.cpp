#include "server/operations/transfers/s3_folder.h"

#include <absl/strings/ascii.h>
#include <dirent.h>

#include <algorithm>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "protocol/text.h"

namespace pageturner {
namespace {

namespace fs = std::filesystem;

// A failure in the form in which the service reports those of S3.
TransferFailure s3_failure(std::string_view text, int status, std::string_view code) {
  std::string request_id = to_string(boost::uuids::random_generator()());
  std::erase(request_id, '-');
  request_id = absl::AsciiStrToUpper(request_id);
  return {concat("S3", code),
          concat(text, " (Service: Amazon S3; Status Code: ", status, "; Error Code: ", code,
                 "; Request ID: ", request_id.substr(0, 16),
                 "; S3 Extended Request ID: ", request_id, "; Proxy: null)")};
}

TransferFailure no_such_bucket() {
  return s3_failure("The specified bucket does not exist", 404, "NoSuchBucket");
}

// Reported for every error of the file system.
TransferFailure access_denied() { return s3_failure("Access Denied", 403, "AccessDenied"); }

// Whether `key` is a plain path in its bucket: no empty part, no "." and no "..".
bool is_plain_path(std::string_view key) {
  while (true) {
    const std::string_view part = key.substr(0, key.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    if (part.size() == key.size()) return key.find('\0') == key.npos;
    key.remove_prefix(part.size() + 1);
  }
}

// Whether `path`, with all symbolic links resolved, is in the folder `root`. A path that does not
// exist yet is resolved as far as it exists.
bool is_within(const fs::path& path, const fs::path& root) {
  std::error_code error;
  const fs::path real_root = fs::canonical(root, error);
  if (error) return false;
  const fs::path real_path = fs::weakly_canonical(path, error);
  if (error) return false;
  const fs::path below = real_path.lexically_relative(real_root);
  return !below.empty() && *below.begin() != "..";
}

// Adds the names of all files in `folder` and below it to `keys`, each behind `prefix`; of symbolic
// links those that do not lead out of `root`. Returns false if a folder cannot be read. (The
// iterators of std::filesystem allocate in functions that are noexcept, at least in libstdc++: they
// end the process if there is no memory.)
bool add_keys(const fs::path& folder, const fs::path& root, const std::string& prefix,
              std::vector<std::string>& keys) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir(folder.c_str()), closedir);
  if (directory == nullptr) return false;
  while (true) {
    errno = 0;
    const dirent* const entry = readdir(directory.get());
    if (entry == nullptr) return errno == 0;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    const fs::path path = folder / name;
    std::string key = concat(prefix, name);
    std::error_code ignored;
    const fs::file_type type = fs::symlink_status(path, ignored).type();
    if (type == fs::file_type::directory) {
      if (!add_keys(path, root, key + '/', keys)) return false;
    } else if (fs::is_regular_file(path, ignored) &&
               (type != fs::file_type::symlink || is_within(path, root))) {
      keys.push_back(std::move(key));
    }
  }
}

// Writes a new file. If that fails, the file is removed again.
bool write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return true;
  std::error_code ignored;
  fs::remove(path, ignored);
  return false;
}

}  // namespace

void throw_exception_from_error(const TransferFailure& failure, const boost::source_location&) {
  throw std::logic_error(concat("the value of a failed transfer was taken: ", failure.message));
}

S3Result<void> S3Folder::check_bucket(std::string_view bucket) const {
  std::error_code ignored;
  const fs::path folder = fs::path(root_) / bucket;
  if (root_.empty() || !fs::is_directory(folder, ignored) || !is_within(folder, root_)) {
    return no_such_bucket();
  }
  return {};
}

S3Result<std::vector<std::string>> S3Folder::keys(std::string_view bucket,
                                                  std::string_view prefix) const {
  if (auto checked = check_bucket(bucket); !checked) return std::move(checked).error();
  const fs::path folder = fs::path(root_) / bucket;
  std::vector<std::string> keys;
  if (!add_keys(folder, root_, "", keys)) return access_denied();
  std::erase_if(keys, [&](const std::string& key) { return !key.starts_with(prefix); });
  std::sort(keys.begin(), keys.end());
  return keys;
}

S3Result<void> S3Folder::read(std::string_view bucket, std::string_view key,
                              absl::FunctionRef<bool(std::string_view piece)> visit) const {
  const fs::path path = fs::path(root_) / bucket / key;
  if (!is_within(path, root_)) return access_denied();
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) return access_denied();
  std::string piece(256 * 1024, '\0');
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (file.bad()) return access_denied();
    const auto count = static_cast<std::size_t>(file.gcount());
    if (count > 0 && !visit(std::string_view(piece).substr(0, count))) break;
  }
  return {};
}

S3Result<void> S3Folder::write(std::string_view bucket, std::string_view key,
                               std::string_view bytes) const {
  if (auto checked = check_bucket(bucket); !checked) return checked;
  if (!is_plain_path(key)) return access_denied();
  const fs::path path = fs::path(root_) / bucket / key;
  if (!is_within(path, root_)) return access_denied();
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  // Written under another name, so that the object never exists in part: the disk may be full.
  const std::string name = concat(".", to_string(boost::uuids::random_generator()()), ".tmp");
  const fs::path unfinished = path.parent_path() / name;
  if (!write_file(unfinished, bytes)) return access_denied();
  fs::rename(unfinished, path, error);
  if (!error) return {};
  fs::remove(unfinished, error);
  return access_denied();
}

}  // namespace pageturner
