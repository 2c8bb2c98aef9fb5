import * as z from 'zod'
import { Duration } from './duration.js'
import { GateOverrides } from './gate-overrides.js'
import { GateRuleSchema } from './gate-rule.js'
import { FailOnSchema } from './shared.js'

const Name = z.string().min(1)

const Columns = z.strictObject({
  id: Name.default('id').describe(
    'Identifies an example; the two models are joined by it. In ranking the document, in generation the prompt.',
  ),
  label: Name.default('label').describe(
    'What was true. In ranking the relevance, from 0 (not relevant) up.',
  ),
  prediction: Name.default('prediction').describe(
    'The predicted class, the number in regression, the text in generation.',
  ),
  score: Name.default('score').describe(
    'The score of the positive class; a probability for log-loss, brier and calibration. In ranking what documents are ordered by; in generation what a judge or checker says of a sample: `pass-at-k` takes all above 0 for right, `win-rate` win, tie and loss or 1, 0.5 and 0.',
  ),
  groups: z
    .array(Name)
    .default([])
    .describe('Columns that slices and fairness rules may use; any column may be used.'),
  scores: z
    .union([Name, z.record(Name, Name)])
    .optional()
    .describe(
      'The probability of each class: a map from class to column, or what the names of those columns start with before the name of the class, such as `probability_`.',
    ),
  weight: Name.optional().describe('How much an example counts; no weight may be negative.'),
  cluster: Name.optional().describe(
    'Examples with the same value (a user, a prompt, a document) vary together: intervals then rest on the number of clusters.',
  ),
  query: Name.optional().describe(
    'In ranking: the query that a row answers; `query` unless given.',
  ),
  sample: Name.optional().describe(
    'In generation: the number of the sample, where an example has several rows; with it a sample that is there twice is an error.',
  ),
})

const SliceSearch = z.strictObject({
  columns: z
    .array(Name)
    .min(1)
    .optional()
    .describe(
      "Where to look; unless given, all columns of the candidate's file that have no other role.",
    ),
  'min-size': z.int().min(2).default(50).describe('Smaller slices are not looked at.'),
  depth: z.int().min(1).max(3).default(2).describe('How many conditions a slice may combine.'),
  rate: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('The false discovery rate: the share of the shown slices that may be chance.'),
})

/** The forms of `gate.baseline`, with what follows the colon. */
const BASELINE =
  /^(?:none|(?:file|metrics|run):.+|ref:[^\s-]\S*|registry:[A-Za-z0-9][A-Za-z0-9._-]{0,99})$/s

/** The `gate` section of modelway.yml. */
export const GateSection = z.strictObject({
  mode: z
    .enum(['evaluate', 'report', 'command'])
    .default('evaluate')
    .describe(
      '`evaluate` judges the model; `report` writes the comment for a verdict that a run without rights made (forks); `command` answers a comment such as `/evaluate`. The last two only as an input of the workflow.',
    ),
  task: z
    .enum(['classification', 'regression', 'ranking', 'generation'])
    .describe('What kind of model is judged.'),
  predictions: Name.default('predictions.csv').describe(
    "The candidate's predictions: CSV, TSV, Parquet, Arrow or JSON Lines, one row an example (in ranking a document of a query, in generation a sample).",
  ),
  metrics: Name.optional().describe(
    "A JSON file of the candidate's own numbers, for rules on `metrics:<name>`; those of the training statement unless given.",
  ),
  baseline: z
    .string()
    .regex(
      BASELINE,
      'must be file:<path>, registry:<alias> (as registry:champion), ref:<branch or commit>, run:<id of a tracked run>, metrics:<path>, or none',
    )
    .default('none')
    .describe(
      'What the candidate is compared with: `registry:<alias>`, `ref:<branch or commit>` (the predictions of the commit that the change began from: committed there, or kept by its run), `run:<id of a tracked run>`, `file:<path>` (predictions), `metrics:<path>` (numbers alone, without uncertainty) or `none`.',
    ),
  tracker: z
    .enum(['mlflow'])
    .default('mlflow')
    .describe(
      'Where `run:<id>` is looked up. MLflow is found and signed in to by its own variables: MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.',
    ),
  'baseline-max-age': Duration.optional().describe(
    'A baseline older than this, such as 30d, gives a warning; it changes no decision.',
  ),
  pairing: z
    .enum(['id', 'none'])
    .default('id')
    .describe(
      '`id`: both models judged the same examples, joined by id. `none`: the baseline was evaluated on other examples, which needs many more of them.',
    ),
  abstentions: z
    .enum(['refuse', 'wrong'])
    .default('refuse')
    .describe(
      'A missing prediction is an error (`refuse`), or counts as wrong (`wrong`) and the verdict says how many there were.',
    ),
  'multi-label': z
    .string()
    .min(1)
    .max(3)
    .optional()
    .describe('What separates the labels where an example has several, such as `;`.'),
  columns: Columns.default({
    id: 'id',
    label: 'label',
    prediction: 'prediction',
    score: 'score',
    groups: [],
  }).describe('Which columns hold what.'),
  positive: z
    .union([z.string().min(1), z.number(), z.boolean()])
    .transform(String)
    .optional()
    .describe('The positive class; 1 or true unless given.'),
  confidence: z
    .number()
    .gte(0.5)
    .lt(1, 'must be below 1: write 0.95 for 95%')
    .default(0.95)
    .describe(
      'The confidence of the two-sided intervals. A model exactly at a bound passes half of the rest of the time: 2.5% at 0.95, 5% at 0.9.',
    ),
  correction: z
    .enum(['none', 'bonferroni', 'holm', 'benjamini-hochberg'])
    .default('holm')
    .describe('How claims of failure are corrected for the number of rules and slices.'),
  seed: z
    .int()
    .min(0)
    .default(7)
    .describe('The seed of all resampling: the same seed gives the same verdict.'),
  'min-overlap': z
    .number()
    .gt(0)
    .max(1)
    .default(0.95)
    .describe("The share of the larger file's examples that must be in both files."),
  rules: z.array(GateRuleSchema).min(1).describe('What must hold; all of it for a pass.'),
  'policy-ref': z
    .enum(['head', 'base'])
    .default('head')
    .describe(
      "Where a pull request's rules come from: its own files, or its base branch, so that it cannot loosen its own gate.",
    ),
  overrides: GateOverrides.optional().describe(
    'Who may let a change pass in spite of the verdict.',
  ),
  'slice-search': z
    .union([SliceSearch, z.literal(false)])
    .default({ 'min-size': 50, depth: 2, rate: 0.1 })
    .describe('The search for the slices where the candidate does worst; `false` for none.'),
  'show-examples': z
    .boolean()
    .default(false)
    .describe(
      'Whether reports may show the rows that the models disagree on; without it only their ids.',
    ),
  'fail-on': FailOnSchema,
})
export type GateSection = z.output<typeof GateSection>
