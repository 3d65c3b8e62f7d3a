#include "storage/engine/memory_engine.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

#include "protocol/assert.h"
#include "storage/byte_order.h"
#include "storage/engine/tree.h"
#include "storage/read_write_lock.h"

namespace pageturner {
namespace {

// MemoryEngine::current_: the lowest bit is set while a commit changes the version in place, the
// highest bits count views, and the address of the version is between them.
constexpr std::uint64_t is_changing = 1;
constexpr int address_bits = 48;
constexpr std::uint64_t one_view = std::uint64_t{1} << address_bits;
// One thread has few views, and there are few thousand threads.
constexpr std::int64_t views_max = 0xFFFF;
constexpr std::uint64_t address_mask = (one_view - 1) & ~is_changing;

Version* version_in(std::uint64_t current) {
  return reinterpret_cast<Version*>(current & address_mask);
}

std::int64_t views_in(std::uint64_t current) {
  return static_cast<std::int64_t>(current >> address_bits);
}

// How many objects a commit, or the end of a view, frees at most, so that it does not take long.
constexpr std::size_t objects_at_once = 512;
// The same for reclaim().
constexpr std::size_t objects_of_reclaim = 1024;
// How many times a commit that finds no room calls reclaim().
constexpr int slices_at_once = 4000;

// The key of a keyspace in the tree of keyspaces.
class SpaceKey {
 public:
  explicit SpaceKey(KeyspaceId space) { write_big_endian(bytes_.data(), space, bytes_.size()); }
  operator std::string_view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, sizeof(std::uint64_t)> bytes_;
};

const Node* root_of(const Version& version, KeyspaceId space) {
  const Entry* entry = find_entry(version.spaces, SpaceKey(space));
  return entry == nullptr ? nullptr : space_of(*entry).root;
}

}  // namespace

std::string prefix_end(std::string_view prefix) {
  PAGETURNER_ASSERT(prefix.find_first_not_of('\xFF') != std::string_view::npos);
  std::string end(prefix);
  while (static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  ++end.back();
  return end;
}

// Allocates the entries of a batch, and frees their values in the batch: a transaction may have
// hundreds of MB of them.
MemoryEngine::Entries MemoryEngine::entries_of(WriteBatch& batch) {
  Entries entries;
  entries.reserve(batch.changes().size());
  for (auto& change : batch.changes()) {
    auto* put = std::get_if<WriteBatch::Put>(&change);
    if (put == nullptr) continue;
    entries.emplace_back(TreeMemory::new_entry(put->key, put->value));
    std::string().swap(put->value);
  }
  return entries;
}

class MemoryEngine::View final : public ReadView {
 public:
  explicit View(const MemoryEngine& engine) : engine_(engine), version_(engine.open_version()) {}
  ~View() override { engine_.close_version(version_); }
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  std::optional<std::string_view> get(KeyspaceId space, std::string_view key) const override {
    const Entry* entry = find_entry(root_of(*version_, space), key);
    if (entry == nullptr) return std::nullopt;
    return entry->value();
  }

  void walk(KeyspaceId space, const KeyRange& range, Direction direction,
            EntryVisitor visitor) const override {
    walk_entries(root_of(*version_, space), range, direction,
                 [&](const Entry& entry) { return visitor(entry.key(), entry.value()); });
  }

  std::vector<KeyspaceId> spaces() const override {
    std::vector<KeyspaceId> numbers;
    walk_entries(version_->spaces, {}, Direction::forward, [&](const Entry& entry) {
      const auto number = static_cast<KeyspaceId>(read_big_endian(entry.key()));
      if (has_entries(space_of(entry).root)) numbers.push_back(number);
      return true;
    });
    return numbers;
  }

 private:
  const MemoryEngine& engine_;
  Version* const version_;
};

// A change of the current version: in place if it has no views, else of a private version, which
// publish() makes the current one. Destroyed without publish(), it has changed nothing in a private
// version; what was changed in place must be undone before. Requires: the lock of the memory.
class MemoryEngine::Update {
 public:
  // `spare`: the version to use if none can be allocated.
  Update(MemoryEngine& engine, std::unique_ptr<Version>* spare) : engine_(engine) {
    version_ = engine.current_version();
    std::uint64_t unviewed = reinterpret_cast<std::uint64_t>(version_);
    is_in_place_ = engine.current_.compare_exchange_strong(
        unviewed, unviewed | is_changing, std::memory_order_acquire, std::memory_order_relaxed);
    if (is_in_place_) return;
    Version* shared = version_;
    version_ = new (std::nothrow) Version;
    if (version_ == nullptr && spare != nullptr) version_ = spare->release();
    if (version_ == nullptr) throw std::bad_alloc();
    version_->spaces = shared->spaces;
    if (version_->spaces != nullptr) ++version_->spaces->references;
  }
  ~Update() {
    if (is_published_) return;
    if (is_in_place_) {
      end_in_place();
    } else {
      engine_.memory_->retire(version_);
    }
  }
  Update(const Update&) = delete;
  Update& operator=(const Update&) = delete;

  bool is_in_place() const { return is_in_place_; }
  Node*& spaces() { return version_->spaces; }

  void publish() noexcept {
    is_published_ = true;
    if (is_in_place_) return end_in_place();
    const std::uint64_t before = engine_.current_.exchange(
        reinterpret_cast<std::uint64_t>(version_), std::memory_order_acq_rel);
    // Views that are closed from now on subtract from Version::views, which may be below zero here.
    Version* retired = version_in(before);
    const std::int64_t views = views_in(before);
    if (retired->views.fetch_add(views, std::memory_order_acq_rel) + views == 0) {
      engine_.memory_->retire(retired);
    }
  }

 private:
  void end_in_place() noexcept {
    engine_.current_.fetch_and(~is_changing, std::memory_order_release);
  }

  MemoryEngine& engine_;
  Version* version_;
  bool is_in_place_;
  bool is_published_ = false;
};

// The application of one batch. First everything that may fail: puts and copies, and the copying of
// shared nodes on the way to what is erased. Then the erasures, which cannot fail.
class MemoryEngine::Commit {
 public:
  Commit(MemoryEngine& engine, const WriteBatch& batch, Entries& entries)
      : engine_(engine),
        memory_(*engine.memory_),
        changes_(memory_),
        batch_(batch),
        entries_(entries),
        update_(engine, nullptr) {}

  void run() {
    try {
      prepare();
    } catch (...) {
      if (update_.is_in_place()) undo();
      throw;
    }
    finish();
  }

 private:
  using Change = WriteBatch::Change;

  void prepare();
  void finish() noexcept;
  void undo() noexcept;
  Space& space_for_change(KeyspaceId space);
  Space* find_space(KeyspaceId space) noexcept;
  void drop_removed(Entry* entry, const Space& space) noexcept;

  MemoryEngine& engine_;
  TreeMemory& memory_;
  TreeChanges changes_;
  const WriteBatch& batch_;
  // The entries of the puts; after a put, the entry that it replaced, or nullptr.
  Entries& entries_;
  std::size_t prepared_ = 0;  // changes of the batch
  Update update_;
};

// Returns the keyspace, which nothing else shares.
Space& MemoryEngine::Commit::space_for_change(KeyspaceId space) {
  const SpaceKey key(space);
  Entry** found = changes_.find_for_change(update_.spaces(), key);
  if (found != nullptr && (*found)->references == 1) return space_of(**found);
  const Space value = found == nullptr ? Space() : space_of(**found);
  Entry* entry = TreeMemory::new_entry(key, {reinterpret_cast<const char*>(&value), sizeof value});
  if (found != nullptr) {
    if (value.root != nullptr) ++value.root->references;
    memory_.drop(std::exchange(*found, entry), true);
    return space_of(*entry);
  }
  try {
    changes_.put(update_.spaces(), entry, true);
  } catch (...) {
    TreeMemory::free_unused(entry);
    throw;
  }
  return space_of(*entry);
}

// As space_for_change, after that was called. Returns nullptr if there is no such keyspace.
Space* MemoryEngine::Commit::find_space(KeyspaceId space) noexcept {
  Entry** found = changes_.find_unshared(update_.spaces(), SpaceKey(space));
  return found == nullptr ? nullptr : &space_of(**found);
}

void MemoryEngine::Commit::prepare() {
  auto next_entry = entries_.begin();
  for (const Change& change : batch_.changes()) {
    if (const auto* put = std::get_if<WriteBatch::Put>(&change)) {
      Space& space = space_for_change(put->space);
      Entry* entry = next_entry->get();
      Entry* replaced = changes_.put(space.root, entry, false);
      next_entry->release();
      next_entry->reset(replaced);
      ++next_entry;
      memory_.count_put(*entry);
    } else if (const auto* erase = std::get_if<WriteBatch::Erase>(&change)) {
      changes_.find_for_change(space_for_change(erase->space).root, erase->key);
    } else if (const auto* erased = std::get_if<WriteBatch::EraseSpace>(&change)) {
      changes_.find_for_change(update_.spaces(), SpaceKey(erased->space));
    } else {
      const auto& copy = std::get<WriteBatch::CopySpace>(change);
      space_for_change(copy.from);
      Space& to = space_for_change(copy.to);
      PAGETURNER_ASSERT(!has_entries(to.root));
      memory_.drop(to.root);
      to.root = find_space(copy.from)->root;
      if (to.root != nullptr) ++to.root->references;
    }
    ++prepared_;
  }
}

// Undoes what prepare() changed in place.
void MemoryEngine::Commit::undo() noexcept {
  std::size_t puts = 0;
  const auto end = batch_.changes().begin() + static_cast<std::ptrdiff_t>(prepared_);
  for (auto change = batch_.changes().begin(); change != end; ++change) {
    puts += std::holds_alternative<WriteBatch::Put>(*change);
  }
  for (auto change = end; change != batch_.changes().begin();) {
    --change;
    if (const auto* put = std::get_if<WriteBatch::Put>(&*change)) {
      Space& space = *find_space(put->space);
      auto& replaced = entries_[--puts];
      Entry* undone =
          replaced == nullptr
              ? changes_.erase(space.root, put->key)
              : std::exchange(*changes_.find_unshared(space.root, put->key), replaced.release());
      replaced.reset(undone);
    } else if (const auto* copy = std::get_if<WriteBatch::CopySpace>(&*change)) {
      memory_.drop(std::exchange(find_space(copy->to)->root, nullptr));
    }
  }
}

void MemoryEngine::Commit::drop_removed(Entry* entry, const Space& space) noexcept {
  memory_.count_removed(*entry,
                        std::max(space.first_own_generation, engine_.first_own_generation_));
  memory_.drop(entry, false);
}

void MemoryEngine::Commit::finish() noexcept {
  auto next_entry = entries_.begin();
  for (const Change& change : batch_.changes()) {
    if (const auto* put = std::get_if<WriteBatch::Put>(&change)) {
      Entry* replaced = next_entry->release();
      ++next_entry;
      if (replaced != nullptr) drop_removed(replaced, *find_space(put->space));
    } else if (const auto* erase = std::get_if<WriteBatch::Erase>(&change)) {
      Space& space = *find_space(erase->space);
      Entry* erased = changes_.erase(space.root, erase->key);
      if (erased != nullptr) drop_removed(erased, space);
    } else if (const auto* erased_space = std::get_if<WriteBatch::EraseSpace>(&change)) {
      Entry* erased = changes_.erase(update_.spaces(), SpaceKey(erased_space->space));
      if (erased != nullptr) memory_.drop(erased, true);
    } else {
      const auto& copy = std::get<WriteBatch::CopySpace>(change);
      find_space(copy.from)->first_own_generation = find_space(copy.to)->first_own_generation =
          memory_.begin_generation();
    }
  }
  update_.publish();
}

MemoryEngine::MemoryEngine(std::size_t size_bytes_max)
    : MemoryEngine(std::make_shared<TreeMemory>(size_bytes_max), new Version) {}

MemoryEngine::MemoryEngine(std::shared_ptr<TreeMemory> memory, Version* version)
    : memory_(std::move(memory)),
      current_(reinterpret_cast<std::uint64_t>(version)),
      spare_version_(new Version) {
  PAGETURNER_ASSERT((current_ & ~address_mask) == 0);
}

MemoryEngine::~MemoryEngine() {
  PAGETURNER_ASSERT(views_in(current_) == 0);
  memory_->retire(current_version());
  FreedObjects freed;
  const std::lock_guard guard(memory_->mutex());
  memory_->reclaim(objects_at_once);
  freed = memory_->take_freed();
}

Version* MemoryEngine::current_version() const {
  return version_in(current_.load(std::memory_order_relaxed));
}

// Counts a view of the current version, and waits while a commit changes that in place: for
// microseconds where it is one write, up to some milliseconds where it is the largest batch. A
// commit waits for nothing then.
Version* MemoryEngine::open_version() const {
  std::uint64_t current = current_.fetch_add(one_view, std::memory_order_acquire);
  Version* version = version_in(current);
  PAGETURNER_ASSERT(views_in(current) < views_max);
  for (int i = 0; (current & is_changing) != 0 && version_in(current) == version; ++i) {
    constexpr int spins = 100;
    if (i < spins) {
      pause_thread();
    } else {
      std::this_thread::yield();
    }
    current = current_.load(std::memory_order_acquire);
  }
  return version;
}

void MemoryEngine::close_version(Version* version) const noexcept {
  std::uint64_t current = current_.load(std::memory_order_relaxed);
  while (version_in(current) == version) {
    if (current_.compare_exchange_weak(current, current - one_view, std::memory_order_release,
                                       std::memory_order_relaxed)) {
      return;
    }
  }
  if (version->views.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  memory_->retire(version);
  FreedObjects freed;
  const std::unique_lock guard(memory_->mutex(), std::try_to_lock);
  if (!guard) return;  // who has the lock, or the next who has it, frees the version
  memory_->reclaim(objects_at_once);
  freed = memory_->take_freed();
}

std::unique_ptr<ReadView> MemoryEngine::read_view() const { return std::make_unique<View>(*this); }

void MemoryEngine::commit(WriteBatch batch) { apply(std::move(batch), false); }

bool MemoryEngine::try_commit(WriteBatch batch) { return apply(std::move(batch), true); }

bool MemoryEngine::apply(WriteBatch batch, bool is_limited) {
  // Entries are allocated before the lock is taken, and freed after it is released.
  Entries entries = entries_of(batch);
  FreedObjects freed;
  std::unique_lock guard(memory_->mutex());
  if (is_limited && !make_room(batch, entries, guard)) return false;
  const auto free_some = [&] {
    memory_->reclaim(objects_at_once + memory_->take_new_objects());
    freed = memory_->take_freed();
  };
  try {
    Commit(*this, batch, entries).run();
  } catch (...) {
    for (auto& entry : entries) {
      if (entry != nullptr) memory_->drop(entry.release(), false);
    }
    free_some();
    throw;
  }
  free_some();
  return true;
}

// Returns whether the memory that the engine may use allows `batch`, whose puts are `entries`. If
// it does not, memory of erased keyspaces, which counts until it is freed, is freed first. Releases
// the lock meanwhile.
bool MemoryEngine::make_room(const WriteBatch& batch, const Entries& entries,
                             std::unique_lock<std::mutex>& guard) {
  const std::size_t most = memory_->size_bytes_max();
  if (most == std::numeric_limits<std::size_t>::max()) return true;
  const auto fits = [&](std::size_t growth) {
    return growth == 0 || growth <= most - std::min(most, memory_->size_bytes());
  };
  std::size_t added = 0;
  for (const auto& entry : entries) added += TreeMemory::counted_bytes(*entry);
  // What the batch removes is subtracted only if its puts alone would exceed the limit.
  if (fits(added)) return true;
  const std::size_t growth = growth_bytes(batch, entries);
  if (fits(growth)) return true;
  if (!memory_->has_garbage()) return false;
  // A bound, because other commits and views leave garbage meanwhile.
  for (int slice = 0; slice < slices_at_once && memory_->has_garbage() && !fits(growth); ++slice) {
    memory_->reclaim(objects_of_reclaim);
    FreedObjects erased = memory_->take_freed();
    guard.unlock();
    erased = {};
    guard.lock();
  }
  return fits(growth_bytes(batch, entries));
}

// Returns by how much the entries that `batch` puts, the last one of each key, take more memory
// than those that it replaces and erases; 0 if they take less. The caller holds the lock.
std::size_t MemoryEngine::growth_bytes(const WriteBatch& batch, const Entries& entries) const {
  std::map<std::pair<KeyspaceId, std::string_view>, const Entry*> last;
  auto next_entry = entries.begin();
  for (const auto& change : batch.changes()) {
    if (const auto* put = std::get_if<WriteBatch::Put>(&change)) {
      last[{put->space, put->key}] = (next_entry++)->get();
    } else if (const auto* erase = std::get_if<WriteBatch::Erase>(&change)) {
      last[{erase->space, erase->key}] = nullptr;
    }
  }
  std::size_t grows_by = 0;
  std::size_t shrinks_by = 0;
  for (const auto& [place, entry] : last) {
    if (entry != nullptr) grows_by += TreeMemory::counted_bytes(*entry);
    shrinks_by += removable_bytes(place.first, place.second);
  }
  return grows_by - std::min(grows_by, shrinks_by);
}

// Returns the memory that is not counted any more once the entry of `key` is replaced or erased.
std::size_t MemoryEngine::removable_bytes(KeyspaceId space_id, std::string_view key) const {
  const SpaceKey space_key(space_id);
  const Node* spaces = current_version()->spaces;
  const Entry* of_space = find_entry(spaces, space_key);
  if (of_space == nullptr) return 0;
  const Space& space = space_of(*of_space);
  const Entry* entry = find_entry(space.root, key);
  if (entry == nullptr) return 0;
  // Nothing shares it any more, if it was ever copied.
  const bool is_unshared = find_unshared_entry(spaces, space_key) != nullptr &&
                           find_unshared_entry(space.root, key) != nullptr;
  if (is_unshared && entry->is_counted) return TreeMemory::counted_bytes(*entry);
  return memory_->removable_bytes(*entry,
                                  std::max(space.first_own_generation, first_own_generation_));
}

void MemoryEngine::erase_space(KeyspaceId space) noexcept {
  while (!try_erase_space(space)) std::this_thread::yield();
}

// Returns false if memory is missing, even beyond the reserve.
bool MemoryEngine::try_erase_space(KeyspaceId space) noexcept {
  FreedObjects freed;
  const std::lock_guard guard(memory_->mutex());
  memory_->fill_reserve();
  if (spare_version_ == nullptr) spare_version_.reset(new (std::nothrow) Version);
  const TreeMemory::UseReserve reserve(*memory_);
  bool is_done = false;
  try {
    TreeChanges changes(*memory_);
    Update update(*this, &spare_version_);
    const SpaceKey key(space);
    changes.find_for_change(update.spaces(), key);
    Entry* erased = changes.erase(update.spaces(), key);
    if (erased != nullptr) memory_->drop(erased, true);
    update.publish();
    is_done = true;
  } catch (const std::bad_alloc&) {
    // The caller tries again.
  }
  memory_->reclaim(objects_at_once);
  freed = memory_->take_freed();
  return is_done;
}

std::unique_ptr<Engine> MemoryEngine::fork() {
  auto version = std::make_unique<Version>();
  const std::lock_guard guard(memory_->mutex());
  version->spaces = current_version()->spaces;
  std::unique_ptr<MemoryEngine> fork(new MemoryEngine(memory_, version.get()));
  if (version->spaces != nullptr) ++version->spaces->references;
  version.release();
  fork->first_own_generation_ = first_own_generation_ = memory_->begin_generation();
  return fork;
}

bool MemoryEngine::reclaim() noexcept {
  FreedObjects freed;
  const std::lock_guard guard(memory_->mutex());
  const bool has_more = memory_->reclaim(objects_of_reclaim);
  freed = memory_->take_freed();
  return has_more;
}

}  // namespace pageturner
