import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { until } from '../e2e/support.ts'
import { startBot, startSurroundings } from './bot-support.ts'

vi.setConfig({ maxConcurrency: 3, testTimeout: 30_000 })

type Surroundings = Awaited<ReturnType<typeof startSurroundings>>
let around: Surroundings

/** Takes requests and never answers. */
const mute = createServer(() => {})
let silent: string
let takenPort: number
let closedPort: number

/** Listens on a free port of loopback, and says which. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  around = await startSurroundings()
  takenPort = await listen(mute)
  silent = `http://127.0.0.1:${takenPort}`
  const gone = createServer()
  closedPort = await listen(gone)
  gone.close()
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: around.table.url, region: 'local', credentials })
  await client.send(
    new CreateTableCommand({
      TableName: 'orders',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  client.destroy()
})
afterAll(async () => {
  mute.close()
  mute.closeAllConnections()
  await around.close()
})

/** Variables that differ from those that work; undefined takes one away. */
type Changes = (around: Surroundings) => Record<string, string | undefined>

const overHttp = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'simulated-signing-secret', PORT: '0' }
const nowhere = 'http://127.0.0.1:9'
const checkNetwork = 'Check the network, AWS_REGION, and AWS_ENDPOINT_URL where it is set.'
const checkKeys =
  'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile or role the bot runs with.'

const cases: [what: string, changes: Changes, complaints: string[]][] = [
  [
    'nothing set',
    ({ variables }) => Object.fromEntries(Object.keys(variables).map(name => [name, undefined])),
    [
      'SLACK_BOT_TOKEN: set it to the bot token of your Slack app (xoxb-…)',
      'SLACK_APP_TOKEN: set it to an app-level token with connections:write (xapp-…), or SLACK_SIGNING_SECRET and PORT to take Slack’s requests over HTTP',
      'curfew.yaml  curfew.yaml does not exist. Set CURFEW_CONFIG to your catalogue; infra/curfew.example.yaml is one to start from.',
      'AWS_REGION: set it to the region of your table.',
    ],
  ],
  [
    'odd values',
    () => ({
      SLACK_BOT_TOKEN: 'xoxp-1',
      SLACK_API_URL: 'slack',
      CURFEW_CREATE_TABLE: 'yes',
      CURFEW_SWEEP_SECONDS: '0',
    }),
    [
      'SLACK_API_URL: write a whole URL, such as https://slack.com/api/',
      'SLACK_BOT_TOKEN: a bot token begins with xoxb- and has no spaces; this is something else',
      'CURFEW_CREATE_TABLE: write 1 to create the table when it is missing, or leave it out',
      'CURFEW_SWEEP_SECONDS: write a number of seconds from 1 to 300',
    ],
  ],
  [
    'an invalid catalogue, a wrong token, no table and no AWS, all at once',
    ({ catalogue }) => ({
      CURFEW_CONFIG: catalogue('C0APPROVE', 'approvals'),
      SLACK_BOT_TOKEN: 'xoxb-wrong',
      CURFEW_CREATE_TABLE: undefined,
      AWS_ENDPOINT_URL: nowhere,
    }),
    [
      expect.stringMatching(/curfew\.yaml:\d+ {2}slack\.approvalsChannel: /),
      'SLACK_BOT_TOKEN: Slack says invalid_auth. Copy the Bot User OAuth Token from OAuth & Permissions of your Slack app.',
      `AWS: GetCallerIdentity: connect ECONNREFUSED 127.0.0.1:9. ${checkNetwork}`,
      'CURFEW_TABLE: There is no table curfew. Set CURFEW_CREATE_TABLE=1 to have it created.',
    ],
  ],
  [
    'a wrong app-level token',
    () => ({ SLACK_APP_TOKEN: 'xapp-wrong' }),
    [
      'SLACK_APP_TOKEN: Slack says invalid_auth. Make an app-level token with connections:write under Basic Information of your Slack app.',
    ],
  ],
  [
    'scopes that are missing',
    ({ poorSlack }) => ({ SLACK_API_URL: poorSlack.url }),
    [
      'SLACK_BOT_TOKEN: the token lacks users:read.email, usergroups:read. Add what is missing under OAuth & Permissions of your Slack app, then reinstall the app.',
    ],
  ],
  [
    'the token of another workspace',
    ({ catalogue }) => ({ CURFEW_CONFIG: catalogue('T0001', 'T0002') }),
    [
      'SLACK_BOT_TOKEN: the token is of the workspace Example (T0001), slack.team of the catalogue is T0002. Correct whichever is wrong.',
    ],
  ],
  [
    'a channel that is not there and one that is archived',
    ({ catalogue }) => ({ CURFEW_CONFIG: catalogue('C0APPROVE', 'C0NONE', 'C0ALERT', 'C0OLD') }),
    [
      'slack.approvalsChannel: there is no channel C0NONE, or it is private and the bot is not in it. Type /invite @curfew in it, or correct the catalogue.',
      'slack.alertsChannel: C0OLD (#old) is archived. Choose another channel.',
    ],
  ],
  [
    'a channel shared with another organisation and one the bot is not in',
    ({ catalogue }) => ({ CURFEW_CONFIG: catalogue('C0APPROVE', 'C0SHARED', 'C0ALERT', 'C0GENERAL') }),
    [
      'slack.approvalsChannel: C0SHARED (#with-a-partner) is shared with another organisation. Choose a channel of your own workspace.',
      'slack.alertsChannel: the bot is not in C0GENERAL (#general). Type /invite @curfew in it, or correct the catalogue.',
    ],
  ],
  [
    'an unreachable Slack, said once',
    () => ({ SLACK_API_URL: `http://127.0.0.1:${closedPort}/api/` }),
    [
      expect.stringMatching(
        /^Slack cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\. Check the network, and SLACK_API_URL where it is set\.$/,
      ),
    ],
  ],
  [
    'a Slack and an AWS that never answer',
    () => ({ SLACK_API_URL: `${silent}/api/`, AWS_ENDPOINT_URL: silent }),
    [
      'Slack: no answer within 5 s. Check the network, and SLACK_API_URL where it is set.',
      `AWS: no answer within 5 s. ${checkNetwork}`,
    ],
  ],
  [
    'AWS credentials that AWS does not know',
    () => ({ AWS_ACCESS_KEY_ID: 'AKIAWRONG' }),
    [`AWS: GetCallerIdentity: The security token included in the request is invalid. ${checkKeys}`],
  ],
  [
    'no AWS credentials',
    () => ({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }),
    [
      `AWS: GetCallerIdentity: Could not load credentials from any providers. ${checkKeys}`,
      `DynamoDB: The table did not answer: Could not load credentials from any providers. ${checkKeys}`,
    ],
  ],
  [
    'an unreachable DynamoDB',
    () => ({ AWS_ENDPOINT_URL_DYNAMODB: nowhere }),
    [`DynamoDB: The table did not answer: connect ECONNREFUSED 127.0.0.1:9. ${checkNetwork}`],
  ],
  [
    'a table that was made for something else',
    () => ({ CURFEW_TABLE: 'orders' }),
    [
      'CURFEW_TABLE: The table orders has the keys id (HASH); it needs pk (HASH), sk (RANGE). The table orders has no index due. The table orders has no index person. The table orders has no index month. If it is not Curfew’s, set CURFEW_TABLE to another name, and CURFEW_CREATE_TABLE=1.',
    ],
  ],
  [
    'a port that is taken',
    () => ({ ...overHttp, PORT: String(takenPort) }),
    [expect.stringMatching(/^PORT: another process listens on \d+ already\. Stop it, or set PORT to another port\.$/)],
  ],
]

