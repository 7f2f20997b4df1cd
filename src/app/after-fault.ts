import type { AccessRequest } from '../core/access-request.ts'
import { announcementsOwed } from '../core/announcements.ts'
import type { Work } from '../core/due.ts'
import type { Fault } from '../core/errors.ts'
import { hasCome, plusMinutes } from '../core/instant.ts'
import { beginEnding, giveUpMinutes, markRemovalFailing, refuse } from '../core/lifecycle.ts'
import type { Found } from './found.ts'
import { unproven } from './prove-end.ts'
import { retried } from './retry.ts'
import { undelivered } from './undelivered.ts'

/** Checking that AWS does not answer for this long is refused. */
const checkMinutes = 5

/** A fault while working: tried again later, given up where trying again cannot help, paged where it must not be given up. */
export function afterFault(fault: Fault, work: Work): Found['outcome'] {
  return (current, now) => {
    if (work.kind === 'judge') return retried(current, 'judge', fault.message, now)
    if (work.kind === 'prove') return unproven(fault)(current, now)
    if (work.kind === 'announce') {
      const owed = announcementsOwed(current)
      return owed.reduce<AccessRequest>(
        (later, { announcement }) => undelivered(later, { announcement, fault, unsent: false }, now),
        current,
      )
    }
    if (current.status === 'checking') {
      const tooLong = hasCome(plusMinutes(current.submittedAt, checkMinutes), now)
      return tooLong || !fault.retryable
        ? refuse(current, 'could_not_check', now, fault.message)
        : retried(current, 'work', fault.message, now)
    }
    if (current.status === 'granting' && !fault.retryable) {
      return beginEnding(current, { status: 'grant_failed', code: 'aws_refused', note: fault.message }, now)
    }
    const tried = retried(current, 'work', fault.message, now)
    const late = tried.status === 'revoking' && hasCome(plusMinutes(tried.revokingSince, giveUpMinutes), now)
    return late ? markRemovalFailing(tried, now) : tried
  }
}
