import type { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { expect, test } from 'vitest'
import { findSetContent, readSetContent } from '../../../src/adapters/aws/permission-set-content.ts'
import { startDeadline } from '../../../src/adapters/aws/send.ts'
import { doubleOf, startAws } from './support.ts'

const set = {
  InstanceArn: 'arn:aws:sso:::instance/ssoins-1',
  PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
}

test('all that a set is made of is read', async () => {
  const { assignments } = await startAws()
  const found = await assignments.findPermissionSet('Operator')
  expect(found?.content).toEqual({
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    sessionMinutes: 240,
    managed: ['arn:aws:iam::aws:policy/SecurityAudit', 'arn:aws:iam::aws:policy/ViewOnlyAccess'],
    customer: ['/team/deploy'],
    boundary: '/curfew/leash-Operator',
    inline: '{"Statement":{"Action":["dynamodb:*"],"Effect":"Allow","Resource":"*"},"Version":"2012-10-17"}',
    words: {
      lines: [
        expect.objectContaining({ en: 'Read settings that matter for security' }),
        expect.objectContaining({ en: 'See what is in the account, not the data' }),
        expect.objectContaining({ en: 'And 2 more; see the policy' }),
      ],
      careful: expect.objectContaining({ en: expect.stringContaining('on any resource') }),
    },
    // Its resource policy may name others, and its changes may flow into a stream.
    afterEnd: { escapes: ['dynamodb:*'], lasts: ['dynamodb:*'], opens: [], unread: ['/team/deploy'] },
  })
  expect(await assignments.permissionSetContent(found?.permissionSetArn ?? '')).toEqual(found?.content)
  const gone = 'arn:aws:sso:::permissionSet/ssoins-1/ps-0000000000000000'
  expect(await assignments.permissionSetContent(gone)).toBeUndefined()
})

/** The content of a set with these policies; a boundary is answered as AWS does where there is none. */
function contentOf(inline: string, managed: string[] = [], sessionMinutes = 60) {
  const ssoAdmin = doubleOf<SSOAdminClient>(({ operation, input }) => {
    if (operation === 'GetInlinePolicyForPermissionSet') return { InlinePolicy: inline }
    if (operation === 'GetPermissionsBoundaryForPermissionSet') {
      throw Object.assign(new Error('none'), { name: 'ResourceNotFoundException' })
    }
    if (operation !== 'ListManagedPoliciesInPermissionSet') return {}
    // One to a page.
    const index = Number(input['NextToken'] ?? 0)
    const more = index + 1 < managed.length ? { NextToken: String(index + 1) } : {}
    return { AttachedManagedPolicies: managed.slice(index, index + 1).map(Arn => ({ Arn })), ...more }
  })
  return readSetContent(ssoAdmin, set, sessionMinutes, startDeadline())
}

const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'

test('the same set has the same hash however AWS writes it', async () => {
  const { hash } = await contentOf(policy, ['arn:b', 'arn:a'])
  const spelled =
    '{ "Statement": [{ "Resource": "*", "Action": "s3:GetObject", "Effect": "Allow" }], "Version": "2012-10-17" }'
  expect((await contentOf(spelled, ['arn:a', 'arn:b'])).hash).toBe(hash)
})

test.each([
  ['an action', policy.replace('Get', 'Put'), [], 60],
  ['a condition', policy.replace('}]', ',"Condition":{"Bool":{"aws:SecureTransport":"true"}}}]'), [], 60],
  ['a managed policy', policy, ['arn:aws:iam::aws:policy/ReadOnlyAccess'], 60],
  ['the session duration', policy, [], 720],
  ['no inline policy', '', [], 60],
])('another hash: %s', async (_, inline, managed, minutes) => {
  const { hash } = await contentOf(policy)
  expect((await contentOf(inline, managed, minutes)).hash).not.toBe(hash)
})

test('a set without anything has no inline policy and gives nothing', async () => {
  const content = await contentOf('')
  expect(content).not.toHaveProperty('inline')
  expect(content).not.toHaveProperty('boundary')
  expect(content.words.lines.map(({ en }) => en)).toEqual(['Nothing'])
})

test.each([
  'not JSON',
  '{"Statement":[{"Effect":"Maybe"}]}',
])('what cannot be read is kept and said so: %s', async inline => {
  const content = await contentOf(inline)
  expect(content.inline).toBe(inline)
  expect(content.words.lines.map(({ en }) => en)).toEqual(['An inline policy that Curfew does not understand'])
})

test('exceptions and conditions are said to be there', async () => {
  const statements = [
    { Effect: 'Allow', NotAction: ['iam:*'], NotResource: 'arn:aws:s3:::vault/*' },
    { Effect: 'Deny', Action: '*', Resource: '*' },
  ]
  const { words } = await contentOf(JSON.stringify({ Statement: statements }))
  expect(words.lines.map(({ en }) => en)).toEqual([
    'Everything in the account with exceptions (NotAction)',
    'With exceptions or conditions; see the policy',
  ])
})

test('a fault on the way is thrown, not read as nothing', async () => {
  const ssoAdmin = doubleOf<SSOAdminClient>(({ operation }) => {
    if (operation === 'DescribePermissionSet') return { PermissionSet: { SessionDuration: 'PT1H' } }
    throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })
  })
  await expect(findSetContent(ssoAdmin, set, startDeadline())).rejects.toMatchObject({ code: 'throttled' })
})
