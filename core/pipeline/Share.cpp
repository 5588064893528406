// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/pipeline/BatchOrder.h"
#include "core/pipeline/Merge.h"
#include "core/pipeline/UnfinishedProject.h"
#include "core/store/Project.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::pipeline {

namespace {

/// The name of a person as part of a file name.
std::string fileName(const std::string& person)
{
    std::string name;
    for (const char c : person) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
        name += plain ? c : '_';
    }
    return name;
}

/// Which fields each person gets, by index and ascending.
std::vector<std::vector<std::size_t>> deal(const std::vector<store::FieldRecord>& fields, const ShareOptions& options)
{
    // Fields with the same weak labels stand together, so that dealing them out in turn gives everybody some of each.
    std::map<std::vector<int>, std::vector<std::size_t>> byLabels;
    for (std::size_t i = 0; i < fields.size(); ++i)
        byLabels[fields[i].weakLabels].push_back(i);
    std::mt19937 random(options.seed);
    std::vector<std::size_t> row;
    for (auto& [labels, group] : byLabels) {
        for (std::size_t i = group.size(); i > 1; --i) // std::shuffle differs between libraries
            std::swap(group[i - 1], group[random() % i]);
        row.insert(row.end(), group.begin(), group.end());
    }
    std::vector<std::vector<std::size_t>> shares(options.people.size());
    std::size_t dealt = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const bool common = std::floor(static_cast<double>(i + 1) * options.common) > std::floor(static_cast<double>(i) * options.common);
        if (common) {
            for (std::vector<std::size_t>& share : shares)
                share.push_back(row[i]);
        } else {
            shares[dealt++ % shares.size()].push_back(row[i]);
        }
    }
    for (std::vector<std::size_t>& share : shares)
        std::ranges::sort(share);
    return shares;
}

} // namespace

std::vector<Share> shareProject(const fs::path& path, const fs::path& folder, const ShareOptions& options, const base::CancelToken& cancel,
                                const base::Progress& progress)
{
    std::set<std::string> names;
    for (const std::string& person : options.people) {
        const std::string name = fileName(person);
        if (name.empty() || !names.insert(name).second)
            throw base::Error("The people need different names, and none may be empty: \"" + person + "\".");
    }
    if (names.size() < 2)
        throw base::Error("Name at least two people to divide the project among.");
    if (!(options.common >= 0.0 && options.common <= 1.0))
        throw base::Error("The share of fields that everybody gets is a number from 0 to 1.");
    store::OpenOptions opening;
    opening.readOnly = true;
    store::Project source = store::Project::open(path, opening);
    const store::Project::Reading moment(source); // as it is now, whoever works on it
    const store::ProjectTables tables = source.tables();
    const std::vector<std::vector<std::size_t>> dealt = deal(source.fields(), options);
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw base::Error("The folder \"" + base::toUtf8(folder) + "\" cannot be made: " + failure.message() + ".");

    std::size_t total = 0;
    std::size_t done = 0;
    for (const std::vector<std::size_t>& fields : dealt)
        total += fields.size();
    std::vector<Share> shares;
    std::vector<std::unique_ptr<UnfinishedProject>> unfinished;
    for (std::size_t person = 0; person < dealt.size(); ++person) {
        Share share{options.people[person], folder / (path.stem().string() + "-" + fileName(options.people[person]) + ".cellproof"), dealt[person].size(), 0};
        unfinished.push_back(std::make_unique<UnfinishedProject>(share.project));
        store::Project project = store::Project::create(unfinished.back()->path(), {source.scheme(), source.defaultPixelSize()});
        std::size_t next = 0;
        project.addContents([&](store::FieldContents& contents) {
            cancel.throwIfCancelled();
            if (next == dealt[person].size())
                return false;
            const std::size_t field = dealt[person][next++];
            progress.report(static_cast<double>(done++) / static_cast<double>(total), source.fields()[field].id);
            contents = source.contents(field);
            share.cells += contents.annotation.cells().size();
            return true;
        });
        store::ProjectTables own = tables;
        own.restorePoints.clear();
        std::erase_if(own.settings, [](const auto& setting) { return isOfOneProject(setting.first); });
        project.addTables(own);
        shares.push_back(std::move(share));
    }
    std::vector<fs::path> finished;
    try {
        for (std::size_t i = 0; i < unfinished.size(); ++i) {
            unfinished[i]->finish();
            finished.push_back(shares[i].project);
        }
    } catch (const base::Error&) {
        for (const fs::path& file : finished)
            fs::remove(file, failure);
        throw;
    }
    return shares;
}

} // namespace cellproof::pipeline
