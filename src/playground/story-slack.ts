import type { SlackSeed } from './slack/seed.ts'

/** The workspace of the story; its ids are those of the example catalogue. */
export const slackSeed: SlackSeed = {
  team: { id: 'T0001', name: 'Example', domain: 'example' },
  app: {
    id: 'A0CURFEW',
    botUserId: 'U0CURFEW',
    name: 'Curfew',
    botToken: 'xoxb-simulated',
    appToken: 'xapp-simulated',
    scopes: [
      'commands',
      'chat:write',
      'im:write',
      'im:history',
      'channels:history',
      'groups:history',
      'channels:read',
      'groups:read',
      'users:read',
      'users:read.email',
      'usergroups:read',
    ],
    signingSecret: 'simulated-signing-secret',
    commands: ['/request-access'],
  },
  users: [
    person('U0ALICE', 'alice', 'Alice', 'Europe/London', 'en-US'),
    person('U0BOB', 'bob', 'Bob', 'Europe/London', 'en-US'),
    person('U0CAROL', 'carol', 'Carol', 'Europe/London', 'en-US'),
    person('U0DAI', 'dai', 'Dai', 'Asia/Tokyo', 'ja-JP'),
  ],
  channels: [
    { id: 'C0APPROVE', name: 'access-approvals', members: ['U0CURFEW', 'U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAI'] },
    { id: 'C0ALERT', name: 'access-alerts', members: ['U0CURFEW', 'U0BOB', 'U0CAROL'] },
    { id: 'C0GENERAL', name: 'general', members: ['U0ALICE', 'U0BOB', 'U0CAROL', 'U0DAI'] },
  ],
  userGroups: [
    { id: 'S0PLATFORM', handle: 'platform', name: 'Platform', users: ['U0BOB'] },
    { id: 'S0DEV', handle: 'developers', name: 'Developers', users: ['U0ALICE', 'U0BOB', 'U0DAI'] },
    { id: 'S0ONCALL', handle: 'oncall', name: 'On call', users: ['U0ALICE'] },
  ],
}

function person(id: string, name: string, realName: string, tz: string, locale: 'en-US' | 'ja-JP') {
  return { id, name, realName, email: `${name}@example.com`, tz, locale }
}
