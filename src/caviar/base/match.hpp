// match{...}: one lambda for each case of a variant, for std::visit.
#pragma once

namespace caviar {

template <class... Cases>
struct match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
match(Cases...) -> match<Cases...>;

}  // namespace caviar
