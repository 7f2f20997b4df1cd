import type { PersonFacts } from '../core/approval-rules.ts'
import { awsNamesOf } from '../core/entitled.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import type { Instant } from '../core/instant.ts'
import type { Ports } from './ports.ts'

/** Who somebody is now, in Slack and to AWS, as read after that instant; a problem's text where nobody could tell. Never throws. */
export async function readPerson(
  { directory, table }: Pick<Ports, 'directory' | 'table'>,
  catalogue: Catalogue,
  userId: string,
  after: Instant,
): Promise<PersonFacts | { problem: string }> {
  try {
    const [profile, known] = await Promise.all([directory.person(userId, after), table.identity(userId)])
    const awsNames = awsNamesOf({ slackUserId: userId, email: profile.email }, catalogue.people, known)
    return { ...profile, awsNames }
  } catch (error) {
    return { problem: asFault(error).message }
  }
}
