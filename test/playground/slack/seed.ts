import type { SlackSeed } from '../../../src/playground/slack/seed.ts'

const person = (id: string, name: string, realName: string) =>
  ({ id, name, realName, email: `${name}@example.com`, tz: 'Asia/Tokyo', locale: 'en-US' }) as const

/** A small company: two engineers, a guest, a leaver, another app's bot, and somebody of another company. */
export const seed: SlackSeed = {
  team: { id: 'T0001', name: 'Example', domain: 'example' },
  app: {
    id: 'A0CURFEW',
    botUserId: 'U0BOT',
    name: 'Curfew',
    botToken: 'xoxb-test',
    appToken: 'xapp-test',
    scopes: [
      'chat:write',
      'commands',
      'im:write',
      'im:read',
      'im:history',
      'users:read',
      'users:read.email',
      'usergroups:read',
      'channels:read',
      'channels:history',
      'groups:read',
    ],
    signingSecret: 'secret',
    commands: ['/request-access'],
  },
  users: [
    person('U0ALICE', 'alice', 'Alice'),
    { ...person('U0BOB', 'bob', 'Bob'), locale: 'ja-JP' },
    { ...person('U0GUEST', 'guest', 'Guest'), isGuest: true },
    { ...person('U0GONE', 'gone', 'Gone'), deleted: true },
    { ...person('U0ROBOT', 'robot', 'Robot'), isBot: true },
    { ...person('U0OUT', 'out', 'Outsider'), teamId: 'T0OTHER' },
  ],
  channels: [
    { id: 'C0APPROVE', name: 'approvals', members: ['U0ALICE', 'U0BOB', 'U0OUT', 'U0BOT'], isExtShared: true },
    { id: 'C0OTHER', name: 'other', members: ['U0ALICE'] },
    { id: 'C0OLD', name: 'old', members: ['U0ALICE', 'U0BOT'], isArchived: true },
    { id: 'G0HIDDEN', name: 'hidden', members: ['U0ALICE'], isPrivate: true },
  ],
  userGroups: [{ id: 'S0PLATFORM', handle: 'platform', name: 'Platform', users: ['U0BOB', 'U0GONE'] }],
}
