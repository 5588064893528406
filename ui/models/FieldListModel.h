// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QStringList>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cellproof::ui {

class Session;

/// What a field can be listed for: how far it is. A field can be several of them.
enum class FieldStanding : std::uint8_t {
    Any,
    Waiting,    ///< not segmented yet
    Failed,     ///< cannot be read or segmented
    Segmented,  ///< with or without cells
    Questions,  ///< has cells that a person is to look at again
    Unreviewed, ///< has cells, none reviewed
    Partly,     ///< some cells reviewed
    Reviewed,   ///< has cells, all reviewed
};
inline constexpr std::size_t kFieldStandings = 8;

/// Which fields the list shows: those that all three parts agree to.
struct FieldFilter
{
    static constexpr int kNoLabel = -1; ///< as `label`: fields without weak labels

    QString words; ///< each, in any case, is in id, names of the weak labels, or state
    FieldStanding standing = FieldStanding::Any;
    std::optional<int> label; ///< class that is among the weak labels

    [[nodiscard]] bool isEmpty() const { return words.trimmed().isEmpty() && standing == FieldStanding::Any && !label; }
};

/// How many fields the list would have for each choice of one part of the filter, the other two as they are.
struct FieldCounts
{
    std::array<int, kFieldStandings> standings{}; ///< by FieldStanding
    std::vector<int> labels;                      ///< by class
    int anyLabel = 0;
    int noLabel = 0;
};

/// The fields of the open project that the filter lets through, in the project's order. Another project begins without filter.
class FieldListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        StateRole = Qt::UserRole, ///< QString, in words
        FailedRole,               ///< bool
        QuestionsRole,            ///< int: cells with an open question
        LabelsRole,               ///< QString: short names of the weak labels
        CountsRole,               ///< QString: number of cells, reviewed ones, open questions
    };

    explicit FieldListModel(Session* session, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    [[nodiscard]] const FieldFilter& filter() const { return m_filter; }
    void setFilter(const FieldFilter& filter);

    /// Counted anew where fields have changed.
    [[nodiscard]] const FieldCounts& counts();

    /// Index of the field in the project that a row shows.
    [[nodiscard]] int fieldAt(int row) const { return m_shown.at(static_cast<std::size_t>(row)); }

    /// The row of a field; nothing where the filter leaves it out.
    [[nodiscard]] std::optional<int> rowOf(int field) const;

Q_SIGNALS:
    void countsChanged(); ///< or another filter

private:
    /// What is known of a field for the filter.
    struct Entry
    {
        QString text;               ///< to be searched, in folded case; null until it is needed
        std::uint8_t standings = 0; ///< a bit for each
        bool hasWords = true;
    };

    void readFields();
    void readEntry(int field);
    void findWords(Entry& entry, int field) const;
    [[nodiscard]] bool isOf(const Entry& entry, FieldStanding standing) const;
    [[nodiscard]] bool hasLabel(int field) const;
    [[nodiscard]] bool isShown(int field) const;
    void refill();
    void fieldChanged(int field);
    void rowChanged(int field);
    [[nodiscard]] QString toolTip(int field) const;
    [[nodiscard]] QString stateOf(int field) const;

    Session* m_session;
    FieldFilter m_filter;
    QStringList m_words;                 ///< of the filter, in folded case
    std::vector<Entry> m_entries;        ///< one a field
    std::vector<int> m_shown;            ///< fields, ascending
    std::optional<FieldCounts> m_counts; ///< nothing where they are to be counted anew
};

} // namespace cellproof::ui