describe('npm run bot does not start, and says why and what to do, with', { concurrent: true }, () => {
  it.for(cases)('%s', async ([, changes, complaints]) => {
    const variables = { ...around.variables, ...changes(around) }
    const given = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const startedAt = performance.now()
    const bot = startBot(Object.fromEntries(given))
    const code = await bot.ended
    expect(bot.complained).toEqual(complaints)
    expect(bot.said).toEqual([])
    expect(code).toBe(1)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})

describe('npm run bot', () => {
  it('takes Slack’s requests over HTTP where there is no app-level token, and ends well on SIGTERM', async () => {
    const given = Object.entries({ ...around.variables, ...overHttp, CURFEW_TABLE: 'over-http' })
    const bot = startBot(Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined)))
    const ready = await until('the bot is ready', () => bot.said.find(line => line.includes('"event":"ready"')))
    const { mode, port } = JSON.parse(ready)
    expect(mode).toBe('http')
    const health = await fetch(`http://127.0.0.1:${port}/healthz`)
    expect([health.status, await health.text()]).toEqual([200, 'ok'])

    around.slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`)
    const typed = await around.slack.command({ userId: 'U0ALICE', channelId: 'C0GENERAL', command: '/request-access' })
    expect(typed).toEqual({ ok: true })
    bot.kill('SIGTERM')
    expect(await bot.ended).toBe(0)
    expect(bot.complained).toEqual([])
  })
})
