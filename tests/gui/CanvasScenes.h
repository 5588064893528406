// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/Pyramid.h"
#include "core/mask/LabelMask.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace cellproof::testing {

/// Masks of a field full of touching cells with wavy borders, each with a round nucleus.
struct CellField
{
    std::shared_ptr<const mask::LabelMask> cells;
    std::shared_ptr<const mask::LabelMask> nuclei;
};

/// About `count` cells that fill the field.
inline CellField makeCells(int side, int count)
{
    const int columns = std::max(1, int(std::lround(std::sqrt(double(count)))));
    const int rows = std::max(1, count / columns);
    std::mt19937 random(5);
    std::vector<double> centreX;
    std::vector<double> centreY;
    for (int i = 0; i < columns * rows; ++i) {
        centreX.push_back((i % columns + 0.2 + 0.6 * (double(random()) / 4294967296.0)) * side / columns);
        centreY.push_back((double(i / columns) + 0.2 + 0.6 * (double(random()) / 4294967296.0)) * side / rows);
    }
    const double radius = 0.25 * side / std::max(columns, rows);
    mask::LabelMask cells({side, side});
    mask::LabelMask nuclei({side, side});
    for (int y = 0; y < side; ++y) {
        mask::CellId* const cellRow = cells.row(y);
        mask::CellId* const nucleusRow = nuclei.row(y);
        for (int x = 0; x < side; ++x) {
            const double waveX = x + 0.08 * radius * std::sin(y / (0.5 * radius)) + 0.03 * radius * std::sin(y / (0.13 * radius));
            const double waveY = y + 0.08 * radius * std::sin(x / (0.45 * radius)) + 0.03 * radius * std::sin(x / (0.12 * radius));
            const int column = std::clamp(x * columns / side, 0, columns - 1);
            const int row = std::clamp(y * rows / side, 0, rows - 1);
            int nearest = 0;
            double least = 1e18;
            for (int j = std::max(0, row - 1); j <= std::min(rows - 1, row + 1); ++j) {
                for (int i = std::max(0, column - 1); i <= std::min(columns - 1, column + 1); ++i) {
                    const auto index = std::size_t(j * columns + i);
                    const double distance = (waveX - centreX[index]) * (waveX - centreX[index]) + (waveY - centreY[index]) * (waveY - centreY[index]);
                    if (distance < least) {
                        least = distance;
                        nearest = int(index) + 1;
                    }
                }
            }
            cellRow[x] = nearest;
            if (least < radius * radius)
                nucleusRow[x] = nearest;
        }
    }
    return {std::make_shared<const mask::LabelMask>(std::move(cells)), std::make_shared<const mask::LabelMask>(std::move(nuclei))};
}

/// Four channels of 16 bit: noise over waves, so that neighbouring pixels differ as they do in micrographs.
inline image::Image makeNoisyImage(int side)
{
    std::mt19937 random(7);
    std::array<image::Plane, 4> planes;
    for (std::size_t channel = 0; channel < 4; ++channel) {
        std::vector<std::uint16_t> samples(std::size_t(side) * std::size_t(side));
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) {
                const double wave = 1.0 + std::sin(x / (31.0 + 7.0 * double(channel))) * std::cos(y / 43.0);
                samples[std::size_t(y) * std::size_t(side) + std::size_t(x)] = std::uint16_t(9000.0 * wave + double(random() % 4000));
            }
        }
        planes[channel] = image::Plane({side, side}, std::move(samples));
    }
    return image::Image({std::move(planes[0]), std::move(planes[1]), std::move(planes[2]), std::move(planes[3])});
}

} // namespace cellproof::testing
