// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/simulate/FieldSimulator.h"

#include <cstddef>
#include <filesystem>

namespace cellproof::pipeline {

struct SimulationReport
{
    std::size_t fields = 0;
    std::size_t cells = 0;
};

/// Writes simulated fields 0 .. fields - 1 into a folder: `simulated-0001_red.png` and so on, `labels.csv` (weak labels,
/// `ID,Label`), and in `truth/` the mask pairs and `cell_labels.csv` (`ID,Cell,Label`). A README.txt there says that the
/// images are not real. Fields are made on several threads; the same options give the same bytes. Throws Error,
/// Cancelled.
SimulationReport writeSimulation(const std::filesystem::path& folder, const simulate::SimulationOptions& options, int fields,
                                 const base::CancelToken& cancel = {}, const base::Progress& progress = {});

} // namespace cellproof::pipeline
