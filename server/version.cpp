#include "server/version.h"

namespace ddb {

std::string_view pageturner_version() { return PAGETURNER_VERSION; }

}  // namespace ddb
