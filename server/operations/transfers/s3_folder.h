// A local folder that stands for S3.
#pragma once

#include <absl/functional/function_ref.h>

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/operations/transfers/transfer_registry.h"

namespace pageturner {

template <class T>
using S3Result = boost::system::result<T, TransferFailure>;

// boost::system::result calls this when value() of a failed result is read, which is a bug.
[[noreturn]] void throw_exception_from_error(const TransferFailure& failure,
                                             const boost::source_location& location);

// Each folder in the root is a bucket. Each file below a bucket is an object; its key is its path
// in the bucket. Failures have the codes and messages with which the service reports those of S3.
// Source: recorded answers. Symbolic links are followed within the root only: a bucket or an object
// that leads out of it does not exist. Thread-safe; concurrent writes of one key are not ordered.
class S3Folder {
 public:
  // An empty `root` has no buckets.
  explicit S3Folder(std::string root) : root_(std::move(root)) {}

  // Errors: S3NoSuchBucket.
  S3Result<void> check_bucket(std::string_view bucket) const;

  // Returns the keys of the objects in `bucket` that start with `prefix`, sorted by bytes. Errors:
  // S3NoSuchBucket, S3AccessDenied.
  S3Result<std::vector<std::string>> keys(std::string_view bucket, std::string_view prefix) const;

  // Passes the bytes of an object to `visit`, in pieces of at most 256 KB, until it returns false.
  // Errors: S3AccessDenied, also after some pieces.
  S3Result<void> read(std::string_view bucket, std::string_view key,
                      absl::FunctionRef<bool(std::string_view piece)> visit) const;

  // Writes an object and replaces the one with the same key; a failed write changes neither.
  // Errors: S3NoSuchBucket; S3AccessDenied, also for a key that is not a path below the bucket
  // ("../x").
  S3Result<void> write(std::string_view bucket, std::string_view key, std::string_view bytes) const;

 private:
  std::string root_;
};

}  // namespace pageturner
