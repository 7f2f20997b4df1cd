import { describe, expect, it } from 'vitest'
import type { AwsSeed } from '../../src/playground/aws/seed.ts'
import type { SimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { check } from './check-support.ts'

const dev = 'arn:aws:iam::222222222222:role/Dev'
const reading = 'Reading who entered Dev in Development (222222222222), two pages a second …\n'

/** Whoever may enter Dev names their session as they like, and so may a machine. */
function loosen(seed: AwsSeed) {
  const role = seed.accounts.flatMap(({ roles = [] }) => roles).find(({ name }) => name === 'Dev')
  const principals = { AWS: ['arn:aws:iam::000000000000:root', 'arn:aws:iam::222222222222:root'] }
  Object.assign(role ?? {}, {
    trust: { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: principals, Action: 'sts:AssumeRole' } },
  })
  const mayEnter = {
    team: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: dev } },
  } as const
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service: 'x' }, Action: '*' },
  } as const
  for (const { id, users, roles } of seed.accounts) {
    if (id === '000000000000') roles?.push({ name: 'ci', trust, inlinePolicies: mayEnter })
    if (id === '222222222222') {
      Object.assign(seed.accounts.find(one => one.id === id) ?? {}, {
        users: [...(users ?? []), { name: 'local', inlinePolicies: mayEnter }],
      })
    }
  }
  seed.accessKeys.push({ accessKeyId: 'AKIASIMULATEDMACHINE', principalArn: 'arn:aws:iam::000000000000:role/ci' })
}

function enter({ aws }: { aws: SimulatedAws }) {
  const hub = (userName: string) => ({ accountId: '000000000000', userName })
  const as = (accessKeyId: string, sessionName: string) =>
    aws.assumeRole({ as: { accessKeyId }, roleArn: dev, sessionName })
  aws.switchRole({ ...hub('alice'), roleArn: dev })
  aws.switchRole({ ...hub('alice'), roleArn: dev })
  const bob = aws.userSession(hub('bob')).accessKeyId
  as(bob, 'AWS-CLI-session-1763712000')
  as(bob, 'AWS-CLI-session-1763712001')
  as(bob, 'botocore-session-1763712002')
  as('AKIASIMULATEDMACHINE', 'build')
  as(aws.userSession({ accountId: '222222222222', userName: 'local' }).accessKeyId, 'local')
}

const pin = ['--live', '--pin', 'Dev']

describe.concurrent('npm run check -- --live --pin', () => {
  it('lists who entered a role, and what a pin would ask of each', async () => {
    const { code, out, err, aws } = await check(pin, { change: loosen, before: enter })
    expect(out).toEqual([
      'Who entered Dev in Development (222222222222) in the last 90 days (CloudTrail of ap-northeast-1, us-east-1; who asked STS in another region is not in it),',
      `and what pinning sts:RoleSessionName to \${aws:username} would ask of them:`,
      '',
      '     who                         times  last                  as                                     before the pin',
      '  ✗  user local of 222222222222  1      2026-11-21T12:00:00Z  local                                  cannot enter by such a statement: not a user of the jump account',
      '  ✗  role ci of 000000000000     1      2026-11-21T12:00:00Z  build                                  cannot enter by such a statement: not an IAM user',
      '  ·  user bob                    3      2026-11-21T12:00:00Z  botocore-session-…, AWS-CLI-session-…  role_session_name = bob in the CLI profile',
      '  ✓  user alice                  2      2026-11-21T12:00:00Z  alice                                  nothing to do',
      '',
      'In the console the name is right by itself; the CLI makes one up unless its profile says it.',
      'Who cannot enter by such a statement needs a role of their own.',
      '',
    ])
    expect({ code, err }).toEqual({ code: 0, err: reading })
    expect(aws.calls().filter(({ operation }) => !/^(Get|List|Describe|Lookup|AssumeRole$)/.test(operation))).toEqual(
      [],
    )
  }, 120_000)

  it('says so when nobody entered', async () => {
    const { code, out } = await check(pin)
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        'Nobody entered Dev in Development (222222222222) in the last 90 days (CloudTrail of ap-northeast-1, us-east-1; who asked STS in another region is not in it).',
        '',
      ],
    })
  }, 120_000)

  it('shows ids where names cannot be read, and says what could not', async () => {
    const { code, out, err } = await check(pin, {
      change: loosen,
      before(world) {
        enter(world)
        world.aws.faults.add({ match: 'ListUsers', kind: 'fail' })
      },
    })
    expect(code).toBe(1)
    expect(out.filter(line => line.includes('role_session_name'))).toEqual([
      expect.stringMatching(
        / {2}· {2}user AIDA\w+ of 000000000000 .* role_session_name = <their user name> in the CLI profile$/,
      ),
      expect.stringMatching(
        / {2}· {2}user AIDA\w+ of 000000000000 .* role_session_name = <their user name> in the CLI profile$/,
      ),
    ])
    expect(err.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^Names of users and roles in 000000000000: ListUsers: /),
      expect.stringMatching(/^Names of users and roles in 222222222222: ListUsers: /),
      '',
    ])
  }, 120_000)

  it('needs to know where the role is', async () => {
    const usage =
      'Usage: npm run check -- [file] [--ceiling | --live [--from <permission set> | --pin <role> [--account <key>]]]\n'
    expect((await check(['--live', '--pin', 'Ops'])).err).toBe(
      `Say with --account where Ops is: hub, dev, prod. ${usage}`,
    )
    expect((await check([...pin, '--account', 'test'])).err).toBe(
      `There is no account test; the catalogue has hub, dev, prod. ${usage}`,
    )
    const { code, err } = await check(['--live', '--pin', 'Ops', '--account', 'prod'])
    expect(code).toBe(1)
    expect(err).toContain('\nProduction (111111111111) has no role Ops.\n')
  }, 120_000)
})
