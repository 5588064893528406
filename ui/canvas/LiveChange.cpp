// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/canvas/LiveChange.h"

#include "ui/canvas/ViewTransform.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <vector>

namespace cellproof::ui {

namespace {

/// How a colour is laid over a pixel.
struct Layer
{
    QRgb colour = 0;
    std::uint32_t weight = 0; ///< of 256
};

constexpr std::uint8_t kHatched = 1; // marks of a pixel
constexpr std::uint8_t kDashed = 2;

/// By the kind of a change, then by the marks of the pixel.
constexpr std::array<std::array<Layer, 4>, 6> kLayers = {{
    {},                                                                             // Same
    {{{0xffffffff, 115}, {0xffffffff, 115}, {0xffffffff, 115}, {0xffffffff, 115}}}, // Gained
    {{{0xff6ea8ff, 141}, {0xff6ea8ff, 141}, {0xff6ea8ff, 141}, {0xff6ea8ff, 141}}}, // NucleusGained
    {{{0xff10204a, 128}, {0xff9ec4ff, 192}, {0xff10204a, 128}, {0xff9ec4ff, 192}}}, // NucleusLost
    {{{0xff5a0008, 154}, {0xffff8c8c, 192}, {0xff5a0008, 154}, {0xffff8c8c, 192}}}, // Lost
    {{{0xff202020, 256}, {0xff202020, 256}, {0xffffffff, 256}, {0xffffffff, 256}}}, // Border
}};
constexpr double kHatchingPeriod = 7.0; // device-independent pixels
constexpr double kHatchingWidth = 1.6;
constexpr double kDash = 4.0;

QRgb blended(QRgb pixel, const Layer& layer)
{
    const std::uint32_t rest = 256 - layer.weight;
    const std::uint32_t redBlue = ((pixel & 0xff00ff) * rest + (layer.colour & 0xff00ff) * layer.weight) >> 8;
    const std::uint32_t green = ((pixel & 0x00ff00) * rest + (layer.colour & 0x00ff00) * layer.weight) >> 8;
    return 0xff000000 | (redBlue & 0xff00ff) | (green & 0x00ff00);
}

} // namespace

base::Rect LiveChange::tileRect(int column, int row) const
{
    return base::Rect{column * kSide, row * kSide, kSide, kSide}.intersected({0, 0, m_size.width, m_size.height});
}

const LiveChange::Tile* LiveChange::tileAt(int column, int row) const
{
    const auto tile = m_tiles.find(keyOf(column, row));
    return tile == m_tiles.end() ? nullptr : &tile->second;
}

base::Rect LiveChange::note(const CanvasMasks& shown, const mask::LabelMask& cells, const mask::LabelMask& nuclei, const base::Rect& dirty)
{
    m_size = cells.isEmpty() ? nuclei.size() : cells.size();
    const base::Rect part = dirty.intersected({0, 0, m_size.width, m_size.height});
    base::Rect changed;
    if (part.isEmpty())
        return changed;
    const int firstColumn = part.x / kSide;
    const int firstRow = part.y / kSide;
    const int endColumn = (part.right() - 1) / kSide + 1;
    const int endRow = (part.bottom() - 1) / kSide + 1;
    for (int row = firstRow; row < endRow; ++row) {
        for (int column = firstColumn; column < endColumn; ++column) {
            const Rows rows = take(shown, cells, nuclei, {column, row}, part);
            if (rows == 0)
                continue;
            // A pixel left of or above a changed one may have become the border of a cell.
            markStale(column, row, rows | rows >> 1);
            markStale(column - 1, row, rows);
            if (rows & 1)
                markStale(column, row - 1, Rows(1) << (kSide - 1));
            const int top = row * kSide + std::countr_zero(rows);
            const int bottom = row * kSide + kSide - std::countl_zero(rows);
            changed = changed.united(base::Rect{column * kSide, top, kSide, bottom - top}.intersected(part));
        }
    }
    if (changed.isEmpty())
        return changed;
    m_bounds = m_bounds.united(changed);
    for (int row = std::max(firstRow - 1, 0); row < endRow; ++row) {
        for (int column = std::max(firstColumn - 1, 0); column < endColumn; ++column) {
            if (const auto tile = m_tiles.find(keyOf(column, row)); tile != m_tiles.end() && tile->second.stale != 0)
                compare(shown, {column, row}, tile->second);
        }
    }
    return changed;
}

/// Takes over the ids of a tile as far as they may be others than before; the rows in which they are.
LiveChange::Rows LiveChange::take(const CanvasMasks& shown, const mask::LabelMask& cells, const mask::LabelMask& nuclei, base::Point tile,
                                  const base::Rect& part)
{
    static constexpr std::array<mask::CellId, kSide> kNothing{};
    const base::Rect whole = tileRect(tile.x, tile.y);
    const auto idsOf = [](const mask::LabelMask& mask, const base::Rect& in, int y) { return mask.isEmpty() ? kNothing.data() : mask.row(y) + in.x; };
    const auto entry = m_tiles.find(keyOf(tile.x, tile.y));
    const bool isNew = entry == m_tiles.end();
    const base::Rect wanted = isNew ? whole : whole.intersected(part);
    const std::size_t bytes = std::size_t(wanted.width) * sizeof(mask::CellId);
    Rows rows = 0;
    const auto mark = [&](int y) { rows |= Rows(1) << (y % kSide); };
    if (isNew) {
        const auto same = [&](const mask::LabelMask& now, const mask::LabelMask& before, int y) {
            return std::memcmp(idsOf(now, wanted, y), idsOf(before, wanted, y), bytes) == 0;
        };
        const base::Rect looked = whole.intersected(part);
        for (int y = looked.y; y < looked.bottom(); ++y) {
            if (!same(cells, *shown.cells, y) || !same(nuclei, *shown.nuclei, y))
                mark(y);
        }
        if (rows == 0)
            return rows;
    }
    Tile& target = isNew ? m_tiles[keyOf(tile.x, tile.y)] : entry->second;
    for (int y = wanted.y; y < wanted.bottom(); ++y) {
        const auto to = std::size_t((y % kSide) * kSide + wanted.x % kSide);
        const mask::CellId* const newCells = idsOf(cells, wanted, y);
        const mask::CellId* const newNuclei = idsOf(nuclei, wanted, y);
        if (!isNew) {
            if (std::memcmp(newCells, target.cells.data() + to, bytes) == 0 && std::memcmp(newNuclei, target.nuclei.data() + to, bytes) == 0)
                continue;
            mark(y);
        }
        std::copy_n(newCells, wanted.width, target.cells.data() + to);
        std::copy_n(newNuclei, wanted.width, target.nuclei.data() + to);
    }
    return rows;
}

void LiveChange::markStale(int column, int row, Rows rows)
{
    if (const auto tile = m_tiles.find(keyOf(column, row)); tile != m_tiles.end())
        tile->second.stale |= rows;
}

/// Finds the kinds of the stale rows of a tile.
void LiveChange::compare(const CanvasMasks& shown, base::Point at, Tile& tile)
{
    static constexpr std::array<mask::CellId, kSide> kNothing{};
    const base::Rect whole = tileRect(at.x, at.y);
    const int last = whole.width - 1;
    const bool hasRight = whole.right() < m_size.width;
    const Tile* const rightTile = tileAt(at.x + 1, at.y);
    const Tile* const lowerTile = tileAt(at.x, at.y + 1);
    const auto idsBefore = [&](const mask::LabelMask& mask, int y) { return mask.isEmpty() || y >= m_size.height ? kNothing.data() : mask.row(y) + whole.x; };
    for (Rows left = tile.stale; left != 0; left &= left - 1) {
        const int row = std::countr_zero(left);
        const int y = whole.y + row;
        if (row >= whole.height)
            break;
        const auto start = std::size_t(row * kSide);
        const mask::CellId* const now = tile.cells.data() + start;
        const mask::CellId* const before = idsBefore(*shown.cells, y);
        const mask::CellId* const belowBefore = idsBefore(*shown.cells, y + 1);
        const mask::CellId* const below = row + 1 < whole.height ? now + kSide : lowerTile ? lowerTile->cells.data() : belowBefore;
        const mask::CellId* const nuclei = tile.nuclei.data() + start;
        const mask::CellId* const nucleiBefore = idsBefore(*shown.nuclei, y);
        Kind* const kinds = tile.kinds.data() + start;
        const auto compareAt = [&](int x, mask::CellId right, mask::CellId rightBefore) {
            // Between two cells that were one.
            const auto isNewBorder = [&](mask::CellId beside, mask::CellId besideBefore) {
                return (now[x] != 0) & (before[x] != 0) & (beside != 0) & (beside != now[x]) & (besideBefore == before[x]);
            };
            Kind kind = now[x] != before[x] ? Kind::Gained : Kind::Same;
            kind = nuclei[x] != nucleiBefore[x] ? (nuclei[x] != 0 ? Kind::NucleusGained : Kind::NucleusLost) : kind;
            kind = (now[x] == 0) & (before[x] != 0) ? Kind::Lost : kind;
            kinds[x] = isNewBorder(right, rightBefore) | isNewBorder(below[x], belowBefore[x]) ? Kind::Border : kind;
        };
        for (int x = 0; x < last; ++x)
            compareAt(x, now[x + 1], before[x + 1]);
        const mask::CellId rightBefore = hasRight && !shown.cells->isEmpty() ? before[whole.width] : 0;
        compareAt(last, rightTile ? rightTile->cells[start] : rightBefore, rightBefore);
    }
    tile.stale = 0;
}

void LiveChange::compareWith(const CanvasMasks& shown)
{
    if (isEmpty())
        return;
    for (auto& [key, tile] : m_tiles) {
        tile.stale = ~Rows(0);
        compare(shown, {int(std::uint32_t(key)), int(std::uint32_t(key >> 32))}, tile);
    }
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
    // By the diagonal that a pixel lies on; not negative, as it counts from the pane's corner.
    std::vector<std::uint8_t> marks(std::size_t(part.width) + std::size_t(part.height));
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const double diagonal = double(part.x) + double(part.y) + double(i);
        marks[i] = std::uint8_t((std::fmod(diagonal, period) < width ? kHatched : 0) | (std::fmod(diagonal, 2.0 * dash) < dash ? kDashed : 0));
    }
    for (int y = 0; y < part.height; ++y) {
        auto* const pixels = reinterpret_cast<QRgb*>(target.scanLine(y));
        const Kind* const row = kinds.data() + std::size_t(y) * std::size_t(part.width);
        const std::uint8_t* const marksOfRow = marks.data() + y;
        for (int x = 0; x < part.width; ++x) {
            std::uint64_t eight = 1;
            if (x + 8 <= part.width)
                std::memcpy(&eight, row + x, sizeof(eight));
            if (eight == 0) {
                x += 7;
                continue;
            }
            if (row[x] != Kind::Same)
                pixels[x] = blended(pixels[x], kLayers[std::size_t(row[x])][marksOfRow[x]]);
        }
    }
}

} // namespace cellproof::ui
