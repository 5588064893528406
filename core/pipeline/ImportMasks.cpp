// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/ImportMasks.h"

#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/exchange/MaskFiles.h"
#include "core/image/FieldSource.h"
#include "core/mask/Components.h"
#include "core/mask/Repair.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <system_error>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

namespace {

constexpr std::string_view kCells = "_cellmask.png";
constexpr std::string_view kNuclei = "_nucleimask.png";

struct Pair
{
    fs::path cells;
    fs::path nuclei;
};

/// By name from the folder on, without the end that tells cells and nuclei apart.
std::map<std::string, Pair> findPairs(const fs::path& folder, const base::CancelToken& cancel)
{
    std::map<std::string, Pair> pairs;
    std::error_code error;
    fs::recursive_directory_iterator at(folder, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        cancel.throwIfCancelled();
        std::error_code ignored;
        if (!at->is_regular_file(ignored))
            continue;
        const std::string name = base::toUtf8(at->path().lexically_relative(folder).generic_string());
        if (name.ends_with(kCells))
            pairs[name.substr(0, name.size() - kCells.size())].cells = at->path();
        else if (name.ends_with(kNuclei))
            pairs[name.substr(0, name.size() - kNuclei.size())].nuclei = at->path();
    }
    if (error)
        throw base::Error("The folder \"" + base::toUtf8(folder) + "\" cannot be read: " + error.message() + ".");
    return pairs;
}

std::optional<std::size_t> fieldOf(const store::Project& project, const std::string& name, const std::map<std::string, Pair>& pairs)
{
    if (const auto field = project.find(name))
        return field;
    const std::string last = name.substr(name.rfind('/') + 1); // all of it where there is no folder
    return pairs.contains(last) ? std::nullopt : project.find(last);
}

std::string text(base::Size size)
{
    return std::to_string(size.width) + " x " + std::to_string(size.height);
}

/// The masks of a pair, made to keep the pair rules; the number is that of the faults there were.
std::size_t readPair(const Pair& pair, mask::LabelMask& cells, mask::LabelMask& nuclei, const base::CancelToken& cancel)
{
    cells = exchange::readMaskFile(pair.cells, cancel);
    nuclei = exchange::readMaskFile(pair.nuclei, cancel);
    cancel.throwIfCancelled();
    if (cells.size() != nuclei.size())
        throw base::Error("The mask of the cells has " + text(cells.size()) + " pixels, that of the nuclei " + text(nuclei.size()) + ".");
    const std::size_t faults = mask::pairViolations(cells, nuclei, cancel).size();
    if (faults > 0) {
        const mask::PairChange repaired = mask::repairPair(cells, nuclei, 1, mask::kSpeck, cancel);
        repaired.cells.apply(cells);
        repaired.nuclei.apply(nuclei);
    }
    return faults;
}

} // namespace

MaskImportReport importMasks(store::Project& project, const fs::path& folder, bool dryRun, const base::CancelToken& cancel, const base::Progress& progress)
{
    const std::map<std::string, Pair> pairs = findPairs(folder, cancel);
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    MaskImportReport report;
    std::set<std::size_t> done;
    std::size_t ended = 0;
    for (const auto& [name, pair] : pairs) {
        cancel.throwIfCancelled();
        progress.report(static_cast<double>(ended++) / static_cast<double>(pairs.size()), name);
        if (pair.cells.empty() || pair.nuclei.empty()) {
            report.skipped.emplace_back(name + std::string(pair.cells.empty() ? kNuclei : kCells),
                                        "The file \"" + name + std::string(pair.cells.empty() ? kCells : kNuclei) + "\" that belongs to it is missing.");
            continue;
        }
        const auto field = fieldOf(project, name, pairs);
        if (!field) {
            report.skipped.emplace_back(name + std::string(kCells), "The project has no field of that name.");
            continue;
        }
        const store::FieldRecord& record = project.fields()[*field];
        if (!done.insert(*field).second) {
            report.skipped.emplace_back(name + std::string(kCells), "Masks of \"" + record.id + "\" were already found in another folder.");
            continue;
        }
        try {
            mask::LabelMask cells;
            mask::LabelMask nuclei;
            MaskImportReport::Field taken;
            taken.id = record.id;
            taken.repaired = readPair(pair, cells, nuclei, cancel);
            annotation::FieldAnnotation document = project.annotation(*field);
            std::optional<store::FieldProperties> content;
            if (document.size().isEmpty()) {
                // Only its images tell the size of a field that was never read.
                const image::FieldContent read = image::readField(record.files, {.pixelSize = project.defaultPixelSize()}, cancel);
                content = {read.image.size(), read.image.pixelSize(), read.notices, read.sha256};
                content->notices.insert(content->notices.begin(), read.problems.begin(), read.problems.end());
                const mask::LabelMask blank(read.image.size());
                document = annotation::FieldAnnotation(blank, blank, {}, {}, document.nextId());
            }
            if (cells.size() != document.size())
                throw base::Error("The masks have " + text(cells.size()) + " pixels, the field has " + text(document.size()) + ".");
            const annotation::Provenance origin{annotation::Source::Model, std::string(kImportedMasks), base::toUtf8(pair.cells.filename()), now.count()};
            annotation::PlacedSegmentation placed = annotation::placeSegmentation(document, cells, nuclei, origin, {"Import masks", "Importing masks"}, cancel);
            taken.counts = placed.counts;
            taken.cells = placed.counts.kept + placed.counts.matched + placed.counts.added;
            if (!dryRun) {
                if (content)
                    project.setFieldContent(*field, *content);
                project.apply(*field, std::move(placed.edit));
            }
            report.counts += taken.counts;
            report.fields.push_back(std::move(taken));
        } catch (const base::Cancelled&) {
            throw;
        } catch (const base::Error& error) {
            report.skipped.emplace_back(name + std::string(kCells), error.what());
        }
    }
    progress.report(1.0, dryRun ? "looked at" : "imported");
    return report;
}

} // namespace cellproof::pipeline
