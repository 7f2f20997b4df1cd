import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts'
import { createTableIfMissing } from '../../src/adapters/dynamodb/create-table.ts'
import { createDynamoTable } from '../../src/adapters/dynamodb/table.ts'
import type { Instant } from '../../src/core/instant.ts'
import { startSimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { startEmbeddedTable } from '../../src/playground/embedded-table.ts'
import { openJournal } from '../../src/playground/journal.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'
import { createWorldClock } from '../../src/playground/world-clock.ts'
import { aMember, anId, aRequest, aRoster, aSetRequest, at } from '../support/builders.ts'
import { awsVariables, runEntry } from '../support/child.ts'
import { awsSettings } from '../support/start-dynalite.ts'

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** The simulated AWS of the story at 12:00 on 21 November, where a policy of no request is on Alice, and a table. */
async function startSmallWorld() {
  const journal = openJournal()
  const clock = createWorldClock(journal, () => Date.parse('2026-11-21T12:00:00Z'))
  const seed = structuredClone(awsSeed)
  Object.assign(seed.accounts[0]!.users![0]!, {
    inlinePolicies: {
      'curfew-req_00000000000000000009': {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
      },
    },
  })
  const [aws, table] = await Promise.all([startSimulatedAws({ journal, clock, seed }), startEmbeddedTable()])
  const dynamo = createDynamoClient(awsSettings(table.url))
  await createTableIfMissing(dynamo, 'curfew')
  const folder = mkdtempSync(join(tmpdir(), 'curfew-report-'))
  return {
    table: createDynamoTable({
      client: dynamo,
      tableName: 'curfew',
      clock: { now: () => at('12:00'), after: async () => {} },
    }),
    variables: {
      TZ: 'Asia/Tokyo',
      CURFEW_CONFIG: path('infra/curfew.example.yaml'),
      ...awsVariables(aws, table),
    } as Record<string, string>,
    folder,
    aws,
    async close() {
      await Promise.all([aws.close(), table.close()])
      rmSync(folder, { recursive: true })
    },
  }
}

let world: Awaited<ReturnType<typeof startSmallWorld>>
beforeAll(async () => {
  world = await startSmallWorld()
})
afterAll(() => world.close())

/** Runs what `npm run report` runs. */
const report = (args: string[] = [], variables: Record<string, string> = {}) =>
  runEntry('report', args, world.folder, { ...world.variables, ...variables })

/** The lines with their columns, whatever the width. */
const cells = (text: string) => text.split('\n').map(line => line.trim().split(/ {2,}/))

describe('one request', () => {
  it('is told so that a person understands it', async () => {
    const { table } = world
    const announced = {
      approvals: { shows: 'active', channel: 'C0APPROVE', ts: '1.1' },
      asked: { shows: '' },
      active: { shows: 'active', channel: 'D0ALICE', ts: '1.2' },
    }
    const request = aSetRequest('active', {
      id: anId(1),
      reason: 'Look at\nthe \u001b[31mqueue',
      announced,
      expiresAt: at('13:00'),
      retries: { work: { attempts: 3, at: at('12:04'), since: at('11:55'), problem: 'DescribeUser: Rate exceeded' } },
      quietAt: at('12:06'),
    })
    request.history.push({ at: at('11:59'), event: 'work_failed', note: 'DescribeUser: Rate exceeded', count: 3 })
    await table.writeRequest(request)
    await table.writeRoster(aRoster([aMember({ heldBy: { [anId(1)]: at('13:00') } })]))
    const { code, out, err } = await report([anId(1)])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).not.toContain('\u001b')
    const shown = cells(out)
    expect(shown[0]).toEqual(['req_00000000000000000001', 'active'])
    for (const row of [
      ['Who', 'Alice (U0ALICE, alice@example.com)'],
      ['What', 'Production read-only (prod-read-only)'],
      ['Where', 'Production (111111111111), sensitive'],
      ['Gives', 'permission set Curfew-ReadOnly'],
      ['Read any resource in EC2'],
      ['AWS user', 'alice@example.com'],
      ['Why', 'Look at the [31mqueue'],
      ['Ticket', 'OPS-42'],
      ['For', '60 minutes'],
      ['Asked', '2026-11-21 19:00:00 (2026-11-21T10:00:00Z)'],
      ['Approved', '2026-11-21 19:10:00 (2026-11-21T10:10:00Z) by U0BOB'],
      ['Until', '2026-11-21 22:00:00 (2026-11-21T13:00:00Z)'],
      [
        'Ends',
        'Normally ends 2026-11-21 22:00:00 (2026-11-21T13:00:00Z). Sessions already open may last until 2026-11-22 00:00:00 (2026-11-21T15:00:00Z), and the end is not enforced while Curfew is down.',
      ],
      [
        '2026-11-21 19:11:00 (2026-11-21T10:11:00Z)',
        'AWS confirmed Production read-only in Production (111111111111) for Alice (U0ALICE).',
      ],
      [
        '2026-11-21 20:59:00 (2026-11-21T11:59:00Z)',
        'work failed: DescribeUser: Rate exceeded (Production read-only in Production (111111111111) for Alice (U0ALICE)) [3 times; the last at this time]',
      ],
      [
        'Work',
        'failed 3 times since 2026-11-21 20:55:00 (2026-11-21T11:55:00Z), next 2026-11-21 21:04:00 (2026-11-21T12:04:00Z): DescribeUser: Rate exceeded',
      ],
      ['Unheard', 'a call without an answer may still take effect until 2026-11-21 21:06:00 (2026-11-21T12:06:00Z)'],
      ['Message', 'approvals: stands in C0APPROVE, shows active'],
      ['Message', 'asked: not known to be posted'],
      [
        'Roster',
        'alice@example.com is there, held by req_00000000000000000001 until 2026-11-21 22:00:00 (2026-11-21T13:00:00Z)',
      ],
    ]) {
      expect(shown).toContainEqual(row)
    }
    // Its last line of the record is when the unposted message has been owed since.
    expect(shown).toContainEqual(['Next', 'bring Slack up to date, 2026-11-21 20:59:00 (2026-11-21T11:59:00Z)'])
  })

  it('that is over owes nothing', async () => {
    const request = aRequest('refused', { id: anId(2), submittedAt: at('09:00') })
    request.announced = { over: { shows: 'refused', channel: 'D0ALICE', ts: '1.3' } }
    await world.table.writeRequest(request)
    const { out } = await report([anId(2)], { TZ: 'UTC' })
    const shown = cells(out)
    expect(shown[0]).toEqual(['req_00000000000000000002', 'refused'])
    expect(shown).toContainEqual(['Asked', '2026-11-21T09:00:00Z'])
    expect(shown).toContainEqual(['Next', 'nothing: it has come to its end'])
  })

  it('that an operator settled by hand says who, what they did, and that AWS could not confirm it', async () => {
    const settledBy = { userId: 'U0CAROL', reason: 'The account is closed', confirmed: false }
    await world.table.writeRequest(
      aRequest('expired', { id: anId(5), settledBy, submittedAt: '2026-09-30T10:00:00Z' as Instant }),
    )
    const { out } = await report([anId(5)], { TZ: 'UTC' })
    expect(cells(out)).toContainEqual([
      'By hand',
      'U0CAROL removed it (AWS could not confirm that): The account is closed',
    ])
  })

  it('that is not there is said in a line, and ends with 1', async () => {
    expect(await report([anId(77)])).toEqual({
      code: 1,
      out: '',
      err: 'There is no request req_00000000000000000077. npm run report lists the latest.\n',
    })
    expect(await report(['REQ-1'])).toEqual({
      code: 1,
      out: '',
      err: 'REQ-1 is not a request id: those are req_ and 20 letters and digits. Usage: npm run report -- [request id | --strays]\n',
    })
    expect((await report(['--stray'])).err).toMatch(/^Unknown option '--stray'.* Usage: npm run report/)
  })
})

