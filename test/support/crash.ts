import type { Ports } from '../../src/app/ports.ts'
import { sweep } from '../../src/app/sweep.ts'
import { type AccessRequest, isEnded, owesAws } from '../../src/core/access-request.ts'
import { announcementsOf } from '../../src/core/announcements.ts'
import { dueAtOf } from '../../src/core/due.ts'
import { type EndAll, endAllDueAt } from '../../src/core/end-all.ts'
import type { RequestId } from '../../src/core/ids.ts'
import { earliest, type Instant, latest, plusMinutes, plusSeconds } from '../../src/core/instant.ts'
import { placeOf } from '../../src/core/policy-place.ts'
import { type Roster, rosterDueAt } from '../../src/core/roster.ts'
import { seatOf } from '../../src/core/roster-seat.ts'
import type { Bench } from './bench.ts'
import { at } from './builders.ts'
import { type AwsBehind, keyOf } from './fake-aws.ts'
import { letsIn } from './fake-leashes.ts'

/**
 * Where a process stops: before its n-th outside call (counted from 1) takes effect, or just after it did. With `late`
 * a call that changes AWS is sent all the same, and arrives then.
 */
export type Stop = { call: number; when: 'before' | 'after'; late?: (now: Instant, claimEnd: Instant) => Instant }

/** Any world: what is asked of AWS here is asked in memory and on the wire alike. */
type World = Bench<AwsBehind>

/** One run of the program: its ports lead to the same world as those of any other, until it stops. */
export type Process<W extends World> = {
  bench: W
  /** The outside calls so far, by name: `table.writeRequest`, `inlinePolicies.put`, … */
  calls: string[]
  /** Does the work, or tells that the process stopped over it; whatever it was doing then hangs. */
  live(work: (bench: W) => Promise<unknown>): Promise<'done' | 'stopped'>
  /** Lets a process that only paused go on, and waits until its work is done. */
  resume(): Promise<void>
}

/** Stands before an outside call; `target` is its first argument. */
type Gate = (call: string, act: () => Promise<unknown>, target: unknown) => Promise<unknown>

/** After every journey. */
const farAway = plusSeconds(at('10:00'), 30 * 24 * 3600)

const gatedPorts = [
  'table',
  'inlinePolicies',
  'simulator',
  'assignments',
  'leashes',
  'accounts',
  'directory',
  'announcer',
  'notices',
] as const

/** The same ports with every call led through `gate`. */
export function gated(ports: Ports, gate: Gate): Ports {
  const through = <P extends object>(name: string, port: P): P =>
    new Proxy(port, {
      get: (target, method) => {
        const act: unknown = Reflect.get(target, method)
        if (typeof act !== 'function') return act
        return (...args: unknown[]) =>
          gate(`${name}.${String(method)}`, () => Reflect.apply(act, target, args), args[0])
      },
    })
  const replaced = { ...ports }
  for (const name of gatedPorts) Object.assign(replaced, { [name]: through(name, ports[name]) })
  return replaced
}

/** Starts a process in the world of `bench`. Reads of the table do not count: dying before one is dying after the call before. */
export function startProcess<W extends World>(bench: W, stop?: Stop): Process<W> {
  const calls: string[] = []
  let halted: Promise<unknown> | undefined
  let goOn: () => void = () => undefined
  let tellStopped: () => void = () => undefined
  const stopped = new Promise<'stopped'>(resolve => {
    tellStopped = () => resolve('stopped')
  })
  let underway: Promise<unknown> = Promise.resolve()
  const flying = new Set<Promise<unknown>>()

  const halt = () => {
    halted = new Promise<void>(resolve => {
      goOn = resolve
    })
    // What has left already arrives; on the wire that takes a moment, in which nothing else may happen.
    Promise.all(flying).then(tellStopped)
  }

  const gate: Gate = async (name, act) => {
    await halted
    const counts = !name.startsWith('table.') || name.startsWith('table.write')
    if (counts) calls.push(name)
    const isLast = counts && stop?.call === calls.length
    if (isLast && stop.when === 'before') {
      if (stop.late) await bench.aws.sendLate(act, stop.late(bench.clock.now(), claimEnd(bench)))
      halt()
      await halted
    }
    const call = act().then(
      value => ({ value }),
      error => ({ error }),
    )
    flying.add(call)
    const outcome = await call
    flying.delete(call)
    if (isLast && stop.when === 'after') halt()
    await halted
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }

  return {
    calls,
    // `through` gives the same kind of bench.
    bench: bench.through(gated(bench.ports, gate)) as W,
    live(work) {
      underway = work(this.bench)
      return Promise.race([underway.then(() => 'done' as const), stopped])
    },
    async resume() {
      halted = undefined
      goOn()
      await underway
    },
  }
}

