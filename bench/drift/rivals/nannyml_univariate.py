"""NannyML's univariate drift, all current data as one chunk: nannyml_univariate.py REFERENCE CURRENT OUTPUT"""

import nannyml
from frames import read_pair, write

reference, current = read_pair()
calculator = nannyml.UnivariateDriftCalculator(
    column_names=list(reference),
    continuous_methods=["kolmogorov_smirnov", "jensen_shannon", "wasserstein"],
    categorical_methods=["chi2", "jensen_shannon"],
    chunk_number=1,
)
calculator.fit(reference)
result = calculator.calculate(current).filter(period="analysis").to_df(multilevel=False)
write(result.iloc[0].to_dict())
