// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/Database.h"
#include "core/store/Documents.h"
#include "core/store/Files.h"
#include "core/store/MaskBands.h"
#include "core/store/Project.h"

#include <QString>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// What Project.cpp and ProjectRecords.cpp share. Only inside core/store.
namespace cellproof::store {

struct Project::Private
{
    /// Where a project is read from: its file, or a copy of it.
    struct Source
    {
        std::filesystem::path file;
        Database::Access access = Database::Access::Write;
        std::shared_ptr<TemporaryFolder> folder; ///< of the copy
        std::vector<std::string> notices;
    };

    Private(const std::filesystem::path& project, const Source& source, std::chrono::milliseconds patience)
        : path(project), folderOfCopy(source.folder), notices(source.notices), database(source.file, false, patience, source.access, project)
    {
    }

    std::filesystem::path path;
    std::shared_ptr<TemporaryFolder> folderOfCopy; ///< outlives the connection
    std::vector<std::string> notices;
    Database database;
    bool readOnly = false;
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

    /// Where a project can be read without changing anything beside it.
    [[nodiscard]] static Source sourceForReading(const std::filesystem::path& project, std::chrono::milliseconds patience);

    void load();
    void refuseReadOnly() const;
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
    void save(std::size_t field, const std::vector<PackedBand>& bands, const annotation::EditScope& scope);

    /// What setFieldContent() does inside a transaction; where that is rolled back, the record is to be what it was.
    void saveContent(std::size_t field, const FieldProperties& content);
    void moveTo(std::size_t field, std::size_t applied, const base::CancelToken& cancel = {});
    [[nodiscard]] std::string editText(std::size_t field, std::size_t place);
    [[nodiscard]] std::vector<std::string> checkField(std::size_t field, const base::CancelToken& cancel);
    [[nodiscard]] std::vector<std::string> checkRestorePoints();
    std::int64_t storeRestorePoint(const std::string& name, bool automatic, std::int64_t inUse = 0);
    void saveSetting(const std::string& key, const std::string& value);
    void saveWeakLabels(const std::string& id, const std::vector<int>& classes);
};

struct PreparedEdit::Private
{
    annotation::FieldAnnotation before;
    annotation::FieldAnnotation after;
    std::shared_ptr<const annotation::Edit> edit;
    annotation::StoredEdit stored;
    std::vector<PackedBand> bands;
};

/// The path to an image as the project in `folder` keeps it: from there, so that both can move together.
[[nodiscard]] std::string storedPath(const std::filesystem::path& image, const std::filesystem::path& folder);

/// storedPath() of many images: what a folder is called is found out once.
class StoredPaths
{
public:
    explicit StoredPaths(std::filesystem::path root) : m_root(std::move(root)) {}
    [[nodiscard]] std::string of(const std::filesystem::path& image);

private:
    std::filesystem::path m_root;
    std::unordered_map<std::string, std::string> m_folders; ///< each with the "/" at its end
};

/// Whether an id can name files below a folder and nowhere else.
[[nodiscard]] bool isSafeId(const std::string& id);

/// The size of an image file; 0 where it cannot be told.
[[nodiscard]] std::uint64_t bytesOf(const std::optional<image::ChannelFile>& file);

/// Sentences as one text, one a line.
[[nodiscard]] QString joinLines(const std::vector<std::string>& lines);

} // namespace cellproof::store
