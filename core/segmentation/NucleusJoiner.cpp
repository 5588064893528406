// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/segmentation/NucleusJoiner.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace cellproof::segmentation {

namespace {

constexpr double kPi = 3.14159265358979323846;

/// Touching pieces of nuclei, to be joined by and by.
struct Piece
{
    double area = 0.0;
    double width = 0.0;      ///< greatest value of the distance map
    double brightness = 0.0; ///< mean
    std::vector<cv::Point> hull;
    std::set<int> neighbours;
    int joinedTo = 0; ///< itself, or the piece that took it in
};

struct Contact
{
    double neck = 0.0; ///< greatest value of the distance map on the common border
    double brightnessSum = 0.0;
    int length = 0;
    double likeness = 0.0; ///< of one nucleus; 1 and more: to be joined
};

class Joiner
{
public:
    Joiner(const cv::Mat1i& labels, int count, const cv::Mat1f& distance, const cv::Mat1f& brightness, double diameter, const ClassicalOptions& options)
        : m_options(options), m_typicalArea(kPi / 4.0 * diameter * diameter), m_pieces(std::size_t(count) + 1)
    {
        std::vector<std::vector<cv::Point>> edges(m_pieces.size());
        for (int y = 0; y < labels.rows; ++y) {
            for (int x = 0; x < labels.cols; ++x) {
                const int id = labels(y, x);
                if (id == 0)
                    continue;
                Piece& piece = m_pieces[std::size_t(id)];
                piece.area += 1.0;
                piece.width = std::max(piece.width, double(distance(y, x)));
                const double above = double(brightness(y, x));
                piece.brightness += above;
                bool edge = false;
                for (const auto& [dx, dy] : {std::pair(1, 0), std::pair(0, 1), std::pair(-1, 0), std::pair(0, -1)}) {
                    const int nx = x + dx;
                    const int ny = y + dy;
                    const int other = nx < 0 || ny < 0 || nx >= labels.cols || ny >= labels.rows ? 0 : labels(ny, nx);
                    edge = edge || other != id;
                    if (other != 0 && other != id) {
                        Contact& contact = m_contacts[keyOf(id, other)];
                        contact.neck = std::max(contact.neck, double(std::min(distance(y, x), distance(ny, nx))));
                        contact.brightnessSum += above;
                        ++contact.length;
                    }
                }
                if (edge)
                    edges[std::size_t(id)].push_back({x, y});
            }
        }
        for (std::size_t id = 1; id < m_pieces.size(); ++id) {
            Piece& piece = m_pieces[id];
            piece.joinedTo = int(id);
            if (piece.area == 0.0)
                continue;
            piece.brightness /= piece.area;
            cv::convexHull(edges[id], piece.hull);
        }
        for (auto& [key, contact] : m_contacts) {
            m_pieces[std::size_t(key.first)].neighbours.insert(key.second);
            m_pieces[std::size_t(key.second)].neighbours.insert(key.first);
            rate(key, contact);
        }
    }

    /// Joins the pair that most looks like one nucleus, as long as there is one. Returns where each piece went.
    std::vector<int> run(const base::CancelToken& cancel)
    {
        while (!m_queue.empty()) {
            cancel.throwIfCancelled();
            const Key key = m_queue.begin()->second;
            join(key.first, key.second);
        }
        std::vector<int> result(m_pieces.size(), 0);
        for (std::size_t id = 1; id < result.size(); ++id) {
            int at = int(id);
            while (m_pieces[std::size_t(at)].joinedTo != at)
                at = m_pieces[std::size_t(at)].joinedTo;
            result[id] = at;
        }
        return result;
    }

private:
    using Key = std::pair<int, int>;

    static Key keyOf(int a, int b) { return {std::min(a, b), std::max(a, b)}; }

