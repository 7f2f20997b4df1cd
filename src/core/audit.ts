import type { AccessRequest, HistoryEntry } from './access-request.ts'
import type { Instant } from './instant.ts'

/** One line of the audit trail, with a sentence that needs no engineer to read. Reasons people typed are in it. */
export type AuditRecord = { at: Instant; subject: string; event: string; by?: string; sentence: string }

/** What a write added to a request's record, as lines of the audit trail; `before` is undefined for a new request. */
export function auditOf(before: AccessRequest | undefined, after: AccessRequest): AuditRecord[] {
  const known = before?.history ?? []
  const added = after.history.filter((entry, index) => !isSameEntry(entry, known[index]))
  return added.map(entry => ({
    at: entry.at,
    subject: after.id,
    event: entry.event,
    ...(entry.by === undefined ? {} : { by: entry.by }),
    sentence: sentenceOf(after, entry),
  }))
}

/** A repeated attempt is the same entry with a higher count: a new line all the same. */
function isSameEntry(entry: HistoryEntry, known: HistoryEntry | undefined): boolean {
  return known !== undefined && entry.event === known.event && entry.at === known.at && entry.count === known.count
}

function sentenceOf(request: AccessRequest, { event, by = '', note = '' }: HistoryEntry): string {
  const what = `${request.title.en} in ${request.account.name} (${request.account.id})`
  const who = `${request.requester.name} (${request.requester.slackUserId})`
  switch (event) {
    case 'submitted':
      return `${who} asked for ${what} for ${request.durationMinutes} minutes: ${request.reason}`
    case 'found':
      return `AWS was checked for ${who}; approvers are asked for ${what}.`
    case 'refused':
      return `The request of ${who} for ${what} was refused: ${note}.`
    case 'approved_one':
      return `${by} approved ${what} for ${who}; more approvals are needed.`
    case 'approved': {
      const end = 'expiresAt' in request ? request.expiresAt : 'the end'
      return `${by} approved ${what} for ${who} until ${end}.`
    }
    case 'denied':
      return `${by} denied ${what} for ${who}: ${note}`
    case 'cancelled':
      return `${who} withdrew the request for ${what}.`
    case 'lapsed':
      return `Nobody decided on ${what} for ${who} in time.`
    case 'activated':
      return `AWS confirmed ${what} for ${who}.`
    case 'ending':
      return `${what} for ${who} is being taken away: ${note}.`
    case 'ended':
      return `AWS confirmed that ${what} for ${who} is gone.`
    case 'removal_failing':
      return `${what} for ${who} could not be taken away for a while; people were told, and it goes on being tried.`
    case 'approval_no_longer_counts':
      return `The approval of ${note} for ${what} no longer counts.`
    default:
      return `${event.replaceAll('_', ' ')}${by && ` by ${by}`}${note && `: ${note}`} (${what} for ${who})`
  }
}
