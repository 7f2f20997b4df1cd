import type { Catalogue } from './entitlement.ts'
import { type Instant, latest } from './instant.ts'

/** One entry into a role. Of callers of other accounts the trail tells the id and the account, and no name. */
export type Entry = {
  /** AWS's own for the event. */
  id: string
  at: Instant
  sessionName: string
  by: {
    /** What CloudTrail calls it: IAMUser, AssumedRole, AWSAccount, AWSService, SAMLUser, Root … */
    type: string
    /** `AIDA…` of users, `AROA…:<session name>` of roles. */
    principalId?: string | undefined
    accountId?: string | undefined
    /** The user, the service, or the ARN of the provider that vouched for them. */
    name?: string | undefined
  }
}

/** Somebody who entered, and what a pin would ask of them. */
export type Entrant = {
  who: string
  times: number
  lastAt: Instant
  /** Each once, with the long numbers in them left out. */
  sessionNames: string[]
  mark: 'fine' | 'must_name' | 'locked_out'
  advice: string
}

/**
 * Who entered the role, and what each must do before its trust policy pins session names to `${aws:username}`; whoever
 * would be locked out first. `names`: what users and roles are called, by id, as far as it could be read.
 */
export function entrantsOf(
  entries: Entry[],
  names: ReadonlyMap<string, string>,
  aws: Pick<Catalogue['aws'], 'hubAccount' | 'federation'>,
): Entrant[] {
  const groups = Map.groupBy(entries, ({ by }) => `${by.type} ${idOf(by) ?? by.name ?? by.accountId}`)
  const found = [...groups.values()].map(group => entrantOf(group, names, aws))
  return marks.flatMap(mark => found.filter(one => one.mark === mark).sort((one, other) => other.times - one.times))
}

const marks = ['locked_out', 'must_name', 'fine'] as const

function entrantOf(group: Entry[], names: ReadonlyMap<string, string>, aws: Parameters<typeof entrantsOf>[2]): Entrant {
  // A group has at least one entry.
  const [first] = group as [Entry]
  const { by } = first
  const sessions = [...new Set(group.map(({ sessionName }) => sessionName))]
  const facts = {
    times: group.length,
    lastAt: latest(...group.map(({ at }) => at)) ?? first.at,
    sessionNames: [...new Set(sessions.map(name => name.replace(/\d{8,}/g, '…')))],
  }
  const lockedOut = (who: string, advice: string): Entrant => ({ who, ...facts, mark: 'locked_out', advice })
  const id = idOf(by)
  const known = (id && names.get(id)) ?? by.name
  const where = by.accountId === undefined ? '' : ` of ${by.accountId}`
  if (id?.startsWith('AIDA')) {
    const who = known === undefined ? `user ${id}${where}` : `user ${known}`
    if (by.accountId !== aws.hubAccount) return lockedOut(`${who}${known === undefined ? '' : where}`, elsewhere)
    if (known !== undefined && sessions.every(name => name === known)) {
      return { who, ...facts, mark: 'fine', advice: 'nothing to do' }
    }
    const advice = `role_session_name = ${known ?? '<their user name>'} in the CLI profile`
    return { who, ...facts, mark: 'must_name', advice }
  }
  if (by.type === 'SAMLUser' && by.name !== undefined && aws.federation.includes(by.name)) {
    return {
      who: `people of ${by.name}`,
      ...facts,
      mark: 'fine',
      advice: 'nothing to do: the catalogue trusts its names',
    }
  }
  if (id?.startsWith('AROA')) return lockedOut(`role ${known ?? id}${where}`, notAUser)
  return lockedOut(`${by.type} ${known ?? id ?? ''}${where}`.replace('  ', ' '), notAUser)
}

const elsewhere = 'cannot enter by such a statement: not a user of the jump account'
const notAUser = 'cannot enter by such a statement: not an IAM user'

/** The id without the name that the session of a role was given. */
function idOf({ principalId }: Entry['by']): string | undefined {
  return principalId?.split(':')[0]
}
