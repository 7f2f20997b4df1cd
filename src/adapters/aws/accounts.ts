import { DescribeAccountCommand, type OrganizationsClient } from '@aws-sdk/client-organizations'
import type { Accounts, Clock } from '../../app/ports.ts'
import { hasCome, type Instant, plusSeconds } from '../../core/instant.ts'
import { absent, present } from './faults.ts'
import { send, startDeadline } from './send.ts'

const cacheSeconds = 60

type Found = { active: boolean; state: string }

/** Looks accounts up in AWS Organizations with the bot's own credentials; what it found holds for 60 seconds. */
export function createAccounts({
  organizations,
  clock,
}: {
  organizations: OrganizationsClient
  clock: Pick<Clock, 'now'>
}): Accounts {
  const cache = new Map<string, { found: Found; until: Instant }>()
  return {
    async find(accountId) {
      const now = clock.now()
      const cached = cache.get(accountId)
      if (cached && !hasCome(cached.until, now)) return cached.found
      const found = await describe(organizations, accountId)
      if (found) cache.set(accountId, { found, until: plusSeconds(now, cacheSeconds) })
      else cache.delete(accountId)
      return found
    },
  }
}

async function describe(organizations: OrganizationsClient, accountId: string): Promise<Found | undefined> {
  const command = new DescribeAccountCommand({ AccountId: accountId })
  const answer = await send(organizations, command, { deadline: startDeadline() }).catch(absent)
  if (!answer) return undefined
  // `Status` was to be retired on 2026-09-09; `State` took its place (platform: C1).
  const state = present(answer.Account?.State ?? answer.Account?.Status, 'Account.State')
  return { active: state === 'ACTIVE', state }
}
