"""Scores, what naive answers get on the same queries, and how far chance alone would go."""

from ._epsilon import epsilon_lower_bound
from ._low_fpr import tpr_at_fpr
from ._patient_intervals import rate_intervals
from ._prevalence import f1_at_prevalence, ppv_at_prevalence
from ._proportions import binomial_p_value, clopper_pearson_interval, wilson_interval
from ._scorers import make_scorers
from ._scores import TABLE_ONE, all_scores, naive_answers, specificity_score, table_one

__all__ = [
    "TABLE_ONE",
    "all_scores",
    "binomial_p_value",
    "clopper_pearson_interval",
    "epsilon_lower_bound",
    "f1_at_prevalence",
    "make_scorers",
    "naive_answers",
    "ppv_at_prevalence",
    "rate_intervals",
    "specificity_score",
    "table_one",
    "tpr_at_fpr",
    "wilson_interval",
]
