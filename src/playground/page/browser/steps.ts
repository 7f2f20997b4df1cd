import type { AwsEvent } from '../../aws/events.ts'
import type { JournalEntry } from '../../journal.ts'
import { readLeash } from './leashes.ts'

/** The steps of the story, in order. */
export const stepIds = ['approve', 'stop', 'jump', 'refused', 'cleanup'] as const

/** One step of the story. */
export type StepId = (typeof stepIds)[number]

/** What has been done of the story; `current` is absent when everything has. */
export type Steps = {
  done: StepId[]
  current?: StepId
  /** Whether the grant of the story was over and removed before the bot was ever stopped. */
  stopMissed: boolean
}

/**
 * What the steps are about: `id` is the name of an inline policy, or whom a permission set is assigned to. Times in
 * milliseconds since 1970, by the world's clock.
 */
export type StoryGrant = { id: string; grantedAt: number; endsAt: number; removedAt?: number }

/** The latest policy that Curfew put on an IAM user, by the AWS part of the journal. */
export function policyGrant(entries: JournalEntry[]): StoryGrant | undefined {
  let grant: StoryGrant | undefined
  for (const { type, at, data } of entries) {
    // The proof of this cast: entries of source aws are AwsEvents, and only these two types are read.
    const { policyName, document } = data as { policyName: string; document?: string }
    if (type === 'user-policy-put' && document !== undefined) {
      const endsAt = policyEnd(JSON.parse(document))
      // A session of a role entered before goes on after the end: that is another story.
      if (endsAt === undefined || !isCurfews(policyName) || document.includes('sts:AssumeRole')) continue
      const grantedAt = grant?.id === policyName ? grant.grantedAt : Date.parse(at)
      grant = { id: policyName, grantedAt, endsAt }
    }
    if (type === 'user-policy-deleted' && grant?.id === policyName) grant.removedAt ??= Date.parse(at)
  }
  return grant
}

/** The latest assignment to a person whom a leash lists, likewise. */
export function leashedGrant(entries: JournalEntry[]): StoryGrant | undefined {
  let grant: (StoryGrant & { accountId: string }) | undefined
  const leashes = new Map<string, Map<string, number>>()
  for (const { type, at, data } of entries) {
    if (type === 'policy-version-created') {
      // The proof of these casts: entries of source aws are AwsEvents.
      const { arn, document } = data as EventData<'policy-version-created'>
      const [, accountId] = /^arn:aws:iam::(\d+):policy\/curfew\/leash-/.exec(arn) ?? []
      if (accountId === undefined) continue
      const people = readLeash(JSON.parse(document)).people.map(({ id, until }) => [id, until] as const)
      leashes.set(accountId, new Map(people))
      const endsAt = grant?.accountId === accountId ? leashes.get(accountId)?.get(grant.id) : undefined
      if (grant && endsAt !== undefined) grant = { ...grant, endsAt }
    }
    if (type === 'assignment-operation-started') {
      const { kind, accountId, principalId: id } = data as EventData<'assignment-operation-started'>
      const endsAt = leashes.get(accountId)?.get(id)
      if (kind === 'create' && endsAt !== undefined) grant = { id, accountId, grantedAt: Date.parse(at), endsAt }
      if (kind === 'delete' && grant?.id === id && grant.accountId === accountId) grant.removedAt ??= Date.parse(at)
    }
  }
  return grant
}

type EventData<Type extends AwsEvent['type']> = Extract<AwsEvent, { type: Type }>['data']

/** Whether a policy of that name was attached by Curfew. */
export function isCurfews(policyName: string): boolean {
  return policyName.startsWith('curfew-')
}

/** The moment from which no statement of the policy allows anything any more; undefined when one has no end. */
export function policyEnd(document: unknown): number | undefined {
  const { Statement } = document as { Statement?: unknown }
  const ends = [Statement].flat().map(statement => {
    const { Condition } = (statement ?? {}) as { Condition?: Record<string, Record<string, unknown>> }
    return Date.parse(String(Condition?.['DateLessThan']?.['aws:CurrentTime']))
  })
  const last = Math.max(...ends)
  return Number.isNaN(last) ? undefined : last
}

/**
 * Ticks off the steps from what is true in the world. `switches`: the journal's entries of source bot; `refusedAt`: when
 * AWS last refused the call of the terminal in front.
 */
export function stepsOf(facts: {
  now: number
  grant: StoryGrant | undefined
  bot: 'stopped' | 'starting' | 'ready'
  switches: JournalEntry[]
  refusedAt: number | undefined
}): Steps {
  const { now, grant, bot, switches, refusedAt } = facts
  if (!grant) return { done: [], current: 'approve', stopMissed: false }
  const { endsAt, removedAt = Number.POSITIVE_INFINITY } = grant
  const removed = Number.isFinite(removedAt)
  const isDone: Record<StepId, boolean> = {
    approve: true,
    stop: wasDown(switches, Math.min(now, endsAt), removedAt),
    jump: now >= endsAt,
    refused: now >= endsAt && refusedAt !== undefined && refusedAt >= endsAt,
    cleanup: removed && bot === 'ready',
  }
  const done = stepIds.filter(id => isDone[id])
  const stopMissed = removed && !isDone.stop
  const current = stepIds.find(id => !isDone[id])
  return { done, stopMissed, ...(current === undefined ? {} : { current }) }
}

/**
 * Whether the bot was down at some moment from `from` on, before `until`. A start counts like a stop: when everything
 * was killed together, nobody was left to note that the bot had stopped.
 */
function wasDown(switches: JournalEntry[], from: number, until: number): boolean {
  const before = switches.findLast(({ at }) => Date.parse(at) <= from)
  return before?.type === 'stopped' || switches.some(({ at }) => from < Date.parse(at) && Date.parse(at) < until)
}
