/** The formats that predictions come in; longer endings first, so that `.csv.gz` is not read as `.gz`. */
const ENDINGS = [
  '.csv.gz',
  '.tsv.gz',
  '.jsonl.gz',
  '.csv',
  '.tsv',
  '.jsonl',
  '.parquet',
  '.pq',
  '.arrow',
  '.arrows',
  '.feather',
]

const STEM = 'evaluation/predictions'

/** Under which name a registered version keeps the predictions that it was judged by. */
export function keptPredictionsName(path: string): string {
  const ending = ENDINGS.find((one) => path.toLowerCase().endsWith(one)) ?? ''
  return `${STEM}${ending}`
}

/** All names under which a version may keep its predictions. */
export const keptPredictionsNames: readonly string[] = [...ENDINGS, ''].map(
  (ending) => `${STEM}${ending}`,
)
