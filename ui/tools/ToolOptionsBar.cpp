// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/ToolOptionsBar.h"

#include "ui/commands/ListBox.h"
#include "ui/tools/ToolBox.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace cellproof::ui {

namespace {

/// Positions of the slider for the size: equal steps are equal ratios.
constexpr int kSliderSteps = 240;

/// Of the slider for the tolerance, along its scale.
constexpr int kToleranceSteps = 200;

int sliderOf(double diameter)
{
    return static_cast<int>(
        std::lround(kSliderSteps * std::log(diameter / ToolOptions::kLeastDiameter) / std::log(ToolOptions::kGreatestDiameter / ToolOptions::kLeastDiameter)));
}

double diameterOf(int slider)
{
    return std::round(ToolOptions::kLeastDiameter * std::pow(ToolOptions::kGreatestDiameter / ToolOptions::kLeastDiameter, double(slider) / kSliderSteps));
}

} // namespace

ToolOptionsBar::ToolOptionsBar(ToolBox& tools, QWidget* parent) : QWidget(parent), m_tools(tools)
{
    setObjectName(QStringLiteral("ToolOptionsBar"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 3, 8, 3);
    layout->setSpacing(12);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    layout->addWidget(makePart());
    layout->addWidget(m_sizeGroup = makeSize());
    layout->addWidget(m_toleranceGroup = makeTolerance());
    layout->addWidget(m_smoothingGroup = makeSmoothing());
    m_over = new QCheckBox(tr("Paint over neighbours"), this);
    m_over->setToolTip(tr("Painting takes pixels from other cells too; erasing takes from one cell only."));
    layout->addWidget(m_over);
    layout->addWidget(m_piecesGroup = makePieces());
    layout->addStretch(1);

    ToolOptions& options = m_tools.options();
    connect(m_part, &QButtonGroup::idClicked, &options, [&options](int id) { options.setPart(static_cast<mask::Part>(id)); });
    connect(m_sizeSlider, &QSlider::valueChanged, &options, [&options](int value) { options.setBrushDiameter(diameterOf(value)); });
    connect(m_size, &QSpinBox::valueChanged, &options, [&options](int value) { options.setBrushDiameter(value); });
    connect(m_over, &QCheckBox::toggled, &options, &ToolOptions::setOverNeighbours);
    connect(m_pieces, &ListBox::activated, &options, [&options](int index) {
        options.setCutPieces(index == 0 ? std::optional<mask::Pieces>() : index == 1 ? mask::Pieces::BecomeCells : mask::Pieces::Vanish);
    });
    connect(m_tolerance, &QSlider::valueChanged, &options,
            [&options](int value) { options.setTolerance(ToolOptions::toleranceAt(double(value) / kToleranceSteps)); });
    connect(m_smoothing, &QSpinBox::valueChanged, &options, &ToolOptions::setSmoothing);
    connect(&options, &ToolOptions::changed, this, &ToolOptionsBar::showOptions);
    connect(&m_tools, &ToolBox::toolChanged, this, &ToolOptionsBar::showTool);
    for (QWidget* const child : findChildren<QWidget*>())
        child->installEventFilter(this);
    keepHeight();
    showOptions();
}

/// A widget with a label before it.
QWidget* ToolOptionsBar::labelled(const QString& text, std::initializer_list<QWidget*> widgets)
{
    auto* const group = new QWidget;
    auto* const layout = new QHBoxLayout(group);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    if (!text.isEmpty()) {
        auto* const label = new QLabel(text, group);
        label->setBuddy(*widgets.begin());
        layout->addWidget(label);
        m_spare.push_back(label);
    }
    for (QWidget* const widget : widgets)
        layout->addWidget(widget);
    return group;
}

QWidget* ToolOptionsBar::makePart()
{
    m_part = new QButtonGroup(this);
    const auto button = [this](const QString& text, mask::Part part, const QString& toolTip) {
        auto* const made = new QToolButton;
        made->setText(text);
        made->setCheckable(true);
        made->setAutoRaise(true); // so that the one in force stands out
        made->setFocusPolicy(Qt::StrongFocus);
        made->setToolTip(toolTip);
        m_part->addButton(made, static_cast<int>(part));
        return made;
    };
    QWidget* const group = labelled({}, {button(tr("Cell"), mask::Part::Cell, tr("Tools act on cells; nuclei change as far as they must (T)")),
                                         button(tr("Nucleus"), mask::Part::Nucleus, tr("Tools act on nuclei; cells change as far as they must (T)")),
                                         button(tr("Both"), mask::Part::Both, tr("Tools act on the cell and its nuclei alike (T)"))});
    group->layout()->setSpacing(0);
    group->setAccessibleName(tr("What tools act on"));
    return group;
}

QWidget* ToolOptionsBar::makeSize()
{
    m_sizeSlider = new QSlider(Qt::Horizontal);
    m_sizeSlider->setRange(0, kSliderSteps);
    m_sizeSlider->setPageStep(kSliderSteps / 12);
    m_sizeSlider->setFixedWidth(90);
    m_sizeSlider->setAccessibleName(tr("Diameter of the brush"));
    m_size = new QSpinBox;
    m_size->setRange(static_cast<int>(ToolOptions::kLeastDiameter), static_cast<int>(ToolOptions::kGreatestDiameter));
    m_size->setSuffix(tr(" px"));
    m_size->setFocusPolicy(Qt::StrongFocus); // the wheel over it leaves the keyboard with the image
    m_spare.push_back(m_sizeSlider);
    m_size->setAccessibleName(tr("Diameter of the brush in pixels"));
    QWidget* const group = labelled(tr("Si&ze"), {m_sizeSlider, m_size});
    group->setToolTip(tr("Diameter of the brush in pixels of the image: [ and ], or Alt and the wheel"));
    return group;
}

QWidget* ToolOptionsBar::makeTolerance()
{
    m_tolerance = new QSlider(Qt::Horizontal);
    m_tolerance->setRange(0, kToleranceSteps);
    m_tolerance->setFixedWidth(90);
    m_tolerance->setAccessibleName(tr("Tolerance of the wand"));
    m_toleranceText = new QLabel;
    QWidget* const group = labelled(tr("To&lerance"), {m_tolerance, m_toleranceText});
    group->setToolTip(tr("How different pixels may be from where the wand is put down; dragging to the right is more"));
    return group;
}

QWidget* ToolOptionsBar::makeSmoothing()
{
    m_smoothing = new QSpinBox;
    m_smoothing->setRange(0, ToolOptions::kGreatestSmoothing);
    m_smoothing->setSuffix(tr(" px"));
    m_smoothing->setFocusPolicy(Qt::StrongFocus);
    m_smoothing->setAccessibleName(tr("Smoothing in pixels"));
    QWidget* const group = labelled(tr("S&moothing"), {m_smoothing});
    group->setToolTip(tr("Radius of what is evened out, by the wand and by Smooth"));
    return group;
}

QWidget* ToolOptionsBar::makePieces()
{
    m_pieces = new ListBox;
    m_pieces->addItems({tr("ask"), tr("become cells"), tr("vanish")});
    m_pieces->setAccessibleName(tr("What becomes of pieces that are cut off"));
    QWidget* const group = labelled(tr("Cut-off pieces"), {m_pieces});
    group->setToolTip(tr("Where a gesture takes a cell apart; pieces below a twentieth of the cell always vanish"));
    return group;
}

/// Whatever is shown, the image below stays where it is.
void ToolOptionsBar::keepHeight()
{
    int height = 0;
    for (int i = 0; i < layout()->count(); ++i) {
        if (const QWidget* const group = layout()->itemAt(i)->widget())
            height = std::max(height, group->sizeHint().height());
    }
    const QMargins margins = layout()->contentsMargins();
    setFixedHeight(height + margins.top() + margins.bottom());
}

bool ToolOptionsBar::event(QEvent* event)
{
    const bool done = QWidget::event(event);
    if (event->type() == QEvent::Polish || event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange || event->type() == QEvent::Show)
        keepHeight();
    return done;
}

void ToolOptionsBar::showOptions()
{
    const ToolOptions& options = m_tools.options();
    const QSignalBlocker blockSlider(m_sizeSlider);
    const QSignalBlocker blockSize(m_size);
    const QSignalBlocker blockOver(m_over);
    const QSignalBlocker blockTolerance(m_tolerance);
    const QSignalBlocker blockSmoothing(m_smoothing);
    m_part->button(static_cast<int>(options.part()))->setChecked(true);
    // The slider is coarser than the box: while it is being moved it stays where it was put.
    if (!m_sizeSlider->isSliderDown())
        m_sizeSlider->setValue(sliderOf(options.brushDiameter()));
    m_size->setValue(static_cast<int>(std::lround(options.brushDiameter())));
    m_over->setChecked(options.overNeighbours());
    m_pieces->setCurrentIndex(!options.cutPieces() ? 0 : *options.cutPieces() == mask::Pieces::BecomeCells ? 1 : 2);
    if (!m_tolerance->isSliderDown())
        m_tolerance->setValue(static_cast<int>(std::lround(ToolOptions::placeOf(options.tolerance()) * kToleranceSteps)));
    m_toleranceText->setText(tr("%1 %").arg(options.tolerance() * 100, 0, 'f', 1));
    m_smoothing->setValue(options.smoothing());
    showTool(m_tools.tool());
}

void ToolOptionsBar::showTool(ToolId tool)
{
    const bool stroke = tool == ToolId::Brush || tool == ToolId::Eraser;
    const bool shape = stroke || tool == ToolId::Polygon || tool == ToolId::Wand;
    m_sizeGroup->setVisible(stroke);
    m_toleranceGroup->setVisible(tool == ToolId::Wand);
    m_smoothingGroup->setVisible(tool == ToolId::Wand || tool == ToolId::Select);
    m_over->setVisible((shape && tool != ToolId::Eraser) || tool == ToolId::NewCell);
    // Before the question was answered there is no answer to change.
    m_piecesGroup->setVisible(shape && m_tools.options().cutPieces());
    fit();
}

void ToolOptionsBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fit();
}

/// Hides as much of what can be done without as there is no room for. The window is never made wider for it.
void ToolOptionsBar::fit()
{
    const auto setShown = [](QWidget* widget, bool shown) {
        widget->setVisible(shown);
        // At once, not with the next event: the room that is needed is asked for here.
        widget->parentWidget()->layout()->invalidate();
        widget->parentWidget()->updateGeometry();
    };
    for (QWidget* const widget : m_spare)
        setShown(widget, true);
    for (QWidget* const widget : m_spare) {
        layout()->invalidate();
        if (layout()->minimumSize().width() <= width())
            return;
        setShown(widget, false);
    }
}

/// Enter, Escape and the end of a click give the keyboard back to the canvas, except where a click is to begin typing or opens
/// a list.
bool ToolOptionsBar::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
            m_tools.focusCanvas();
            return true;
        }
    } else if (event->type() == QEvent::MouseButtonRelease && !qobject_cast<QLineEdit*>(watched) && !qobject_cast<ListBox*>(watched)) {
        // After the widget has dealt with it.
        QMetaObject::invokeMethod(&m_tools, &ToolBox::focusCanvas, Qt::QueuedConnection);
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace cellproof::ui
