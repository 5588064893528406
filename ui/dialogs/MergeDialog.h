// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <filesystem>
#include <vector>

class QLineEdit;
class QListWidget;
class QPushButton;

namespace cellproof::ui {

/// Asks which projects are to be merged into which new one.
class MergeDialog : public QDialog
{
    Q_OBJECT

public:
    /// `first` is offered as the first project; may be empty.
    explicit MergeDialog(const std::filesystem::path& first, QWidget* parent = nullptr);

    [[nodiscard]] std::vector<std::filesystem::path> sources() const;
    [[nodiscard]] std::filesystem::path target() const;

    /// Adds a project to the list unless it is there.
    void addSource(const std::filesystem::path& project);
    void setTarget(const std::filesystem::path& target);

private:
    void askForSources();
    void askForTarget();
    void check();

    QListWidget* m_sources;
    QLineEdit* m_target;
    QPushButton* m_remove;
    QPushButton* m_merge;
};

} // namespace cellproof::ui