/** Whether the call is one of those that change AWS. */
export function changesAws(call: string): boolean {
  return [
    'inlinePolicies.put',
    'inlinePolicies.remove',
    'assignments.create',
    'assignments.remove',
    'leashes.publish',
  ].includes(call)
}

/** When the last claim that stands now runs out. */
function claimEnd(bench: World): Instant {
  const now = bench.clock.now()
  return latest(now, ...itemsOf(bench).map(item => item.claim?.until)) ?? now
}

function itemsOf(bench: World): (AccessRequest | Roster | EndAll)[] {
  const { requests, others } = bench.items()
  return [...requests, ...others]
}

/** Sweeps, moving the clock to whatever is due next, until nothing is (before `until`). `check` runs after every sweep. */
export async function finish(bench: World, check: () => Promise<void>, until = farAway): Promise<void> {
  for (let rounds = 0, here = 0; ; rounds++) {
    if (rounds > 3000) throw new Error('the work never ends')
    await sweep(bench.ports, bench.catalogue)
    await check()
    const now = bench.clock.now()
    const next = nextDue(bench)
    if (!next || next >= until) return
    here = next <= now ? here + 1 : 0
    if (here > 6 || next > now) bench.clock.set(latest(next, plusSeconds(now, 1)) ?? next)
    if (here > 6) here = 0
  }
}

/**
 * When an item is due that nobody holds. A leash with nobody on it but those who are over is looked at every quarter of
 * an hour for half a day: here once in three hours, as by a bot that was down in between.
 */
function nextDue(bench: World): Instant | undefined {
  const now = bench.clock.now()
  const times = itemsOf(bench).map(item => {
    const dueAt = dueAtOfItem(item, now)
    const members = 'members' in item ? Object.values(item.members) : []
    const isOver = members.length > 0 && members.every(({ over }) => over !== undefined)
    return dueAt && latest(dueAt, item.claim?.until, isOver && dueAt > now ? plusMinutes(now, 180) : undefined)
  })
  return earliest(...times)
}

/** When an item is to be looked at again. */
function dueAtOfItem(item: AccessRequest | Roster | EndAll, now: Instant): Instant | undefined {
  if ('personId' in item) return endAllDueAt(item)
  return 'status' in item ? dueAtOf(item) : rosterDueAt(item, now)
}

/** Where these requests, as the table has them, and what stands in AWS say different things, in words. */
export function disagreements(
  requests: AccessRequest[],
  { assigned, policies: documents, leashes }: Awaited<ReturnType<AwsBehind['standing']>>,
  now: Instant,
  standing: string[] = [],
): string[] {
  const policies = [...documents.keys()]
  const mayHold = new Set(requests.filter(owesAws).map(nameInAws))
  const problems: string[] = []
  for (const request of requests) {
    if (request.status !== 'active') continue
    const name = nameInAws(request)
    if (![...assigned, ...policies].includes(name)) problems.push(`${request.id} is active, AWS does not have ${name}`)
  }
  for (const name of [...assigned, ...policies]) {
    if (!mayHold.has(name) && !standing.includes(name)) problems.push(`AWS has ${name} with nobody to answer for it`)
  }
  problems.push(...leashProblems(requests, leashes, now))
  for (const name of standing) if (!assigned.includes(name)) problems.push(`${name} was there before, and is gone`)
  return problems
}

/**
 * At every moment: whoever a leash lets in has a request whose window is open, and whoever was told that they have
 * access until then is let in.
 */
