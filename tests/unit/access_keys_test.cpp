// Why: users keep their access keys in credentials files of the AWS CLI. A parsing error locks a
// user out or accepts requests that should be rejected. Source: "Configuration and credential file
// settings" in the User Guide of the AWS CLI.
#include "server/access_keys.h"

#include <gtest/gtest.h>

#include <string>

namespace pageturner {
namespace {

std::string format(const boost::system::result<std::vector<AccessKey>, std::string>& keys) {
  if (!keys) return keys.error();
  std::string text;
  for (const AccessKey& key : *keys) {
    text += key.id + ':' + key.secret + ':' + key.session_token + ' ';
  }
  return text;
}

TEST(AccessKeys, RefusesWhatIsNoFile) {
  EXPECT_EQ(format(read_credentials_file("/")), "is a directory");
  EXPECT_EQ(format(read_credentials_file("/no/such/file")), "No such file or directory");
}

TEST(AccessKeys, ReadsProfiles) {
  const struct {
    const char* text;
    const char* keys;
  } rows[] = {
      {"", ""},
      {"[default]\naws_access_key_id = A\naws_secret_access_key = s/+=\n", "A:s/+=: "},
      {"[a]\r\naws_access_key_id=A\r\naws_secret_access_key=s\r\n", "A:s: "},
      {"aws_access_key_id=A\naws_secret_access_key=s", "A:s: "},
      {"# of tests\n\n[a]\n; old\nregion = eu-west-1\naws_session_token=t\nAWS_ACCESS_KEY_ID=A\n"
       "s3 =\n  max_queue_size = 10\n  aws_secret_access_key=s\n[profile b]\nrole_arn = r\n"
       "[c]\naws_access_key_id=C\naws_secret_access_key=#;\n",
       "A:s:t C:#;: "},
      {"[a]\naws_access_key_id=A\naws_secret_access_key=s\n[b]\naws_access_key_id=A\n"
       "aws_secret_access_key=s\n",
       "A:s: "},
  };
  for (const auto& row : rows) EXPECT_EQ(format(parse_credentials(row.text)), row.keys) << row.text;
}

TEST(AccessKeys, RejectsInvalidFiles) {
  const struct {
    const char* text;
    const char* complaint;
  } rows[] = {
      {"[a]\nsecret\n", "line 2 is neither a [profile] nor a setting = value"},
      {"[a\n", "line 1 is neither a [profile] nor a setting = value"},
      {"[a]\naws_access_key_id=A\n", "access key 'A' without its secret key"},
      {"[a]\naws_access_key_id=A\n[b]\naws_secret_access_key=s\n",
       "access key 'A' without its secret key"},
      {"aws_secret_access_key=s", "a secret key without its access key"},
      {"aws_access_key_id=A/B\naws_secret_access_key=s",
       "an access key may have no blanks, commas and slashes"},
      {"[a]\naws_access_key_id=A\naws_secret_access_key=s\n[b]\naws_access_key_id=A\n"
       "aws_secret_access_key=other\n",
       "access key 'A' with two different secrets"},
  };
  for (const auto& row : rows) EXPECT_EQ(format(parse_credentials(row.text)), row.complaint);
}

TEST(AccessKeys, OneIsAddedToThoseOfAFile) {
  const struct {
    AccessKey added;
    const char* keys;  // or the complaint
  } rows[] = {
      {{"", ""}, "A:s: "},
      {{"B", "t"}, "A:s: B:t: "},
      {{"A", "s"}, "A:s: "},
      {{"A", "t"}, "access key 'A' with two different secrets"},
      {{"B", ""}, "access key 'B' without its secret key"},
      {{"", "t"}, "a secret key without its access key"},
      {{"a b", "t"}, "an access key may have no blanks, commas and slashes"},
  };
  for (const auto& row : rows) {
    std::vector<AccessKey> keys = {{"A", "s"}};
    const std::string complaint = add_access_key(row.added, keys);
    EXPECT_EQ(complaint.empty() ? format(keys) : complaint, row.keys);
  }
}

TEST(AccessKeys, AFileHasToHoldOne) {
  EXPECT_EQ(format(read_credentials_file("/no/such/file")), "No such file or directory");
  EXPECT_EQ(format(read_credentials_file("/dev/null")), "it holds no access key");
}

}  // namespace
}  // namespace pageturner
