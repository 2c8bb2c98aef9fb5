/**
 * `npm run demo`: the census example from data to drift, with a good and with a bad candidate, by the committed
 * bundles alone: Node 20 or newer, no install, no network. `npm run demo -- --out DIR` chooses the place.
 */
import { cpSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { say, title } from './demo/account.mjs'
import { prepareFolder } from './demo/folder.mjs'
import { createPipeline } from './demo/pipeline.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const { values } = parseArgs({ options: { out: { type: 'string', default: '.modelway-demo' } } })
const out = resolve(values.out)
const started = performance.now()

/** The gate of a first model, which nothing can be compared with yet. */
const FIRST_RULES = '[{ metric: accuracy, at-least: 0.8 }]'
const train = (...args) =>
  JSON.stringify([
    'node',
    'train.mjs',
    ...args,
    '--evaluate',
    'data/2017.csv.gz',
    '--model',
    'model/model.json',
    '--predictions',
    'predictions.csv',
    '--metrics',
    'metrics.json',
    '--seed',
    '7',
  ])
const BOTH_YEARS = ['--data', 'data/2015.csv.gz', '--data', 'data/2016.csv.gz']

async function main() {
  const good = createPipeline({ root, folder: join(out, 'good') })
  const bad = createPipeline({ root, folder: join(out, 'bad') })
  // Router and servers outlive their actions; a demo that is broken off must not leave them.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      for (const pipeline of [good, bad]) await pipeline.stop()
      process.exit(130)
    })
  }
  cpSync(join(root, 'examples', 'census'), good.folder, {
    recursive: true,
    filter: (path) => !path.includes('.modelway'),
  })

  title('The model in production: trained on 2015')
  await good.run('setup-data')
  await good.run('train-on-runner', ['--run', train('--data', 'data/2015.csv.gz')])
  await good.run('evaluate-gate', ['--baseline', 'none', '--rules', FIRST_RULES])
  await good.run('register-model', ['--alias', 'champion', '--stage', 'production'])
  cpSync(good.folder, bad.folder, { recursive: true })
  await good.run('deploy-canary', ['--mode', 'direct'])

  title('A good candidate: trained on 2015 and 2016')
  await good.run('train-on-runner', ['--run', train(...BOTH_YEARS)])
  await good.run('evaluate-gate')
  await good.run('register-model')
  await good.withTraffic(() => good.run('deploy-canary'))
  await good.run('drift-check')
  await good.stop()

  title('A bad candidate: the labels of one group (RAC1P = 2) shuffled')
  await bad.run('setup-data')
  await bad.run('train-on-runner', ['--run', train(...BOTH_YEARS, '--corrupt-group', 'RAC1P=2')])
  await bad.run('evaluate-gate', [], { expect: 1 })
  say(
    'The gate stops it, although its overall accuracy barely moves. Now it is forced past the gate:',
  )
  await bad.run('evaluate-gate', ['--fail-on', 'never'])
  await bad.run('register-model')
  await bad.deployStable()
  await bad.withTraffic(() => bad.run('deploy-canary', [], { expect: 1 }))
  await bad.run('drift-check')
  await bad.stop()

  title('What is left to read')
  for (const pipeline of [good, bad]) await pipeline.verify()
  for (const { folder } of [good, bad]) {
    say(`${relative(process.cwd(), folder) || '.'}/`)
    say(`  report      ${join(folder, 'report.html')}`)
    say(`  comment     ${join(folder, 'comment.md')}`)
    say(`  statements  ${join(folder, '.modelway')}`)
  }
  say(
    `Check them again: node dist/cli/index.js verify --statements ${relative(process.cwd(), join(good.folder, '.modelway'))}`,
  )
  say(`Done in ${Math.round((performance.now() - started) / 1000)} s.`)
  return [good, bad]
}

try {
  prepareFolder(out)
} catch (error) {
  console.error(error.message)
  process.exit(2)
}
await main()
