// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Cell.h"

// For .cpp files of this module.
namespace cellproof::annotation {

/// Adds what is stated on one cell to what is stated on another that goes on for both: see correctMasks() for the rules.
void unite(Cell& into, const Cell& from);

} // namespace cellproof::annotation
