// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/LabelScheme.h"
#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/metrics/Agreement.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cellproof::pipeline {

/// What merging projects found and did.
struct MergeReport
{
    annotation::LabelScheme scheme;
    std::size_t fields = 0;                                ///< in the merged project
    std::size_t fromOne = 0;                               ///< fields in which only one person worked: taken as they are, with their history
    std::size_t fromSeveral = 0;                           ///< fields in which several people worked: their cells were matched and united
    std::size_t cellsOfSeveral = 0;                        ///< cells of those fields that have a counterpart in another project
    std::size_t cellsOfOne = 0;                            ///< cells of those fields that only one project has
    std::size_t compared = 0;                              ///< pairs of decisions of two people on one cell, counted as cells
    std::vector<metrics::Agreement> agreement;             ///< of two people on each class, one entry a class, cells compared only
    std::size_t questions = 0;                             ///< cells that a person is to look at, see annotation::Cell::question
    std::vector<std::pair<std::string, std::string>> left; ///< fields that could not be merged, and why
    std::vector<std::string> notices;                      ///< what else there is to know, a sentence each

    /// All classes together.
    [[nodiscard]] metrics::Agreement overall() const;
};

/// The agreement as a table, one row a class and one for all together, comma-separated with a header:
/// class,cells,both,only_first,only_second,neither,agreement,positive_agreement,kappa,kappa_low,kappa_high (95 % interval). What is
/// not defined is left empty.
[[nodiscard]] std::string agreementTable(const MergeReport& report);

/// Unites two or more projects of the same images into a new one, `target`, which must not exist. Every source is opened for
/// reading only.
///
/// A field in which nobody or one person worked is taken as it is, with its history; so is one whose history goes on where those of the
/// others end. Where several worked apart, the document of the first of them is taken, and what the others did since their histories
/// parted is added as one edit that can be taken back (see annotation::mergeDocuments()): what only one of them changed is as that person
/// left it, and where they contradict each other the cell becomes unsure and gets a question that names who said what.
///
/// Agreement is counted over cells that two people have accepted apart, class by class; a cell seen by three people counts as three pairs.
///
/// The sources are called by the name of the person whose decisions they hold, else by their file name. Throws Error where a source
/// cannot be read, the label schemes differ, or `target` exists; Cancelled. No target is left then.
MergeReport mergeProjects(const std::vector<std::filesystem::path>& sources, const std::filesystem::path& target, const base::CancelToken& cancel = {},
                          const base::Progress& progress = {});

/// How a project is divided among people.
struct ShareOptions
{
    std::vector<std::string> people; ///< at least two, all different: the shares are called by them
    double common = 0.1;             ///< share of the fields that everybody gets, so that their agreement can be measured; in [0, 1]
    unsigned seed = 1;               ///< of the choice of fields
};

/// One share that was written.
struct Share
{
    std::string person;
    std::filesystem::path project;
    std::size_t fields = 0;
    std::size_t cells = 0;
};

/// Divides the fields of a project into one project for each person, `folder/NAME-PERSON.cellproof`. Fields that carry the same weak
/// labels are dealt out evenly, so that everybody sees each class. Masks, labels and history of a field go along. mergeProjects()
/// puts the shares together again. The project itself stays as it is. Throws Error where a share exists already or cannot be
/// written; Cancelled. No share is left then.
std::vector<Share> shareProject(const std::filesystem::path& project, const std::filesystem::path& folder, const ShareOptions& options,
                                const base::CancelToken& cancel = {}, const base::Progress& progress = {});

} // namespace cellproof::pipeline
