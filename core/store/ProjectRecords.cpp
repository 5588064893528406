// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Project that keeps the list of fields and their weak labels.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Codec.h"
#include "core/mask/RunLength.h"
#include "core/store/ProjectPrivate.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

// What can be read can be stored.
static_assert(image::kMaxPixels <= static_cast<std::uint64_t>(mask::kMaxMaskPixels));

constexpr int kReviewUnreviewed = static_cast<int>(annotation::ReviewState::Unreviewed);

std::vector<std::string> splitLines(const QString& text)
{
    std::vector<std::string> lines;
    for (const QString& line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        lines.push_back(line.toStdString());
    return lines;
}

/// Name of the image in label tables: what follows the last "/" of an id that a folder was put before.
std::string imageIdOf(const std::string& fieldId)
{
    const std::size_t slash = fieldId.rfind('/');
    return slash == std::string::npos ? fieldId : fieldId.substr(slash + 1);
}

} // namespace

std::string storedPath(const fs::path& image, const fs::path& folder)
{
    std::error_code ignored;
    // The folder is made unambiguous; a linked image keeps its own name.
    const fs::path whole = fs::weakly_canonical(fs::absolute(image).parent_path(), ignored) / image.filename();
    const fs::path relative = whole.lexically_relative(folder);
    return base::toUtf8(relative.empty() ? whole : relative);
}

std::string StoredPaths::of(const fs::path& image)
{
    const auto [at, first] = m_folders.try_emplace(image.parent_path().string());
    if (first) {
        at->second = storedPath(image.parent_path() / "x", m_root);
        at->second.pop_back();
    }
    return at->second + base::toUtf8(image.filename());
}

bool isSafeId(const std::string& id)
{
    const fs::path path(id);
    return !id.empty() && !path.is_absolute() && std::ranges::none_of(path, [](const fs::path& part) { return part == ".." || part == "."; });
}

QString joinLines(const std::vector<std::string>& lines)
{
    QStringList list;
    for (const std::string& line : lines)
        list << QString::fromStdString(line).replace(QLatin1Char('\n'), QLatin1Char(' '));
    return list.isEmpty() ? QStringLiteral("") : list.join(QLatin1Char('\n'));
}

void Project::Private::damaged(const std::string& what) const
{
    throw base::Error("The project \"" + base::toUtf8(path) + "\" is damaged: " + what + ".");
}

void Project::Private::load()
{
    QSqlQuery settings = database.run(QStringLiteral("SELECT name, value FROM setting WHERE name IN ('scheme', 'pixel_size')"));
    while (settings.next()) {
        const QString value = settings.value(1).toString();
        if (settings.value(0).toString() == QStringLiteral("scheme"))
            scheme = annotation::LabelScheme::fromJson(value.toStdString());
        else
            pixelSize = value.toDouble();
    }
    if (scheme.classes().empty())
        damaged("it has no label scheme");
    loadRecords();
}

/// Reads the list of fields; where that fails, what is known of it stays.
void Project::Private::loadRecords()
{
    const Database::Snapshot snapshot(database);
    const qint64 version = database.dataVersion();
    std::vector<FieldRecord> knownRecords = std::exchange(records, {});
    std::vector<qint64> knownNumbers = std::exchange(numbers, {});
    std::unordered_map<std::string, std::size_t> knownIndex = std::exchange(indexOfId, {});
    try {
        readRecords();
    } catch (...) {
        records = std::move(knownRecords);
        numbers = std::move(knownNumbers);
        indexOfId = std::move(knownIndex);
        throw;
    }
    if (knownRecords.size() == records.size()) { // who holds one keeps it
        std::ranges::move(records, knownRecords.begin());
        records = std::move(knownRecords);
    }
    dataVersion = version;
}

