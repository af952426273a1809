// The data of a page: one JSON object in its script block, which web/src/data.ts reads.
//
// Both kinds: {kind: "study" | "compare", caviar (version), written (time), name, metric, maximize,
//   parameters: [{name, type, scale, range, when: [text], tier, cells: how many values | null,
//                 ticks: [[unit, label, 0 | 1 = minor]]}],
//   importance: {parameters: [{parameter, share, spread}], pairs: [{x, y, share, spread}]} | null,
//   settings: [[key, text]]}
// TRIALS, a column each so that thousands stay small; `unit` and `values` hold a column a
// parameter:
//   {state: a letter a trial (c p f r i), value, unit (in 1/10000; null where inactive), values,
//    before: [a parameter's list of trials that are older and count with its value `before`],
//    methods: [name], by: [index into methods], reasons: [why one was proposed],
//    reason: [index into reasons], asked (s after the first), duration (s), round | null,
//    metrics: {name: column}, why: {trial: text}, beyond: [trial: it breaks a bound]}
// study:   trials: TRIALS, best: {trial, point: [[name, text]]} | null, test: note "test" | null,
//          front: {objectives: [{name, maximize, value: column}], trials} | null: one objective,
//          bounds: [text],
//          curves: [{trial, from, every | step: […], value: […]}], curves_in_all, BOXES,
//          slices: [{parameter, unit, value, low, high}],
//          surfaces: [SURFACE], spec: the study as stored
// compare: samplers: [{name, repeats: [{trials: TRIALS, BOXES, surface: SURFACE of its own
// trials}]}],
//          axes: [x, y] | null, surface: SURFACE of all trials | null
// SURFACE: {x, y, columns, rows, value, deviation}
// BOXES:   boxes: [{round, from: its first trial, low, high}], unit places a parameter, null: whole
//
// NaN and infinities are the texts "nan", "inf", "-inf". A pruned trial's value is its last report.
// The characters < > & and U+2028, U+2029 are escaped, so the block cannot be closed from inside.
#pragma once

#include <string>
#include <vector>

#include "caviar/report/report.hpp"

namespace caviar {

std::string study_data(const StudySpec& spec, const History& history, const ReportOptions& options);
std::string compare_data(const StudySpec& spec, const std::vector<MethodRuns>& methods,
                         const ReportOptions& options);

}  // namespace caviar
