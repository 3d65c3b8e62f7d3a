// A local folder in the place of S3.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "storage/transfer_registry.h"

namespace pageturner {

template <class T>
using S3Result = boost::system::result<T, TransferFailure>;

// boost::system::result calls this when value() is asked of a failure, which only a bug does.
[[noreturn]] void throw_exception_from_error(const TransferFailure& failure,
                                             const boost::source_location& location);

// Every folder in the root is a bucket, every file below that an object, whose key is its path in
// the bucket. Failures have the codes and the words of those that the service has from S3. Source:
// recorded answers.
class S3Folder {
 public:
  // An empty root has no buckets.
  explicit S3Folder(std::string root) : root_(std::move(root)) {}

  // Fails where there is no such bucket.
  S3Result<void> check_bucket(std::string_view bucket) const;

  // The keys of the objects in `bucket` that start with `prefix`, in the order of their bytes.
  S3Result<std::vector<std::string>> keys(std::string_view bucket, std::string_view prefix) const;

  S3Result<std::string> read(std::string_view bucket, std::string_view key) const;

  // Puts an object in the place of whatever has its key. A key that names no file below the bucket
  // ("../x") is refused.
  S3Result<void> write(std::string_view bucket, std::string_view key, std::string_view bytes) const;

 private:
  std::string root_;
};

}  // namespace pageturner
