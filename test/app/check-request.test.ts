import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, createBench } from '../support/bench.ts'
import { aSetContent, at } from '../support/builders.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

/** Alice asks for the table in Development, which is sensitive or not, and checking is done. */
async function afterChecking({ sensitive = false } = {}) {
  bench.catalogue.accounts['dev'] = { key: 'dev', id: '222222222222', name: 'Development', sensitive }
  await bench.submit()
  await bench.run()
  return bench.request()
}

describe('before anyone is asked', () => {
  it('a user that the catalogue says is never touched is refused', async () => {
    bench.aws.principal = () => ({ arn: 'arn:aws:iam::222222222222:user/vip/alice' })
    bench.catalogue.aws.neverTouch = ['arn:aws:iam::*:user/vip/*']
    expect(await afterChecking()).toMatchObject({
      status: 'refused',
      code: 'never_touched',
      note: 'arn:aws:iam::222222222222:user/vip/alice (arn:aws:iam::*:user/vip/*)',
    })
  })

  it('the user whose keys the bot works with is refused', async () => {
    bench.aws.inlinePolicies.ownArn = async () => 'arn:aws:iam::222222222222:user/alice'
    expect(await afterChecking()).toMatchObject({ status: 'refused', code: 'curfews_own' })
  })

  it('an account that has become the management account is refused', async () => {
    bench.catalogue.aws.managementAccount = '222222222222'
    expect(await afterChecking()).toMatchObject({ status: 'refused', code: 'management_account' })
  })

  it('a permission set that the catalogue says is never touched is refused', async () => {
    bench.catalogue.aws.neverTouch = ['arn:aws:sso:::permissionSet/*/ps-1']
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'refused', code: 'never_touched' })
  })

  it('in a sensitive account a user without the ceiling is refused with the command that sets it', async () => {
    expect(await afterChecking({ sensitive: true })).toMatchObject({
      status: 'refused',
      code: 'no_ceiling',
      note: 'aws iam put-user-permissions-boundary --user-name alice --permissions-boundary arn:aws:iam::222222222222:policy/curfew/ceiling',
    })
  })

  it('what the permission set gives is stored with the request', async () => {
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'pending', target: { content: aSetContent() } })
  })
})

const ceiling = 'arn:aws:iam::222222222222:policy/curfew/ceiling'

describe('in a sensitive account', () => {
  beforeEach(() => {
    bench.aws.principal = (accountId, userName) => ({
      arn: `arn:aws:iam::${accountId}:user/${userName}`,
      boundaryArn: ceiling,
    })
  })

  it('the policy asks for MFA', async () => {
    expect(await afterChecking({ sensitive: true })).toMatchObject({ status: 'pending', target: { requireMfa: true } })
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    const [policy] = bench.aws.policies.values()
    expect(policy?.Statement[0]?.Condition).toMatchObject({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })
  })

  it('the policy does not where the catalogue says so', async () => {
    const { grants } = bench.catalogue.entitlements['dev-table']!
    if (grants.kind === 'inlinePolicy') grants.requireMfa = false
    const request = await afterChecking({ sensitive: true })
    expect(request).toMatchObject({ status: 'pending' })
    expect('target' in request && request.target).not.toHaveProperty('requireMfa')
  })

  it('a user who lost the ceiling while people were asked gets nothing', async () => {
    await afterChecking({ sensitive: true })
    bench.aws.principal = (accountId, userName) => ({ arn: `arn:aws:iam::${accountId}:user/${userName}` })
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'no_ceiling' })
    expect(bench.aws.changes.filter(change => change.startsWith('put'))).toEqual([])
  })

  it('an account that has become sensitive meanwhile asks for a new request', async () => {
    await afterChecking()
    bench.catalogue.accounts['dev'] = { key: 'dev', id: '222222222222', name: 'Development', sensitive: true }
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'refused', code: 'catalogue_changed' })
  })
})

describe('a permission set that leaves something behind', () => {
  beforeEach(() => {
    const afterEnd = { escapes: ['iam:CreateAccessKey'], lasts: [], opens: [], unread: ['/team/deploy'] }
    bench.aws.setContent = aSetContent({ afterEnd })
  })

  it('is refused in a sensitive account, with what it is', async () => {
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    expect(await bench.request()).toMatchObject({
      status: 'refused',
      code: 'leaves_something',
      note: 'iam:CreateAccessKey, /team/deploy',
    })
  })

  it('is for approvers to judge where the entitlement allows it, and no longer when that is taken back', async () => {
    const entitlement = bench.catalogue.entitlements['prod-read-only']!
    entitlement.allowPersistence = true
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'pending' })
    delete entitlement.allowPersistence
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'refused', code: 'catalogue_changed' })
  })
})

describe('a permission set that changed while people were asked', () => {
  it('is not assigned, and the note says what changed', async () => {
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    bench.aws.setContent = aSetContent({ hash: 'fedc', managed: ['arn:aws:iam::aws:policy/AdministratorAccess'] })
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({
      status: 'grant_failed',
      code: 'permission_set_changed',
      note: 'arn:aws:iam::aws:policy/AdministratorAccess was added',
    })
    expect(bench.aws.changes).toEqual([])
  })

  it('but not afterwards: what is assigned stays until its end', async () => {
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    bench.aws.setContent = aSetContent({ hash: 'fedc' })
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'active' })
    expect(bench.clock.now() > at('10:00')).toBe(true)
  })
})
