// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/simulate/Optics.h"

#include <array>
#include <cmath>

namespace cellproof::simulate {

namespace {

constexpr double kPointSpread = 0.1;

/// Adds `share` of a copy blurred by about 1.2 micrometres, computed on a coarse copy.
void addHaze(const Scene& scene, Grid<float>& emission, double share, const base::CancelToken& cancel)
{
    constexpr int coarse = 4;
    const base::Size size{(emission.width() + coarse - 1) / coarse, (emission.height() + coarse - 1) / coarse};
    Grid<float> haze(size, 0.0f);
    for (int y = 0; y < emission.height(); ++y) {
        const float* const row = emission.row(y);
        float* const sums = haze.row(y / coarse);
        for (int x = 0; x < emission.width(); ++x)
            sums[x / coarse] += row[x] * (1.0f / (coarse * coarse));
    }
    blur(haze, 1.2 * scene.perMicron / coarse, cancel);
    for (int y = 0; y < emission.height(); ++y) {
        if (y % 64 == 0)
            cancel.throwIfCancelled();
        const float sy = std::max(0.0f, (float(y) + 0.5f) / coarse - 0.5f);
        const int top = std::min(int(sy), size.height - 1);
        const int bottom = std::min(top + 1, size.height - 1);
        const float fy = sy - float(top);
        const float* const a = haze.row(top);
        const float* const b = haze.row(bottom);
        float* const row = emission.row(y);
        for (int x = 0; x < emission.width(); ++x) {
            const float sx = std::max(0.0f, (float(x) + 0.5f) / coarse - 0.5f);
            const int left = std::min(int(sx), size.width - 1);
            const int right = std::min(left + 1, size.width - 1);
            const float fx = sx - float(left);
            const float upper = a[left] + (a[right] - a[left]) * fx;
            const float lower = b[left] + (b[right] - b[left]) * fx;
            row[x] = row[x] * float(1.0 - 0.5 * share) + float(share) * (upper + (lower - upper) * fy);
        }
    }
}

/// The brightness that 1 % of the field's pixels exceed.
double brightest(const Scene& scene, const Grid<float>& emission)
{
    constexpr int bins = 4096;
    constexpr float top = 8.0f;
    std::array<std::int64_t, bins> histogram{};
    const int width = scene.canvas.width - 2 * scene.margin;
    const int height = scene.canvas.height - 2 * scene.margin;
    for (int y = 0; y < height; ++y) {
        const float* const row = emission.row(y + scene.margin) + scene.margin;
        for (int x = 0; x < width; ++x)
            ++histogram[std::size_t(std::clamp(row[x] * (bins / top), 0.0f, float(bins - 1)))];
    }
    const std::int64_t wanted = std::max<std::int64_t>(1, std::int64_t(width) * height / 100);
    std::int64_t count = 0;
    int bin = bins - 1;
    while (bin > 0 && (count += histogram[std::size_t(bin)]) < wanted)
        --bin;
    return double(bin + 1) * double(top) / bins;
}

template <typename Sample>
std::vector<Sample> expose(const Scene& scene, const Grid<float>& emission, double gain, const Exposure& exposure, double noise, Random& random,
                           const base::CancelToken& cancel)
{
    const int width = scene.canvas.width - 2 * scene.margin;
    const int height = scene.canvas.height - 2 * scene.margin;
    constexpr double full = sizeof(Sample) == 1 ? 255.0 : 65535.0;
    const double photons = noise > 0.0 ? exposure.photons / (noise * noise) : 0.0;
    const double readOut = exposure.readOut * noise;
    // Illumination falls off by some percent from a point near the middle.
    const double middleX = width * random.uniform(0.35, 0.65);
    const double middleY = height * random.uniform(0.35, 0.65);
    const double fall = random.uniform(0.08, 0.22) / (0.25 * (double(width) * width + double(height) * height));
    std::vector<Sample> pixels(std::size_t(width) * std::size_t(height));
    for (int y = 0; y < height; ++y) {
        if (y % 16 == 0)
            cancel.throwIfCancelled();
        const float* const row = emission.row(y + scene.margin) + scene.margin;
        Sample* const target = pixels.data() + std::size_t(y) * std::size_t(width);
        const double dy2 = (y - middleY) * (y - middleY);
        for (int x = 0; x < width; ++x) {
            const double light = 1.0 - fall * ((x - middleX) * (x - middleX) + dy2);
            double value = double(row[x]) * gain * light + exposure.background;
            if (noise > 0.0) {
                value = random.poisson(value * photons) / photons;
                value += readOut * random.normal();
            }
            target[x] = Sample(std::clamp((value - 0.5 * exposure.background) * full + 0.5, 0.0, full));
        }
    }
    return pixels;
}

} // namespace

double pointSpread(const Scene& scene)
{
    return kPointSpread * scene.perMicron;
}

double lineAmount(const Scene& scene)
{
    return 2.5066282746 * pointSpread(scene);
}

image::Plane takeChannel(const Scene& scene, Grid<float> emission, const Exposure& exposure, image::BitDepth depth, double noise, Random random,
                         const base::CancelToken& cancel)
{
    blur(emission, pointSpread(scene), cancel);
    addHaze(scene, emission, exposure.haze, cancel);
    const double gain = exposure.automatic ? exposure.gain / std::max(0.15, brightest(scene, emission)) : exposure.gain;
    const base::Size field{scene.canvas.width - 2 * scene.margin, scene.canvas.height - 2 * scene.margin};
    if (depth == image::BitDepth::Eight)
        return {field, expose<std::uint8_t>(scene, emission, gain, exposure, noise, random, cancel)};
    return {field, expose<std::uint16_t>(scene, emission, gain, exposure, noise, random, cancel)};
}

} // namespace cellproof::simulate
