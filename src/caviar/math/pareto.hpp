// Several losses at once: who dominates whom, how crowded a front is, how much it covers.
//
// Points lie row after row, `columns` losses each; smaller is better in every one.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace caviar {

// a is at least as good everywhere and better somewhere.
bool dominates(std::span<const double> a, std::span<const double> b);

// The front that each row belongs to: 0 where none dominates it, 1 where only rows of front 0 do, …
// (Zhang, Tian, Cheng and Jin, "An Efficient Approach to Nondominated Sorting", 2015, ENS-SS.)
std::vector<std::size_t> domination_ranks(std::span<const double> rows, std::size_t columns);

// Of rows of one front: how far apart the neighbours on either side lie, summed over the columns,
// each in parts of its range; infinite at the ends (Deb, Pratap, Agarwal and Meyarivan, "A Fast and
// Elitist Multiobjective Genetic Algorithm: NSGA-II", 2002, section III-B).
std::vector<double> crowding_distances(std::span<const double> rows, std::size_t columns);

// The volume between the rows and the reference point that the rows dominate, exactly; rows that do
// not lie below the reference in every column add nothing (While, Bradstreet and Barone, "A Fast
// Way of Calculating Exact Hypervolumes", 2012; two columns by a sweep).
double hypervolume(std::span<const double> rows, std::size_t columns,
                   std::span<const double> reference);

// `count` of the rows (or all, where fewer), each the one that adds most to the hypervolume of
// those before it: the greedy subset selection, at least 1 − 1/e as good as the best subset. Rows
// that add nothing come last, in their order.
std::vector<std::size_t> hypervolume_order(std::span<const double> rows, std::size_t columns,
                                           std::span<const double> reference, std::size_t count);

}  // namespace caviar
