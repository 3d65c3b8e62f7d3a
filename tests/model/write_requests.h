// Writes as requests.
#pragma once

#include <boost/json.hpp>
#include <random>

#include "tests/model/update_model.h"

namespace pageturner::model {

// PutItem, UpdateItem, DeleteItem; in a transaction Put, Update, Delete, ConditionCheck.
const char* operation_name(WritingKind kind);
const char* action_name(WritingKind kind);

// What `write` is as an operation of its own or as an action of a transaction. How its expressions
// are spelled, which of the many ways that mean the same, is drawn.
boost::json::object request_of(const Write& write, std::mt19937_64& random);

}  // namespace pageturner::model
