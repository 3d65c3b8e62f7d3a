#include "server/version.h"

namespace ddb {

std::string_view version() { return PAGETURNER_VERSION; }

}  // namespace ddb