void Project::Private::readRecords()
{
    std::unordered_map<qint64, std::size_t> indexOfNumber;
    QSqlQuery fields =
        database.run(QStringLiteral("SELECT number, id, width, height, pixel_size, state, failure, scan_notices, notices FROM field ORDER BY number"));
    while (fields.next()) {
        FieldRecord record;
        record.id = fields.value(1).toString().toStdString();
        record.files.id = record.id;
        record.size = {fields.value(2).toInt(), fields.value(3).toInt()};
        if (!isSafeId(record.id) || record.size.width < 0 || record.size.height < 0 ||
            std::int64_t(record.size.width) * record.size.height > mask::kMaxMaskPixels)
            damaged("the field \"" + record.id + "\" has an id or a size that cannot be");
        record.pixelSize = fields.value(4).toDouble();
        record.state = static_cast<FieldState>(std::clamp(fields.value(5).toInt(), 0, static_cast<int>(FieldState::Failed)));
        record.failure = fields.value(6).toString().toStdString();
        record.files.notices = splitLines(fields.value(7).toString());
        record.notices = splitLines(fields.value(8).toString());
        indexOfNumber[fields.value(0).toLongLong()] = records.size();
        indexOfId[record.id] = records.size();
        numbers.push_back(fields.value(0).toLongLong());
        records.push_back(std::move(record));
    }
    loadFiles(indexOfNumber);
    QSqlQuery counts = database.run(QStringLiteral("SELECT field, COUNT(*), SUM(CASE WHEN review <> ? THEN 1 ELSE 0 END),"
                                                   " SUM(CASE WHEN question <> '' THEN 1 ELSE 0 END) FROM cell GROUP BY field"),
                                    {kReviewUnreviewed});
    while (counts.next()) {
        if (const auto at = indexOfNumber.find(counts.value(0).toLongLong()); at != indexOfNumber.end()) {
            records[at->second].cellCount = counts.value(1).toInt();
            records[at->second].reviewedCount = counts.value(2).toInt();
            records[at->second].questionCount = counts.value(3).toInt();
        }
    }
    loadWeakLabels();
}

void Project::Private::loadFiles(const std::unordered_map<qint64, std::size_t>& indexOfNumber)
{
    const fs::path root = folder();
    QSqlQuery files = database.run(QStringLiteral("SELECT field, channel, path, plane, sha256, bytes FROM channel_file"));
    while (files.next()) {
        const auto at = indexOfNumber.find(files.value(0).toLongLong());
        const int channel = files.value(1).toInt();
        if (at == indexOfNumber.end() || channel < 0 || channel >= static_cast<int>(image::kChannelCount))
            continue;
        const QByteArray stored = files.value(2).toString().toUtf8();
        const fs::path file = (root / fs::path(std::string(stored.constData(), static_cast<std::size_t>(stored.size())))).lexically_normal();
        FieldRecord& record = records[at->second];
        record.files.channels[static_cast<std::size_t>(channel)] = image::ChannelFile{file, files.value(3).toInt()};
        record.hashes[static_cast<std::size_t>(channel)] = files.value(4).toString().toStdString();
        record.bytes[static_cast<std::size_t>(channel)] = files.value(5).toULongLong();
    }
}

void Project::Private::loadWeakLabels()
{
    std::unordered_map<std::string, std::vector<int>> weak;
    QSqlQuery labels = database.run(QStringLiteral("SELECT image_id, classes FROM weak_label"));
    while (labels.next()) {
        std::vector<int> classes = classesFromText(labels.value(1).toString());
        if (std::ranges::any_of(classes, [this](int classId) { return classId < 0 || classId >= scheme.classCount(); }))
            damaged("a weak label is of a class that the label scheme does not have");
        weak[labels.value(0).toString().toStdString()] = std::move(classes);
    }
    for (FieldRecord& record : records) {
        auto at = weak.find(record.id);
        if (at == weak.end())
            at = weak.find(imageIdOf(record.id));
        if (at != weak.end())
            record.weakLabels = at->second;
    }
}

