// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Geometry.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace cellproof::mask {

/// Id of a cell in a label mask: 0 is background, ids of cells are positive. A field never uses an id twice.
using CellId = std::int32_t;

/// rows x columns of cell ids. A field has one mask for its cells and one for their nuclei; the same id in both is the same
/// cell. A value: copies are independent, and cheap, because they share bands of rows until one of them is written to.
/// Reading from several threads is safe, also while copies are made and written to elsewhere; one mask may be written to by
/// several threads only in different rows and after detach().
class LabelMask
{
public:
    /// Rows that are shared and copied together: what a small edit of a shared mask costs at least. So few that a band of less
    /// than 4096 columns comes from the heap and not page by page from the system, which would take ten times as long.
    static constexpr int kBandRows = 8;

    LabelMask() = default;

    /// A mask of background only.
    explicit LabelMask(base::Size size);

    /// A mask with the given ids, row by row; there must be width x height of them.
    [[nodiscard]] static LabelMask fromIds(base::Size size, const std::vector<CellId>& ids);

    [[nodiscard]] bool isEmpty() const { return m_size.isEmpty(); }
    [[nodiscard]] base::Size size() const { return m_size; }
    [[nodiscard]] int width() const { return m_size.width; }
    [[nodiscard]] int height() const { return m_size.height; }
    [[nodiscard]] base::Rect rect() const { return {0, 0, m_size.width, m_size.height}; }

    /// The ids of a row, without gaps. The row after it may lie elsewhere.
    [[nodiscard]] const CellId* row(int y) const { return m_bands[bandOf(y)].ids() + offsetOf(y); }

    /// The same to write to. Valid until the mask is copied.
    [[nodiscard]] CellId* row(int y)
    {
        Band& band = m_bands[bandOf(y)];
        if (band.isShared())
            band = band.copy();
        return band.ids() + offsetOf(y);
    }

    [[nodiscard]] CellId at(base::Point p) const { return row(p.y)[p.x]; }

    /// The id at a position; 0 outside the mask.
    [[nodiscard]] CellId atOrBackground(base::Point p) const { return rect().contains(p) ? at(p) : 0; }

    void set(base::Point p, CellId id) { row(p.y)[p.x] = id; }

    /// All ids, row by row.
    [[nodiscard]] std::vector<CellId> toIds() const;

    /// Gives this mask bands of its own, so that several threads may write to different rows.
    void detach();

    /// Whether both hold the row in the same memory, so that it is equal without a look at it. Both must have the row.
    [[nodiscard]] bool sharesRow(const LabelMask& other, int y) const
    {
        return m_bands[bandOf(y)].ids() == other.m_bands[bandOf(y)].ids() && m_size == other.m_size;
    }

    friend bool operator==(const LabelMask& a, const LabelMask& b);

private:
    /// A counted reference to the ids of kBandRows rows (the last band may have fewer).
    class Band
    {
    public:
        explicit Band(std::size_t count); ///< of background
        Band(const CellId* ids, std::size_t count);
        Band(const Band& other) noexcept : m_block(other.m_block) { m_block->users.fetch_add(1, std::memory_order_relaxed); }
        Band(Band&& other) noexcept : m_block(std::exchange(other.m_block, nullptr)) {}
        Band& operator=(Band other) noexcept
        {
            std::swap(m_block, other.m_block);
            return *this;
        }
        ~Band();

        [[nodiscard]] bool isShared() const { return m_block->users.load(std::memory_order_acquire) > 1; }
        [[nodiscard]] Band copy() const;
        [[nodiscard]] CellId* ids() const { return m_block->ids.get(); }

    private:
        struct Free
        {
            void operator()(CellId* ids) const { std::free(ids); }
        };
        struct Block
        {
            std::atomic<int> users = 1;
            std::size_t count = 0;
            std::unique_ptr<CellId[], Free> ids;
        };
        Block* m_block = nullptr;
    };

    [[nodiscard]] static std::size_t bandOf(int y) { return std::size_t(y) / kBandRows; }
    [[nodiscard]] std::size_t offsetOf(int y) const { return (std::size_t(y) % kBandRows) * std::size_t(m_size.width); }

    base::Size m_size;
    std::vector<Band> m_bands;
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
