// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/segmentation/ClassicalSegmenter.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace cellproof::segmentation {

namespace {

struct Field
{
    const char* name;
    double ClassicalOptions::*member;
    double least;
    double greatest;
};

constexpr std::array kFields = {
    Field{"workingPixelSize", &ClassicalOptions::workingPixelSize, 0.001, 100.0},
    Field{"nucleusDiameter", &ClassicalOptions::nucleusDiameter, 0.0, 1000.0},
    Field{"minNucleusDiameter", &ClassicalOptions::minNucleusDiameter, 0.001, 1000.0},
    Field{"maxNucleusDiameter", &ClassicalOptions::maxNucleusDiameter, 0.001, 1000.0},
    Field{"plausibleNucleusMin", &ClassicalOptions::plausibleNucleusMin, 0.0, 1000.0},
    Field{"plausibleNucleusMax", &ClassicalOptions::plausibleNucleusMax, 0.0, 1000.0},
    Field{"usualNucleusDiameter", &ClassicalOptions::usualNucleusDiameter, 0.001, 1000.0},
    Field{"nucleusSmoothing", &ClassicalOptions::nucleusSmoothing, 0.0, 1.0},
    Field{"thresholdNeighbourhood", &ClassicalOptions::thresholdNeighbourhood, 0.1, 20.0},
    Field{"thresholdHeight", &ClassicalOptions::thresholdHeight, 0.01, 0.99},
    Field{"nucleusEdge", &ClassicalOptions::nucleusEdge, 0.0, 0.99},
    Field{"declumpSmoothing", &ClassicalOptions::declumpSmoothing, 0.0, 1.0},
    Field{"declumpBrightness", &ClassicalOptions::declumpBrightness, 0.0, 10.0},
    Field{"dimContrast", &ClassicalOptions::dimContrast, 0.0, 1000.0},
    Field{"dimArea", &ClassicalOptions::dimArea, 0.0, 10.0},
    Field{"dimSolidity", &ClassicalOptions::dimSolidity, 0.0, 10.0},
    Field{"dimGain", &ClassicalOptions::dimGain, -1.0, 1.0},
    Field{"neckRatio", &ClassicalOptions::neckRatio, 0.0, 2.0},
    Field{"solidity", &ClassicalOptions::solidity, 0.0, 2.0},
    Field{"nucleusClosing", &ClassicalOptions::nucleusClosing, 0.0, 1.0},
    Field{"biteArea", &ClassicalOptions::biteArea, 0.0, 1.0},
    Field{"biteHeight", &ClassicalOptions::biteHeight, 0.0, 1.0},
    Field{"biteBright", &ClassicalOptions::biteBright, 0.0, 1.0},
    Field{"minNucleusArea", &ClassicalOptions::minNucleusArea, 0.0, 1.0},
    Field{"cellSmoothing", &ClassicalOptions::cellSmoothing, 0.0, 20.0},
    Field{"cellThreshold", &ClassicalOptions::cellThreshold, 0.01, 10.0},
    Field{"maxCellDistance", &ClassicalOptions::maxCellDistance, 0.0, 10000.0},
    Field{"gapHeight", &ClassicalOptions::gapHeight, 0.0, 1.0},
    Field{"gapSmoothing", &ClassicalOptions::gapSmoothing, 0.0, 100.0},
    Field{"gapNeighbourhood", &ClassicalOptions::gapNeighbourhood, 0.0, 100.0},
    Field{"valleyWeight", &ClassicalOptions::valleyWeight, 0.0, 10000.0},
    Field{"valleyFloor", &ClassicalOptions::valleyFloor, 0.0, 1.0},
    Field{"valleyFine", &ClassicalOptions::valleyFine, 0.0, 100.0},
    Field{"valleyCoarse", &ClassicalOptions::valleyCoarse, 0.0, 100.0},
    Field{"lineWeight", &ClassicalOptions::lineWeight, 0.0, 10000.0},
    Field{"lineFloor", &ClassicalOptions::lineFloor, 0.0, 1.0},
    Field{"lineWidth", &ClassicalOptions::lineWidth, 0.0, 100.0},
    Field{"lineLength", &ClassicalOptions::lineLength, 0.0, 100.0},
    Field{"edgeWeight", &ClassicalOptions::edgeWeight, 0.0, 10000.0},
    Field{"sharedCellNeck", &ClassicalOptions::sharedCellNeck, 0.0, 10.0},
    Field{"sharedCellGap", &ClassicalOptions::sharedCellGap, 0.0, 1000.0},
    Field{"sharedCellBrightness", &ClassicalOptions::sharedCellBrightness, 0.0, 100.0},
    Field{"growth", &ClassicalOptions::growth, 0.0, 1000.0},
    Field{"outlineSmoothing", &ClassicalOptions::outlineSmoothing, 0.0, 20.0},
};

std::string text(double value)
{
    return nlohmann::json(value).dump();
}

} // namespace

std::string toJson(const ClassicalOptions& options)
{
    nlohmann::ordered_json object;
    for (const Field& field : kFields)
        object[field.name] = options.*field.member;
    return object.dump();
}

ClassicalOptions classicalOptionsFromJson(const std::string& text)
{
    const nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
    if (!object.is_object())
        throw base::Error("The options of the classical segmentation are not a JSON object.");
    ClassicalOptions options;
    for (const auto& [key, value] : object.items()) {
        const auto* const field = std::ranges::find_if(kFields, [&key](const Field& f) { return key == f.name; });
        if (field == kFields.end())
            throw base::Error("The classical segmentation has no option named \"" + key + "\".");
        if (!value.is_number())
            throw base::Error("The option \"" + key + "\" of the classical segmentation must be a number.");
        options.*field->member = value.get<double>();
    }
    return ClassicalSegmenter(options).options();
}

ClassicalSegmenter::ClassicalSegmenter(ClassicalOptions options) : m_options(options)
{
    for (const Field& field : kFields) {
        const double value = options.*field.member;
        if (!(value >= field.least && value <= field.greatest))
            throw base::Error("The option \"" + std::string(field.name) + "\" of the classical segmentation is " + text(value) + "; it must lie between " +
                              text(field.least) + " and " + text(field.greatest) + ".");
    }
    if (options.minNucleusDiameter > options.maxNucleusDiameter)
        throw base::Error("The smallest diameter of a nucleus (" + text(options.minNucleusDiameter) + ") is above the greatest (" +
                          text(options.maxNucleusDiameter) + ").");
}

} // namespace cellproof::segmentation