/// Takes up what another process changed since this one last looked. To be called inside a transaction or snapshot, so that
/// it stays true until that ends. Fields are only ever appended: indices stay valid.
void Project::Private::catchUp()
{
    if (database.dataVersion() == dataVersion)
        return;
    loadRecords();
    cache.remove_if([this](const auto& entry) {
        const auto& [field, doc] = entry;
        return doc.revision != revisionOf(database, numbers[field]) || doc.field.weakLabels() != records[field].weakLabels;
    });
}

std::size_t Project::addFields(const std::vector<image::FieldFiles>& fields)
{
    d->refuseReadOnly();
    // What the disk has to be asked for, before others have to wait.
    StoredPaths paths(d->folder());
    std::vector<std::array<std::pair<std::string, std::uint64_t>, image::kChannelCount>> known(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        for (std::size_t channel = 0; channel < image::kChannelCount; ++channel) {
            if (const auto& file = fields[i].channels[channel]; file && !d->indexOfId.contains(fields[i].id))
                known[i][channel] = {paths.of(file->path), bytesOf(file)};
        }
    }
    std::size_t added = 0;
    Database::Transaction transaction(d->database);
    d->catchUp();
    QSqlQuery insertField = d->database.prepare(QStringLiteral("INSERT INTO field (number, id, scan_notices) VALUES (?, ?, ?)"));
    QSqlQuery insertFile = d->database.prepare(QStringLiteral("INSERT INTO channel_file (field, channel, path, plane, bytes) VALUES (?, ?, ?, ?, ?)"));
    qint64 number = d->numbers.empty() ? 1 : d->numbers.back() + 1;
    std::unordered_set<std::string> fresh;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const image::FieldFiles& files = fields[i];
        if (d->indexOfId.contains(files.id) || !fresh.insert(files.id).second)
            continue;
        if (!isSafeId(files.id))
            throw base::Error("A field cannot be named \"" + files.id + "\".");
        d->database.execute(insertField, {number, toQString(files.id), joinLines(files.notices)});
        for (const image::Channel channel : image::kChannels) {
            const auto& file = files.channels[image::indexOf(channel)];
            const auto& [path, bytes] = known[i][image::indexOf(channel)];
            if (file)
                d->database.execute(insertFile, {number, static_cast<int>(channel), toQString(path), file->plane, static_cast<qint64>(bytes)});
        }
        ++number;
        ++added;
    }
    transaction.commit();
    d->loadRecords();
    return added;
}

WeakLabelImport Project::importWeakLabels(const std::vector<WeakLabelRow>& rows)
{
    d->refuseReadOnly();
    WeakLabelImport result;
    std::unordered_set<std::string> inTable;
    {
        Database::Transaction transaction(d->database);
        QSqlQuery insert =
            d->database.prepare(QStringLiteral("INSERT INTO weak_label (image_id, classes, by_person) VALUES (?, ?, 0)"
                                               " ON CONFLICT (image_id) DO UPDATE SET classes = excluded.classes WHERE weak_label.by_person = 0"));
        for (const WeakLabelRow& row : rows) {
            for (const int classId : row.classes) {
                if (classId < 0 || classId >= d->scheme.classCount())
                    throw base::Error("The label table gives \"" + row.id + "\" the class " + std::to_string(classId) + ", which the scheme " +
                                      d->scheme.name() + " does not have.");
            }
            d->database.execute(insert, {toQString(row.id), classesToText(row.classes)});
            inTable.insert(row.id);
            ++result.rows;
        }
        transaction.commit();
    }
    std::unordered_set<std::string> kept;
    QSqlQuery byPerson = d->database.run(QStringLiteral("SELECT image_id FROM weak_label WHERE by_person = 1"));
    while (byPerson.next())
        kept.insert(byPerson.value(0).toString().toStdString());
    d->loadRecords();
    d->cache.clear();
    for (const FieldRecord& record : d->records) {
        const bool listed = inTable.contains(record.id) || inTable.contains(imageIdOf(record.id));
        if (listed && kept.contains(record.id))
            ++result.keptFields;
        else if (listed)
            ++result.matchedFields;
    }
    return result;
}

} // namespace cellproof::store
