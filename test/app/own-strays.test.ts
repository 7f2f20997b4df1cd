import { beforeEach, expect, it } from 'vitest'
import { ownStrays } from '../../src/app/own-strays.ts'
import type { AuditRecord } from '../../src/core/audit.ts'
import type { RequestId } from '../../src/core/ids.ts'
import type { Comparison, StrayPolicy } from '../../src/core/reconcile.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { anId, at } from '../support/builders.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

const day = '2026-11-22'
const alices = '222222222222/alice/curfew-req_00000000000000000001'
const strayOf = (because: StrayPolicy['because'], name = 'alice'): StrayPolicy => ({
  kind: 'stray_policy',
  because,
  accountId: '222222222222',
  principal: 'user',
  name,
  policyName: 'curfew-req_00000000000000000001',
})
/** Ids in the order in which names are first seen. */
const ids = () => {
  const seen: string[] = []
  return (name: string): RequestId => {
    if (!seen.includes(name)) seen.push(name)
    return anId(100 + seen.indexOf(name))
  }
}
const idOf = ids()
const own = (...findings: Comparison['findings']) =>
  ownStrays({ ...bench.ports, idOf }, bench.catalogue, { findings, unread: [] }, day)

/** Alice's request has ended, and somebody put its policy back. */
async function strayOfAlice() {
  await bench.submit()
  await bench.run()
  await bench.click('approve', 'U0BOB')
  await bench.run(1)
  const [[name, document] = []] = bench.aws.policies
  bench.clock.set(at('11:00:30'))
  await bench.run(1)
  expect((await bench.request()).status).toBe('expired')
  if (name && document) bench.aws.policies.set(name, document)
  const { findings } = await own(strayOf('expired'))
  const [found] = findings
  const id = found && 'endBy' in found ? found.endBy : undefined
  if (!id) throw new Error('not owned')
  return id
}

it('a stray is removed when an operator ends it, and its ended request stays as it is', async () => {
  const id = await strayOfAlice()
  await bench.run(60)
  expect([...bench.aws.policies.keys()]).toEqual([alices])
  await bench.click('end', 'U0CAROL', { request: id })
  await bench.run(2)
  expect([...bench.aws.policies.keys()]).toEqual([])
  expect(await bench.request(id)).toMatchObject({ status: 'revoked', endedBy: 'U0CAROL' })
  const { status, history } = await bench.request()
  expect(status).toBe('expired')
  expect(history.filter(({ event }) => event === 'ending')).toHaveLength(1)
})

it('tells operators alone, in one message that follows it', async () => {
  const id = await strayOfAlice()
  await bench.click('end', 'U0CAROL', { request: id })
  await bench.run(2)
  const messages = bench.slack.messages.filter(({ name }) => name.startsWith(id))
  expect(messages).toMatchObject([{ name: `${id} alert` }])
  expect(messages[0]?.shows.at(-1)).toBe('revoked')
})

it('nobody else ends a stray, and they are told so', async () => {
  const id = await strayOfAlice()
  for (const userId of ['U0BOB', 'U0ALICE']) await bench.click('end', userId, { request: id })
  await bench.click('end', 'U0CAROL', { request: id, teamId: 'T0OTHER' })
  await bench.run(2)
  const { status, history } = await bench.request(id)
  expect(status).toBe('stray')
  expect(history.flatMap(({ event, by, note }) => (event === 'end_refused' ? [`${by} ${note}`] : []))).toEqual([
    'U0BOB not_an_operator',
    'U0ALICE not_an_operator',
    'U0CAROL not_a_member',
  ])
  expect([...bench.aws.policies.keys()]).toEqual([alices])
})

it('written again on the same day it is the same item, and one that was ended stays so', async () => {
  const id = await strayOfAlice()
  await bench.click('end', 'U0CAROL', { request: id })
  await bench.run(2)
  await own(strayOf('expired'))
  await bench.click('end', 'U0CAROL', { request: id })
  await bench.run(2)
  const { status, history } = await bench.request(id)
  expect(status).toBe('revoked')
  expect(history.filter(({ event }) => event === 'stray_ending')).toHaveLength(1)
})

