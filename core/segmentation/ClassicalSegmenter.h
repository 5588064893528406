// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/segmentation/Segmenter.h"

namespace cellproof::segmentation {

/// Parameters of ClassicalSegmenter. Lengths in micrometres are turned into pixels by the image's pixel size; lengths
/// given as a share of the nucleus follow the diameter found in the image.
struct ClassicalOptions
{
    /// Edge of the pixels worked with; finer images are reduced to it, coarser ones taken as they are. 0.32 is what the
    /// networks of HPA-Cell-Segmentation see.
    double workingPixelSize = 0.32;

    /// Typical diameter of a nucleus; 0 = estimated from the image, between the two bounds below.
    double nucleusDiameter = 0.0;
    double minNucleusDiameter = 0.4;
    double maxNucleusDiameter = 30.0;

    /// Nuclei of a plausible size lie between these; where the estimate does not, the pixel size is taken for wrong,
    /// lengths in micrometres are scaled as if nuclei were `usualNucleusDiameter` wide, and a notice is given.
    double plausibleNucleusMin = 6.0;
    double plausibleNucleusMax = 30.0;
    double usualNucleusDiameter = 15.0;

    /// Blur of the blue channel before it is cut, as a share of the nucleus diameter.
    double nucleusSmoothing = 0.04;

    /// Radius of the neighbourhood whose nuclei and background set the local threshold, as a share of the diameter.
    double thresholdNeighbourhood = 0.8;

    /// Height of the local threshold between the background (0) and the nuclei (1) around.
    double thresholdHeight = 0.4;

    /// Height, between local background (0) and the nucleus itself (1), at which each nucleus is outlined.
    double nucleusEdge = 0.45;

    /// Smoothing of the distance map before it is cut into nuclei, as a share of the diameter.
    double declumpSmoothing = 0.06;

    /// Weight of brightness beside distance in that map.
    double declumpBrightness = 0.2;

    /// Nuclei much dimmer than their neighbours are looked for at lower thresholds. They have to stand out by this many
    /// times the noise, ...
    double dimContrast = 6.0;

    /// ... have at least this share of a typical nucleus' area, ...
    double dimArea = 0.35;

    /// ... fill at least this share of their convex hull, ...
    double dimSolidity = 0.88;

    /// ... and where a part of them was found before, fill more of it than that part does, by this much.
    double dimGain = 0.1;

    /// Two touching pieces are one nucleus where the neck between them is at least this share of the narrower one.
    double neckRatio = 0.96;

    /// ... or where together they fill at least this share of their convex hull.
    double solidity = 0.94;

    /// Notches in a nucleus narrower than this share of the diameter are closed.
    double nucleusClosing = 0.15;

    /// Bites out of the convex hull of a cell's nuclei, of at least `biteArea` of their area, are filled as far as they
    /// are brighter than `biteHeight` between local background (0) and the nuclei (1), where that is at least `biteBright`
    /// of the bite. Not where only blue is there to go by.
    double biteArea = 0.05;
    double biteHeight = 0.14;
    double biteBright = 0.75;

    /// Nuclei with less than this share of the area of a typical one are dropped.
    double minNucleusArea = 0.12;

    /// Blur of the cell channel.
    double cellSmoothing = 0.6;

    /// The threshold between background and cells is this factor times the automatic one.
    double cellThreshold = 1.0;

    /// Cells end at this distance from their nucleus.
    double maxCellDistance = 35.0;

    /// Gaps between cells: what lies, blurred by `gapSmoothing`, below this share of the mean brightness within about
    /// `gapNeighbourhood`.
    double gapHeight = 0.65;
    double gapSmoothing = 0.3;
    double gapNeighbourhood = 4.0;

    /// How strongly a dark valley between two cells repels their common border: added cost of a fully dark pixel in
    /// units of the distance. Valleys less deep than the floor (0..1) are texture.
    double valleyWeight = 120.0;
    double valleyFloor = 0.1;

    /// A valley is what lies lower in the cell channel blurred by the first than in that blurred by the second.
    double valleyFine = 0.35;
    double valleyCoarse = 3.0;

    /// How strongly a dark line does so, of about this half width and straight for about this length: added cost of a
    /// line as deep as the brightness around it. Lines less deep than the floor (0..1) are texture.
    double lineWeight = 1000.0;
    double lineFloor = 0.1;
    double lineWidth = 0.5;
    double lineLength = 2.5;

    /// How strongly edges repel the border: crossing one of the full range of brightness costs as much as this distance.
    double edgeWeight = 40.0;

    /// Touching nuclei share a cell where the neck between them is at least this share of the narrower one.
    double sharedCellNeck = 0.4;

    /// Nuclei that do not touch share a cell where the gap between them is at most this wide and at least
    /// `sharedCellBrightness` times as bright as the cytoplasm around it.
    double sharedCellGap = 2.0;
    double sharedCellBrightness = 1.15;

    /// Without any channel that shows the cell, nuclei are grown by this distance.
    double growth = 5.0;

    /// Radius to which outlines are smoothed.
    double outlineSmoothing = 0.8;

    friend bool operator==(const ClassicalOptions&, const ClassicalOptions&) = default;
};

/// The options as a JSON object, and back; members that are absent keep their default. fromJson throws base::Error
/// where the text is no JSON object or a member is unknown, not a number or out of range.
[[nodiscard]] std::string toJson(const ClassicalOptions& options);
[[nodiscard]] ClassicalOptions classicalOptionsFromJson(const std::string& text);

/// Segmentation without any model, in the manner of CellProfiler's primary and secondary objects: nuclei from the blue
/// channel by a local threshold and declumping, cells from red and yellow (or one of them, or green) by propagation
/// from the nuclei; nuclei that share a cell get one id. See docs/decisions for the reasons.
class ClassicalSegmenter : public Segmenter
{
public:
    /// Throws base::Error where an option is out of range.
    explicit ClassicalSegmenter(ClassicalOptions options = {});

    [[nodiscard]] const ClassicalOptions& options() const { return m_options; }

    [[nodiscard]] std::string name() const override;

    /// Throws base::Error where the field has no blue channel. A few hundred MB at most, see docs/measurements.md.
    [[nodiscard]] Segmentation segment(const image::Image& image, const base::CancelToken& cancel, const base::Progress& progress) const override;

private:
    ClassicalOptions m_options;
};

} // namespace cellproof::segmentation
