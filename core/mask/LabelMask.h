// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace cellproof::mask {

/// Id of a cell in a label mask: 0 is background, ids of cells are positive. A field never uses an id twice.
using CellId = std::int32_t;

/// rows x columns of cell ids, row by row without gaps. A field has one mask for its cells and one for their nuclei; the
/// same id in both is the same cell. A value: copies are independent.
class LabelMask
{
public:
    LabelMask() = default;

    /// A mask of background only.
    explicit LabelMask(base::Size size) : m_size(size.isEmpty() ? base::Size{} : size), m_ids(std::size_t(m_size.width) * std::size_t(m_size.height), 0) {}

    [[nodiscard]] bool isEmpty() const { return m_size.isEmpty(); }
    [[nodiscard]] base::Size size() const { return m_size; }
    [[nodiscard]] int width() const { return m_size.width; }
    [[nodiscard]] int height() const { return m_size.height; }
    [[nodiscard]] base::Rect rect() const { return {0, 0, m_size.width, m_size.height}; }

    [[nodiscard]] const CellId* row(int y) const { return m_ids.data() + std::size_t(y) * std::size_t(m_size.width); }
    [[nodiscard]] CellId* row(int y) { return m_ids.data() + std::size_t(y) * std::size_t(m_size.width); }

    [[nodiscard]] CellId at(base::Point p) const { return row(p.y)[p.x]; }

    /// The id at a position; 0 outside the mask.
    [[nodiscard]] CellId atOrBackground(base::Point p) const { return rect().contains(p) ? at(p) : 0; }

    void set(base::Point p, CellId id) { row(p.y)[p.x] = id; }

    /// All ids, row by row.
    [[nodiscard]] const std::vector<CellId>& ids() const { return m_ids; }
    [[nodiscard]] std::vector<CellId>& ids() { return m_ids; }

    friend bool operator==(const LabelMask&, const LabelMask&) = default;

private:
    base::Size m_size;
    std::vector<CellId> m_ids;
};

/// What one pass over a mask tells of one id.
struct CellExtent
{
    base::Rect bounds;          ///< smallest rectangle around all its pixels
    std::int64_t area = 0;      ///< pixels
    bool touchesBorder = false; ///< a pixel lies in the first or last row or column of the field
    friend bool operator==(const CellExtent&, const CellExtent&) = default;
};

/// Extent of every id that occurs, in one pass.
[[nodiscard]] std::map<CellId, CellExtent> extentsOf(const LabelMask& mask);

} // namespace cellproof::mask