it('one that no request is known of is removed too, and can be settled by hand when AWS will not let it go', async () => {
  bench.aws.policies.set(alices, { Version: '2012-10-17', Statement: [] })
  const { findings } = await own(strayOf('no_request'))
  const id = anId(100)
  expect(findings).toMatchObject([{ endBy: id }])
  bench.aws.fate = () => 'denied'
  await bench.click('end', 'U0CAROL', { request: id })
  await bench.run(20)
  expect((await bench.request(id)).status).toBe('revoke_failed')
  bench.aws.policies.clear()
  await bench.click('removed', 'U0CAROL', { request: id, reason: 'Deleted in the console' })
  await bench.run(2)
  expect(await bench.request(id)).toMatchObject({ status: 'revoked', settledBy: { confirmed: true } })
})

it('what may still be granted, and what others made, gets no item', async () => {
  const set = { accountId: '111111111111', permissionSet: 'Curfew-ReadOnly', permissionSetArn: 'arn' }
  const foreign = { kind: 'foreign_assignment', ...set, principalType: 'USER', principalId: 'p' } as const
  const { findings } = await own(strayOf('pending', 'zoe'), foreign)
  expect(findings).toEqual([strayOf('pending', 'zoe'), foreign])
})

it('without operators nothing gets an item', async () => {
  bench.catalogue.operators = []
  expect((await own(strayOf('expired', 'zoe'))).findings).toEqual([strayOf('expired', 'zoe')])
})

it('is in the audit trail with who ended it, and that it is gone', async () => {
  const trail: AuditRecord[] = []
  bench.ports.audit = record => trail.push(record)
  const id = await strayOfAlice()
  await bench.click('end', 'U0CAROL', { request: id })
  await bench.run(2)
  const sentences = trail.filter(({ subject }) => subject === id).map(({ sentence }) => sentence)
  const policy = 'curfew-req_00000000000000000001 on the IAM user alice in 222222222222'
  expect(sentences).toEqual([
    `${policy} was found, and no request answers for it (expired).`,
    `U0CAROL ended ${policy}, which no request answers for; it is being taken away.`,
    'The policy of this request is about to be taken off the IAM user alice in 222222222222.',
    `AWS confirmed that ${policy} is gone.`,
  ])
})

it('an assignment that somebody had through Curfew is taken off by its roster when an operator ends it', async () => {
  await bench.submit({ entitlementId: 'prod-read-only' })
  await bench.run()
  await bench.click('approve', 'U0BOB')
  await bench.run(1)
  bench.clock.set(at('11:00:30'))
  await bench.run(1)
  expect((await bench.request()).status).toBe('expired')
  const place = { accountId: '111111111111', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1' }
  for (const principalId of ['principal-alice', 'principal-frank']) bench.aws.assign({ ...place, principalId })
  const foreign = {
    kind: 'foreign_assignment',
    permissionSet: 'Curfew-ReadOnly',
    principalType: 'USER',
    ...place,
  } as const
  const { findings } = await own(
    { ...foreign, principalId: 'principal-alice' },
    { ...foreign, principalId: 'principal-frank' },
  )
  expect(findings[0]).toMatchObject({ lastGivenBy: anId(1), endBy: expect.stringMatching(/^req_/) })
  expect(findings[1]).toEqual({ ...foreign, principalId: 'principal-frank' })
  const id = findings[0] && 'endBy' in findings[0] ? findings[0].endBy : undefined
  await bench.click('end', 'U0CAROL', { request: id ?? anId(1) })
  await bench.run(8)
  expect(await bench.request(id)).toMatchObject({ status: 'revoked', endedBy: 'U0CAROL' })
  expect(bench.aws.assigned()).toEqual([`111111111111/${place.permissionSetArn}/principal-frank`])
})
