#include "caviar/tune/stored_study.hpp"

#include <memory>
#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/storage/storage.hpp"

namespace caviar {
namespace {

StudyInfo choose(const Storage& storage, const StudyPlace& place) {
  const std::vector<StudyInfo> all = storage.list();
  std::vector<std::string> names;
  for (const StudyInfo& info : all) {
    if (info.name == place.study) return info;
    names.push_back(info.name);
  }
  if (all.empty()) throw Error(Fault::missing, place.storage + ": holds no study yet");
  if (!place.study.empty()) {
    throw Error(Fault::missing, place.storage + ": holds no study '" + place.study + "'" +
                                    suggestion(place.study, names));
  }
  if (all.size() == 1) return all.front();
  throw Error(Fault::input, place.storage + ": holds several studies (" + join(names, ", ") +
                                "); choose one with --study NAME");
}

}  // namespace

StoredStudy read_study(const StudyPlace& place) {
  const std::shared_ptr<Storage> storage = open_existing_storage(place.storage);
  const StudyInfo info = choose(*storage, place);
  StoredStudy stored;
  stored.spec = spec_from_json(info.spec);
  stored.created_at = info.created_at;
  stored.history = History(stored.spec.space, stored.spec.goal);
  // In pieces that stay in the processor's cache: each event is built, folded and freed there.
  constexpr std::size_t piece = 256;
  std::vector<Event> events;
  do {
    events = storage->read(info.id, stored.history.events(), piece);
    for (Event& event : events) stored.history.apply(std::move(event));
  } while (events.size() == piece);
  return stored;
}

}  // namespace caviar