function leashProblems(requests: AccessRequest[], leashes: Map<string, string[]>, now: Instant): string[] {
  const problems: string[] = []
  for (const [place, versions] of leashes) {
    const document = versions.at(-1) ?? ''
    const inPlace = requests.filter(request => {
      const key = seatIn(request)?.key
      return key && `${key.accountId}/${key.permissionSet}` === place
    })
    // A role's leash names whom it keeps out: there it is about those who were let in once.
    const entered = inPlace.filter(({ history }) => history.some(({ event }) => event === 'activated'))
    const known = document.match(anyPrincipal) ?? entered.map(request => seatIn(request)?.principalId ?? '')
    for (const principalId of new Set(known))
      if (letsIn(document, principalId, now) && !inPlace.some(request => isOpenFor(request, principalId, now)))
        problems.push(`the leash of ${place} lets ${principalId} in at ${now}, and nothing of theirs is open`)
    for (const request of inPlace) {
      const isPromised = request.status === 'active' && now < request.expiresAt
      if (isPromised && !letsIn(document, seatIn(request)?.principalId ?? '', now))
        problems.push(`${request.id} is active, and the leash of ${place} keeps them out`)
    }
  }
  return problems
}

/** Of the fake, and of the simulated Identity Center. */
const anyPrincipal = /principal-\w+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

function seatIn(request: AccessRequest) {
  return 'target' in request ? seatOf(request.target) : undefined
}

/** Until the last session of a role has died its leash must hold; after that there is nothing left to be let in. */
function isOpenFor(request: AccessRequest, principalId: string, now: Instant): boolean {
  const seat = seatIn(request)
  if (!seat || seat.principalId !== principalId || !('expiresAt' in request)) return false
  // An ended request keeps when its ending began: from then on the leash counts.
  const { revokingSince = request.expiresAt } = request as { revokingSince?: Instant }
  const end = earliest(revokingSince, request.expiresAt) ?? request.expiresAt
  if (seat.key.permissionSet.startsWith('role/') && now >= plusMinutes(end, 720)) return true
  return owesAws(request) && request.startsAt <= now && now < request.expiresAt
}

/** What AWS calls the access of a request. */
function nameInAws(request: AccessRequest): string {
  if (!('target' in request)) return ''
  const { target } = request
  return target.kind === 'permissionSet'
    ? `${target.accountId}/${target.permissionSetArn}/${target.principalId}`
    : keyOf(placeOf(target))
}

/** Where Slack shows something else than the requests demand, or a message stands twice (unless it `mayRepeat`), in words. */
export async function untruths(bench: World, ids: RequestId[], mayRepeat = false): Promise<string[]> {
  const problems: string[] = []
  for (const request of await stored(bench, ids)) {
    for (const { key, shows } of announcementsOf(request)) {
      const posted = bench.slack.messages.filter(({ name }) => name === `${request.id} ${key}`)
      const shown = posted.map(message => message.shows.at(-1))
      if (!shown.includes(shows) || (shown.length > 1 && !mayRepeat))
        problems.push(`${request.id} ${key} should show ${shows}, shows ${shown.join(' and ') || 'nothing'}`)
    }
  }
  return problems
}

/** Requests that are not at an end, and those at an end that a roster still lists, in words. */
export async function unfinished(bench: World, ids: RequestId[]): Promise<string[]> {
  const problems: string[] = []
  for (const request of await stored(bench, ids)) {
    if (!isEnded(request)) problems.push(`${request.id} is ${request.status}`)
    if (!('target' in request) || request.target.kind !== 'permissionSet') continue
    const roster = await bench.ports.table.roster(request.target)
    const isListed = Object.values(roster?.members ?? {}).some(({ heldBy }) => request.id in heldBy)
    if (isListed) problems.push(`${request.id} is ${request.status}, and its roster still lists it`)
  }
  return problems
}

async function stored({ ports }: World, ids: RequestId[]): Promise<AccessRequest[]> {
  const found = await Promise.all(ids.map(id => ports.table.request(id)))
  return found.filter(request => request !== undefined)
}
