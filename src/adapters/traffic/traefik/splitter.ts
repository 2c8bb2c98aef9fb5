import { TRAEFIK_NAME } from '../../../config/deploy/traefik.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend, TrafficSetting } from '../../../ports/traffic.js'
import type { OwnFile } from '../own-file.js'
import { trafficProblems } from '../problems.js'
import type { ShownService, TraefikApi } from './api.js'
import { isAsWritten, type Services, servicesOf, textOf, understand } from './definition.js'

export interface TraefikSplitterOptions {
  readonly file: OwnFile
  /** The service that users' router names. */
  readonly service: string
  readonly copiesSuffix: string | undefined
  readonly api: TraefikApi
  readonly timeoutMs: number
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

interface Names {
  readonly stable: string
  readonly canary: string | undefined
}

const PAUSE_MS = 50

/**
 * Divides by a weighted service in a file of our own, by turns, and mirrors. The file is replaced whole, and only where it holds what was
 * read before; a write is in force when Traefik's API shows the same.
 */
export function createTraefikSplitter(options: TraefikSplitterOptions): Splitter {
  return {
    kind: 'traefik',
    capabilities: { mirror: true, split: 'turn' },
    read: async (roles) => read(options, namesOf(roles)),
    admit: (roles, guard) => guarded(options, roles, { weight: 0, mirror: 0, guard }),
    share: (roles, traffic, guard) => guarded(options, roles, { ...traffic, guard }),
    promote: (roles, guard) => guarded(options, roles, { weight: 100, mirror: 0, guard }),
    rollback: async (roles) => {
      const names = namesOf(roles)
      // A service that is gone would make Traefik refuse the whole file.
      const isThere = names.canary !== undefined && (await isKnown(options, names.canary))
      const canary = isThere ? names.canary : undefined
      return write(options, { ...names, canary }, { weight: 0, mirror: 0 })
    },
  }
}

async function isKnown({ api }: TraefikSplitterOptions, name: string): Promise<boolean> {
  return api.service(name).then(
    (shown) => shown !== undefined,
    () => true,
  )
}

function namesOf({ stable, canary }: Roles): Names {
  return {
    stable: serviceName(stable, 'stable'),
    canary: canary === undefined ? undefined : serviceName(canary, 'canary'),
  }
}

function serviceName({ name, version }: Backend, role: string): string {
  const service = name ?? version
  if (TRAEFIK_NAME.test(service)) return service
  throw new UserError({
    code: 'MW-DEPLOY-169',
    where: `deploy.backends.${role}.name`,
    what: `${JSON.stringify(service)} cannot be the name of a service of Traefik here.`,
    fix: 'Use letters, digits, and - _ . only, with @provider where it is not defined in a file.',
  })
}

/** What Traefik shows; the revision is what stands in the file. */
async function read(options: TraefikSplitterOptions, names: Names): Promise<Split> {
  const { file, service, api } = options
  const text = await file.read()
  const users = await api.service(service)
  if (text === '') {
    if (users !== undefined) throw elsewhere(options)
    return { weight: 0, mirror: 0, revision: '', url: undefined, ejected: undefined }
  }
  understand(file.path, service, text)
  const shares = users?.mirroring ? await api.service(users.mirroring.service) : users
  const weights = new Map((shares?.weighted ?? []).map(({ name, weight }) => [name, weight]))
  const ofStable = weights.get(names.stable) ?? 0
  const ofCanary = names.canary === undefined ? 0 : (weights.get(names.canary) ?? 0)
  const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  if (all === 0 || ofStable + ofCanary !== all) throw unknown(options, names, weights)
  return {
    weight: (100 * ofCanary) / all,
    mirror: users?.mirroring?.mirrors[0]?.percent ?? 0,
    revision: text,
    url: undefined,
    ejected: ofCanary > 0 ? await outOfService(api, names.canary) : undefined,
  }
}

async function outOfService(
  api: TraefikApi,
  canary: string | undefined,
): Promise<string | undefined> {
  if (canary === undefined) return undefined
  const shown = await api.service(canary)
  if (shown === undefined) return `Traefik has no service ${canary}`
  const isOut = shown.servers.length > 0 && shown.servers.every((state) => state === 'DOWN')
  return isOut ? `Traefik says that every server of ${canary} is DOWN` : undefined
}

function elsewhere({ file, service }: TraefikSplitterOptions): UserError {
  return new UserError({
    code: 'MW-DEPLOY-176',
    where: 'deploy.traefik.service',
    what: `Traefik has a service ${service} already, and not by ${file.path}.`,
    fix: 'Name a service that nothing else defines, and let the router of users name it; or name the file that Modelway wrote.',
  })
}

function unknown(
  { file }: TraefikSplitterOptions,
  { stable, canary }: Names,
  found: ReadonlyMap<string, number>,
): UserError {
  return new UserError({
    code: 'MW-DEPLOY-171',
    where: 'deploy.backends.stable.name',
    what: `by ${file.path} Traefik sends to ${[...found.keys()].join(', ') || 'nothing'}, which is not ${[stable, canary ?? []].flat().join(' and ')} alone.`,
    fix: 'Name the service that users meet now, and see that Traefik takes the file.',
  })
}

interface Change extends TrafficSetting {
  readonly guard: Guard
}

async function guarded(
  options: TraefikSplitterOptions,
  roles: BothRoles,
  { guard, ...traffic }: Change,
): Promise<Split> {
  const names = { ...namesOf(roles), canary: serviceName(roles.canary, 'canary') }
  requireParts(traffic)
  const now = await read(options, names)
  if (now.revision !== guard.revision) throw trafficProblems(options.file.path).changed(now)
  const copies = traffic.mirror > 0 ? [copiesOf(options, names.canary)] : []
  for (const name of [names.stable, names.canary, ...copies]) await requireService(options, name)
  return write(options, names, traffic)
}

function requireParts({ weight, mirror }: TrafficSetting): void {
  const hundredths = weight * 100
  const isWhole = Math.abs(hundredths - Math.round(hundredths)) < 1e-6 && Number.isInteger(mirror)
  if (isWhole && Math.min(weight, mirror) >= 0 && Math.max(weight, mirror) <= 100) return
  throw new UserError({
    code: 'MW-DEPLOY-172',
    where: 'deploy.steps',
    what: `Traefik cannot be given a weight of ${weight} % and a mirror of ${mirror} %.`,
    fix: 'Use weights in steps of 0.01 and whole percentages for deploy.mirror, from 0 to 100.',
  })
}

/** A service that names one that is not there would answer none of the users. */
async function requireService({ api }: TraefikSplitterOptions, name: string): Promise<void> {
  if ((await api.service(name))?.isEnabled === true) return
  throw new UserError({
    code: 'MW-DEPLOY-177',
    where: 'deploy.backends',
    what: `Traefik has no service ${name}, or it is not enabled.`,
    fix: 'Define it in another file of the same folder, or write its provider behind it, as in model-1@docker; of copies, see deploy.traefik.copies-suffix.',
  })
}

function copiesOf({ copiesSuffix }: TraefikSplitterOptions, canary: string): string {
  const [service, ...provider] = canary.split('@')
  return [`${service}${copiesSuffix ?? ''}`, ...provider].join('@')
}

async function write(
  options: TraefikSplitterOptions,
  names: Names,
  traffic: TrafficSetting,
): Promise<Split> {
  const copies = names.canary === undefined ? undefined : copiesOf(options, names.canary)
  const services = servicesOf(options.service, { ...names, copies, ...traffic })
  await options.file.write(textOf(services))
  await untilShown(options, services)
  return read(options, names)
}

async function untilShown(options: TraefikSplitterOptions, services: Services): Promise<void> {
  const { api, timeoutMs, now, sleep } = options
  const end = now() + timeoutMs
  let seen: string
  do {
    const shown = await shownNow(api, services)
    if (shown === undefined) seen = 'its API does not answer'
    else if (Object.entries(services).every(([name, one]) => isAsWritten(shown.get(name), one))) {
      return
    } else seen = 'its API shows it otherwise, or not at all'
    await sleep(PAUSE_MS)
  } while (now() < end)
  throw new ExternalError({
    code: 'MW-DEPLOY-173',
    service: 'Traefik',
    what: `service ${options.service} was written and is not in force after ${timeoutMs} ms: ${seen}.`,
    retryable: true,
  })
}

async function shownNow(
  api: TraefikApi,
  services: Services,
): Promise<ReadonlyMap<string, ShownService | undefined> | undefined> {
  try {
    const all = new Map<string, ShownService | undefined>()
    for (const name of Object.keys(services)) all.set(name, await api.service(name))
    return all
  } catch {
    return undefined
  }
}
