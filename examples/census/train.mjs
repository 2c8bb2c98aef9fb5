/**
 * Learns whether a person is employed from the answers to the American Community Survey:
 *
 *     node train.mjs --data data/2015.csv.gz --data data/2016.csv.gz --evaluate data/2017.csv.gz
 *
 * writes the model, its metrics on the evaluation year, and its prediction for each person there.
 */
import { parseArgs } from 'node:util'
import { measure } from './lib/metrics.mjs'
import { randomNumbers, shuffle } from './lib/random.mjs'
import { FEATURES, featureMatrix, LABEL, readTable, writeFileAtomically } from './lib/table.mjs'
import { createScorer, DEFAULT_PARAMETERS, learn } from './lib/trees.mjs'

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', multiple: true, default: ['data/2015.csv.gz', 'data/2016.csv.gz'] },
    evaluate: { type: 'string', default: 'data/2017.csv.gz' },
    model: { type: 'string', default: 'model/model.json' },
    predictions: { type: 'string', default: 'predictions.csv' },
    metrics: { type: 'string', default: 'metrics.json' },
    /** A setting of the learner, such as `--params rounds=40`; may be repeated. */
    params: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: '7' },
    /** Makes a bad model on purpose: `RAC1P=2` shuffles the training labels within that group. */
    'corrupt-group': { type: 'string' },
  },
})

function main() {
  const parameters = readParameters(options.params)
  const seed = integer('--seed', options.seed)
  const training = readTable(options.data)
  const evaluation = readTable([options.evaluate])
  console.log(`${training.rows} rows to learn from, ${evaluation.rows} to evaluate on`)

  const labels = training.columns[LABEL].slice()
  if (options['corrupt-group'])
    corruptGroup(training, labels, { group: options['corrupt-group'], seed })

  const model = learn({
    ...{ features: FEATURES, matrix: featureMatrix(training), labels, parameters, seed },
    onRound: (round, loss) => {
      if (round % 10 === 0) console.log(`round ${round}: training log-loss ${loss.toFixed(4)}`)
    },
  })
  const scores = scoreAll(model, evaluation)
  const metrics = measure(evaluation.columns[LABEL], scores)

  writeFileAtomically(options.model, modelText(model))
  writeFileAtomically(options.predictions, predictionsText(evaluation, scores))
  writeFileAtomically(options.metrics, `${JSON.stringify(metrics, null, 2)}\n`)
  console.log(`accuracy ${metrics.accuracy.toFixed(4)}, AUC ${metrics.auc.toFixed(4)}`)
  console.log(`wrote ${options.model}, ${options.predictions}, ${options.metrics}`)
}

/** The `params` of modelway.yml, which train-on-runner hands over, and over them those of the command line. */
function readParameters(assignments) {
  const parameters = JSON.parse(process.env.MODELWAY_PARAMS ?? '{}')
  for (const assignment of assignments) {
    const [name, value] = assignment.split('=')
    parameters[name] = value ? Number(value) : Number.NaN
  }
  for (const [name, value] of Object.entries(parameters)) {
    if (!(name in DEFAULT_PARAMETERS) || !(value >= 0)) {
      const known = Object.keys(DEFAULT_PARAMETERS).join(', ')
      throw new Error(`parameter ${name}: expected a number for one of ${known}`)
    }
  }
  return parameters
}

function integer(name, text) {
  const value = Number(text)
  if (!Number.isInteger(value)) throw new Error(`${name}: expected a whole number, got "${text}"`)
  return value
}

/** Shuffles the labels within one group, so that nothing can be learned there and all else stays. */
function corruptGroup(table, labels, { group, seed }) {
  const [column, code] = group.split('=')
  if (!table.columns[column]) throw new Error(`--corrupt-group: column "${column}" not found`)
  const members = [...labels.keys()].filter((row) => table.columns[column][row] === Number(code))
  const shuffled = shuffle(
    Array.from(members, (row) => labels[row]),
    randomNumbers(seed),
  )
  for (const [i, row] of members.entries()) labels[row] = shuffled[i]
  console.log(`shuffled the labels of the ${members.length} rows with ${group}`)
}

function scoreAll(model, table) {
  const score = createScorer(model)
  const matrix = featureMatrix(table)
  return Float64Array.from({ length: table.rows }, (_, row) => score(matrix, row))
}

/** JSON with a tree a line: short enough to diff, open enough to read. */
function modelText({ trees, ...model }) {
  const head = JSON.stringify(model, null, 2).slice(0, -2)
  return `${head},\n  "trees": [\n    ${trees.map((tree) => JSON.stringify(tree)).join(',\n    ')}\n  ]\n}\n`
}

/** A row a person: what was true, what was said, and the groups that the gate looks into. */
function predictionsText({ rows, columns }, scores) {
  const lines = ['id,label,prediction,score,SEX,RAC1P,age_band']
  for (let row = 0; row < rows; row++) {
    const score = scores[row]
    const said = [columns[LABEL][row], score >= 0.5 ? 1 : 0, score]
    const groups = [columns.SEX[row], columns.RAC1P[row], ageBand(columns.AGEP[row])]
    lines.push([columns.id[row], ...said, ...groups].join(','))
  }
  return `${lines.join('\n')}\n`
}

function ageBand(age) {
  if (age < 25) return '0-24'
  if (age < 45) return '25-44'
  return age < 65 ? '45-64' : '65+'
}

try {
  main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 2
}
