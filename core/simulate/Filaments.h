// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/Scene.h"

namespace cellproof::simulate {

// Fibres and threads of a cell, drawn as curves one deposit wide; the optics give them their width later. `amplitude` is
// the brightness of a single fibre in focus, 0 .. 1. All stay inside the cell.

/// Microtubules of an interphase cell: most radiate from the centrosome, others form a wreath round the nucleus; they
/// bend round the nucleus and turn along the cell's edge.
void paintMicrotubules(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target);

/// The spindle of a dividing cell: two poles, fibres to the chromosomes (and between the plates in anaphase), short asters.
void paintSpindle(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target);

/// Intermediate filaments: wavy, bundled, a cage round the nucleus that thins outward; no common origin.
void paintIntermediateFilaments(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target);

/// Actin: straight parallel stress fibres along the cell's axis, and the cortex at its edge.
void paintActin(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target);

/// Mitochondria: short winding threads in the cytoplasm, dense towards the nucleus.
void paintMitochondria(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target);

/// The Golgi apparatus: a cluster of short curved ribbons beside the nucleus, around the centrosome.
void paintGolgi(const Scene& scene, const Cell& cell, Random& random, double amplitude, Grid<float>& target);

} // namespace cellproof::simulate
