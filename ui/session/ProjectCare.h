// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/CancelToken.h"
#include "core/base/Progress.h"
#include "core/store/Backups.h"
#include "core/store/ImageFiles.h"
#include "core/store/Project.h"
#include "core/store/ProjectLock.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace cellproof::jobs {
class JobQueue;
struct JobOutcome;
} // namespace cellproof::jobs

namespace cellproof::ui {

class Session;

/// Looks after the file of the open project: backups made behind, restore points, images that were moved or replaced. What takes long runs
/// on a worker thread with a connection of its own.
class ProjectCare : public QObject
{
    Q_OBJECT

public:
    explicit ProjectCare(Session& session, QObject* parent = nullptr);
    ~ProjectCare() override;

    /// The restore points of the open project, the oldest first; none where they cannot be read.
    [[nodiscard]] std::vector<store::RestorePoint> restorePoints();

    void addRestorePoint(const QString& name);
    void removeRestorePoint(std::int64_t number);

    /// Brings all fields back to a restore point; see Session::beginWait().
    void goToRestorePoint(std::int64_t number);

    /// Puts a backup in the place of the open project, which is kept beside it. As above, but cannot be given up.
    void putBack(const std::filesystem::path& backup);

    /// Makes a backup now where the project has changed since the last one.
    void backUp();

    /// Looks for missing images, told where one of them is now: ends with imagesFound().
    void findImages(const std::filesystem::path& before, const std::filesystem::path& now);

    /// Keeps where images are found now and shows them. Whether that was done; why not is told.
    bool relocate(const std::vector<store::MovedImage>& moved);

Q_SIGNALS:
    void restorePointsChanged();
    void backupMade();
    void imagesMissing(int files, const QString& first); ///< images of the project that are not where they were, one of them
    void imagesFound(const cellproof::store::MovedImages& images);
    void told(const QString& sentence);
    void failed(const QString& sentence);

private:
    using Work = std::function<void(const base::CancelToken&, const base::Progress&)>;

    /// Whether a step keeps the user waiting until it has ended.
    enum class Wait { No, Yes };

    /// Runs a step behind; `then` on the window's thread where it went well and the same project is still open, else `refused` with
    /// the reason; failed() where that is empty.
    void run(const QString& title, Wait wait, Work work, std::function<void()> then, std::function<void(const QString& reason)> refused = {});
    void putBackEnded(const std::filesystem::path& project, unsigned number, const jobs::JobOutcome& outcome, const QString& kept);
    void tellOnce(const QString& reason);
    void lookAfter();
    void survey();
    void emptyLog();

    Session& m_session;
    std::unique_ptr<jobs::JobQueue> m_queue;
    std::unique_ptr<jobs::JobQueue> m_logQueue; ///< what empties the log waits for nothing else
    std::unique_ptr<store::ProjectLock> m_lock; ///< of the project that is closed while a backup takes its place
    std::uint64_t m_emptied = 0;                ///< size of the log when it was emptied last: its file never shrinks
    std::set<QString> m_reasons;                ///< why no backup was made, as far as it was told
    QTimer m_backups;
    QTimer m_log;
};

} // namespace cellproof::ui
