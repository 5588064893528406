// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/Pairing.h"

#include "core/mask/PairEditor.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

namespace cellproof::segmentation {

namespace {

int greatestLabel(const LabelRuns& labels)
{
    int greatest = 0;
    for (const Run& run : labels.runs)
        greatest = std::max(greatest, run.label);
    return greatest;
}

/// Keeps of the nuclei what lies in the cell of the same label.
void clip(LabelRuns& nuclei, const LabelRuns& cells)
{
    LabelRuns result;
    result.size = nuclei.size;
    for (int y = 0; y < nuclei.size.height; ++y) {
        const auto nucleus = nuclei.row(y);
        const auto cell = cells.row(y);
        forEachOverlap(nucleus, cell, [&](std::size_t i, std::size_t k, int left, int end) {
            if (nucleus[i].label == cell[k].label)
                result.add(left, end, nucleus[i].label);
        });
        result.endRow();
    }
    nuclei = std::move(result);
}

/// Keeps the runs of the pieces for which keep[piece].
void keepPieces(LabelRuns& labels, const Pieces& pieces, const std::vector<bool>& keep)
{
    LabelRuns result;
    result.size = labels.size;
    for (int y = 0; y < labels.size.height; ++y) {
        for (std::size_t i = labels.rows[std::size_t(y)]; i < labels.rows[std::size_t(y) + 1]; ++i) {
            if (keep[pieces.of[i]])
                result.add(labels.runs[i].first, labels.runs[i].end, labels.runs[i].label);
        }
        result.endRow();
    }
    labels = std::move(result);
}

/// For each label the piece with the greatest value, the first of equal ones; -1 where all values are 0.
std::vector<int> greatestPieces(const Pieces& pieces, const std::vector<double>& value, int count)
{
    std::vector<int> result(std::size_t(count) + 1, -1);
    for (std::size_t p = 0; p < pieces.all.size(); ++p) {
        int& best = result[std::size_t(pieces.all[p].label)];
        if (value[p] > (best < 0 ? 0.0 : value[std::size_t(best)]))
            best = int(p);
    }
    return result;
}

/// Drops 4-connected pieces of a label below `smallest` pixels unless they are its largest.
void dropCrumbs(LabelRuns& labels, double smallest, const base::CancelToken& cancel)
{
    const Pieces pieces = piecesOf(labels, false, cancel);
    std::vector<double> area;
    for (const Piece& piece : pieces.all)
        area.push_back(piece.area);
    const std::vector<int> largest = greatestPieces(pieces, area, greatestLabel(labels));
    std::vector<bool> keep;
    for (std::size_t p = 0; p < area.size(); ++p)
        keep.push_back(area[p] >= smallest || largest[std::size_t(pieces.all[p].label)] == int(p));
    keepPieces(labels, pieces, keep);
}

/// Leaves of each cell the 4-connected piece with most of its nucleus, of a cell without nucleus nothing.
void keepOnePiece(LabelRuns& cells, const LabelRuns& nuclei, const base::CancelToken& cancel)
{
    const Pieces pieces = piecesOf(cells, false, cancel);
    std::vector<double> nucleusPixels(pieces.all.size(), 0.0);
    forEachOverlap(cells, nuclei, [&](std::size_t i, std::size_t k, int left, int end) {
        if (cells.runs[i].label == nuclei.runs[k].label)
            nucleusPixels[pieces.of[i]] += end - left;
    });
    const std::vector<int> chosen = greatestPieces(pieces, nucleusPixels, greatestLabel(cells));
    std::vector<bool> keep;
    for (std::size_t p = 0; p < pieces.all.size(); ++p)
        keep.push_back(chosen[std::size_t(pieces.all[p].label)] == int(p));
    keepPieces(cells, pieces, keep);
}

/// Adds runs that lie in background.
void insert(LabelRuns& labels, std::vector<Run>& added)
{
    if (added.empty())
        return;
    const auto before = [](const Run& a, const Run& b) { return std::pair(a.y, a.first) < std::pair(b.y, b.first); };
    std::ranges::sort(added, before);
    LabelRuns result;
    result.size = labels.size;
    auto next = added.cbegin();
    for (int y = 0; y < labels.size.height; ++y) {
        const auto row = labels.row(y);
        auto old = row.begin();
        while (old != row.end() || (next != added.cend() && next->y == y)) {
            const bool takeOld = old != row.end() && (next == added.cend() || next->y != y || old->first < next->first);
            const Run& run = takeOld ? *old++ : *next++;
            result.add(run.first, run.end, run.label);
        }
        result.endRow();
    }
    labels = std::move(result);
}

constexpr int kSeveral = -1;
constexpr int kOpen = -2;

/// For each piece of background the one label that encloses it, kSeveral, or kOpen where it reaches the border.
std::vector<int> ownersOf(const LabelRuns& labels, const LabelRuns& background, const Pieces& pieces)
{
    std::vector<int> owner(pieces.all.size(), 0);
    for (std::size_t p = 0; p < owner.size(); ++p) {
        const cv::Rect& box = pieces.all[p].box;
        if (box.x == 0 || box.y == 0 || box.x + box.width == labels.size.width || box.y + box.height == labels.size.height)
            owner[p] = kOpen;
    }
    const auto meets = [&owner](std::uint32_t piece, int label) {
        int& id = owner[piece];
        if (id >= 0)
            id = id == 0 || id == label ? label : kSeveral;
    };
    for (int y = 0; y < labels.size.height; ++y) {
        const auto gaps = background.row(y);
        const std::uint32_t* const piece = pieces.of.data() + background.rows[std::size_t(y)];
        for (const int other : {y - 1, y + 1}) {
            if (other < 0 || other >= labels.size.height)
                continue;
            const auto row = labels.row(other);
            forEachOverlap(gaps, row, [&](std::size_t i, std::size_t k, int, int) { meets(piece[i], row[k].label); });
        }
        // Along the row the runs before and after a gap are those that end and begin with it.
        const auto row = labels.row(y);
        std::size_t k = 0;
        for (std::size_t i = 0; i < gaps.size(); ++i) {
            while (k < row.size() && row[k].first < gaps[i].first)
                ++k;
            if (k > 0)
                meets(piece[i], row[k - 1].label);
            if (k < row.size())
                meets(piece[i], row[k].label);
        }
    }
    return owner;
}

/// The runs that close a pocket between several labels ring by ring, so that every label stays one piece.
void closePocket(const LabelRuns& labels, const std::vector<Run>& pocket, const cv::Rect& box, std::vector<Run>& added)
{
    const cv::Rect frame(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
    cv::Mat1i grid(frame.size(), 0);
    for (int y = frame.y; y < frame.y + frame.height; ++y) {
        const auto row = labels.row(y);
        auto run = std::ranges::lower_bound(row, frame.x + 1, {}, &Run::end);
        for (; run != row.end() && run->first < frame.x + frame.width; ++run) {
            for (int x = std::max(run->first, frame.x); x < std::min(run->end, frame.x + frame.width); ++x)
                grid(y - frame.y, x - frame.x) = run->label;
        }
    }
    std::vector<cv::Point> front;
    for (const Run& run : pocket) {
        for (int x = run.first; x < run.end; ++x)
            front.push_back({x - frame.x, run.y - frame.y});
    }
    constexpr std::array<std::array<int, 2>, 4> around = {{{0, -1}, {-1, 0}, {1, 0}, {0, 1}}};
    while (!front.empty()) {
        std::vector<std::pair<cv::Point, int>> ring;
        std::vector<cv::Point> later;
        for (const cv::Point& p : front) {
            int id = 0;
            for (const auto& [dx, dy] : around)
                id = id == 0 ? grid(p.y + dy, p.x + dx) : id;
            if (id != 0)
                ring.emplace_back(p, id);
            else
                later.push_back(p);
        }
        for (const auto& [p, id] : ring) {
            grid(p) = id;
            added.push_back({p.y + frame.y, p.x + frame.x, p.x + frame.x + 1, id});
        }
        front = ring.empty() ? std::vector<cv::Point>() : std::move(later);
    }
}

/// Closes the background that one label encloses, and pockets up to `largestGap` pixels that several enclose. Only
/// pixels that have the same label in `allowed` (null: all) are set. Returns where larger pockets were left.
std::vector<cv::Rect> closeHoles(LabelRuns& labels, double largestGap, const LabelRuns* allowed, const base::CancelToken& cancel)
{
    const LabelRuns background = backgroundOf(labels);
    cancel.throwIfCancelled();
    // Over 4 neighbours, as the pair rules have it: what is open over a corner alone is a hole.
    const Pieces pieces = piecesOf(background, false, cancel);
    const std::vector<int> owner = ownersOf(labels, background, pieces);
    cancel.throwIfCancelled();
    std::vector<Run> added;
    std::vector<std::vector<Run>> pockets(pieces.all.size());
    for (int y = 0; y < labels.size.height; ++y) {
        for (std::size_t i = background.rows[std::size_t(y)]; i < background.rows[std::size_t(y) + 1]; ++i) {
            const Run& gap = background.runs[i];
            const std::uint32_t piece = pieces.of[i];
            const int id = owner[piece];
            if (id == kSeveral && pieces.all[piece].area <= largestGap)
                pockets[piece].push_back(gap);
            if (id <= 0)
                continue;
            if (!allowed) {
                added.push_back({y, gap.first, gap.end, id});
                continue;
            }
            const auto row = allowed->row(y);
            forEachOverlap(std::span(&gap, 1), row, [&](std::size_t, std::size_t k, int left, int end) {
                if (row[k].label == id)
                    added.push_back({y, left, end, id});
            });
        }
    }
    std::vector<cv::Rect> left;
    for (std::size_t p = 0; p < pockets.size(); ++p) {
        if (!pockets[p].empty())
            closePocket(labels, pockets[p], pieces.all[p].box, added);
        else if (owner[p] == kSeveral)
            left.push_back(pieces.all[p].box);
    }
    insert(labels, added);
    return left;
}

/// The cells that reach beyond one of the pockets on every side: one of them alone may enclose it, with other cells in the same hole.
std::vector<PossibleHole> holesAround(const std::vector<cv::Rect>& pockets, const LabelRuns& cells, int count)
{
    std::vector<PossibleHole> result;
    if (pockets.empty())
        return result;
    std::vector<base::Rect> bounds(std::size_t(count) + 1);
    for (const Run& run : cells.runs) {
        base::Rect& box = bounds[std::size_t(run.label)];
        box = box.united({run.first, run.y, run.end - run.first, 1});
    }
    for (int id = 1; id <= count; ++id) {
        const base::Rect& box = bounds[std::size_t(id)];
        if (std::ranges::any_of(pockets,
                                [&](const cv::Rect& p) { return box.x < p.x && box.y < p.y && box.right() > p.x + p.width && box.bottom() > p.y + p.height; }))
            result.push_back({id, box});
    }
    return result;
}

} // namespace

std::vector<PossibleHole> pairUp(LabelRuns& cells, LabelRuns& nuclei, double smallestNucleusPiece, double largestGap, const base::CancelToken& cancel)
{
    clip(nuclei, cells);
    cancel.throwIfCancelled();
    dropCrumbs(nuclei, smallestNucleusPiece, cancel);
    keepOnePiece(cells, nuclei, cancel);
    cancel.throwIfCancelled();
    clip(nuclei, cells);
    cancel.throwIfCancelled();
    const std::vector<cv::Rect> pockets = closeHoles(cells, largestGap, nullptr, cancel);
    cancel.throwIfCancelled();
    closeHoles(nuclei, 0.0, &cells, cancel);
    cancel.throwIfCancelled();

    std::vector<int> number(std::size_t(greatestLabel(cells)) + 1, 0);
    int next = 0;
    for (Run& run : cells.runs) {
        int& id = number[std::size_t(run.label)];
        id = id == 0 ? ++next : id;
        run.label = id;
    }
    for (Run& run : nuclei.runs)
        run.label = number[std::size_t(run.label)];
    return holesAround(pockets, cells, next);
}

void fillHolesAround(mask::LabelMask& cells, mask::LabelMask& nuclei, const std::vector<PossibleHole>& holes)
{
    if (holes.empty())
        return;
    mask::PairEditor editor(cells, nuclei, std::numeric_limits<mask::CellId>::max());
    for (const PossibleHole& hole : holes)
        editor.recheck(hole.cell, hole.bounds);
    if (editor.finish(mask::Pieces::Vanish).isEmpty())
        return;
    cells = editor.cells();
    nuclei = editor.nuclei();
}

} // namespace cellproof::segmentation
