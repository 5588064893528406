// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/LiveChange.h"

#include "ui/canvas/ViewTransform.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace cellproof::ui {

namespace {

constexpr QRgb kGained = 0xffffffff;
constexpr QRgb kNucleusGained = 0xff6ea8ff;
constexpr QRgb kLost = 0xff5a0008;
constexpr QRgb kLostHatching = 0xffff8c8c;
constexpr QRgb kNucleusLost = 0xff10204a;
constexpr QRgb kNucleusLostHatching = 0xff9ec4ff;
constexpr double kHatchingPeriod = 7.0; // device-independent pixels
constexpr double kHatchingWidth = 1.6;
constexpr double kDash = 4.0;

QRgb blended(QRgb pixel, QRgb colour, double opacity)
{
    const auto weight = std::uint32_t(std::lround(opacity * 256.0));
    const std::uint32_t rest = 256 - weight;
    const std::uint32_t redBlue = ((pixel & 0xff00ff) * rest + (colour & 0xff00ff) * weight) >> 8;
    const std::uint32_t green = ((pixel & 0x00ff00) * rest + (colour & 0x00ff00) * weight) >> 8;
    return 0xff000000 | (redBlue & 0xff00ff) | (green & 0x00ff00);
}

int tileOf(int position, int side)
{
    return position / side;
}

} // namespace

mask::CellId LiveChange::workedOn(const CanvasMasks& shown, base::Point p) const
{
    if (p.x < 0 || p.y < 0 || p.x >= m_size.width || p.y >= m_size.height)
        return 0;
    const auto tile = m_tiles.find(keyOf(tileOf(p.x, kSide), tileOf(p.y, kSide)));
    return tile != m_tiles.end() ? tile->second.cells[std::size_t((p.y % kSide) * kSide + p.x % kSide)] : shown.cells->atOrBackground(p);
}

void LiveChange::note(const CanvasMasks& shown, const mask::LabelMask& cells, const mask::LabelMask& nuclei, const base::Rect& dirty)
{
    m_size = cells.isEmpty() ? nuclei.size() : cells.size();
    const base::Rect part = dirty.intersected({0, 0, m_size.width, m_size.height});
    if (part.isEmpty())
        return;
    for (int row = tileOf(part.y, kSide); row <= tileOf(part.bottom() - 1, kSide); ++row) {
        for (int column = tileOf(part.x, kSide); column <= tileOf(part.right() - 1, kSide); ++column) {
            const auto [entry, isNew] = m_tiles.try_emplace(keyOf(column, row));
            const base::Rect whole = base::Rect{column * kSide, row * kSide, kSide, kSide}.intersected({0, 0, m_size.width, m_size.height});
            const base::Rect wanted = isNew ? whole : whole.intersected(part);
            for (int y = wanted.y; y < wanted.bottom(); ++y) {
                const auto to = std::size_t((y % kSide) * kSide + wanted.x % kSide);
                const auto copy = [&](const mask::LabelMask& from, mask::CellId* target) {
                    if (from.isEmpty())
                        std::fill_n(target, wanted.width, 0);
                    else
                        std::copy_n(from.row(y) + wanted.x, wanted.width, target);
                };
                copy(cells, entry->second.cells.data() + to);
                copy(nuclei, entry->second.nuclei.data() + to);
            }
        }
    }
    m_bounds = m_bounds.united(part);
    // A pixel left of or above a changed one may have become the border of a cell.
    compare(shown, base::Rect{part.x - 1, part.y - 1, part.width + 1, part.height + 1}.intersected({0, 0, m_size.width, m_size.height}));
}

void LiveChange::compare(const CanvasMasks& shown, const base::Rect& part)
{
    for (int row = tileOf(part.y, kSide); row <= tileOf(part.bottom() - 1, kSide); ++row) {
        for (int column = tileOf(part.x, kSide); column <= tileOf(part.right() - 1, kSide); ++column) {
            const auto entry = m_tiles.find(keyOf(column, row));
            if (entry == m_tiles.end())
                continue;
            Tile& tile = entry->second;
            const base::Rect wanted = base::Rect{column * kSide, row * kSide, kSide, kSide}.intersected(part);
            for (int y = wanted.y; y < wanted.bottom(); ++y) {
                for (int x = wanted.x; x < wanted.right(); ++x) {
                    const auto at = std::size_t((y % kSide) * kSide + x % kSide);
                    const mask::CellId cell = tile.cells[at];
                    const mask::CellId nucleus = tile.nuclei[at];
                    const mask::CellId cellBefore = shown.cells->atOrBackground({x, y});
                    const mask::CellId nucleusBefore = shown.nuclei->atOrBackground({x, y});
                    Kind kind = Kind::Same;
                    if (cell == 0 && cellBefore != 0)
                        kind = Kind::Lost;
                    else if (nucleus != nucleusBefore && nucleus != 0)
                        kind = Kind::NucleusGained;
                    else if (nucleus != nucleusBefore)
                        kind = Kind::NucleusLost;
                    else if (cell != cellBefore)
                        kind = Kind::Gained;
                    const auto isNewBorder = [&](base::Point other, bool inTile, std::size_t otherAt) {
                        const mask::CellId beside = inTile ? tile.cells[otherAt] : workedOn(shown, other);
                        return beside != 0 && beside != cell && shown.cells->atOrBackground(other) == cellBefore;
                    };
                    if (cell != 0 && cellBefore != 0 &&
                        (isNewBorder({x + 1, y}, x % kSide + 1 < kSide, at + 1) || isNewBorder({x, y + 1}, y % kSide + 1 < kSide, at + kSide)))
                        kind = Kind::Border;
                    tile.kinds[at] = kind;
                }
            }
        }
    }
}

