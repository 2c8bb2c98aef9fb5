import { parseAllDocuments } from 'yaml'
import { openGitops } from '../../../../../src/adapters/traffic/gitops/open.js'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import type { System, SystemTools } from '../../../../../src/adapters/traffic/system.js'
import { GitopsTarget } from '../../../../../src/config/deploy/gitops.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import type { Backend } from '../../../../../src/ports/traffic.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import type { TrafficBench } from '../../../../contracts/traffic.contract.js'
import {
  ARGO_TOKEN,
  type ArgoCdFake,
  startArgoCd,
} from '../../../../fakes/argo-cd/start-argo-cd.js'
import { commitOnTop } from '../../../../fakes/github/routes/git.js'
import { createCountingSignals } from '../../../../systems/kubernetes/counting.js'

export const STABLE: Backend = { version: '1', name: 'churn-blue' }
export const CANARY: Backend = { version: '2', name: 'churn-green' }
export const ROLES = { stable: STABLE, canary: CANARY }
export const FILE = 'apps/churn/route.yaml'

export const ROUTE = `# who serves churn
apiVersion: v1
kind: ConfigMap
metadata: {name: churn}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: churn   # the route
spec:
  rules:
    - backendRefs:
      - {name: churn-blue, port: 80, weight: 100} # stable at first
      - name: churn-green
        port: 80
        weight:   0    # nobody
`

export interface GitopsWorld {
  readonly under: GitHubUnderTest
  readonly argo: ArgoCdFake
  readonly clock: { now: number }
  readonly tools: SystemTools
  head(): string
  text(file?: string, commit?: string): string
  /** What somebody else pushes. */
  push(file: string, text: string): string
  open(more?: object): Promise<System>
  close(): Promise<void>
}

/** A repository with manifests on the stand-in for GitHub, and the stand-in for Argo CD that applies them. */
export async function startWorld(files: Readonly<Record<string, string>> = { [FILE]: ROUTE }) {
  const under = await startGitHubHost()
  const { state } = under.github
  const first = 'b'.repeat(40)
  under.github.addRef('main', first)
  for (const [file, text] of Object.entries(files)) under.github.addFile(first, file, text)
  const head = () => state.refs.get('main') ?? ''
  const argo = await startArgoCd(head)
  const clock = { now: 1_000_000 }
  const tools: SystemTools = {
    env: { MODELWAY_ARGOCD_TOKEN: ARGO_TOKEN },
    home: '/nowhere',
    now: () => clock.now,
    sleep: async (milliseconds) => {
      clock.now += milliseconds
    },
    openRepository: under.another().forge?.openRepository,
    register: registerOf(under),
  }
  const world: GitopsWorld = {
    ...{ under, argo, clock, tools, head },
    text: (file = FILE, commit = head()) => state.files.get(`${commit}:${file}`)?.toString() ?? '',
    push: (file, text) => {
      const commit = commitOnTop(state, head(), new Map([[file, text]]))
      state.refs.set('main', commit)
      return commit
    },
    open: (more = {}) =>
      openGitops(
        GitopsTarget.parse({
          manifests: [{ file: FILE, 'http-route': 'churn' }],
          sync: { 'argo-cd': { url: argo.url, application: 'churn' } },
          timeout: '2m',
          'review-timeout': '10m',
          ...more,
        }),
        tools,
      ),
    close: async () => {
      await argo.close()
      await under.close()
    },
  }
  return world
}

function registerOf(under: GitHubUnderTest): SystemTools['register'] {
  const { forge } = under.another()
  if (forge === undefined) throw new Error('no forge')
  return { registers: forge.registers, name: 'rollouts/census/production' }
}

/** Weights of the route that is in force. */
export function liveWeights({ argo, text }: GitopsWorld): ReadonlyMap<string, number> {
  const route = parseAllDocuments(text(FILE, argo.live)).at(-1)?.toJS() as {
    spec: { rules: { backendRefs: { name: string; weight: number }[] }[] }
  }
  return new Map((route.spec.rules[0]?.backendRefs ?? []).map((one) => [one.name, one.weight]))
}

/** The contract's bench: users meet what Argo CD has applied. */
export async function startBench(more: object = {}): Promise<TrafficBench> {
  const world = await startWorld()
  const random = createRandom(7)
  const signals = createCountingSignals(() => world.clock.now)
  const versions = new Map([STABLE, CANARY].map(({ name, version }) => [name, version]))
  const make = async () => {
    const { splitter, store } = await world.open(more)
    if (store === undefined) throw new Error('no store')
    const { now, sleep } = world.tools
    return createKeptTarget({ splitter, store, signals, stable: STABLE, now, sleep })
  }
  const [target, ...others] = [await make(), await make(), await make()]
  return {
    target,
    again: () => others.shift() ?? target,
    stable: STABLE,
    canary: CANARY,
    dead: undefined,
    send: async (count) => Array.from({ length: count }, () => serve()),
    settled: async () => {
      world.clock.now += 1000
    },
    end: async () => {
      const { violations } = world.under.github
      await world.close()
      const all = [...violations.map((one) => JSON.stringify(one)), ...world.argo.violations]
      if (all.length > 0) throw new Error(all.join('\n'))
    },
  }

  function serve(): string {
    world.clock.now += 1
    const weights = liveWeights(world)
    const total = [...weights.values()].reduce((sum, each) => sum + each, 0)
    let left = random.next() * total
    for (const [name, weight] of weights) {
      left -= weight
      if (left >= 0) continue
      signals.count(name)
      return versions.get(name) ?? 'nobody'
    }
    return 'nobody'
  }
}
