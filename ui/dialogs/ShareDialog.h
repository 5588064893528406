// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pipeline/Merge.h"

#include <QDialog>

#include <filesystem>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace cellproof::ui {

/// Asks among whom the fields of a project are to be divided.
class ShareDialog : public QDialog
{
    Q_OBJECT

public:
    /// `folder` is where the shares are offered to go, `fields` how many fields the project has.
    ShareDialog(const std::filesystem::path& folder, int fields, QWidget* parent = nullptr);

    [[nodiscard]] pipeline::ShareOptions options() const;
    [[nodiscard]] std::filesystem::path folder() const;

private:
    void askForFolder();
    void check();

    int m_fields;
    QLineEdit* m_people;
    QSpinBox* m_common;
    QLineEdit* m_folder;
    QLabel* m_outcome;
    QPushButton* m_share;
};

} // namespace cellproof::ui
