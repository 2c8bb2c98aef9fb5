/**
 * The embedded router beside HAProxy and Envoy, in one run on one machine (docs/router-compared.md):
 *
 *     npx tsx tools/build.ts /tmp/dist && npx tsx bench/router/run.ts /tmp/dist/router/index.js [rounds [seconds]]
 *
 * Each round measures all of them in turn, so that what else the machine does meets all alike. Ends with an error where a bound is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadOrder, LoadResult } from './load.js'
import { cpuSeconds, endAll, startBareProxy, startUsers, startVersion } from './processes.js'
import { type Divider, startEnvoy, startHaproxy, startRouter } from './proxies.js'

const [bundle = 'dist/router/index.js', rounds = '5', seconds = '2'] = process.argv.slice(2)
const CONNECTIONS = [1, 16] as const
const CHANGES = 1000
/** At a rate that leaves time between requests: a copy is work, and a router without a free moment cannot do it for nothing. */
const SHADOWED = { connections: 4, pauseMs: 5 }
const users = startUsers()
const folder = mkdtempSync(join(tmpdir(), 'modelway-bench-router-'))

interface Measured extends LoadResult {
  readonly cpu: number
}

type Door = Pick<Divider, 'name' | 'port'> & { readonly pid?: number }

async function measure({ port, pid }: Door, load: Omit<LoadOrder, 'port'>): Promise<Measured> {
  const used = () => (pid === undefined ? 0 : cpuSeconds(pid))
  const before = used()
  const result = await users.during({ port, ...load }, () => sleep(1000 * Number(seconds)))
  requireNothingLost(`port ${port}`, result)
  return { ...result, cpu: (used() - before) / result.answered }
}

function requireNothingLost(what: string, { sent, successes }: LoadResult): void {
  if (sent !== successes) throw new Error(`${what}: ${sent} sent, ${successes} answered 2xx`)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const say = (line: string) => void process.stdout.write(`${line}\n`)
const ms = (value: number) => value.toFixed(3)

/** Medians over the rounds; what a proxy adds is told against the direct way of the same round. */
async function compare(doors: readonly Door[], connections: number): Promise<number> {
  const found = doors.map((): Measured[] => [])
  for (let round = 0; round < Number(rounds); round++) {
    for (const [i, door] of doors.entries()) found[i]?.push(await measure(door, { connections }))
  }
  const direct = found[0] ?? []
  const added = (i: number, at: 'p50' | 'p99') =>
    median((found[i] ?? []).map((one, round) => one[at] - (direct[round]?.[at] ?? 0)))
  const index = (name: string) => doors.findIndex((door) => door.name === name)
  const haproxy = index('HAProxy')
  say(`\n${connections} connection(s), ${rounds} rounds of ${seconds} s`)
  say(
    '| way | requests/s | p50 ms | p99 ms | added p50 | of HAProxy | added p99 | of HAProxy | CPU s per 100,000 |',
  )
  say('|---|---|---|---|---|---|---|---|---|')
  for (const [i, door] of doors.entries()) {
    const all = found[i] ?? []
    const of = (read: (one: Measured) => number) => median(all.map(read))
    const [p50, p99] = [added(i, 'p50'), added(i, 'p99')]
    const row = [
      door.name,
      Math.round(of((one) => one.answered / one.seconds)),
      ...[of((one) => one.p50), of((one) => one.p99), p50].map(ms),
      (p50 / added(haproxy, 'p50')).toFixed(2),
      ms(p99),
      (p99 / added(haproxy, 'p99')).toFixed(2),
      (of((one) => one.cpu) * 100_000).toFixed(1),
    ]
    say(`| ${row.join(' | ')} |`)
  }
  return added(index('embedded router'), 'p50') / added(haproxy, 'p50')
}

async function changeWeights(proxy: Divider): Promise<void> {
  const started = performance.now()
  const result = await users.during({ port: proxy.port, connections: 16 }, async () => {
    for (let i = 0; i < CHANGES; i++) await proxy.weigh((i * 7) % 101)
  })
  const took = (performance.now() - started) / 1000
  say(
    `| ${proxy.name} | ${result.sent} | ${result.successes} | ${result.lost} | ${took.toFixed(1)} |`,
  )
  requireNothingLost(proxy.name, result)
  await proxy.weigh(0)
}

async function mirrors(stable: number): Promise<void> {
  const hung = await startVersion('hangs')
  // Nobody listens on port 1.
  const shadows = {
    'hung shadow': hung,
    'refused shadow': 1,
    'healthy shadow': await startVersion('answers'),
  }
  say('\n| shadow | p50 without | p50 with | p99 without | p99 with | mirrored |')
  say('|---|---|---|---|---|---|')
  for (const [name, canary] of Object.entries(shadows)) {
    const router = await startRouter({ folder, stable, canary }, bundle)
    await measure(router, SHADOWED)
    const found: Record<'without' | 'with', Measured[]> = { without: [], with: [] }
    for (let round = 0; round < Number(rounds); round++) {
      for (const [share, kind] of [
        [0, 'without'],
        [100, 'with'],
      ] as const) {
        await router.mirror(share)
        found[kind].push(await measure(router, SHADOWED))
      }
    }
    const of = (kind: 'without' | 'with', at: 'p50' | 'p99') =>
      ms(median(found[kind].map((one) => one[at])))
    const cells = [of('without', 'p50'), of('with', 'p50'), of('without', 'p99'), of('with', 'p99')]
    say(`| ${name} | ${cells.join(' | ')} | ${JSON.stringify(await router.counted())} |`)
    router.stop()
  }
}

const [stable, canary] = [await startVersion('answers'), await startVersion('answers')]
const place = { folder, stable, canary }
const proxies: Divider[] = []
try {
  proxies.push(await startHaproxy(place), await startEnvoy(place))
  proxies.push(await startRouter(place, bundle))
  const bare = { name: 'bare node:http', ...(await startBareProxy(stable)) }
  const doors = [{ name: 'direct', port: stable }, ...proxies, bare]
  for (const door of doors) await measure(door, { connections: 16 })
  const ratios: number[] = []
  for (const connections of CONNECTIONS) ratios.push(await compare(doors, connections))
  say(`\n${CHANGES} changes of weights, 16 connections\n`)
  say('| way | sent | answered 2xx | lost | seconds |\n|---|---|---|---|---|')
  for (const proxy of proxies) await changeWeights(proxy)
  await mirrors(stable)
  if (ratios.some((ratio) => ratio > 2)) {
    say(
      `\nMISSED: added latency ${ratios.map((ratio) => ratio.toFixed(2)).join(' and ')} times HAProxy's`,
    )
    process.exitCode = 1
  }
} finally {
  for (const proxy of proxies) proxy.stop()
  endAll()
  await sleep(200)
  rmSync(folder, { recursive: true, force: true })
}
