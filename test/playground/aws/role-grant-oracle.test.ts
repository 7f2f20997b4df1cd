// Whether a grant on a role that many share is for one of them, asked of our evaluator and of an independent one. That
// package, iam-simulate, is AGPL: it is a dependency of the tests only and nothing that ships may import it.
import { runSimulation } from '@cloud-copilot/iam-simulate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyTarget } from '../../../src/core/access-request.ts'
import { renderPolicy } from '../../../src/core/inline-policy.ts'
import { flawInTrust } from '../../../src/core/trust-policy.ts'
import type { Context } from '../../../src/playground/aws/context.ts'
import { evaluate } from '../../../src/playground/aws/evaluator.ts'
import type { PolicyDocument } from '../../../src/playground/aws/policy.ts'
import { anEntryRequest, aRoleRequest, at } from '../../support/builders.ts'

const table = 'arn:aws:dynamodb:eu-west-1:222222222222:table/orders'

function targetOf({ target }: { target: PolicyTarget | { kind: 'permissionSet' } }): PolicyTarget {
  if (target.kind === 'permissionSet') throw new Error('not a policy')
  return target
}

/** Alice's grant on Dev: from 10:10 to 11:10, for sessions since 10:10:20, when the trust policy was seen pinned. */
const grant = renderPolicy(targetOf(aRoleRequest('active')), at('10:10'), at('11:10'))
/** Alice may enter Admin from 10:10 to 11:10. */
const entry = renderPolicy(targetOf(anEntryRequest('active')), at('10:10'), at('11:10'))

type Asked = { principal: string; action: string; resource: string; context: Context; trust?: PolicyDocument }

async function both(policy: PolicyDocument, { principal, action, resource, context, trust }: Asked) {
  const [, , , , accountId = ''] = resource.split(':')
  const answer = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId }, contextVariables: context },
      identityPolicies: [{ name: 'policy', policy }],
      ...(trust && { resourcePolicy: trust }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  if (answer.resultType !== 'single') throw new Error(JSON.stringify(answer))
  return answer.overallResult === 'Allowed'
}

const session = (name: string, overrides: Context = {}): Asked => ({
  principal: `arn:aws:sts::222222222222:assumed-role/Dev/${name}`,
  action: 'dynamodb:PutItem',
  resource: table,
  context: {
    'aws:CurrentTime': at('10:30'),
    'aws:TokenIssueTime': at('10:20'),
    'aws:userid': `AROADEV00000000000001:${name}`,
    ...overrides,
  },
})

describe('a grant on a shared role', () => {
  const cases: [rule: string, asked: Asked, allowed: boolean][] = [
    ["is good for Alice's session", session('alice'), true],
    [
      'and for one as old as the look at the trust policy',
      session('alice', { 'aws:TokenIssueTime': at('10:10:20') }),
      true,
    ],
    ["not for Bob's", session('bob'), false],
    ['not for a name in other letters', session('Alice'), false],
    ['not for a name that begins alike', session('alice.b'), false],
    ['not for alice on a role made anew', session('alice', { 'aws:userid': 'AROADEV00000000000002:alice' }), false],
    [
      'not for a session that Bob called alice eight hours before names were pinned',
      session('alice', { 'aws:TokenIssueTime': '2026-11-21T02:10:20Z' }),
      false,
    ],
    ['not for one a second before the look', session('alice', { 'aws:TokenIssueTime': '2026-11-21T10:10:19Z' }), false],
    ['not before its time', session('alice', { 'aws:CurrentTime': '2026-11-21T10:09:59Z' }), false],
    ['not at its end', session('alice', { 'aws:CurrentTime': at('11:10') }), false],
    ['not for something else', { ...session('alice'), action: 'dynamodb:DeleteTable' }, false],
  ]
  it.each(cases)('%s', async (_rule, asked, allowed) => {
    expect(await both(grant, asked)).toBe(allowed)
    const { action, resource, context } = asked
    expect(evaluate({ identityPolicies: [grant], action, resource, context }).allowed).toBe(allowed)
  })

  it('is no use to long-term keys, which have no time of issue', async () => {
    const { 'aws:TokenIssueTime': _, ...context } = session('alice').context
    expect(await both(grant, { ...session('alice'), context })).toBe(false)
  })

  it('gives nobody else anything, whatever they are called and whenever they came', async () => {
    const name = fc.oneof(
      fc.constantFrom('bob', 'ALICE', 'alice*', 'alic?', `\${aws:username}`, ''),
      fc.stringMatching(/^[\w+=,.@-]{2,12}$/),
    )
    const property = fc.asyncProperty(name, fc.nat(120), async (sessionName, minutes) => {
      fc.pre(sessionName !== 'alice')
      const now = `2026-11-21T${String(10 + Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00Z`
      const asked = session(sessionName, { 'aws:CurrentTime': now })
      expect(await both(grant, asked)).toBe(false)
    })
    await fc.assert(property, { numRuns: 300, seed: 20_261_121 })
  })
})

