"""The checks of a tree in two or three words, for counts at the head of a page (reference §13.1)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Text

CHECK_TITLES: Mapping[str, Text] = {
    "circle": Text("Melingkar", "In a circle"),
    "parent_of_wrong_level": Text("Induk salah jenjang", "Parent of a wrong level"),
    "goal_without_regional_parent": Text("Tanpa induk", "Without parent"),
    "indicator_without_owner": Text("Tanpa penanggung jawab", "Without owner"),
    "node_without_indicator": Text("Tanpa indikator", "Without indicator"),
    "method_does_not_fit_unit": Text("Metode tidak cocok", "Method does not fit"),
    "quarters_do_not_add_up": Text("Jumlah triwulan berbeda", "Periods do not add up"),
    "annex_indicator_without_superior": Text("Tanpa indikator atasan", "Without superior indicator"),
    "owner_vacant": Text("Jabatan kosong", "Vacant position"),
    "child_repeats_parent": Text("Mengulang induknya", "Repeats its parent"),
    "programme_without_objective": Text("Program tanpa sasaran", "Programme without objective"),
    "node_without_success_factor": Text("Tanpa faktor kunci", "Without success factor"),
    "weights_not_100": Text("Bobot bukan 100", "Weights not 100"),
    "target_below_last_year": Text("Target menurun", "Target worse than before"),
    "annex_differs_from_plan": Text("Perjanjian berbeda", "Agreement differs"),
    "same_wording_elsewhere": Text("Bunyi kembar", "Same wording"),
    "depth_not_reached": Text("Cabang terlalu pendek", "Branch too short"),
    "crosscutting_unanswered": Text("Mitra belum menjawab", "Partner unanswered"),
}
