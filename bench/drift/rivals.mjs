/** What runs beside drift-check: each in an environment of its own, with the versions that work together. */
export const ENVIRONMENTS = {
  evidently: ['evidently==0.7.23', 'pandas==2.3.3', 'pyarrow==21.0.0'],
  'alibi-detect': ['alibi-detect==0.13.0', 'pyarrow==17.0.0'],
  nannyml: ['nannyml==0.13.1', 'pandas==3.1.1', 'pyarrow==21.0.0', 'statsmodels==0.15.0'],
  scipy: ['scipy==1.16.3', 'pandas==2.3.3', 'pyarrow==21.0.0'],
  duckdb: ['duckdb==1.4.2'],
}

/** `script` is run as: script REFERENCE CURRENT OUTPUT args. */
export const RIVALS = {
  evidently: { environment: 'evidently', script: 'evidently_preset.py', args: ['default'] },
  'evidently-ks-psi': { environment: 'evidently', script: 'evidently_preset.py', args: ['ks-psi'] },
  'alibi-detect': { environment: 'alibi-detect', script: 'alibi_detect_tabular.py', args: [] },
  nannyml: { environment: 'nannyml', script: 'nannyml_univariate.py', args: [] },
  scipy: { environment: 'scipy', script: 'scipy_pandas.py', args: [] },
  duckdb: { environment: 'duckdb', script: 'duckdb_sql.py', args: [] },
}
