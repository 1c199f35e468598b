"""The figures a report may hold, in its order."""

from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.augmented_pairs import sample_images
from pipeline.results.figures.budget_curve import conclusion_flip
from pipeline.results.figures.component_times import component_times
from pipeline.results.figures.confusion_matrix import confusion_matrix
from pipeline.results.figures.effect_forest import effect_forest
from pipeline.results.figures.first_layer_weights import first_layer_weights
from pipeline.results.figures.interaction_heatmap import interaction_heatmap
from pipeline.results.figures.kind import Kind
from pipeline.results.figures.learning_curves import learning_curves
from pipeline.results.figures.learning_rate_ledger import learning_rate_ledger
from pipeline.results.figures.most_confused import most_confused
from pipeline.results.figures.run_time import run_time
from pipeline.results.figures.step_cost_bars import step_cost
from pipeline.results.figures.target_curves import time_to_target
from pipeline.results.figures.variance_shares import variance_shares

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
