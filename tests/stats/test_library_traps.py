"""Where a library gives a wrong or misleading number without a word, and what we give instead; each trap is shown with the library itself."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from scipy import stats

from baksos_eval.stats import description, paired, ranks, several, square_tables
from baksos_eval.stats.result import Reason

GROUPED = [0, 0, 1, 6, 5, 7, 4, 4, 7], [5, 5, 4, 4, 7, 2, 6], [5, 0, 3, 6, 4, 0], [6, 5, 6, 1, 0, 6, 0, 4], [0, 2, 3, 3, 3]
"""Whole numbers in five RTs on which one optimiser of the library goes astray."""


def all_signs(change: list[int]) -> float:
    """Two-sided p of the signed ranks, zeros left out, by every choice of signs."""
    moved = np.array([value for value in change if value])
    rank = stats.rankdata(np.abs(moved))
    sums = np.array([rank[[bool(choice >> place & 1) for place in range(len(moved))]].sum() for choice in range(2 ** len(moved))])
    middle = rank.sum() / 2
    return float((np.abs(sums - middle) >= abs(rank[moved > 0].sum() - middle) - 1e-9).mean())


def test_scipy_calls_a_signed_rank_test_exact_that_ignores_ties() -> None:
    change = [1, 1, 1, 1, 1, 2, 2, 2, -1, -2]
    library = stats.wilcoxon(change, method="exact").pvalue
    assert ranks.signed_rank([0] * 10, change, "wilcox").p == pytest.approx(all_signs(change), abs=1e-12)
    assert abs(library - all_signs(change)) > 1e-3


def test_scipy_turns_asymptotic_by_itself_with_ties_above_thirteen() -> None:
    change = [1] * 10 + [2] * 3 + [-1] * 2
    automatic, asymptotic = (stats.wilcoxon(change, method=method, correction=False).pvalue for method in ("auto", "asymptotic"))
    assert automatic == asymptotic
    ours = ranks.signed_rank([0] * 15, change, "wilcox")
    assert (ours.exact, ours.p) == (1, pytest.approx(all_signs(change), abs=1e-12))
    assert ours.p != pytest.approx(automatic, rel=0.01)


def test_binary_arithmetic_breaks_ties_for_scipy() -> None:
    pre, post = np.array([2.3, 1.1, 3.3, 2.2, 1.7, 2.6]), np.array([3.3, 2.1, 4.3, 1.2, 2.7, 1.6])
    assert len(set(np.abs(post - pre))) > 1
    assert ranks.spss_signed_rank(pre, post).mean_rank_positive == ranks.spss_signed_rank(pre, post).mean_rank_negative == 3.5


@pytest.mark.parametrize(("pre", "post", "reason"), [([1, 2, 3, 4], [2, 3, 4, 5], Reason.CONSTANT_CHANGE), ([1, 2, 3, 4], [1, 2, 3, 4], Reason.NO_CHANGE)])
def test_scipy_tests_a_constant_change_anyway(pre: list[int], post: list[int], reason: Reason) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = stats.ttest_rel(post, pre)
    assert library.pvalue == 0 or math.isnan(library.pvalue)
    ours = paired.mean_change(pre, post)
    assert (ours.note, math.isnan(ours.p), ours.change) == (reason, True, float(post[0] - pre[0]))


def test_a_bca_interval_of_constant_changes_is_nan_without_a_reason() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = stats.bootstrap(([1.0] * 10,), np.mean, method="BCa", n_resamples=200).confidence_interval
    assert math.isnan(library.low)
    assert paired.bootstrap_change([0] * 10, [1] * 10).note == Reason.CONSTANT_CHANGE


def test_statsmodels_shifts_empty_cells_of_a_square_table() -> None:
    from statsmodels.stats.contingency_tables import SquareTable

    table = [[6, 9, 3], [1, 8, 7], [0, 2, 6]]
    shifted, kept = SquareTable(np.array(table)).symmetry().pvalue, SquareTable(np.array(table), shift_zeros=False).symmetry().pvalue
    assert square_tables.bowker(table).p == pytest.approx(kept, rel=1e-9)
    assert shifted > 1.1 * kept


def test_statsmodels_lilliefors_goes_on_where_spss_stops() -> None:
    from statsmodels.stats.diagnostic import lilliefors

    values = stats.norm.ppf((np.arange(25) + 0.5) / 25)
    assert lilliefors(values, pvalmethod="approx")[1] > 0.9
    assert (description.lilliefors(values).p, description.lilliefors(values).capped) == (0.2, 1)


def fitted(**how: object) -> object:
    from statsmodels.regression.mixed_linear_model import MixedLM

    outcome, rt = np.concatenate(GROUPED).astype(float), np.repeat(range(5), [len(group) for group in GROUPED])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MixedLM(outcome, np.ones((len(outcome), 1)), groups=rt).fit(**how)


def ours() -> several.RtMixedModel:
    return several.rt_mixed_model(np.concatenate(GROUPED), np.repeat(range(5), [len(group) for group in GROUPED]))


def test_statsmodels_mixed_model_says_converged_of_a_wrong_answer() -> None:
    """The RTs differ no more than chance, so the answer is the plain mean with its plain standard error."""
    astray, everybody = fitted(method="lbfgs"), np.concatenate(GROUPED)
    assert astray.converged and float(astray.bse_fe[0]) > 1e6 and abs(float(astray.fe_params[0]) - everybody.mean()) > 1
    assert ours().between_variance == 0
    assert (ours().estimate, ours().standard_error) == pytest.approx((everybody.mean(), stats.sem(everybody)), rel=1e-9)


def test_statsmodels_mixed_model_takes_five_rts_for_infinitely_many() -> None:
    library = fitted()
    low, high = library.conf_int()[0]
    assert library.use_t is False and (high - low) / 2 / float(library.bse_fe[0]) == pytest.approx(1.96, abs=1e-3)
    found = ours()
    assert (found.high - found.low) / 2 / found.standard_error == pytest.approx(stats.t.ppf(0.975, 4), rel=1e-9)
    assert "p" not in found._fields
