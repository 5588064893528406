// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Project that keeps what is known of the images: their properties, their content, their place.
#include "core/base/Error.h"
#include "core/base/File.h"
#include "core/store/ProjectPrivate.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace cellproof::store {

namespace {

std::string pixelsOf(base::Size size)
{
    return std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels";
}

} // namespace

std::uint64_t bytesOf(const std::optional<image::ChannelFile>& file)
{
    std::error_code failure;
    const std::uintmax_t bytes = file ? fs::file_size(file->path, failure) : 0;
    return failure ? 0 : bytes;
}

std::vector<std::string> changedImages(const FieldRecord& record, const std::array<std::string, image::kChannelCount>& hashes)
{
    std::vector<std::string> sentences;
    for (const image::Channel channel : image::kChannels) {
        const std::size_t i = image::indexOf(channel);
        if (record.cellCount > 0 && !hashes[i].empty() && !record.hashes[i].empty() && record.hashes[i] != hashes[i])
            sentences.push_back("The " + std::string(image::nameOf(channel)) +
                                " image has changed since the cells were found: compare the outlines with it, or put the old image back.");
    }
    return sentences;
}

void Project::setFieldContent(std::size_t field, const FieldProperties& content)
{
    d->refuseReadOnly();
    Database::Transaction transaction(d->database, Database::Durability::Ordered);
    d->catchUp();
    const FieldRecord kept = d->record(field);
    try {
        d->saveContent(field, content);
        transaction.commit();
    } catch (...) {
        d->record(field) = kept;
        d->forget(field);
        throw;
    }
}

void Project::Private::saveContent(std::size_t field, const FieldProperties& content)
{
    FieldRecord& r = record(field);
    std::array<std::uint64_t, image::kChannelCount> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = content.hashes[i].empty() ? 0 : bytesOf(r.files.channels[i]);
    const base::Size size = content.size;
    const std::string before = "The images of \"" + r.id + "\" had " + pixelsOf(r.size) + " when it was segmented and have " + pixelsOf(size) + " now";
    if (r.cellCount > 0 && r.size != size)
        throw base::Error(before + "; put the old images back.");
    if (r.size != size) {
        try {
            clearMasks(database, numbers[field]);
        } catch (const DatabaseError&) {
            throw;
        } catch (const base::Error& error) {
            throw base::Error(before + ", and " + error.what() + "; put the old images back or remove that restore point.");
        }
    }
    for (const image::Channel channel : image::kChannels) {
        const std::size_t i = image::indexOf(channel);
        if (content.hashes[i].empty() || !r.files.channels[i])
            continue;
        database.run(QStringLiteral("UPDATE channel_file SET sha256 = ?, bytes = ? WHERE field = ? AND channel = ?"),
                     {toQString(content.hashes[i]), static_cast<qint64>(bytes[i]), numbers[field], static_cast<int>(channel)});
    }
    database.run(QStringLiteral("UPDATE field SET width = ?, height = ?, pixel_size = ?, notices = ? WHERE number = ?"),
                 {size.width, size.height, content.pixelSize, joinLines(content.notices), numbers[field]});
    if (r.size != size)
        forget(field);
    r.size = size;
    r.pixelSize = content.pixelSize;
    r.notices = content.notices;
    for (std::size_t i = 0; i < r.hashes.size(); ++i) {
        if (!content.hashes[i].empty() && r.files.channels[i]) {
            r.hashes[i] = content.hashes[i];
            r.bytes[i] = bytes[i];
        }
    }
}

std::vector<ImageFile> Project::images() const
{
    std::vector<ImageFile> all;
    for (std::size_t field = 0; field < d->records.size(); ++field) {
        const FieldRecord& r = d->records[field];
        for (const image::Channel channel : image::kChannels) {
            const std::size_t i = image::indexOf(channel);
            if (r.files.channels[i])
                all.push_back({field, channel, r.files.channels[i]->path, r.bytes[i], r.hashes[i]});
        }
    }
    return all;
}

std::size_t Project::relocate(const std::vector<MovedImage>& moved)
{
    d->refuseReadOnly();
    StoredPaths paths(d->folder());
    Database::Transaction transaction(d->database);
    d->catchUp();
    QSqlQuery update = d->database.prepare(QStringLiteral("UPDATE channel_file SET path = ?, bytes = ? WHERE field = ? AND channel = ?"));
    for (const MovedImage& image : moved) {
        const std::size_t i = image::indexOf(image.channel);
        if (image.field >= d->records.size() || !d->records[image.field].files.channels[i])
            throw base::Error("\"" + base::toUtf8(image.path) + "\" is no image of the project.");
        d->database.execute(update,
                            {toQString(paths.of(image.path)), static_cast<qint64>(image.bytes), d->numbers[image.field], static_cast<int>(image.channel)});
    }
    transaction.commit();
    for (const MovedImage& image : moved) {
        const std::size_t i = image::indexOf(image.channel);
        d->records[image.field].files.channels[i]->path = image.path;
        d->records[image.field].bytes[i] = image.bytes;
    }
    return moved.size();
}

} // namespace cellproof::store
