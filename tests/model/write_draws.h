// Draws random writes that often refer to existing values of their item.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tests/model/update_model.h"
#include "tests/model/value_draws.h"

namespace pageturner::model {

class WriteDraws : public ValueDraws {
 public:
  using ValueDraws::ValueDraws;

  // Returns a write of `kind` to the item of `table` with `key`; `before` is the current item.
  Write write(WritingKind kind, std::size_t table, const boost::json::object& key,
              const MaybeItem& before);
  // Returns an UpdateItem with AttributeUpdates and Expected.
  Write legacy_update(std::size_t table, const boost::json::object& key, const MaybeItem& before);

 private:
  Operand operand(const boost::json::object& item);
  Operand literal_or_path(const boost::json::object& item, const std::string& type);
  Action action(const boost::json::object& item);
  Action set_action(const boost::json::object& item);
  Operand combined_literal(const boost::json::value* old, const std::vector<std::string>& types);
  Action combining_action(const boost::json::object& item, ActionKind kind);
  Action index_action(ActionForm form);
  Action legacy_action(const boost::json::object& item);
  std::vector<Action> actions(const boost::json::object& item, ActionForm form);

  Condition comparison(const boost::json::object& item, const Path& path);
  Condition leaf(const boost::json::object& item, const Path& path);
  Condition condition(const boost::json::object& item, int depth);
  Condition legacy_condition(const boost::json::object& item);
  std::optional<Condition> likely(Condition condition, const boost::json::object& item);
};

}  // namespace pageturner::model
