import { readGroups } from '../../app/read-groups.ts'
import { mayAct } from '../../core/approval-rules.ts'
import { mayAsk } from '../../core/entitled.ts'
import type { Entitlement, Language } from '../../core/entitlement.ts'
import type { Interaction } from './listening.ts'

/** What a form needs to know of the person before it is drawn. */
export type FormFacts = { language: Language; isOutsider: boolean; offered: Entitlement[] }

/**
 * Asks Slack who the person is and what they may ask for, but not for long: what Slack has not told in time is offered,
 * in the workspace's language. Submission judges it again. Never throws.
 */
export async function readFormFacts({ ports, catalogue, inTime }: Interaction, userId: string): Promise<FormFacts> {
  const all = Object.values(catalogue.entitlements)
  const keys = [...new Set(all.flatMap(({ requesters }) => requesters))]
  const [person, groups] = await Promise.all([
    inTime(() => ports.directory.person(userId), patienceMilliseconds).catch(() => undefined),
    inTime(() => readGroups(ports.directory, catalogue, keys), patienceMilliseconds).catch(() => ({})),
  ])
  return {
    language: person?.language ?? catalogue.slack.language,
    isOutsider: person !== undefined && mayAct(person, catalogue.slack.team, 'not_a_member').answer === 'no',
    offered: all.filter(entitlement => mayAsk(entitlement, userId, { groups }).answer !== 'no'),
  }
}

/** The language of somebody who clicked, or the workspace's where Slack does not tell in time. Never throws. */
export async function readLanguage({ ports, catalogue, inTime }: Interaction, userId: string): Promise<Language> {
  const person = await inTime(() => ports.directory.person(userId), patienceMilliseconds).catch(() => undefined)
  return person?.language ?? catalogue.slack.language
}

/** A trigger lives for 3 s and opening the view takes its share (platform: D1). */
const patienceMilliseconds = 800
