import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { allServices, readActionFacts } from '../../src/adapters/iam-data/action-facts.ts'
import { neededScopes } from '../../src/adapters/slack/scopes.ts'
import { parseCatalogue } from '../../src/entry/catalogue.ts'
import { botPolicy, memberRole } from '../../src/playground/story-infra.ts'

const infra = (file: string) => readFileSync(new URL(`../../infra/${file}`, import.meta.url), 'utf8')
const bot = 'arn:aws:iam::000000000000:role/curfew-bot'

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
        { Sid: 'ListUsers', Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' },
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
      ],
    })
  })

  it('lets it put them on any named user elsewhere', () => {
    const { Statement } = memberRole('222222222222', bot, false).inlinePolicies?.['curfew'] ?? { Statement: [] }
    const put = [Statement].flat().find(({ Sid }) => Sid === 'PutPolicies')
    expect(put?.Action).toBe('iam:PutUserPolicy')
    expect(put).not.toHaveProperty('Condition')
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
