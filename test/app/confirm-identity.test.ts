import { describe, expect, it } from 'vitest'
import { confirmIdentity } from '../../src/app/confirm-identity.ts'
import { aCatalogue, aRequest, at } from '../support/builders.ts'
import { createMemoryTable } from '../support/memory-table.ts'

const place = '222222222222'
const alice = { name: 'alice', id: 'AIDAALICE' }

function people() {
  const table = createMemoryTable({ clock: { now: () => at('10:00') } })
  const catalogue = aCatalogue()
  const confirm = (slackUserId: string, found = alice, where = place) =>
    confirmIdentity({ table }, catalogue, { ...aRequest('checking').requester, slackUserId }, where, found)
  return { table, catalogue, confirm }
}

describe('an AWS identity belongs to one Slack person', () => {
  it('who is the first to be found to be it, and stays so', async () => {
    const { confirm, table } = people()
    expect(await confirm('U0ALICE')).toBeUndefined()
    expect(await confirm('U0ALICE')).toBeUndefined()
    expect(await confirm('U0MALLORY')).toEqual({ code: 'identity_taken', note: 'alice' })
    expect(await table.identity('U0MALLORY')).toBeUndefined()
    expect(await table.identityOwner({ place, id: 'AIDAALICE' })).toMatchObject({ slackUserId: 'U0ALICE' })
  })

  it('and that of another place is another', async () => {
    const { confirm } = people()
    expect(await confirm('U0ALICE')).toBeUndefined()
    expect(await confirm('U0MALLORY', alice, '111111111111')).toBeUndefined()
  })

  it('also where it was remembered before anybody was named as its owner', async () => {
    const { confirm, table } = people()
    await table.writeIdentity({ slackUserId: 'U0ALICE', version: 0, writeId: '', places: { [place]: alice } })
    expect(await confirm('U0ALICE')).toBeUndefined()
    expect(await confirm('U0MALLORY')).toMatchObject({ code: 'identity_taken' })
  })

  it('until an operator names another, and then it is theirs', async () => {
    const { confirm, catalogue } = people()
    expect(await confirm('U0ALICE')).toBeUndefined()
    catalogue.people.overrides['U0ALICE2'] = { iamUser: 'Alice' }
    expect(await confirm('U0ALICE2')).toBeUndefined()
    expect(await confirm('U0ALICE')).toEqual({ code: 'identity_taken', note: 'alice' })
  })

  it('even when two are found to be it at once', async () => {
    const { confirm } = people()
    const found = await Promise.all(['U0ALICE', 'U0MALLORY'].map(slackUserId => confirm(slackUserId)))
    expect(found.filter(doubt => doubt === undefined)).toHaveLength(1)
    expect(found.filter(doubt => doubt?.code === 'identity_taken')).toHaveLength(1)
  })
})
