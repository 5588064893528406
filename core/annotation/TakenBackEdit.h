// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"

#include <memory>
#include <string>

namespace cellproof::annotation {

/// An edit that takes another one back: to apply it is to revert that one, and the other way round. With it a history that only
/// grows can hold that something was undone before work went on. Taking back what takes back gives the first edit
/// again, so that the kinds never nest.
class TakenBackEdit : public Edit
{
public:
    explicit TakenBackEdit(std::unique_ptr<const Edit> edit);

    void apply(FieldAnnotation& field) const override;
    void revert(FieldAnnotation& field) const override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] EditScope scope() const override { return m_edit->scope(); }
    [[nodiscard]] std::vector<std::uint8_t> toBytes() const override { return m_edit->toBytes(); }
    [[nodiscard]] std::string_view kind() const override { return m_kind; }

    /// The kind of the edit that takes back one of `kind`.
    [[nodiscard]] static std::string kindOf(const std::string& kind);

    /// Begins the kinds of the edits that take back.
    static constexpr std::string_view kPrefix = "taken back: ";

private:
    std::unique_ptr<const Edit> m_edit;
    std::string m_kind;
};

} // namespace cellproof::annotation