void LiveChange::compareWith(const CanvasMasks& shown)
{
    if (isEmpty())
        return;
    compare(shown, m_bounds.grown(1).intersected({0, 0, m_size.width, m_size.height}));
    m_bounds = {};
    for (auto entry = m_tiles.begin(); entry != m_tiles.end();) {
        const Tile& tile = entry->second;
        if (std::all_of(tile.kinds.begin(), tile.kinds.end(), [](Kind kind) { return kind == Kind::Same; })) {
            entry = m_tiles.erase(entry);
            continue;
        }
        const auto column = int(std::uint32_t(entry->first));
        const auto row = int(std::uint32_t(entry->first >> 32));
        m_bounds = m_bounds.united({column * kSide, row * kSide, kSide, kSide});
        ++entry;
    }
    m_bounds = m_bounds.intersected({0, 0, m_size.width, m_size.height});
}

void LiveChange::clear()
{
    m_tiles.clear();
    m_bounds = {};
}

std::vector<LiveChange::Kind> LiveChange::kindsIn(const base::Rect& part, const image::Viewport& viewport) const
{
    std::vector<Kind> kinds(std::size_t(part.width) * std::size_t(part.height), Kind::Same);
    // The first device pixel whose centre is at or after an image position.
    const auto firstAt = [&](double position, double origin) { return int(std::clamp(std::ceil(position * viewport.scale - origin - 0.5), -1e6, 1e6)); };
    const double originX = onScreenGrid(viewport.x * viewport.scale);
    const double originY = onScreenGrid(viewport.y * viewport.scale);
    for (const auto& [key, tile] : m_tiles) {
        const base::Rect image{int(std::uint32_t(key)) * kSide, int(std::uint32_t(key >> 32)) * kSide, kSide, kSide};
        if (viewport.scale < 1.0) {
            // Several image pixels to one of the screen: the most important is shown.
            for (int y = 0; y < kSide; ++y) {
                const int row = int(std::floor((image.y + y + 0.5) * viewport.scale - originY)) - part.y;
                if (row < 0 || row >= part.height)
                    continue;
                for (int x = 0; x < kSide; ++x) {
                    const Kind kind = tile.kinds[std::size_t(y * kSide + x)];
                    const int column = kind == Kind::Same ? -1 : int(std::floor((image.x + x + 0.5) * viewport.scale - originX)) - part.x;
                    if (column < 0 || column >= part.width)
                        continue;
                    Kind& shown = kinds[std::size_t(row) * std::size_t(part.width) + std::size_t(column)];
                    shown = std::max(shown, kind);
                }
            }
            continue;
        }
        const int left = firstAt(image.x, originX);
        const int top = firstAt(image.y, originY);
        const base::Rect on = base::Rect{left, top, firstAt(image.right(), originX) - left, firstAt(image.bottom(), originY) - top}.intersected(part);
        std::vector<int> columns(std::size_t(on.width));
        for (int x = 0; x < on.width; ++x)
            columns[std::size_t(x)] = std::clamp(int(std::floor((originX + on.x + x + 0.5) / viewport.scale)) - image.x, 0, kSide - 1);
        for (int y = on.y; y < on.bottom(); ++y) {
            const int row = std::clamp(int(std::floor((originY + y + 0.5) / viewport.scale)) - image.y, 0, kSide - 1);
            const Kind* const from = tile.kinds.data() + row * kSide;
            Kind* const to = kinds.data() + std::size_t(y - part.y) * std::size_t(part.width) + std::size_t(on.x - part.x);
            for (int x = 0; x < on.width; ++x)
                to[x] = from[columns[std::size_t(x)]];
        }
    }
    return kinds;
}

void LiveChange::paint(QImage& target, const base::Rect& part, const ScenePane& pane, double devicePixelRatio) const
{
    if (isEmpty())
        return;
    const std::vector<Kind> kinds = kindsIn(part, pane.viewport);
    const double period = kHatchingPeriod * devicePixelRatio;
    const double width = kHatchingWidth * devicePixelRatio;
    const double dash = kDash * devicePixelRatio;
    for (int y = 0; y < part.height; ++y) {
        auto* const pixels = reinterpret_cast<QRgb*>(target.scanLine(y));
        const Kind* const row = kinds.data() + std::size_t(y) * std::size_t(part.width);
        for (int x = 0; x < part.width; ++x) {
            if (row[x] == Kind::Same)
                continue;
            const double diagonal = double(x + part.x) + double(y + part.y); // not negative: from the pane's corner
            const bool isHatched = std::fmod(diagonal, period) < width;
            QRgb& pixel = pixels[x];
            switch (row[x]) {
            case Kind::Same:
                break;
            case Kind::Gained:
                pixel = blended(pixel, kGained, 0.45);
                break;
            case Kind::NucleusGained:
                pixel = blended(pixel, kNucleusGained, 0.55);
                break;
            case Kind::NucleusLost:
                pixel = isHatched ? blended(pixel, kNucleusLostHatching, 0.75) : blended(pixel, kNucleusLost, 0.5);
                break;
            case Kind::Lost:
                pixel = isHatched ? blended(pixel, kLostHatching, 0.75) : blended(pixel, kLost, 0.6);
                break;
            case Kind::Border:
                pixel = std::fmod(diagonal, 2.0 * dash) < dash ? 0xffffffff : 0xff202020;
                break;
            }
        }
    }
}

} // namespace cellproof::ui
