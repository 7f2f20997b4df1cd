import type { AccessRequest, HistoryEntry, Target } from './access-request.ts'
import type { Instant } from './instant.ts'
import { holderWords, placeOf } from './policy-place.ts'

/** One line of the audit trail, with a sentence that needs no engineer to read. Reasons people typed are in it. */
export type AuditRecord = { at: Instant; subject: string; event: string; by?: string; sentence: string }

/**
 * The lines of a request's record that are not in the audit trail yet. A repeated attempt is part of the first one's
 * line, and a second click of the one who decided is no event.
 */
export function auditOf(request: AccessRequest): AuditRecord[] {
  const added = request.history.filter(({ event, audited }) => !audited && !event.endsWith('_repeated'))
  return added.map(entry => ({
    at: entry.at,
    subject: request.id,
    event: entry.event,
    ...(entry.by === undefined ? {} : { by: entry.by }),
    sentence: sentenceOf(request, entry),
  }))
}

/** The request with the first `count` lines of its record marked as being in the audit trail. */
export function withAudited<R extends AccessRequest>(request: R, count: number): R {
  const history = request.history.map((entry, index) => (index < count ? { ...entry, audited: true as const } : entry))
  return { ...request, history }
}

/** One line of a request's record, as a sentence. */
export function sentenceOf(request: AccessRequest, entry: HistoryEntry): string {
  const { event, by = '', note = '' } = entry
  if (request.stray) return straySentence(request, entry)
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
      if (by === request.requester.slackUserId) return `${who} withdrew the request for ${what}.`
      return `${by} withdrew the request of ${who} for ${what}: ${note}`
    case 'lapsed':
      return `Nobody decided on ${what} for ${who} in time.`
    case 'activated':
      return `AWS confirmed ${what} for ${who}.`
    case 'ending':
      if (by) {
        const why = note === '' || note === 'revoked' ? '' : ` (${note})`
        return `${by} ended ${what} for ${who} early${why}; it is being taken away.`
      }
      return `${what} for ${who} is being taken away: ${note}.`
    case 'ended':
      return 'keptUntil' in request
        ? `This request of ${who} for ${what} is over; another keeps it until ${request.keptUntil}.`
        : `AWS confirmed that ${what} for ${who} is gone.`
    case 'settled_by_hand':
      return `${by} settled that ${what} for ${who} was removed by hand: ${note}. ${confirmation(request)}`
    case 'proven':
      return `After the end of ${what} for ${who}: ${note}.`
    case 'removal_failing':
      return `${what} for ${who} could not be taken away for a while; people were told, and it goes on being tried.`
    case 'approval_no_longer_counts':
      return `The approval of ${note} for ${what} no longer counts.`
    default:
      return `${event.replaceAll('_', ' ')}${by && ` by ${by}`}${note && `: ${note}`} (${what} for ${who})`
  }
}

function confirmation(request: AccessRequest): string {
  const isConfirmed = 'settledBy' in request && request.settledBy?.confirmed
  return isConfirmed ? 'AWS confirmed that it is gone.' : 'AWS could not confirm that it is gone.'
}

function strayWords(target: Target): string {
  if (target.kind === 'permissionSet') return `${target.permissionSet} of ${target.userName} in ${target.accountId}`
  const place = placeOf(target)
  return `${place.policyName} on ${holderWords(place)}`
}

function straySentence(request: AccessRequest, { event, by = '', note = '' }: HistoryEntry): string {
  const what = 'target' in request ? strayWords(request.target) : request.title.en
  switch (event) {
    case 'stray_found':
      return `${what} was found, and no request answers for it (${note}).`
    case 'stray_ending':
      return `${by} ended ${what}, which no request answers for; it is being taken away.`
    case 'ended':
      return `AWS confirmed that ${what} is gone.`
    case 'settled_by_hand':
      return `${by} settled that ${what} was removed by hand: ${note}. ${confirmation(request)}`
    case 'removal_failing':
      return `${what} could not be taken away for a while; people were told, and it goes on being tried.`
    default:
      return `${event.replaceAll('_', ' ')}${by && ` by ${by}`}${note && `: ${note}`} (${what})`
  }
}
