import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSlackClients } from '../../../src/adapters/slack/clients.ts'
import { createDirectory } from '../../../src/adapters/slack/directory.ts'
import type { Directory } from '../../../src/app/ports.ts'
import type { Instant } from '../../../src/core/instant.ts'
import { at } from '../../support/builders.ts'
import { type SlackStub, startSlackStub } from './slack-stub.ts'

const alice = {
  id: 'U0ALICE',
  team_id: 'T0001',
  name: 'alice',
  real_name: 'Alice Liddell',
  tz: 'Asia/Tokyo',
  locale: 'ja-JP',
  deleted: false,
  is_bot: false,
  is_restricted: false,
  is_ultra_restricted: false,
  is_email_confirmed: true,
  profile: { display_name: 'Alice', real_name: 'Alice Liddell', email: 'alice@example.com' },
}

let slack: SlackStub
let now: Instant
let directory: Directory

beforeEach(async () => {
  slack = await startSlackStub({ 'users.info': { user: alice }, 'usergroups.users.list': { users: ['U0BOB'] } })
  now = at('10:00:00')
  const clock = { now: () => now, after: async () => {} }
  directory = createDirectory(createSlackClients('xoxb-1', slack.url).interactive, { clock, cacheSeconds: 60 })
})
afterEach(() => slack.stop())

function aliceIs(changes: object) {
  slack.answers['users.info'] = { user: { ...alice, ...changes } }
}

describe('a person', () => {
  it('is described as Slack describes them, locale included', async () => {
    expect(await directory.person('U0ALICE')).toEqual({
      userId: 'U0ALICE',
      teamId: 'T0001',
      standing: 'member',
      name: 'Alice',
      email: 'alice@example.com',
      language: 'ja',
      timeZone: 'Asia/Tokyo',
    })
    expect(slack.callsOf('users.info')).toEqual([{ user: 'U0ALICE', include_locale: 'true' }])
  })

  it.each([
    ['deleted', { deleted: true, is_restricted: true }],
    ['bot', { is_bot: true }],
    ['bot', { is_workflow_bot: true }],
    ['guest', { is_restricted: true }],
    ['guest', { is_ultra_restricted: true }],
    ['outsider', { is_stranger: true }],
  ])('counts as %s when Slack says %o', async (standing, changes) => {
    aliceIs(changes)
    expect((await directory.person('U0ALICE')).standing).toBe(standing)
  })

  it('keeps their own team, so that people of other organisations can be told', async () => {
    aliceIs({ team_id: 'T0OTHER' })
    expect((await directory.person('U0ALICE')).teamId).toBe('T0OTHER')
  })

  it.each([false, undefined])('has no address unless Slack says it is confirmed: %s', async is_email_confirmed => {
    aliceIs({ is_email_confirmed })
    expect((await directory.person('U0ALICE')).email).toBe('')
  })

  it('may lack a display name, an address, a zone and a locale', async () => {
    aliceIs({ profile: { display_name: '', email: null }, tz: null, locale: undefined })
    expect(await directory.person('U0ALICE')).toMatchObject({
      name: 'Alice Liddell',
      email: '',
      language: 'en',
      timeZone: 'UTC',
    })
  })

  it('that Slack describes unreadably is a fault, not a member', async () => {
    slack.answers['users.info'] = { user: { id: 'U0ALICE' } }
    await expect(directory.person('U0ALICE')).rejects.toMatchObject({ code: 'slack_refused', retryable: false })
  })
})

describe('facts', () => {
  it('are shared by readers at the same time and for less than 60 s', async () => {
    await Promise.all([directory.person('U0ALICE'), directory.person('U0ALICE')])
    now = at('10:00:59')
    await directory.person('U0ALICE')
    expect(slack.callsOf('users.info')).toHaveLength(1)
    now = at('10:01:00')
    await directory.person('U0ALICE')
    expect(slack.callsOf('users.info')).toHaveLength(2)
  })

  it('demanded after an instant are fetched again unless the call began later than it', async () => {
    await directory.groupMembers('S0PLATFORM')
    now = at('10:00:10')
    await directory.groupMembers('S0PLATFORM', at('10:00:05'))
    expect(slack.callsOf('usergroups.users.list')).toHaveLength(2)
    now = at('10:00:20')
    await directory.groupMembers('S0PLATFORM', at('10:00:09'))
    expect(slack.callsOf('usergroups.users.list')).toHaveLength(2)
  })

  it('begun in the very second of the demand do not count: they may be older than it', async () => {
    now = at('10:00:10')
    await directory.groupMembers('S0PLATFORM')
    await directory.groupMembers('S0PLATFORM', at('10:00:10'))
    expect(slack.callsOf('usergroups.users.list')).toHaveLength(2)
  })

  it('do not include failures: the next reader asks again', async () => {
    slack.answers['usergroups.users.list'] = { error: 'internal_error' }
    await expect(directory.groupMembers('S0PLATFORM')).rejects.toMatchObject({ code: 'slack_unavailable' })
    slack.answers['usergroups.users.list'] = { users: ['U0BOB'] }
    expect(await directory.groupMembers('S0PLATFORM')).toEqual(['U0BOB'])
  })

  it('of one person are not taken for another’s', async () => {
    slack.answers['users.info'] = ({ user }) => ({ user: { ...alice, id: user } })
    expect((await directory.person('U0ALICE')).userId).toBe('U0ALICE')
    expect((await directory.person('U0BOB')).userId).toBe('U0BOB')
  })
})

it('rejects while the clock was never measured', async () => {
  const clock = {
    now: () => {
      throw new Error('never measured')
    },
    after: async () => {},
  }
  const blind = createDirectory(createSlackClients('xoxb-1', slack.url).worker, { clock, cacheSeconds: 60 })
  await expect(blind.person('U0ALICE')).rejects.toThrow('never measured')
})
