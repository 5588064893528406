// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Project.h"

#include "core/annotation/LabelEdits.h"
#include "core/annotation/MaskEdit.h"
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/image/Codec.h"
#include "core/mask/RunLength.h"
#include "core/store/Documents.h"
#include "core/store/Schema.h"

#include <QHash>

#include <algorithm>
#include <functional>
#include <list>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

/// Documents kept in memory. A 2048 x 2048 field takes 32 MB.
constexpr std::size_t kCachedDocuments = 6;

// What can be read can be stored.
static_assert(image::kMaxPixels <= static_cast<std::uint64_t>(mask::kMaxMaskPixels));

constexpr int kReviewUnreviewed = static_cast<int>(annotation::ReviewState::Unreviewed);

QString joinLines(const std::vector<std::string>& lines)
{
    QStringList list;
    for (const std::string& line : lines)
        list << QString::fromStdString(line).replace(QLatin1Char('\n'), QLatin1Char(' '));
    return list.isEmpty() ? QStringLiteral("") : list.join(QLatin1Char('\n'));
}

std::vector<std::string> splitLines(const QString& text)
{
    std::vector<std::string> lines;
    for (const QString& line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        lines.push_back(line.toStdString());
    return lines;
}

/// The path to an image as the project keeps it: from the project's folder, so that both can move together.
std::string storedPath(const fs::path& image, const fs::path& folder)
{
    std::error_code ignored;
    const fs::path whole = fs::weakly_canonical(fs::absolute(image), ignored);
    const fs::path relative = whole.lexically_relative(folder);
    return base::toUtf8(relative.empty() ? whole : relative);
}

/// Whether an id can name files below a folder and nowhere else.
bool isSafeId(const std::string& id)
{
    const fs::path path(id);
    return !id.empty() && !path.is_absolute() && std::ranges::none_of(path, [](const fs::path& part) { return part == ".." || part == "."; });
}

FieldState stateOf(const Document& doc, const std::string& failure)
{
    const auto& edits = doc.history.edits();
    const auto end = edits.begin() + static_cast<std::ptrdiff_t>(doc.history.applied());
    if (!doc.field.cells().empty() || std::any_of(edits.begin(), end, [](const auto& edit) { return edit->kind() == annotation::MaskEdit::kKind; }))
        return FieldState::Segmented;
    return failure.empty() ? FieldState::New : FieldState::Failed;
}

/// Name of the image in label tables: what follows the last "/" of an id that a folder was put before.
std::string imageIdOf(const std::string& fieldId)
{
    const std::size_t slash = fieldId.rfind('/');
    return slash == std::string::npos ? fieldId : fieldId.substr(slash + 1);
}

} // namespace

const char* nameOf(FieldState state)
{
    switch (state) {
    case FieldState::New:
        return "new";
    case FieldState::Segmented:
        return "segmented";
    case FieldState::Failed:
        return "failed";
    }
    return "";
}

struct Project::Private
{
    Private(const fs::path& file, std::chrono::milliseconds patience) : path(file), database(file, false, patience) {}

    fs::path path;
    Database database;
    annotation::LabelScheme scheme;
    double pixelSize = image::kDefaultPixelSize;
    std::vector<FieldRecord> records;
    std::vector<qint64> numbers; ///< of each field in the tables
    std::unordered_map<std::string, std::size_t> indexOfId;
    std::list<std::pair<std::size_t, Document>> cache; ///< most recently used first

    qint64 dataVersion = 0; ///< of the file as records and cache know it

    [[nodiscard]] fs::path folder() const
    {
        std::error_code ignored;
        return fs::weakly_canonical(fs::absolute(path), ignored).parent_path();
    }
    FieldRecord& record(std::size_t field) { return records.at(field); }

