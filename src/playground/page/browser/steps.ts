import type { JournalEntry } from '../../journal.ts'

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

/** The latest inline policy that Curfew attached. Times in milliseconds since 1970, by the world's clock. */
export type StoryGrant = { policyName: string; attachedAt: number; endsAt: number; removedAt?: number }

/** Finds the grant the steps are about in the AWS part of the journal: the latest one with an end of its own. */
export function storyGrant(entries: JournalEntry[]): StoryGrant | undefined {
  let grant: StoryGrant | undefined
  for (const { type, at, data } of entries) {
    // The proof of this cast: entries of source aws are AwsEvents, and only these two types are read.
    const { policyName, document } = data as { policyName: string; document?: string }
    if (type === 'user-policy-put' && document !== undefined) {
      const endsAt = policyEnd(JSON.parse(document))
      if (endsAt === undefined || !isCurfews(policyName)) continue
      const attachedAt = grant?.policyName === policyName ? grant.attachedAt : Date.parse(at)
      grant = { policyName, attachedAt, endsAt }
    }
    if (type === 'user-policy-deleted' && grant?.policyName === policyName) grant.removedAt ??= Date.parse(at)
  }
  return grant
}

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
 * AWS last refused a call made from the terminal.
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
