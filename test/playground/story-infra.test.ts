import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { allServices, readActionFacts } from '../../src/adapters/iam-data/action-facts.ts'
import { neededScopes } from '../../src/adapters/slack/scopes.ts'
import { parseCatalogue } from '../../src/entry/catalogue.ts'
import { botPolicy, memberRole } from '../../src/playground/story-infra.ts'

const infra = (file: string) => readFileSync(new URL(`../../infra/${file}`, import.meta.url), 'utf8')
const bot = 'arn:aws:iam::000000000000:role/curfew-bot'

/** However many roles are named: the role never adds to its own rights. */
const neverItself = (accountId: string) => ({
  Sid: 'NeverItself',
  Effect: 'Deny',
  Action: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  Resource: `arn:aws:iam::${accountId}:role/curfew-member`,
})

describe('what infra/ gives to deploy', () => {
  it('lets the member role put policies in a sensitive account only under the ceiling, and take them away always', () => {
    const role = memberRole('111111111111', bot, true)
    expect(role.name).toBe('curfew-member')
    expect(role.trust).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: bot }, Action: 'sts:AssumeRole' }],
    })
    expect(role.inlinePolicies?.['curfew']).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadUsers',
          Effect: 'Allow',
          Action: ['iam:GetUser', 'iam:ListUserPolicies', 'iam:GetUserPolicy', 'iam:SimulatePrincipalPolicy'],
          Resource: 'arn:aws:iam::111111111111:user/*',
        },
        {
          Sid: 'ReadRoles',
          Effect: 'Allow',
          Action: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:GetRolePolicy', 'iam:SimulatePrincipalPolicy'],
          Resource: 'arn:aws:iam::111111111111:role/*',
        },
        { Sid: 'List', Effect: 'Allow', Action: ['iam:ListUsers', 'iam:ListRoles'], Resource: '*' },
        { Sid: 'ReadWhoEntered', Effect: 'Allow', Action: 'cloudtrail:LookupEvents', Resource: '*' },
        {
          Sid: 'PutPolicies',
          Effect: 'Allow',
          Action: 'iam:PutUserPolicy',
          Resource: 'arn:aws:iam::111111111111:user/*',
          Condition: { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::111111111111:policy/curfew/ceiling' } },
        },
        {
          Sid: 'RemovePolicies',
          Effect: 'Allow',
          Action: 'iam:DeleteUserPolicy',
          Resource: 'arn:aws:iam::111111111111:user/*',
        },
        {
          Sid: 'ReadLeashes',
          Effect: 'Allow',
          Action: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListPolicyVersions'],
          Resource: 'arn:aws:iam::111111111111:policy/curfew/leash-*',
        },
        {
          Sid: 'PublishLeashes',
          Effect: 'Allow',
          Action: ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion'],
          Resource: 'arn:aws:iam::111111111111:policy/curfew/leash-*',
        },
        neverItself('111111111111'),
      ],
    })
  })

  it('lets it put them on any named user elsewhere', () => {
    const { Statement } = memberRole('222222222222', bot, false).inlinePolicies?.['curfew'] ?? { Statement: [] }
    const put = [Statement].flat().find(({ Sid }) => Sid === 'PutPolicies')
    expect(put?.Action).toBe('iam:PutUserPolicy')
    expect(put).not.toHaveProperty('Condition')
  })

  it('lets it write on the roles that are named, and on none where none is', () => {
    const statementsFor = (sensitive: boolean, path?: string) =>
      [memberRole('222222222222', bot, sensitive, path).inlinePolicies?.['curfew']?.Statement ?? []].flat()
    expect(statementsFor(true, 'team/*').slice(-3)).toEqual([
      {
        Sid: 'PutRolePolicies',
        Effect: 'Allow',
        Action: 'iam:PutRolePolicy',
        Resource: 'arn:aws:iam::222222222222:role/team/*',
        Condition: { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/curfew/ceiling' } },
      },
      {
        Sid: 'RemoveRolePolicies',
        Effect: 'Allow',
        Action: 'iam:DeleteRolePolicy',
        Resource: 'arn:aws:iam::222222222222:role/team/*',
      },
      neverItself('222222222222'),
    ])
    expect(statementsFor(false, 'Dev').at(-3)).not.toHaveProperty('Condition')
    const actions = statementsFor(false).flatMap(({ Effect, Action }) =>
      Effect === 'Allow' ? [Action ?? []].flat() : [],
    )
    expect(actions.filter(action => /(Put|Delete)Role/.test(action))).toEqual([])
  })

  it('gives the bot no rights in IAM, and assignments only in the accounts of the example catalogue', async () => {
    const actions = [botPolicy.Statement].flat().flatMap(({ Action }) => [Action ?? []].flat())
    expect(actions.filter(action => action.startsWith('iam:') || action.includes('*'))).toEqual([])
    const facts = await readActionFacts(await allServices())
    const parsed = parseCatalogue(infra('curfew.example.yaml'), 'curfew.example.yaml', facts)
    if ('problems' in parsed) throw new Error('the example has problems')
    const sets = Object.values(parsed.catalogue.entitlements).filter(({ grants }) => grants.kind === 'permissionSet')
    const accounts = sets.flatMap(set => set.accounts.map(key => parsed.catalogue.accounts[key]?.id))
    const assigned = [botPolicy.Statement].flat().find(({ Sid }) => Sid?.startsWith('Assign'))?.Resource ?? []
    const inPolicy = [assigned].flat().flatMap(arn => arn.match(/:account\/(\d+)$/)?.[1] ?? [])
    expect(inPolicy.sort()).toEqual([...new Set(accounts)].sort())
  })

  it('asks Slack for the scopes the bot needs and no others', () => {
    const manifest = parse(infra('slack-manifest.yaml'))
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...neededScopes].sort())
  })
})