    void rate(Key key, Contact& contact)
    {
        unqueue(key, contact);
        contact.likeness = likenessOf(key, contact);
        if (contact.likeness >= 1.0)
            m_queue.insert({-contact.likeness, key});
    }

    void unqueue(Key key, const Contact& contact) { m_queue.erase({-contact.likeness, key}); }

    /// 1 and more: one nucleus.
    [[nodiscard]] double likenessOf(Key key, const Contact& contact) const
    {
        const Piece& a = m_pieces[std::size_t(key.first)];
        const Piece& b = m_pieces[std::size_t(key.second)];
        const double neck = contact.neck / std::max(1e-6, std::min(a.width, b.width));
        std::vector<cv::Point> both = a.hull;
        both.insert(both.end(), b.hull.begin(), b.hull.end());
        std::vector<cv::Point> hull;
        cv::convexHull(both, hull);
        const double solidity = (a.area + b.area) / hullArea(hull);
        // A dark seam speaks for two nuclei, unlike brightness on either side too.
        const double seam = contact.brightnessSum / contact.length / std::max(1e-6, std::min(a.brightness, b.brightness));
        const double alike = std::min(a.brightness, b.brightness) / std::max(1e-6, std::max(a.brightness, b.brightness));
        const double image = std::min(1.0, seam / 0.9) * std::min(1.0, alike / 0.6);
        double likeness = std::max(neck / m_options.neckRatio, solidity / m_options.solidity) * image;
        const double small = std::min(a.area, b.area) / m_typicalArea;
        if (small < 0.5 * m_options.minNucleusArea)
            likeness = std::max(likeness, 1.0 + 0.1 * neck);
        return likeness;
    }

    void join(int keep, int gone)
    {
        Piece& a = m_pieces[std::size_t(keep)];
        Piece& b = m_pieces[std::size_t(gone)];
        a.brightness = (a.brightness * a.area + b.brightness * b.area) / (a.area + b.area);
        a.area += b.area;
        a.width = std::max(a.width, b.width);
        std::vector<cv::Point> both = std::move(a.hull);
        both.insert(both.end(), b.hull.begin(), b.hull.end());
        cv::convexHull(both, a.hull);
        b.joinedTo = keep;
        for (const int other : b.neighbours) {
            const auto old = m_contacts.find(keyOf(gone, other));
            const Contact contact = old->second;
            unqueue(old->first, contact);
            m_contacts.erase(old);
            m_pieces[std::size_t(other)].neighbours.erase(gone);
            if (other == keep)
                continue;
            Contact& sum = m_contacts[keyOf(keep, other)];
            sum.neck = std::max(sum.neck, contact.neck);
            sum.brightnessSum += contact.brightnessSum;
            sum.length += contact.length;
            a.neighbours.insert(other);
            m_pieces[std::size_t(other)].neighbours.insert(keep);
        }
        b.neighbours.clear();
        for (const int other : a.neighbours) {
            const Key key = keyOf(keep, other);
            rate(key, m_contacts.at(key));
        }
    }

    const ClassicalOptions& m_options;
    double m_typicalArea;
    std::vector<Piece> m_pieces;
    std::map<Key, Contact> m_contacts;
    std::set<std::pair<double, Key>> m_queue; ///< (minus likeness, pair) of those to be joined, the most alike first
};

} // namespace

double hullArea(const std::vector<cv::Point>& hull)
{
    // Of pixel centres; half the outline more makes it the area of the pixels themselves.
    if (hull.size() < 3)
        return double(hull.size()) * 2.0;
    return cv::contourArea(hull) + 0.5 * cv::arcLength(hull, true) + 1.0;
}

std::vector<int> joinPieces(const cv::Mat1i& labels, int count, const cv::Mat1f& distance, const cv::Mat1f& brightness, double diameter,
                            const ClassicalOptions& options, const base::CancelToken& cancel)
{
    return Joiner(labels, count, distance, brightness, diameter, options).run(cancel);
}

} // namespace cellproof::segmentation
