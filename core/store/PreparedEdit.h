// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/annotation/Edit.h"
#include "core/annotation/FieldAnnotation.h"

#include <memory>

namespace cellproof::store {

/// An edit made ready to be stored: applied to the document that it was made for, and packed as the project file keeps it. Making
/// one is all that takes long of storing an edit of a whole field, and may happen on any thread. Immutable; copies share.
class PreparedEdit
{
public:
    /// Throws Error where the edit does not fit the document.
    PreparedEdit(annotation::FieldAnnotation before, std::shared_ptr<const annotation::Edit> edit);

    [[nodiscard]] const annotation::FieldAnnotation& before() const;
    [[nodiscard]] const annotation::FieldAnnotation& after() const;
    [[nodiscard]] const annotation::Edit& edit() const;

    struct Private; ///< for core/store
    [[nodiscard]] const Private& packed() const { return *d; }

private:
    std::shared_ptr<const Private> d;
};

} // namespace cellproof::store
