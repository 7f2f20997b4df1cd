import { beforeEach, describe, expect, it } from 'vitest'
import type { AccessRequest } from '../../src/core/access-request.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { pinnedTrust } from '../support/fake-aws.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

async function afterChecking(entitlementId: string, n = 1): Promise<AccessRequest> {
  const id = await bench.submit({ entitlementId, n })
  await bench.run()
  return bench.request(id)
}

const dev = () => bench.aws.roles.get('222222222222/Dev') ?? { roleId: '', trust: '', sessionMinutes: 0 }
const anyName = JSON.stringify({
  ...JSON.parse(pinnedTrust),
  Statement: { ...JSON.parse(pinnedTrust).Statement, Condition: {} },
})

describe('a policy on a shared role', () => {
  it('is for the person whom the jump account knows', async () => {
    expect(await afterChecking('team-table')).toMatchObject({
      status: 'pending',
      target: {
        kind: 'rolePolicy',
        accountId: '222222222222',
        roleName: 'Dev',
        roleId: 'AROADEV00000000000001',
        roleArn: 'arn:aws:iam::222222222222:role/Dev',
        userAccountId: '000000000000',
        userName: 'alice',
        userId: 'AIDAALICE00000000002',
        policyName: 'curfew-req_00000000000000000001',
      },
    })
  })

  it('needs the person in the jump account, and the role', async () => {
    bench.aws.roles.delete('222222222222/Dev')
    expect(await afterChecking('team-table')).toMatchObject({ status: 'refused', code: 'no_role', note: 'Dev' })
    bench.aws.users.delete('000000000000/alice')
    expect(await afterChecking('team-table', 2)).toMatchObject({
      status: 'refused',
      code: 'no_aws_user',
      note: 'alice',
    })
  })

  it('needs a trust policy that pins names, and the refusal has the statement that does', async () => {
    bench.aws.roles.set('222222222222/Dev', { ...dev(), trust: anyName })
    const refused = await afterChecking('team-table')
    expect(refused).toMatchObject({ status: 'refused', code: 'trust_not_pinned' })
    expect('note' in refused && refused.note).toMatch(/^No\. 1\n\{"Effect":"Allow",.*"sts:RoleSessionName"/)
  })

  it('takes the word of the catalogue for a SAML provider', async () => {
    const provider = 'arn:aws:iam::222222222222:saml-provider/idp'
    const Statement = { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithSAML' }
    bench.aws.roles.set('222222222222/Dev', { ...dev(), trust: JSON.stringify({ Version: '2012-10-17', Statement }) })
    expect(await afterChecking('team-table')).toMatchObject({ status: 'refused', code: 'trust_too_wide' })
    bench.catalogue.aws.federation = [provider]
    expect(await afterChecking('team-table', 2)).toMatchObject({ status: 'pending' })
  })

  it('needs a trust policy that lets the person in', async () => {
    const trust = pinnedTrust.replace(':root', ':user/bob')
    bench.aws.roles.set('222222222222/Dev', { ...dev(), trust })
    expect(await afterChecking('team-table')).toMatchObject({
      status: 'refused',
      code: 'not_let_in',
      note: 'arn:aws:iam::000000000000:user/alice → arn:aws:iam::222222222222:role/Dev',
    })
  })

  it('needs a role that may be written on', async () => {
    bench.catalogue.aws.neverTouch = ['arn:aws:iam::*:role/Dev']
    expect(await afterChecking('team-table')).toMatchObject({ code: 'never_touched' })
    bench.catalogue.aws.neverTouch = ['arn:aws:iam::*:user/alice']
    expect(await afterChecking('team-table', 2)).toMatchObject({ code: 'never_touched' })
    bench.catalogue.aws.neverTouch = []
    bench.aws.inlinePolicies.ownArn = async () => 'arn:aws:sts::222222222222:assumed-role/Dev/bot'
    expect(await afterChecking('team-table', 3)).toMatchObject({ code: 'curfews_own' })
  })

  it('needs the ceiling on the role where the account is sensitive', async () => {
    bench.catalogue.accounts['dev'] = { key: 'dev', id: '222222222222', name: 'Development', sensitive: true }
    expect(await afterChecking('team-table')).toMatchObject({
      status: 'refused',
      code: 'no_ceiling',
      note: 'aws iam put-role-permissions-boundary --role-name Dev --permissions-boundary arn:aws:iam::222222222222:policy/curfew/ceiling',
    })
    bench.aws.roles.set('222222222222/Dev', {
      ...dev(),
      boundaryArn: 'arn:aws:iam::222222222222:policy/curfew/ceiling',
    })
    expect(await afterChecking('team-table', 2)).toMatchObject({ status: 'pending', target: { requireMfa: true } })
  })

  it('needs room among the 10,240 characters of the role', async () => {
    bench.aws.inlinePolicies.usedCharacters = async () => 10_000
    expect(await afterChecking('team-table')).toMatchObject({ status: 'refused', code: 'no_room_in_policy' })
    bench.aws.inlinePolicies.usedCharacters = async () => 2048
    expect(await afterChecking('team-table', 2)).toMatchObject({ status: 'pending' })
  })

  it('belongs to whoever the person was in the jump account before', async () => {
    await afterChecking('team-table')
    await bench.click('cancel', 'U0ALICE')
    await bench.run()
    bench.aws.users.set('000000000000/alice', 'AIDASOMEBODYELSE00001')
    expect(await afterChecking('team-table', 2)).toMatchObject({ status: 'refused', code: 'identity_changed' })
  })
})

describe('entering a role', () => {
  it('is for the user of the jump account and the one role, with MFA', async () => {
    expect(await afterChecking('prod-admin')).toMatchObject({
      status: 'pending',
      target: {
        kind: 'assume',
        accountId: '111111111111',
        roleArn: 'arn:aws:iam::111111111111:role/Admin',
        roleId: 'AROAADMIN000000000001',
        sessionMinutes: 120,
        userAccountId: '000000000000',
        userName: 'alice',
        requireMfa: true,
      },
    })
  })

  it('needs no pinned names, since the policy pins them, and no ceiling on the role', async () => {
    const admin = { roleId: 'AROAADMIN000000000001', trust: anyName, sessionMinutes: 60 }
    bench.aws.roles.set('111111111111/Admin', admin)
    expect(await afterChecking('prod-admin')).toMatchObject({ status: 'pending' })
  })

  it('needs a role that exists, lets the person in, and may be entered', async () => {
    const admin = {
      roleId: 'AROAADMIN000000000001',
      trust: pinnedTrust.replace('0000:root', '0009:root'),
      sessionMinutes: 60,
    }
    bench.aws.roles.set('111111111111/Admin', admin)
    expect(await afterChecking('prod-admin')).toMatchObject({ code: 'not_let_in' })
    bench.aws.roles.set('111111111111/Admin', { ...admin, trust: pinnedTrust })
    bench.catalogue.aws.neverTouch = ['arn:aws:iam::*:role/admin']
    expect(await afterChecking('prod-admin', 2)).toMatchObject({ code: 'never_touched' })
    bench.aws.roles.delete('111111111111/Admin')
    expect(await afterChecking('prod-admin', 3)).toMatchObject({ code: 'no_role', note: 'Admin' })
  })

  it('needs a user who may be written on, by the rules of the jump account', async () => {
    bench.catalogue.aws.neverTouch = ['arn:aws:iam::*:user/alice']
    expect(await afterChecking('prod-admin')).toMatchObject({ code: 'never_touched' })
    bench.catalogue.aws.neverTouch = []
    bench.catalogue.accounts['hub'] = { key: 'hub', id: '000000000000', name: 'Jump account', sensitive: true }
    expect(await afterChecking('prod-admin', 2)).toMatchObject({ code: 'no_ceiling' })
  })

  it('takes its room from the 2,048 characters of the user', async () => {
    bench.aws.inlinePolicies.usedCharacters = async () => 1900
    expect(await afterChecking('prod-admin')).toMatchObject({ status: 'refused', code: 'no_room_in_policy' })
  })

  it('that is open to them anyway is told with the policy that opens it, other grants of Curfew left aside', async () => {
    bench.aws.simulator.allowedBy = async () => ['user_alice_curfew-req_00000000000000000009', 'user_alice_jump-admin']
    expect(await afterChecking('prod-admin')).toMatchObject({ target: { openBy: 'user_alice_jump-admin' } })
  })

  it('goes on where AWS cannot be asked whether it is open to them anyway', async () => {
    bench.aws.simulator.allowedBy = () => Promise.reject(new Error('throttled'))
    const request = await afterChecking('prod-admin')
    expect(request).toMatchObject({ status: 'pending', target: { kind: 'assume' } })
    expect('target' in request && request.target).not.toHaveProperty('openBy')
  })
})
