from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import typst

from baksos_eval.render.formula import Formula, UnknownFormula, parse
from baksos_eval.render.word_package import DECLARATIONS

FORMULAS = {
    r"t = \frac{\bar{d}}{s_d / \sqrt{n}}": "t = d̄ / (s_d / √n)",
    r"\sum_{i=1}^{n} (x_i - \bar{x})^2": "∑_(i = 1)^n (x_i − x̄)^2",
    r"\alpha = \frac{k}{k-1}\left(1 - \frac{\sum_{i=1}^{k} s_i^2}{s_t^2}\right)": "α = k / (k − 1)(1 − (∑_(i = 1)^k s_i^2) / s_t^2)",
    r"g = \frac{\text{post} - \text{pre}}{100 - \text{pre}}": "g = (post − pre) / (100 − pre)",
    r"p < 0{,}001": "p < 0,001",
    r"\chi^2_{k-1}": "χ_(k − 1)^2",
    r"\hat{p} \pm 1{,}96": "p̂ ± 1,96",
    r"\mathrm{df} = n - 1": "df = n − 1",
    r"|x|": "|x|",
    r"\sqrt[3]{x}": "3√x",
    r"\overline{xy}": "xȳ",
    r"\tilde{x} \neq \mu": "x̃ ≠ μ",
    r"a \times b \cdot c \le d \ge e": "a × b · c ≤ d ≥ e",
}


@pytest.mark.parametrize(("latex", "plain"), FORMULAS.items())
def test_formulas_are_read(latex, plain):
    assert parse(latex).plain == plain


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas_are_well_formed_in_every_notation(latex):
    formula = parse(latex)
    ElementTree.fromstring(f"<math>{formula.mathml}</math>")
    ElementTree.fromstring(f"<w:p {DECLARATIONS}>{formula.office}</w:p>")
    source = f'#set document(title: "x")\n#math.equation(block: true, alt: "x", $ {formula.typst} $)'
    assert typst.compile(source.encode(), format="pdf", pdf_standards=["ua-1"]).startswith(b"%PDF")


@pytest.mark.parametrize("latex", FORMULAS)
def test_every_notation_holds_the_same_signs(latex):
    def signs(text: str) -> list[str]:
        text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), text)
        return sorted(re.sub(r"[^\w.,]|[ˆ˜]", "", re.sub(r"\b(frac|attach|sqrt|root|overline|hat|tilde|lr|thin)\(|\b[tb]: |, ", " ", text)))

    formula = parse(latex)
    mathml = "".join(ElementTree.fromstring(f"<math>{formula.mathml}</math>").itertext())
    office = "".join(ElementTree.fromstring(f"<w:p {DECLARATIONS}>{formula.office}</w:p>").itertext())
    assert signs(mathml) == signs(office.strip()) == signs(formula.typst)


@pytest.mark.parametrize("latex", [
    r"\foo{x}", r"\frac{1", r"\frac{1}{", "a & b", r"\begin{cases} a \end{cases}", r"\binom{n}{k}", "", "  ", r"\input{/etc/passwd}", "x" * 3000, r"\text{a\"b}"])
def test_what_is_not_understood_is_refused(latex):
    with pytest.raises(UnknownFormula) as caught:
        parse(latex)
    assert caught.value.part == "" and not latex.strip() or caught.value.part


@pytest.mark.parametrize("latex", ["<script>", '";x', "]]>", r"\text{</math><script>alert(1)</script>}", r'\text{"); panic("}', "a' < b''", "//*/"])
def test_hostile_formulas_are_signs(latex):
    formula = parse(latex)
    assert isinstance(formula, Formula)
    found = ElementTree.fromstring(f"<math>{formula.mathml}</math>")
    assert {element.tag for element in found.iter()} <= {"math", "mrow", "mi", "mo", "mn", "mtext", "msup", "mspace"}
    ElementTree.fromstring(f"<w:p {DECLARATIONS}>{formula.office}</w:p>")
    typst.compile(f'#math.equation(alt: "x", $ {formula.typst} $)'.encode(), format="svg")
