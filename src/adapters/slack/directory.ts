import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Clock, Directory, PersonProfile } from '../../app/ports.ts'
import { Fault } from '../../core/errors.ts'
import { type Instant, secondsBetween } from '../../core/instant.ts'
import { askSlack } from './faults.ts'

/** Reads people and user groups from Slack, keeping each answer for at most `cacheSeconds`. Failures are not kept. */
export function createDirectory(client: WebClient, options: { clock: Clock; cacheSeconds: number }): Directory {
  const people = createCache(options, async userId => {
    const answer = await askSlack('users.info', () => client.users.info({ user: userId, include_locale: true }))
    return profileOf(answer.user)
  })
  const groups = createCache(options, async usergroup => {
    const answer = await askSlack('usergroups.users.list', () => client.usergroups.users.list({ usergroup }))
    return answer.users ?? []
  })
  return { person: people, groupMembers: groups }
}

/**
 * What the profile says of the person. The team is compared with ours in core: `is_stranger` alone misses people of
 * other organisations who share a channel with the app (platform: D6).
 */
function profileOf(user: unknown): PersonProfile {
  const parsed = slackUser.safeParse(user)
  if (!parsed.success) {
    throw new Fault('slack_refused', `Slack users.info: ${z.prettifyError(parsed.error)}`, {
      retryable: false,
      answered: true,
    })
  }
  const { id, team_id, profile, ...facts } = parsed.data
  const names = [profile.display_name, profile.real_name, facts.real_name, facts.name]
  return {
    userId: id,
    teamId: team_id,
    standing: standingOf(facts),
    name: names.find(name => name) ?? id,
    // An address nobody confirmed could be anybody's.
    email: facts.is_email_confirmed === true ? (profile.email ?? '') : '',
    language: facts.locale?.startsWith('ja') ? 'ja' : 'en',
    timeZone: facts.tz ?? 'UTC',
  }
}

function standingOf(facts: Standing): PersonProfile['standing'] {
  if (facts.deleted) return 'deleted'
  if (facts.is_bot || facts.is_workflow_bot) return 'bot'
  if (facts.is_restricted || facts.is_ultra_restricted) return 'guest'
  return facts.is_stranger ? 'outsider' : 'member'
}

const flag = z.boolean().optional()
const standing = {
  deleted: flag,
  is_bot: flag,
  is_workflow_bot: flag,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_stranger: flag,
}
type Standing = z.infer<z.ZodObject<typeof standing>>

const slackUser = z.object({
  id: z.string(),
  team_id: z.string(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  locale: z.string().optional(),
  // Slack sends null where somebody has none.
  tz: z.string().nullish(),
  is_email_confirmed: flag,
  profile: z
    .object({
      display_name: z.string().optional(),
      real_name: z.string().optional(),
      email: z.string().nullish(),
    })
    .default({}),
  ...standing,
})

type Fetched<T> = { begunAt: Instant; value: Promise<T> }

/**
 * Shares one call among readers, while it runs and for a while after. Facts are dated by when their call began. An
 * instant is a whole second, so a call begun in the very second of `after` may have begun before it and is not shared.
 */
function createCache<T>(
  { clock, cacheSeconds }: { clock: Clock; cacheSeconds: number },
  read: (key: string) => Promise<T>,
) {
  const fetched = new Map<string, Fetched<T>>()
  return async (key: string, after?: Instant): Promise<T> => {
    const now = clock.now()
    for (const [old, { begunAt }] of fetched) {
      if (secondsBetween(begunAt, now) >= cacheSeconds) fetched.delete(old)
    }
    const known = fetched.get(key)
    if (known && (after === undefined || known.begunAt > after)) return known.value
    const fresh: Fetched<T> = { begunAt: now, value: read(key) }
    fetched.set(key, fresh)
    fresh.value.catch(() => {
      if (fetched.get(key) === fresh) fetched.delete(key)
    })
    return fresh.value
  }
}
