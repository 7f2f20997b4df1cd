import { type AccessRequest, isClaimed } from '../core/access-request.ts'
import { type ClickFacts, judgeOperator } from '../core/approval-rules.ts'
import { claimed } from '../core/claim.ts'
import {
  clickOwed,
  type EndAll,
  type EndAllId,
  endAllAudit,
  endAllDueAt,
  endAllShows,
  isListingOwed,
  isLive,
  isOver,
  nextLook,
} from '../core/end-all.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { hasCome, plusSeconds } from '../core/instant.ts'
import { judgeSeconds } from './judge-click.ts'
import type { Ports } from './ports.ts'
import { readGroups } from './read-groups.ts'
import { readPerson } from './read-person.ts'
import { recordClick } from './record-click.ts'
import { nextRetry } from './retry.ts'

/**
 * Does what a wish that everything of a person ends owes now: it is judged, then the person's requests are listed, then a
 * click is recorded on each that is live, and the operator reads how they stand, until all have ended. Each is a pass of
 * its own, which changes the table only and may die anywhere: what was recorded is found, and the rest is still due.
 */
export async function advanceEndAll(ports: Ports, catalogue: Catalogue, id: EndAllId): Promise<void> {
  // Judging, two listings and a look between them; more would be two workers in each other's way.
  for (let pass = 0; pass < 6; pass++) {
    const now = ports.clock.now()
    const endAll = await ports.table.endAll(id)
    if (!endAll || isClaimed(endAll, now)) return
    const dueAt = endAllDueAt(endAll)
    if (!dueAt || !hasCome(dueAt, now)) return
    const notice = endAll.notice ?? { shows: '', begunAt: now }
    const written = await ports.table.writeEndAll(claimed({ ...endAll, notice }, ports.token(), now, false))
    if (!('stored' in written)) return
    const wasBegun = endAll.notice !== undefined
    const next = await step(ports, catalogue, written.stored, wasBegun).catch((error: unknown): EndAll => {
      const { code, message } = asFault(error)
      ports.log('end_all.failed', { endAll: id, code, problem: message })
      return putOff(written.stored, message, ports)
    })
    const { claim: _, ...free } = next
    // Not stored, somebody else has taken over, and looks again.
    await ports.table.writeEndAll(free)
  }
}

async function step(ports: Ports, catalogue: Catalogue, held: EndAll, wasBegun: boolean): Promise<EndAll> {
  if (held.status === 'recorded') return judged(ports, catalogue, held)
  const now = ports.clock.now()
  if (held.status === 'judged' && isListingOwed(held, now)) {
    const found = await ports.table.byRequester(held.personId, Number.POSITIVE_INFINITY)
    const live = found.filter(isLive).map(({ id }) => id)
    return { ...held, requests: [...new Set([...held.requests, ...live])], listedAt: now }
  }
  const requests: AccessRequest[] = []
  // One that cannot be read or written keeps back none of the others, and is tried again.
  let missed: string | undefined
  for (const id of held.requests) {
    try {
      const request = await ports.table.request(id)
      if (!request) continue
      const wish = clickOwed(held, request)
      if (wish) await recordClick(ports, id, wish)
      requests.push(request)
    } catch (error) {
      missed = asFault(error).message
      ports.log('end_all.failed', { endAll: held.id, requestId: id, problem: missed })
    }
  }
  if (missed !== undefined) return putOff(held, missed, ports)
  const looked: EndAll = { ...held, lookAt: nextLook(held, now) }
  const told = await tell(ports, looked, requests, wasBegun).catch((error: unknown): EndAll => {
    const { code, message } = asFault(error)
    ports.log('end_all.failed', { endAll: held.id, code, problem: message })
    return putOff(looked, message, ports)
  })
  if (!isOver(told, requests, now) || !isToldOrGivenUp(told, requests, ports)) return told
  ports.log('end_all.closed', { endAll: held.id, requests: requests.length })
  return { ...told, closedAt: now }
}

async function judged(ports: Ports, catalogue: Catalogue, held: EndAll): Promise<EndAll> {
  const { userId } = held.by
  const [person, groups] = await Promise.all([
    readPerson(ports, catalogue, userId, held.at),
    readGroups(ports.directory, catalogue, catalogue.operators, held.at),
  ])
  const { slack, operators } = catalogue
  const facts: ClickFacts = {
    team: slack.team,
    people: { [userId]: person },
    groups,
    entitlement: undefined,
    operators,
  }
  const judgement = judgeOperator(held.by, facts)
  const now = ports.clock.now()
  const isLate = hasCome(plusSeconds(held.at, judgeSeconds), now)
  if (judgement.answer === 'unknown' && !isLate) return putOff(held, judgement.problem, ports)
  const code = judgement.answer === 'no' ? judgement.code : 'could_not_tell'
  const decided: EndAll =
    judgement.answer === 'yes'
      ? { ...withoutRetry(held), status: 'judged' }
      : { ...withoutRetry(held), status: 'refused', code }
  ports.audit(endAllAudit(decided, now))
  return decided
}

/** One message, updated. Begun before and never heard of, it is looked for first: one that stands is not posted again. */
async function tell(ports: Ports, held: EndAll, requests: AccessRequest[], wasBegun: boolean): Promise<EndAll> {
  const { notice } = held
  const shows = endAllShows(held, requests)
  if (!notice || (notice.ts !== undefined && notice.shows === shows)) return withoutRetry(held)
  const known =
    notice.channel !== undefined && notice.ts !== undefined ? { channel: notice.channel, ts: notice.ts } : undefined
  const standing = known ?? (wasBegun ? await ports.notices.find(held) : undefined)
  if (standing) await ports.notices.update(held, requests, standing)
  const place = standing ?? (await ports.notices.post(held, requests))
  return { ...withoutRetry(held), notice: { ...notice, ...place, shows } }
}

/** A day is enough to tell somebody; what is recorded does not depend on it. */
const tellingSeconds = 24 * 3600

function isToldOrGivenUp({ at, notice, ...rest }: EndAll, requests: AccessRequest[], { clock }: Ports): boolean {
  const isTold = notice?.ts !== undefined && notice.shows === endAllShows({ at, ...rest }, requests)
  return isTold || hasCome(plusSeconds(at, tellingSeconds), clock.now())
}

function putOff(held: EndAll, problem: string, { clock }: Ports): EndAll {
  return { ...held, retry: nextRetry(held.id, held.retry, problem, clock.now()) }
}

function withoutRetry(held: EndAll): EndAll {
  const { retry: _, ...rest } = held
  return rest
}
