"""Evidently's DataDriftPreset: evidently_preset.py REFERENCE CURRENT OUTPUT default|ks-psi"""

import sys

from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
from frames import categorical, numeric, read_pair, write

reference, current = read_pair()
columns = DataDefinition(
    numerical_columns=numeric(reference), categorical_columns=categorical(reference)
)
methods = {} if sys.argv[4] == "default" else {"num_method": "ks", "cat_method": "psi"}
report = Report([DataDriftPreset(**methods)])
result = report.run(
    reference_data=Dataset.from_pandas(reference, data_definition=columns),
    current_data=Dataset.from_pandas(current, data_definition=columns),
)
write(result.dict())
