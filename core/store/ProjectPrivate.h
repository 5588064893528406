// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/Database.h"
#include "core/store/Documents.h"
#include "core/store/MaskBands.h"
#include "core/store/Project.h"

#include <QString>

#include <chrono>
#include <filesystem>
#include <functional>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// What Project.cpp and ProjectRecords.cpp share. Only inside core/store.
namespace cellproof::store {

struct Project::Private
{
    Private(const std::filesystem::path& file, std::chrono::milliseconds patience) : path(file), database(file, false, patience) {}

    std::filesystem::path path;
    Database database;
    annotation::LabelScheme scheme;
    double pixelSize = image::kDefaultPixelSize;
    std::vector<FieldRecord> records;
    std::vector<qint64> numbers; ///< of each field in the tables
    std::unordered_map<std::string, std::size_t> indexOfId;
    std::list<std::pair<std::size_t, Document>> cache; ///< most recently used first

    qint64 dataVersion = 0; ///< of the file as records and cache know it

    [[nodiscard]] std::filesystem::path folder() const
    {
        std::error_code ignored;
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path), ignored).parent_path();
    }
    FieldRecord& record(std::size_t field) { return records.at(field); }

    void load();
    void loadRecords();
    void readRecords();
    void loadFiles(const std::unordered_map<qint64, std::size_t>& indexOfNumber);
    void loadWeakLabels();
    void catchUp();
    [[noreturn]] void damaged(const std::string& what) const;
    Document& document(std::size_t field);
    void forget(std::size_t field);
    void refresh(std::size_t field);
    void change(std::size_t field, const std::function<void()>& body);
    void save(std::size_t field, const Masks& before, const annotation::EditScope& scope);
    void moveTo(std::size_t field, std::size_t applied);
    [[nodiscard]] std::string editText(std::size_t field, std::size_t place);
    [[nodiscard]] std::vector<std::string> checkField(std::size_t field, const base::CancelToken& cancel);
    void saveWeakLabels(const std::string& id, const std::vector<int>& classes);
};

/// Sentences as one text, one a line.
[[nodiscard]] QString joinLines(const std::vector<std::string>& lines);

} // namespace cellproof::store
