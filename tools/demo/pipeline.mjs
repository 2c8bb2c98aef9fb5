import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { say, step } from './account.mjs'

/** The actions in one folder, called as a user would at a terminal. */
export function createPipeline({ root, folder }) {
  const cli = join(root, 'dist', 'cli', 'index.js')
  const router = () => {
    const file = join(folder, '.modelway-router', 'router.json')
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  }
  const pipeline = {
    folder,
    /** Runs an action; another exit code than the expected one ends the demo. */
    async run(action, args = [], { expect = 0 } = {}) {
      step(`modelway ${[action, ...args.map(quote)].join(' ')}`)
      const code = await call([cli, action, '--comment', 'always', ...args], folder)
      if (code !== expect) await fail(pipeline, `${action} ended with ${code} instead of ${expect}`)
      if (expect !== 0) say(`  (exit code ${code}: the pipeline stops here)`)
      publish(folder)
    },
    /** The production model in this folder, for the candidate to be compared with. */
    async deployStable() {
      const models = join(folder, 'model-registry', 'census', 'versions', '1', 'model', 'model')
      copyTo(join(models, 'model.json'), join(folder, 'baseline'))
    },
    /** Real requests, a row of 2017 each, for as long as the work takes. */
    async withTraffic(work) {
      const traffic = startTraffic(folder)
      try {
        await work()
      } finally {
        await traffic.stop()
      }
    },
    async verify() {
      const lines = []
      const code = await call([cli, 'verify', '--statements', '.modelway'], folder, (line) =>
        lines.push(line),
      )
      say(`  ${folder}: ${lines.at(-1)}`)
      if (code !== 0) await fail(pipeline, 'the record does not hold')
    },
    /** Ends the router and the model servers, which outlive each action. */
    async stop() {
      const state = router()
      if (state === undefined) return
      const { stable, canary, previous } = state.traffic
      for (const pid of [state.pid, stable.pid, canary?.pid, previous?.pid]) end(pid)
    },
  }
  return pipeline
}

function copyTo(file, target) {
  mkdirSync(target, { recursive: true })
  copyFileSync(file, join(target, 'model.json'))
}

function quote(text) {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text}'`
}

function publish(folder) {
  for (const name of ['comment.md', 'report.html']) {
    const from = join(folder, '.modelway', name)
    if (existsSync(from)) copyFileSync(from, join(folder, name))
  }
}

function call(args, cwd, onLine = (line) => say(`  ${line}`)) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', onLine)
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
}

/** From when the router is up, which may be only with the rollout. */
function startTraffic(folder) {
  const args = ['replay.mjs', '--router', '.modelway-router', '--concurrency', '12']
  const child = spawn(process.execPath, [...args, '--seconds', '50'], {
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  return {
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function end(pid) {
  if (pid == null) return
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It has ended already.
  }
}

async function fail(pipeline, what) {
  console.error(`The demo went wrong: ${what}.`)
  await pipeline.stop()
  process.exit(1)
}
