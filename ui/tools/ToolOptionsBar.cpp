// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tools/ToolOptionsBar.h"

#include "ui/tools/ToolBox.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include <cmath>

namespace cellproof::ui {

namespace {

/// Positions of the slider for the size: equal steps are equal ratios.
constexpr int kSliderSteps = 240;

int sliderOf(double diameter)
{
    return static_cast<int>(
        std::lround(kSliderSteps * std::log(diameter / ToolOptions::kLeastDiameter) / std::log(ToolOptions::kGreatestDiameter / ToolOptions::kLeastDiameter)));
}

double diameterOf(int slider)
{
    return std::round(ToolOptions::kLeastDiameter * std::pow(ToolOptions::kGreatestDiameter / ToolOptions::kLeastDiameter, double(slider) / kSliderSteps));
}

/// A widget with a label before it.
QWidget* labelled(const QString& text, std::initializer_list<QWidget*> widgets)
{
    auto* const group = new QWidget;
    auto* const layout = new QHBoxLayout(group);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    if (!text.isEmpty()) {
        auto* const label = new QLabel(text, group);
        label->setBuddy(*widgets.begin());
        layout->addWidget(label);
    }
    for (QWidget* const widget : widgets)
        layout->addWidget(widget);
    return group;
}

} // namespace

ToolOptionsBar::ToolOptionsBar(ToolBox& tools, QWidget* parent) : QWidget(parent), m_tools(tools)
{
    setObjectName(QStringLiteral("ToolOptionsBar"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 3, 8, 3);
    layout->setSpacing(12);
    layout->addWidget(makePart());
    layout->addWidget(m_sizeGroup = makeSize());
    layout->addWidget(m_toleranceGroup = makeTolerance());
    layout->addWidget(m_smoothingGroup = makeSmoothing());
    m_over = new QCheckBox(tr("Paint over neighbours"), this);
    m_over->setToolTip(tr("Painting takes pixels from other cells too, and erasing erases all cells."));
    layout->addWidget(m_over);
    layout->addWidget(m_piecesGroup = makePieces());
    layout->addWidget(m_question = makeQuestion());
    layout->addStretch(1);

    ToolOptions& options = m_tools.options();
    connect(m_part, &QButtonGroup::idClicked, &options, [&options](int id) { options.setPart(static_cast<mask::Part>(id)); });
    connect(m_sizeSlider, &QSlider::valueChanged, &options, [&options](int value) { options.setBrushDiameter(diameterOf(value)); });
    connect(m_size, &QSpinBox::valueChanged, &options, [&options](int value) { options.setBrushDiameter(value); });
    connect(m_over, &QCheckBox::toggled, &options, &ToolOptions::setOverNeighbours);
    connect(m_pieces, &QComboBox::activated, &options, [&options](int index) {
        options.setCutPieces(index == 0 ? std::optional<mask::Pieces>() : index == 1 ? mask::Pieces::BecomeCells : mask::Pieces::Vanish);
    });
    connect(m_tolerance, &QSlider::valueChanged, &options, [&options](int value) { options.setTolerance(value / 100.0); });
    connect(m_smoothing, &QSpinBox::valueChanged, &options, &ToolOptions::setSmoothing);
    connect(&options, &ToolOptions::changed, this, &ToolOptionsBar::showOptions);
    connect(&m_tools, &ToolBox::toolChanged, this, &ToolOptionsBar::showTool);
    connect(&m_tools, &ToolBox::piecesAsked, this, &ToolOptionsBar::ask);
    connect(&m_tools, &ToolBox::piecesSettled, this, [this] {
        m_question->hide();
        showTool(m_tools.tool());
    });
    for (QWidget* const child : findChildren<QWidget*>())
        child->installEventFilter(this);
    setMinimumHeight(sizeHint().height()); // whatever is shown, the image below stays where it is
    m_question->hide();
    showOptions();
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
    m_size->setAccessibleName(tr("Diameter of the brush in pixels"));
    QWidget* const group = labelled(tr("Si&ze"), {m_sizeSlider, m_size});
    group->setToolTip(tr("Diameter of the brush in pixels of the image: [ and ], or Alt and the wheel"));
    return group;
}

QWidget* ToolOptionsBar::makeTolerance()
{
    m_tolerance = new QSlider(Qt::Horizontal);
    m_tolerance->setRange(0, 100);
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
    m_smoothing->setAccessibleName(tr("Smoothing in pixels"));
    QWidget* const group = labelled(tr("S&moothing"), {m_smoothing});
    group->setToolTip(tr("Radius of what is evened out, by the wand and by Smooth"));
    return group;
}

QWidget* ToolOptionsBar::makePieces()
{
    m_pieces = new QComboBox;
    m_pieces->addItems({tr("ask"), tr("become cells"), tr("vanish")});
    m_pieces->setAccessibleName(tr("What becomes of pieces that are cut off"));
    QWidget* const group = labelled(tr("Cut-off pieces"), {m_pieces});
    group->setToolTip(tr("Where a gesture takes a cell apart; pieces below a twentieth of the cell always vanish"));
    return group;
}

QWidget* ToolOptionsBar::makeQuestion()
{
    m_questionText = new QLabel;
    auto* const become = new QPushButton(tr("Cells of their own"));
    auto* const vanish = new QPushButton(tr("They vanish"));
    connect(become, &QPushButton::clicked, this, [this] {
        m_tools.decidePieces(mask::Pieces::BecomeCells, m_asked);
        m_tools.focusCanvas();
    });
    connect(vanish, &QPushButton::clicked, this, [this] {
        m_tools.decidePieces(mask::Pieces::Vanish, m_asked);
        m_tools.focusCanvas();
    });
    QWidget* const group = labelled({}, {m_questionText, become, vanish});
    return group;
}

void ToolOptionsBar::ask(const std::vector<mask::CellId>& pieces)
{
    m_asked = pieces;
    m_questionText->setText(tr("From now on, what is cut off a cell:"));
    m_question->show();
    showTool(m_tools.tool());
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
    m_tolerance->setValue(static_cast<int>(std::lround(options.tolerance() * 100)));
    m_toleranceText->setText(tr("%1 %").arg(m_tolerance->value()));
    m_smoothing->setValue(options.smoothing());
    showTool(m_tools.tool());
}

void ToolOptionsBar::showTool(ToolId tool)
{
    // The question takes the place of the options: another row would move the image.
    const bool asks = !m_question->isHidden();
    const bool stroke = !asks && (tool == ToolId::Brush || tool == ToolId::Eraser);
    const bool shape = stroke || (!asks && (tool == ToolId::Polygon || tool == ToolId::Wand));
    m_sizeGroup->setVisible(stroke);
    m_toleranceGroup->setVisible(!asks && tool == ToolId::Wand);
    m_smoothingGroup->setVisible(!asks && (tool == ToolId::Wand || tool == ToolId::Select));
    m_over->setVisible(shape || (!asks && tool == ToolId::NewCell));
    // Before the question was answered there is no answer to change.
    m_piecesGroup->setVisible(shape && m_tools.options().cutPieces());
}

/// Enter, Escape and the end of a click give the keyboard back to the canvas.
bool ToolOptionsBar::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const bool answers = qobject_cast<QPushButton*>(watched) != nullptr;
        if (key == Qt::Key_Escape || ((key == Qt::Key_Return || key == Qt::Key_Enter) && !answers)) {
            m_tools.focusCanvas();
            return true;
        }
    } else if (event->type() == QEvent::MouseButtonRelease && !qobject_cast<QSpinBox*>(watched) && !qobject_cast<QComboBox*>(watched)) {
        // After the widget has dealt with it.
        QMetaObject::invokeMethod(&m_tools, &ToolBox::focusCanvas, Qt::QueuedConnection);
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace cellproof::ui
