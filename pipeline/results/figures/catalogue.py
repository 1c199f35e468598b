"""The figures a report may hold, in its order."""

from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.bars import run_time, variance_shares
from pipeline.results.figures.component_rows import component_times, effect_forest, step_cost
from pipeline.results.figures.images import first_layer_weights, most_confused, sample_images
from pipeline.results.figures.learning_curves import learning_curves
from pipeline.results.figures.material import Kind
from pipeline.results.figures.matrices import confusion_matrix, interaction_heatmap
from pipeline.results.figures.target_curves import time_to_target
from pipeline.results.figures.tuning_trials import conclusion_flip, learning_rate_ledger

# By the headings that they fold under; the first stay open.
GROUPS: dict[str, tuple[Kind, ...]] = {
    "Figures": (effect_forest, accuracy_cost, step_cost, interaction_heatmap, variance_shares),
    "Training, time and tuning": (
        learning_curves,
        time_to_target,
        component_times,
        run_time,
        learning_rate_ledger,
        conclusion_flip,
    ),
    "Images and weights": (confusion_matrix, most_confused, first_layer_weights, sample_images),
}
CATALOGUE: tuple[Kind, ...] = tuple(kind for kinds in GROUPS.values() for kind in kinds)