describe('without a request', () => {
  it('the latest of this month and the last are listed, newest first', async () => {
    const { table } = world
    const asked = (day: string) => `${day}T10:00:00Z` as Instant
    await table.writeRequest(aRequest('expired', { id: anId(3), submittedAt: asked('2026-10-02') }))
    await table.writeRequest(aRequest('expired', { id: anId(4), submittedAt: asked('2026-09-30') }))
    const { code, out, err } = await report()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(cells(out.trimEnd())).toEqual([
      ['request', 'status', 'who', 'what', 'where', 'asked', 'until'],
      [
        ...['req_00000000000000000001', 'active', 'Alice', 'Production read-only', 'Production'],
        ...['2026-11-21 19:00:00 (2026-11-21T10:00:00Z)', '2026-11-21 22:00:00 (2026-11-21T13:00:00Z)'],
      ],
      [
        ...['req_00000000000000000002', 'refused', 'Alice', 'One DynamoDB table in Development', 'Development'],
        '2026-11-21 18:00:00 (2026-11-21T09:00:00Z)',
      ],
      [
        ...['req_00000000000000000003', 'expired', 'Alice', 'One DynamoDB table in Development', 'Development'],
        ...['2026-10-02 19:00:00 (2026-10-02T10:00:00Z)', '2026-11-21 20:10:00 (2026-11-21T11:10:00Z)'],
      ],
    ])
  })

  it('an AWS that cannot be reached is said in a line', async () => {
    const { code, out, err } = await report([], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^AWS: GetCallerIdentity: .*ECONNREFUSED.* Check the network, AWS_REGION, .*\n$/)
  })

  it('a table that is not there is said in a line', async () => {
    const { code, err } = await report([], { CURFEW_TABLE: 'other' })
    expect(code).toBe(1)
    expect(err).toBe('CURFEW_TABLE: There is no table other. Set CURFEW_CREATE_TABLE=1 to have it created.\n')
  })
})

it('--strays shows where AWS and the records disagree, with the command that helps', async () => {
  const { code, out, err } = await report(['--strays'])
  expect(err).toBe('Comparing AWS with the records, at most four calls a second …\n')
  const group = world.aws.snapshot().groups[0]!.groupId
  const set = world.aws.snapshot().permissionSets.find(({ name }) => name === 'Curfew-PowerUser')!.arn
  expect(out.split('\n')).toEqual([
    '1 policy that no request holds · 1 grant missing in AWS · 1 group with standing access',
    '',
    'curfew-req_00000000000000000009 on user alice in Jump account (000000000000): no request has this name',
    '    aws iam delete-user-policy --user-name alice --policy-name curfew-req_00000000000000000009',
    '',
    'alice@example.com should have Curfew-ReadOnly in Production (111111111111) (req_00000000000000000001), but AWS does not list them',
    '    aws cloudtrail lookup-events --region ap-northeast-1 --lookup-attributes AttributeKey=EventName,AttributeValue=DeleteAccountAssignment',
    '',
    'Group platform has Curfew-PowerUser in Development (222222222222)',
    `    aws sso-admin delete-account-assignment --region ap-northeast-1 --instance-arn arn:aws:sso:::instance/ssoins-1 --permission-set-arn ${set} --target-type AWS_ACCOUNT --target-id 222222222222 --principal-type GROUP --principal-id ${group}`,
    '',
  ])
  expect(code).toBe(0)
  expect(world.aws.calls().filter(({ operation }) => /^(Put|Delete|Create)/.test(operation))).toEqual([])
}, 60_000)
