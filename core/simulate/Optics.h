// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/simulate/Scene.h"

namespace cellproof::simulate {

/// Sigma of the point spread in pixels: 0.1 micrometres, as of a confocal microscope at 63x.
[[nodiscard]] double pointSpread(const Scene& scene);

/// What a line must deposit per pixel of length to have brightness 1 in its middle after the point spread.
[[nodiscard]] double lineAmount(const Scene& scene);

/// How one channel is taken.
struct Exposure
{
    double gain = 1.0;        ///< full scale against brightness 1; where `automatic`, what the brightest 1 % shall reach
    bool automatic = false;   ///< as one sets the laser: by the brightest pixels of the field
    double haze = 0.15;       ///< light from above and below the focus, share of the signal
    double background = 0.01; ///< of full scale
    double photons = 400.0;   ///< at full scale: sets the Poisson noise
    double readOut = 0.004;   ///< deviation of the read-out noise, of full scale
};

/// Turns what a stain emits into the pixels of a channel: point spread, haze, uneven illumination, Poisson and read-out
/// noise (`noise` 0 .. 10 scales both), and rounding to the depth. `emission` covers the canvas and is used up; the
/// result has the size of the field. Throws Cancelled.
[[nodiscard]] image::Plane takeChannel(const Scene& scene, Grid<float> emission, const Exposure& exposure, image::BitDepth depth, double noise, Random random,
                                       const base::CancelToken& cancel);

} // namespace cellproof::simulate
