// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mask/LabelMask.h"

#include "core/base/Error.h"

#include <algorithm>
#include <new>
#include <string>
#include <unordered_map>

namespace cellproof::mask {

LabelMask::Band::Band(std::size_t count) : m_block(new Block)
{
    m_block->count = count;
    // calloc: the system hands out cleared pages, which cost nothing before they are written to.
    m_block->ids.reset(static_cast<CellId*>(std::calloc(count, sizeof(CellId))));
    if (!m_block->ids) {
        delete std::exchange(m_block, nullptr);
        throw std::bad_alloc();
    }
}

LabelMask::Band::~Band()
{
    if (m_block && m_block->users.fetch_sub(1, std::memory_order_acq_rel) == 1)
        delete m_block;
}

LabelMask::Band::Band(const CellId* ids, std::size_t count) : m_block(new Block)
{
    m_block->count = count;
    m_block->ids.reset(static_cast<CellId*>(std::malloc(count * sizeof(CellId))));
    if (!m_block->ids) {
        delete std::exchange(m_block, nullptr);
        throw std::bad_alloc();
    }
    std::copy_n(ids, count, m_block->ids.get());
}

LabelMask::Band LabelMask::Band::copy() const
{
    return Band(ids(), m_block->count);
}

LabelMask::LabelMask(base::Size size) : m_size(size.isEmpty() ? base::Size{} : size)
{
    m_bands.reserve((std::size_t(m_size.height) + kBandRows - 1) / kBandRows);
    for (int y = 0; y < m_size.height; y += kBandRows)
        m_bands.emplace_back(std::size_t(m_size.width) * std::size_t(std::min(kBandRows, m_size.height - y)));
}

LabelMask LabelMask::fromIds(base::Size size, const std::vector<CellId>& ids)
{
    LabelMask mask(size);
    if (ids.size() != std::size_t(mask.width()) * std::size_t(mask.height()))
        throw base::Error(std::to_string(ids.size()) + " ids do not make a mask of " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                          " pixels.");
    for (int y = 0; y < mask.height(); ++y)
        std::copy_n(ids.data() + std::size_t(y) * std::size_t(mask.width()), mask.width(), mask.row(y));
    return mask;
}

std::vector<CellId> LabelMask::toIds() const
{
    std::vector<CellId> ids;
    ids.reserve(std::size_t(width()) * std::size_t(height()));
    for (int y = 0; y < height(); ++y)
        ids.insert(ids.end(), row(y), row(y) + width());
    return ids;
}

void LabelMask::detach()
{
    for (Band& band : m_bands) {
        if (band.isShared())
            band = band.copy();
    }
}

bool operator==(const LabelMask& a, const LabelMask& b)
{
    if (a.size() != b.size())
        return false;
    for (int y = 0; y < a.height(); ++y) {
        if (!a.sharesRow(b, y) && !std::equal(a.row(y), a.row(y) + a.width(), b.row(y)))
            return false;
    }
    return true;
}

std::map<CellId, CellExtent> extentsOf(const LabelMask& mask)
{
    struct Box
    {
        int left, top, right, bottom;
        std::int64_t area;
    };
    std::unordered_map<CellId, Box> boxes;
    for (int y = 0; y < mask.height(); ++y) {
        const CellId* const row = mask.row(y);
        for (int x = 0; x < mask.width();) {
            const CellId id = row[x];
            const int start = x;
            while (x < mask.width() && row[x] == id)
                ++x;
            if (id == 0)
                continue;
            Box& box = boxes.try_emplace(id, Box{start, y, x, y + 1, 0}).first->second;
            box.left = std::min(box.left, start);
            box.right = std::max(box.right, x);
            box.bottom = y + 1;
            box.area += x - start;
        }
    }
    std::map<CellId, CellExtent> result;
    for (const auto& [id, box] : boxes) {
        const bool border = box.left == 0 || box.top == 0 || box.right == mask.width() || box.bottom == mask.height();
        result[id] = {{box.left, box.top, box.right - box.left, box.bottom - box.top}, box.area, border};
    }
    return result;
}

} // namespace cellproof::mask
