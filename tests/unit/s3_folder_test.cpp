// Why: clients name buckets and keys, and the files behind them belong to the user of the process:
// no name may lead out of the folder, and no failed write may leave half an object.
#include "server/operations/transfers/s3_folder.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace pageturner {
namespace {

namespace fs = std::filesystem;

class S3FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "s3_folder_XXXXXX";
    base_ = mkdtemp(name.data());
    fs::create_directories(base_ / "root/bucket/sub");
    fs::create_directories(base_ / "outside");
    std::ofstream(base_ / "outside/secret") << "secret";
    std::ofstream(base_ / "root/bucket/object") << "object";
  }
  void TearDown() override { fs::remove_all(base_); }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(base_)) {
      if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(base_));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  // Returns the bytes of an object.
  static std::string read(const S3Folder& folder, const char* key) {
    std::string bytes;
    const auto ended = folder.read("bucket", key, [&](std::string_view piece) {
      bytes += piece;
      return true;
    });
    return ended ? bytes : "not readable";
  }

  fs::path base_;
};

TEST_F(S3FolderTest, FollowsNoLinkOutOfTheRoot) {
  fs::create_directory_symlink(base_ / "outside", base_ / "root/linked");
  fs::create_directory_symlink(base_ / "outside", base_ / "root/bucket/folder");
  fs::create_symlink(base_ / "outside/secret", base_ / "root/bucket/file");
  fs::create_symlink("object", base_ / "root/bucket/inside");
  fs::create_symlink("../../../outside/new", base_ / "root/bucket/sub/dangling");
  const auto before = files();
  const S3Folder folder(base_ / "root");
  EXPECT_TRUE(folder.check_bucket("bucket"));
  EXPECT_FALSE(folder.check_bucket("linked"));
  EXPECT_FALSE(folder.keys("linked", ""));
  EXPECT_EQ(folder.keys("bucket", "").value(), (std::vector<std::string>{"inside", "object"}));
  EXPECT_EQ(read(folder, "inside"), "object");
  for (const char* key : {"file", "folder/secret", "../../outside/secret"}) {
    EXPECT_EQ(read(folder, key), "not readable") << key;
  }
  for (const char* key : {"file", "folder/new", "folder/sub/new", "../x"}) {
    EXPECT_FALSE(folder.write("bucket", key, "changed")) << key;
  }
  EXPECT_EQ(files(), before);
  EXPECT_TRUE(folder.write("bucket", "sub/dangling", "new"));  // replaces the link
  EXPECT_FALSE(fs::exists(base_ / "outside/new"));
  EXPECT_TRUE(folder.write("bucket", "a/b/c", "new"));
  EXPECT_EQ(read(folder, "a/b/c"), "new");
}

// As on a full disk: a file may not exceed a size.
TEST_F(S3FolderTest, LeavesNoHalfObject) {
  const auto before = files();
  const S3Folder folder(base_ / "root");
  rlimit old_limit{};
  getrlimit(RLIMIT_FSIZE, &old_limit);
  const rlimit limit{1'000'000, old_limit.rlim_max};
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limit);
  EXPECT_FALSE(folder.write("bucket", "new", std::string(3'000'000, 'x')));
  EXPECT_FALSE(folder.write("bucket", "object", std::string(3'000'000, 'x')));
  setrlimit(RLIMIT_FSIZE, &old_limit);
  signal(SIGXFSZ, old_handler);
  EXPECT_EQ(files(), before);
  EXPECT_EQ(read(folder, "object"), "object");
}

}  // namespace
}  // namespace pageturner