    void load();
    void loadRecords();
    void loadFiles(const std::unordered_map<qint64, std::size_t>& indexOfNumber);
    void loadWeakLabels();
    void catchUp();
    [[noreturn]] void damaged(const std::string& what) const;
    Document& document(std::size_t field);
    void forget(std::size_t field);
    void refresh(std::size_t field);
    void change(std::size_t field, const std::function<void()>& body);
    void save(std::size_t field, const annotation::Edit& edit, bool isNew);
    bool step(std::size_t field, std::shared_ptr<const annotation::Edit> (annotation::History::*move)(annotation::FieldAnnotation&));
    void saveWeakLabels(const std::string& id, const std::vector<int>& classes);
};

Project::Project(std::unique_ptr<Private> p) : d(std::move(p)) {}
Project::Project(Project&&) noexcept = default;
Project& Project::operator=(Project&&) noexcept = default;
Project::~Project() = default;

Project Project::create(const fs::path& path, const ProjectOptions& options)
{
    const std::string taken = "\"" + base::toUtf8(path) + "\" exists already; open it, or choose another name.";
    std::error_code ignored;
    if (fs::exists(path, ignored))
        throw base::Error(taken);
    if (path.has_parent_path())
        fs::create_directories(path.parent_path(), ignored);
    // Made under another name and then linked: a program killed meanwhile leaves nothing that looks like a project.
    fs::path unfinished = path;
    unfinished += ".part-" + std::to_string(::getpid());
    fs::remove(unfinished, ignored);
    try {
        Database database(unfinished, true, std::chrono::seconds(5));
        createSchema(database, {{QStringLiteral("scheme"), QString::fromStdString(options.scheme.toJson())},
                                {QStringLiteral("pixel_size"), QString::number(options.pixelSize, 'g', 17)}});
    } catch (...) {
        fs::remove(unfinished, ignored);
        throw;
    }
    std::error_code failure;
    fs::create_hard_link(unfinished, path, failure);
    if (failure && !fs::exists(path, ignored)) // a file system without links
        fs::rename(unfinished, path, failure);
    fs::remove(unfinished, ignored);
    if (failure)
        throw base::Error(fs::exists(path, ignored) ? taken : "\"" + base::toUtf8(path) + "\" cannot be written: " + failure.message() + ".");
    return open(path);
}

