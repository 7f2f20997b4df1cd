import { expect, it } from 'vitest'
import { dev, hub, prod, seed, startTestAws } from './support.ts'

const [alice, bob] = seed.people as [(typeof seed.people)[number], (typeof seed.people)[number]]

it('the portal offers what is assigned, directly or through a group', async () => {
  const { aws } = await startTestAws()
  expect(aws.waysIn({ person: bob, accountId: prod })).toEqual([{ kind: 'portal', permissionSet: 'Operator' }])
  expect(aws.waysIn({ person: alice, accountId: prod })).toEqual([])
})

it('a role is a way in for whom its trust and their own policies let in, under their own name', async () => {
  const from = structuredClone(seed)
  const trust = (account: string) => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow' as const,
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } },
    },
  })
  const roles = from.accounts.find(({ id }) => id === dev)?.roles
  roles?.push(
    { name: 'Dev', trust: trust(hub) },
    { name: 'Other', trust: trust(hub) },
    { name: 'Far', trust: trust(prod) },
  )
  const user = from.accounts.find(({ id }) => id === hub)?.users?.find(({ name }) => name === 'alice')
  const enter = ['Dev', 'Far'].map(name => `arn:aws:iam::${dev}:role/${name}`)
  if (user)
    user.inlinePolicies = { enter: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: enter } } }
  const { aws } = await startTestAws(undefined, from)
  expect(aws.waysIn({ person: alice, accountId: dev })).toEqual([
    { kind: 'role', role: 'Dev', roleArn: `arn:aws:iam::${dev}:role/Dev` },
  ])
})
