// The public surface of caviar, in one include and as a table of contents.
#pragma once

#include "caviar/analysis/importance.hpp"  // which hyperparameters matter
#include "caviar/base/error.hpp"           // the one exception
#include "caviar/pruner/pruner.hpp"        // go on?
#include "caviar/report/report.hpp"        // the HTML page
#include "caviar/sampler/sampler.hpp"      // what next: grid, random, sobol, zoom, gp …
#include "caviar/space/space.hpp"          // Space, Parameter: what may be tuned
#include "caviar/space/space_text.hpp"     // spaces and points as YAML and JSON
#include "caviar/space/unit.hpp"           // decode, encode: the unit cube
#include "caviar/storage/storage.hpp"      // where studies last: memory, SQLite
#include "caviar/study/study.hpp"          // Study: ask, tell, optimize
#include "caviar/trial/front.hpp"          // several objectives: which trials none beats
#include "caviar/trial/history.hpp"        // Trial, History: what happened