Project Project::open(const fs::path& path, std::chrono::milliseconds patience)
{
    auto p = std::make_unique<Private>(path, patience);
    checkSchema(p->database);
    p->database.useWriteAheadLog();
    p->load();
    return Project(std::move(p));
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

void Project::Private::loadRecords()
{
    dataVersion = database.dataVersion();
    records.clear();
    numbers.clear();
    indexOfId.clear();
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
    QSqlQuery counts =
        database.run(QStringLiteral("SELECT field, COUNT(*), SUM(CASE WHEN review <> ? THEN 1 ELSE 0 END) FROM cell GROUP BY field"), {kReviewUnreviewed});
    while (counts.next()) {
        if (const auto at = indexOfNumber.find(counts.value(0).toLongLong()); at != indexOfNumber.end()) {
            records[at->second].cellCount = counts.value(1).toInt();
            records[at->second].reviewedCount = counts.value(2).toInt();
        }
    }
    loadWeakLabels();
}

void Project::Private::loadFiles(const std::unordered_map<qint64, std::size_t>& indexOfNumber)
{
    const fs::path root = folder();
    QSqlQuery files = database.run(QStringLiteral("SELECT field, channel, path, plane, sha256 FROM channel_file"));
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

/// Takes up what another process changed since this one last looked. To be called with the write lock held, so that it
/// stays true until the transaction ends. Fields are only ever appended: indices stay valid.
void Project::Private::catchUp()
{
    if (database.dataVersion() == dataVersion)
        return;
    cache.clear();
    loadRecords();
}

Document& Project::Private::document(std::size_t field)
{
    const auto at = std::ranges::find(cache, field, [](const auto& entry) { return entry.first; });
    if (at != cache.end()) {
        cache.splice(cache.begin(), cache, at);
        return cache.front().second;
    }
    const FieldRecord& r = record(field);
    try {
        cache.emplace_front(field, loadDocument(database, numbers[field], r.size, r.weakLabels, scheme.classCount()));
    } catch (const base::Error& error) {
        damaged("the field \"" + r.id + "\" cannot be loaded (" + error.what() + ")");
    }
    if (cache.size() > kCachedDocuments)
        cache.pop_back();
    return cache.front().second;
}

void Project::Private::forget(std::size_t field)
{
    cache.remove_if([field](const auto& entry) { return entry.first == field; });
}

/// Brings the record of a field in line with its document.
void Project::Private::refresh(std::size_t field)
{
    const Document& doc = document(field);
    FieldRecord& r = record(field);
    r.cellCount = static_cast<int>(doc.field.cells().size());
    r.reviewedCount = static_cast<int>(
        std::ranges::count_if(doc.field.cells(), [](const auto& entry) { return entry.second.review != annotation::ReviewState::Unreviewed; }));
    r.weakLabels = doc.field.weakLabels();
    r.state = stateOf(doc, r.failure);
    if (r.state == FieldState::Segmented)
        r.failure.clear();
}

/// Runs a change of one field in a transaction. Where it fails, file, document and record are as they were.
void Project::Private::change(std::size_t field, const std::function<void()>& body)
{
    try {
        Database::Transaction transaction(database);
        catchUp();
        body();
        transaction.commit();
    } catch (...) {
        // The file is what counts: the document is read again as it stands there.
        forget(field);
        throw;
    }
    refresh(field);
}

/// Stores the effect of an edit that was just applied, reverted or repeated. The caller holds the transaction.
void Project::Private::save(std::size_t field, const annotation::Edit& edit, bool isNew)
{
    const Document& doc = document(field);
    const annotation::EditScope scope = edit.scope();
    saveScope(database, numbers[field], doc.field, scope);
    if (scope.weakLabels)
        saveWeakLabels(record(field).id, doc.field.weakLabels());
    if (isNew)
        saveLastEdit(database, numbers[field], doc.history);
    else
        saveApplied(database, numbers[field], doc.history);
    const FieldState state = stateOf(doc, record(field).failure);
    database.run(QStringLiteral("UPDATE field SET state = ?, failure = ? WHERE number = ?"),
                 {static_cast<int>(state), state == FieldState::Segmented ? QStringLiteral("") : toQString(record(field).failure), numbers[field]});
}

void Project::Private::saveWeakLabels(const std::string& id, const std::vector<int>& classes)
{
    database.run(QStringLiteral("INSERT INTO weak_label (image_id, classes, by_person) VALUES (?, ?, 1)"
                                " ON CONFLICT (image_id) DO UPDATE SET classes = excluded.classes, by_person = 1"),
                 {toQString(id), classesToText(classes)});
}

const fs::path& Project::path() const
{
    return d->path;
}

const annotation::LabelScheme& Project::scheme() const
{
    return d->scheme;
}

double Project::defaultPixelSize() const
{
    return d->pixelSize;
}

const std::vector<FieldRecord>& Project::fields() const
{
    return d->records;
}

std::optional<std::size_t> Project::find(const std::string& id) const
{
    const auto at = d->indexOfId.find(id);
    return at == d->indexOfId.end() ? std::nullopt : std::optional(at->second);
}

std::size_t Project::addFields(const std::vector<image::FieldFiles>& fields)
{
    const fs::path root = d->folder();
    std::size_t added = 0;
    Database::Transaction transaction(d->database);
    d->catchUp();
    QSqlQuery insertField = d->database.prepare(QStringLiteral("INSERT INTO field (number, id, scan_notices) VALUES (?, ?, ?)"));
    QSqlQuery insertFile = d->database.prepare(QStringLiteral("INSERT INTO channel_file (field, channel, path, plane) VALUES (?, ?, ?, ?)"));
    qint64 number = d->numbers.empty() ? 1 : d->numbers.back() + 1;
    std::unordered_set<std::string> fresh;
    for (const image::FieldFiles& files : fields) {
        if (d->indexOfId.contains(files.id) || !fresh.insert(files.id).second)
            continue;
        if (!isSafeId(files.id))
            throw base::Error("A field cannot be named \"" + files.id + "\".");
        d->database.execute(insertField, {number, toQString(files.id), joinLines(files.notices)});
        for (const image::Channel channel : image::kChannels) {
            const auto& file = files.channels[image::indexOf(channel)];
            if (file)
                d->database.execute(insertFile, {number, static_cast<int>(channel), toQString(storedPath(file->path, root)), file->plane});
        }
        ++number;
        ++added;
    }
    transaction.commit();
    d->loadRecords();
    return added;
}

void Project::setFieldContent(std::size_t field, const FieldProperties& content)
{
    Database::Transaction transaction(d->database);
    d->catchUp();
    FieldRecord& r = d->record(field);
    const base::Size size = content.size;
    if (r.cellCount > 0 && r.size != size)
        throw base::Error("The images of \"" + r.id + "\" had " + std::to_string(r.size.width) + " x " + std::to_string(r.size.height) +
                          " pixels when it was segmented and have " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                          " now; put the old images back.");
    if (r.size != size)
        clearMasks(d->database, d->numbers[field]);
    d->database.run(QStringLiteral("UPDATE field SET width = ?, height = ?, pixel_size = ?, notices = ? WHERE number = ?"),
                    {size.width, size.height, content.pixelSize, joinLines(content.notices), d->numbers[field]});
    for (const image::Channel channel : image::kChannels) {
        if (!content.hashes[image::indexOf(channel)].empty())
            d->database.run(QStringLiteral("UPDATE channel_file SET sha256 = ? WHERE field = ? AND channel = ?"),
                            {toQString(content.hashes[image::indexOf(channel)]), d->numbers[field], static_cast<int>(channel)});
    }
    transaction.commit();
    if (r.size != size)
        d->forget(field);
    r.size = size;
    r.pixelSize = content.pixelSize;
    r.notices = content.notices;
    r.hashes = content.hashes;
}

void Project::setFailure(std::size_t field, const std::string& message)
{
    Database::Transaction transaction(d->database);
    d->catchUp();
    FieldRecord& r = d->record(field);
    const FieldState state = r.state == FieldState::Segmented ? FieldState::Segmented : FieldState::Failed;
    d->database.run(QStringLiteral("UPDATE field SET state = ?, failure = ? WHERE number = ?"),
                    {static_cast<int>(state), toQString(message), d->numbers[field]});
    transaction.commit();
    r.state = state;
    r.failure = message;
}

WeakLabelImport Project::importWeakLabels(const std::vector<WeakLabelRow>& rows)
{
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

const annotation::FieldAnnotation& Project::annotation(std::size_t field)
{
    return d->document(field).field;
}

void Project::apply(std::size_t field, std::shared_ptr<const annotation::Edit> edit)
{
    d->change(field, [&] {
        Document& doc = d->document(field);
        doc.history.apply(doc.field, edit);
        d->save(field, *edit, true);
    });
}

bool Project::Private::step(std::size_t field, std::shared_ptr<const annotation::Edit> (annotation::History::*move)(annotation::FieldAnnotation&))
{
    bool moved = false;
    change(field, [&] {
        Document& doc = document(field);
        if (const std::shared_ptr<const annotation::Edit> edit = (doc.history.*move)(doc.field)) {
            save(field, *edit, false);
            moved = true;
        }
    });
    return moved;
}

bool Project::undo(std::size_t field)
{
    return d->step(field, &annotation::History::undo);
}

bool Project::redo(std::size_t field)
{
    return d->step(field, &annotation::History::redo);
}

std::string Project::undoText(std::size_t field)
{
    return d->document(field).history.undoText();
}

std::string Project::redoText(std::size_t field)
{
    return d->document(field).history.redoText();
}

std::optional<std::string> Project::setting(const std::string& key) const
{
    QSqlQuery query = d->database.run(QStringLiteral("SELECT value FROM setting WHERE name = ?"), {toQString(key)});
    if (!query.next())
        return std::nullopt;
    return query.value(0).toString().toStdString();
}

void Project::setSetting(const std::string& key, const std::string& value)
{
    d->database.run(QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
                    {toQString(key), toQString(value)});
}

} // namespace cellproof::store
