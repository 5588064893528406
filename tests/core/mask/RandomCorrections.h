// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/mask/Components.h"
#include "core/mask/Correct.h"
#include "tests/core/mask/Masks.h"

#include <map>
#include <random>
#include <string>
#include <vector>

namespace cellproof::testing {

/// Corrections drawn by lot, as a user may make them, with arguments of all kinds.
class RandomCorrections
{
public:
    explicit RandomCorrections(unsigned seed) : m_random(seed) {}

    static constexpr int kKinds = 13;

    int upTo(int n) { return n > 0 ? int(m_random() % unsigned(n)) : 0; }
    double between(double low, double high) { return low + (high - low) * (double(m_random() % 100001) / 100000); }
    bool coin() { return m_random() % 2 == 0; }

    /// One correction; `kind` tells which it was.
    mask::PairChange next(const mask::PairMasks& masks, int& kind)
    {
        kind = upTo(kKinds + 5); // strokes are what users make most
        const auto part = mask::Part(upTo(3));
        try {
            switch (kind) {
            case 0: {
                std::vector<base::Position> line;
                for (int n = 2 + upTo(3); n > 0; --n)
                    line.push_back(position(masks));
                return mask::splitByLine(masks, someCell(masks), line, part);
            }
            case 1:
                return mask::splitByNuclei(masks, someCell(masks));
            case 2:
                return mask::merge(masks, someCells(masks), upTo(60));
            case 3:
                return coin() ? mask::remove(masks, {someCell(masks)}, part) : mask::PairChange();
            case 4:
                return mask::grow(masks, someCells(masks), 1 + upTo(4), part, coin());
            case 5:
                return mask::grow(masks, someCells(masks), -1 - upTo(3), part, coin());
            case 6:
                return mask::smooth(masks, someCells(masks), upTo(5), part);
            case 7:
                return mask::fillHoles(masks, someCell(masks), part);
            case 8:
                return mask::addCell(masks, outline(masks), part, coin());
            case 9:
                return mask::addNucleus(masks, coin() ? 0 : someCell(masks), outline(masks), coin());
            case 10:
                return mask::giveNucleus(masks, pixel(masks), someCell(masks));
            case 11: { // a lasso that erases
                mask::PairEditor editor(masks);
                editor.erase(outline(masks), coin() ? 0 : someCell(masks), part);
                return editor.finish(coin() ? mask::Pieces::BecomeCells : mask::Pieces::Vanish, upTo(30));
            }
            default:
                return stroke(masks);
            }
        } catch (const base::Error& error) {
            // The one refusal that corrections may speak out.
            if (std::string(error.what()).find("do not touch") == std::string::npos)
                throw;
            return {};
        }
    }

private:
    base::Point pixel(const mask::PairMasks& masks) { return {upTo(masks.cells.width()), upTo(masks.cells.height())}; }

    base::Position position(const mask::PairMasks& masks) { return {between(-5, masks.cells.width() + 5), between(-5, masks.cells.height() + 5)}; }

    mask::CellId someCell(const mask::PairMasks& masks)
    {
        for (int i = 0; i < 20; ++i) {
            if (const mask::CellId id = masks.cells.at(pixel(masks)))
                return id;
        }
        return upTo(masks.nextId + 3) - 1; // also ids that are not there
    }

    std::vector<mask::CellId> someCells(const mask::PairMasks& masks)
    {
        std::vector<mask::CellId> ids;
        for (int n = 1 + upTo(3); n > 0; --n)
            ids.push_back(someCell(masks));
        return ids;
    }

    mask::Region outline(const mask::PairMasks& masks)
    {
        const base::Position centre = position(masks);
        std::vector<base::Position> corners;
        const double reach = between(2, 40);
        for (int n = 3 + upTo(6); n > 0; --n)
            corners.push_back({centre.x + between(-reach, reach), centre.y + between(-reach, reach)});
        return mask::polygonRegion(corners);
    }

    mask::PairChange stroke(const mask::PairMasks& masks)
    {
        mask::PairEditor editor(masks);
        const auto part = mask::Part(upTo(3));
        const bool erase = upTo(3) == 0;
        const bool over = coin();
        const mask::CellId id = erase && coin() ? 0 : upTo(6) == 0 ? editor.newId() : someCell(masks);
        const double diameter = between(0, 24);
        base::Position from = position(masks);
        for (int n = 1 + upTo(6); n > 0; --n) {
            const base::Position to = {from.x + between(-30, 30), from.y + between(-30, 30)};
            const mask::Region dab = mask::brushRegion(from, to, diameter);
            if (erase)
                editor.erase(dab, id, part);
            else
                editor.paint(dab, id, part, over);
            from = to;
        }
        if (upTo(10) == 0) {
            editor.abandon();
            return {};
        }
        return editor.finish(coin() ? mask::Pieces::BecomeCells : mask::Pieces::Vanish, upTo(30));
    }

    std::mt19937 m_random;
};

} // namespace cellproof::testing
