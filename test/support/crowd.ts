import { createAnnouncer } from '../../src/adapters/slack/announcer.ts'
import { createSlackClients } from '../../src/adapters/slack/clients.ts'
import { createNotices } from '../../src/adapters/slack/notices.ts'
import type { Pace } from '../../src/adapters/slack/pace.ts'
import { checkRequest } from '../../src/app/check-request.ts'
import type { Ports, Table } from '../../src/app/ports.ts'
import { submitRequest } from '../../src/app/submit-request.ts'
import type { RequestIn, Target } from '../../src/core/access-request.ts'
import { announcementsOf } from '../../src/core/announcements.ts'
import type { Catalogue } from '../../src/core/entitlement.ts'
import { policyNameOf, type RequestId } from '../../src/core/ids.ts'
import { markFound } from '../../src/core/lifecycle.ts'
import type { PolicyDocument } from '../../src/playground/aws/policy.ts'
import type { AwsSeed } from '../../src/playground/aws/seed.ts'
import type { SlackSeed } from '../../src/playground/slack/seed.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'
import { slackSeed } from '../../src/playground/story-slack.ts'
import { anId } from './builders.ts'
import { createMemoryTable } from './memory-table.ts'

const hub = '000000000000'

/** The accounts beside the hub: as many as may be changed at once. */
export const accounts = Array.from({ length: 8 }, (_, n) => String(n + 1).repeat(12))

/** Forty people, each in Slack, in the jump account and in Identity Center. */
export const people = Array.from({ length: 40 }, (_, n) => `p${String(n).padStart(2, '0')}`)

/** Their Slack ids. */
export const slackIdOf = (person: string) => `U0${person.toUpperCase()}`

/** The story's workspace with the crowd in it. */
export const crowdInSlack: SlackSeed = {
  ...slackSeed,
  users: [
    ...slackSeed.users,
    ...people.map(person => ({ ...slackSeed.users[0]!, id: slackIdOf(person), name: person, email: mailOf(person) })),
  ],
  channels: slackSeed.channels.map(channel => ({
    ...channel,
    members: [...channel.members, ...people.map(slackIdOf)],
  })),
  userGroups: slackSeed.userGroups.map(group =>
    group.id === 'S0DEV' ? { ...group, users: people.map(slackIdOf) } : group,
  ),
}

const everything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const [hubInStory] = awsSeed.accounts

/** The organisation with the crowd and its accounts. */
export const crowdInAws: AwsSeed = {
  ...awsSeed,
  accounts: [
    {
      ...hubInStory!,
      users: people.map(name => ({ name })),
      // What the bot itself may do is not what is tried here.
      roles: hubInStory!.roles!.map(role =>
        role.name === 'curfew-bot' ? { ...role, inlinePolicies: { all: everything } } : role,
      ),
    },
    ...accounts.map(id => ({ id, name: `Account ${id[0]}`, state: 'ACTIVE' as const })),
    { id: '999999999999', name: 'Management', state: 'ACTIVE' },
  ],
  // Without a leash: it goes by removal alone.
  permissionSets: awsSeed.permissionSets.map(({ boundary: _, ...set }) => set),
  identityCenterUsers: people.map(person => ({
    ...{ userName: person, email: mailOf(person), displayName: person, enabled: true },
  })),
  groups: [],
  assignments: [],
  people: [],
}

/** What the crowd may ask for: its own table for half an hour, and reading in an account for an hour or more. */
export const crowdCatalogue = `
slack: { team: T0001, approvalsChannel: C0APPROVE, alertsChannel: C0ALERT, language: en }
aws:
  hubAccount: "${hub}"
  managementAccount: "999999999999"
  memberRole: curfew-member
  identityCenter:
    region: ap-northeast-1
    instanceArn: "arn:aws:sso:::instance/ssoins-1"
    identityStoreId: d-1
    startUrl: "https://example.awsapps.com/start"
  accounts:
    hub: { id: "${hub}", name: Jump account }
${accounts.map(id => `    a${id[0]}: { id: "${id}", name: Account ${id[0]} }`).join('\n')}
people: { emailDomains: [example.com], iamUser: "{emailLocalPart}" }
groups:
  platform: { slackUserGroup: S0PLATFORM }
  developers: { slackUserGroup: S0DEV }
entitlements:
  own-table:
    title: { en: One table, ja: テーブル }
    inlinePolicy:
      on: user
      statements: [{ actions: ["dynamodb:GetItem"], resources: ["arn:aws:dynamodb:*:${hub}:table/\${table}"] }]
    parameters: { table: { label: { en: Table, ja: テーブル }, pattern: "^[a-z0-9-]{1,20}$" } }
    accounts: [hub]
    requesters: [developers]
    approvals: { rules: [{ from: [platform], count: 1 }] }
    durations: [30m]
  read-only:
    title: { en: Read-only, ja: 読み取り専用 }
    permissionSet: Curfew-ReadOnly
    leash: off
    accounts: [${accounts.map(id => `a${id[0]}`).join(', ')}]
    requesters: [developers]
    approvals: { rules: [{ from: [platform], count: 1 }] }
    durations: [30m, 45m, 60m, 75m, 90m]
`