describe('the trust policy that Curfew asks for', () => {
  const pinned: PolicyDocument = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000000:root' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } },
    },
  }
  const mayEnter: PolicyDocument = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
  }
  const enters = (user: string, sessionName: string): Asked => ({
    principal: `arn:aws:iam::000000000000:user/${user}`,
    action: 'sts:AssumeRole',
    resource: 'arn:aws:iam::222222222222:role/Dev',
    context: { 'aws:username': user, 'sts:RoleSessionName': sessionName },
    trust: pinned,
  })

  it('lets everybody in as themselves, and Bob not as alice', async () => {
    expect(
      flawInTrust(JSON.stringify(pinned), { jumpAccount: '000000000000', userName: 'alice', federation: [] }),
    ).toBeUndefined()
    expect(await both(mayEnter, enters('alice', 'alice'))).toBe(true)
    expect(await both(mayEnter, enters('bob', 'bob'))).toBe(true)
    expect(await both(mayEnter, enters('bob', 'alice'))).toBe(false)
  })

  it('lets nobody in who came through another role, since they have no user name', async () => {
    const { 'aws:username': _, ...context } = enters('x', 'alice').context
    const principal = 'arn:aws:sts::000000000000:assumed-role/other/alice'
    expect(await both(mayEnter, { ...enters('x', 'alice'), principal, context })).toBe(false)
  })
})

describe('a grant to enter a role', () => {
  const enters = (overrides: Context = {}, resource = 'arn:aws:iam::111111111111:role/Admin'): Asked => ({
    principal: 'arn:aws:iam::000000000000:user/alice',
    action: 'sts:AssumeRole',
    resource,
    context: {
      'aws:CurrentTime': at('10:30'),
      'aws:MultiFactorAuthPresent': 'true',
      'sts:RoleSessionName': 'alice',
      ...overrides,
    },
  })
  const cases: [rule: string, asked: Asked, allowed: boolean][] = [
    ['is good for her own name and with MFA', enters(), true],
    ['not without MFA', enters({ 'aws:MultiFactorAuthPresent': 'false' }), false],
    ['not under another name', enters({ 'sts:RoleSessionName': 'bob' }), false],
    ['not at its end', enters({ 'aws:CurrentTime': at('11:10') }), false],
    ['not for another role', enters({}, 'arn:aws:iam::111111111111:role/Admin2'), false],
    ['not for the same role elsewhere', enters({}, 'arn:aws:iam::222222222222:role/Admin'), false],
    ['not for anything else of STS', { ...enters(), action: 'sts:TagSession' }, false],
  ]
  it.each(cases)('%s', async (_rule, asked, allowed) => {
    const { action, resource, context } = asked
    // What the role's own trust policy says is left out: in the account of the role it is asked as well.
    const trust: PolicyDocument = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'sts:*' },
    }
    expect(await both(entry, { ...asked, trust })).toBe(allowed)
    expect(evaluate({ identityPolicies: [entry], action, resource, context }).allowed).toBe(allowed)
  })
})
