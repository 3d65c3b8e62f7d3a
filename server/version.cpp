#include "server/version.h"

namespace pageturner {

std::string_view pageturner_version() { return PAGETURNER_VERSION; }

}  // namespace pageturner