/** One request of the crowd: for the table of that name, or for reading in that account. */
export type Wish = { person: string; minutes: number } & ({ table: string } | { accountId: string })

/**
 * Lets requests wait for approval, as if their forms had been sent and checked and approvers asked: the same code does
 * it here, except that it writes each request once and posts as fast as Slack lets it, where the bot takes a second for
 * each post in a channel.
 */
export async function letWait(
  ports: Pick<Ports, 'clock' | 'inlinePolicies' | 'simulator' | 'assignments' | 'leashes' | 'accounts' | 'directory'>,
  { table, catalogue, slack, wishes }: { table: Table; catalogue: Catalogue; slack: Slack; wishes: Wish[] },
): Promise<{ id: RequestId; wish: Wish; ts: string }[]> {
  const staging = createMemoryTable(ports)
  const { worker } = createSlackClients(slack.token, slack.url)
  const pace: Pace = (_method, _channel, call) => call()
  const announcer = createAnnouncer(worker, { catalogue, pace })
  const full: Ports = {
    ...{ ...ports, table: staging, announcer, notices: createNotices(worker, pace), grantsOn: true },
    ...{ log: () => undefined, audit: () => undefined, wake: () => undefined, token: () => '' },
  }
  const targets = new Map<string, Target>()
  const waiting: { id: RequestId; wish: Wish; ts: string }[] = []
  for (const [index, wish] of wishes.entries()) {
    const id = anId(index + 1)
    const checking = await submit(full, catalogue, id, wish)
    const key = `${wish.person} ${checking.account.id}`
    const known = targets.get(key) ?? (await targetOf(full, catalogue, checking))
    targets.set(key, known)
    const target =
      known.kind === 'inlinePolicy' && checking.asked.kind === 'inlinePolicy'
        ? { ...known, policyName: policyNameOf(id), statements: checking.asked.statements }
        : known
    const pending = markFound({ ...checking, version: 0 }, target, ports.clock.now())
    const posted = await Promise.all(
      announcementsOf(pending).map(async announcement => {
        const { channel, ts } = await announcer.post(pending, announcement)
        return [announcement.key, { shows: announcement.shows, channel, ts }] as const
      }),
    )
    const announced = Object.fromEntries(posted)
    await table.writeRequest({ ...pending, announced })
    waiting.push({ id, wish, ts: announced['approvals']?.ts ?? '' })
  }
  return waiting
}

type Slack = { url: string; token: string }

async function submit(ports: Ports, catalogue: Catalogue, requestId: RequestId, wish: Wish) {
  const isTable = 'table' in wish
  const submitted = await submitRequest(ports, catalogue, {
    requestId,
    slackUserId: slackIdOf(wish.person),
    entitlementId: isTable ? 'own-table' : 'read-only',
    accountKey: isTable ? 'hub' : `a${wish.accountId[0]}`,
    parameters: isTable ? { table: wish.table } : {},
    durationMinutes: wish.minutes,
    reason: 'One of many',
  })
  const stored = await ports.table.request(requestId)
  if ('problems' in submitted || stored?.status !== 'checking') throw new Error(JSON.stringify(submitted))
  return stored
}

/** Each person's is looked up once for each place; their other requests there would be refused as asked already. */
async function targetOf(ports: Ports, catalogue: Catalogue, request: RequestIn<'checking'>): Promise<Target> {
  const checked = await checkRequest({ ...ports, table: createMemoryTable(ports) }, catalogue, request)
  if ('code' in checked) throw new Error(`${request.id}: ${checked.code} ${checked.note}`)
  return checked.target
}

function mailOf(person: string): string {
  return `${person}@example.com`
}
